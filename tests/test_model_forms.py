import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.effects import Effects
from model.forms import Own, formed, shaped, stepped

BENDS = st.floats(0, 6)
CENTRES = st.floats(0, 100)
SCORES = st.floats(0, 100)


@given(BENDS, CENTRES)
def test_a_shape_runs_from_0_to_100(bend, centre):
    for form in (np.array([bend, np.nan]), np.array([np.nan, centre])):
        assert formed(np.array([0.0, 100.0]), form) == pytest.approx([0, 100])


@given(BENDS, SCORES, SCORES)
def test_a_bend_never_falls_and_bends_downward_only(bend, one, other):
    low, high = sorted((one, other))
    assert shaped(low, bend) <= shaped(high, bend) + 1e-9
    middle = shaped((low + high) / 2, bend)
    assert middle >= (shaped(low, bend) + shaped(high, bend)) / 2 - 1e-9


@given(CENTRES, SCORES, SCORES)
def test_a_step_never_falls_and_is_steepest_at_its_centre(centre, one, other):
    low, high = sorted((one, other))
    assert stepped(low, centre) <= stepped(high, centre) + 1e-9
    rise = stepped(centre + 1, centre) - stepped(centre - 1, centre)
    assert rise >= stepped(one + 1, centre) - stepped(one - 1, centre) - 1e-9


def own(chance: float) -> Own:
    """Two areas, two bends: straight or a step at 60, the second area never a step; ten points move 8, 16 and 5."""
    forms = np.array([[0.0, np.nan], [np.nan, 60.0]])
    weights = np.array([[0.25, 0.75], [1.0, 0.0]])
    return Own(chance, forms, weights, np.array([[8.0, 16.0], [8.0, 16.0]]), np.array([[8.0, 5.0], [8.0, 5.0]]))


def effects(chance: float) -> Effects:
    return Effects(
        ("a", "b"),
        np.array([0.0, 3.0]),
        np.array([0.4, 0.6]),
        np.ones((2, 4)),
        np.zeros((2, 4, 4)),
        np.array([True, True]),
        own(chance),
    )


def test_own_forms_are_scaled_to_what_ten_points_move_by_the_bend():
    found = effects(1.0).shapes(0, np.array([50.0, 70.0]))
    step = stepped(70.0, 60.0) - stepped(50.0, 60.0)
    expected = 0.25 * 20 / 8 + 0.75 * step / 16
    assert found[:, 1] - found[:, 0] == pytest.approx([8 * expected, 5 * expected])


def test_the_mean_shape_counts_own_forms_by_their_chance():
    scores = np.array([20.0, 55.0, 90.0])
    mixed = 0.7 * effects(0.0).shapes(0, scores) + 0.3 * effects(1.0).shapes(0, scores)
    assert effects(0.3).shapes(0, scores) == pytest.approx(mixed)
    assert effects(0.0).shapes(0, scores) == pytest.approx(np.stack([shaped(scores, 0.0), shaped(scores, 3.0)]))


def test_drawn_shapes_have_the_mean_shape_and_areas_have_their_own_together():
    known = effects(0.3)
    bends = np.repeat([0.0, 3.0], [4000, 6000])
    drawn = known.drawn_shapes(bends, 1)
    scores = np.full((1, 10000), 70.0)
    for area in (0, 1):
        assert drawn.at(area, scores).mean() == pytest.approx(known.shape(area, 70.0), rel=1e-9)
    assert ((drawn.picked[0] < 0) == (drawn.picked[1] < 0)).all()
    assert np.mean(drawn.picked[0] == 1) == pytest.approx(0.3 * 0.75)


def test_without_own_forms_all_areas_share_the_drawn_bend():
    bends, scores = np.array([0.0, 3.0, 3.0]), np.array([[40.0, 40, 80]])
    plain = Effects(("a",), np.array([0.0, 3.0]), np.full(2, 0.5), np.ones((2, 2)), np.zeros((2, 2, 2)), np.ones(1) > 0)
    assert plain.drawn_shapes(bends, 2).at(0, scores) == pytest.approx(shaped(scores, bends))


def test_arrays_bring_own_forms_back():
    again = Own.from_arrays(own(0.3).as_arrays())
    assert again.chance == 0.3
    assert again.mean(0, np.array([33.0])) == pytest.approx(own(0.3).mean(0, np.array([33.0])))
