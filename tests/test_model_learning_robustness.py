import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.learning.robustness import robustness_value


def test_the_published_darfur_value():
    # Cinelli & Hazlett 2020, table 1: directly harmed, t = 4.18, df = 783, RV = 13.9 %
    assert robustness_value(4.18, 783) == pytest.approx(0.139, abs=5e-4)


@given(st.floats(0.01, 50), st.integers(1, 5000))
def test_it_is_the_strength_that_just_explains_the_estimate_away(t, df):
    value = robustness_value(t, df)
    assert 0 < value < 1
    # with both partial R² equal to RV: bias factor RV/√(1 − RV) equals f
    assert value / (1 - value) ** 0.5 == pytest.approx(t / df**0.5, rel=1e-9)


def test_no_estimate_has_none():
    assert robustness_value(0.0, 100) == 0.0
    assert robustness_value(5.0, 0) == 0.0
