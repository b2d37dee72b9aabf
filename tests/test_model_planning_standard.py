import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.planning.standard import score_at_value, standard_value


@pytest.mark.parametrize(
    ("score", "standard", "needing", "gain", "value"),
    [
        (50, 70, 3, 10, 600),
        (70, 70, 3, 10, 0),
        (85, 70, 3, 10, 0),
        (50, 70, 0, 10, 0),
        (50, 70, 0.6, 10, 120),
        (50, 70, 3, -2, 0),
        (95, 100, 2, 10, 5 * 2 * 3),
        (99, 100, 2, 10, 0),
    ],
)
def test_the_contracts_formula(score, standard, needing, gain, value):
    assert float(standard_value(score, standard, needing, gain)) == pytest.approx(value)


@given(st.floats(1, 99), st.floats(0.1, 50), st.floats(0.1, 40), st.floats(10, 100))
def test_the_score_at_which_a_value_is_reached(score, needing, gain, standard):
    value = float(standard_value(score, standard, needing, gain))
    found = score_at_value(value, standard, needing, lambda _: gain)
    assert float(standard_value(found, standard, needing, gain)) == pytest.approx(value, rel=1e-6, abs=1e-6)
    if value > 0:
        assert found == pytest.approx(score, abs=1e-6)


def test_a_value_never_reached_leaves_0():
    assert score_at_value(1e9, 70, 1, lambda _: 10.0) == pytest.approx(0, abs=1e-9)
    assert np.isclose(score_at_value(0, 70, 1, lambda _: 10.0), 70)
