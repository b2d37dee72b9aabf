import numpy as np
import pytest

from model.planning.belief import WANDER, Belief, Events, belief_of, follow, onwards

NO = np.nan


def events(*rows):
    """Rows of (cell, year, score, gain, gain_sd), all in area 0."""
    cell, year, score, gain, gain_sd = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return Events(cell.astype(np.int64), np.zeros(len(cell), dtype=np.int64), year, score, gain, gain_sd)


def test_one_score_is_drawn_to_the_mean_by_the_normal_normal_formula():
    belief = Belief(np.array([60.0]), np.array([144.0]), np.zeros(1), 5.0)
    mean, sd = follow(events((0, 0.0, 30.0, 0, 0)), belief)
    assert mean == pytest.approx([60 - 30 * 144 / 169])
    assert sd**2 == pytest.approx([1 / (1 / 144 + 1 / 25)])


def test_a_history_is_weighed_as_the_joint_normal_says():
    belief = Belief(np.array([57.0]), np.array([200.0]), np.array([0.8]), 4.0)
    rows = events((0, 0.0, 40.0, 0, 0), (0, 1.5, NO, 7.0, 3.0), (0, 1.6, 52.0, 0, 0), (0, 3.0, 50.0, 0, 0))
    mean, sd = follow(rows, belief)
    # true scores at the three assessments, jointly normal, and what is seen of them
    at = np.array([57.0, 57 + 0.8 * 1.6 + 7, 57 + 0.8 * 3 + 7])
    more = np.array([0.0, 1.6 * WANDER + 9, 3 * WANDER + 9])
    V = 200.0 + np.minimum.outer(more, more)
    pull = V[2] @ np.linalg.inv(V + 16 * np.eye(3))
    assert mean[3] == pytest.approx(at[2] + pull @ (np.array([40.0, 52, 50]) - at))
    assert sd[3] ** 2 == pytest.approx(V[2, 2] - pull @ V[2])


def test_cells_are_followed_side_by_side():
    belief = Belief(np.array([57.0]), np.array([200.0]), np.array([0.8]), 4.0)
    first, other = [(0, 0.0, 40.0, 0, 0), (0, 1.0, 45.0, 0, 0)], [(2, 0.5, 70.0, 0, 0)]
    together = follow(events(*first, *other), belief)
    for k, alone in enumerate((follow(events(*first), belief), follow(events(*other), belief))):
        for both, own in zip(together, alone, strict=True):
            assert (both[:2] if k == 0 else both[2:]) == pytest.approx(own)


def test_without_an_event_the_drift_goes_on_and_doubt_grows():
    belief = Belief(np.array([57.0]), np.array([200.0]), np.array([0.8]), 4.0)
    at, variance = onwards(belief, np.array([50.0]), np.array([9.0]), np.zeros(1, dtype=np.int64), np.array([2.0]))
    assert (at[0], variance[0]) == pytest.approx((51.6, 9 + 2 * WANDER))


def test_it_finds_the_scores_that_made_the_assessments():
    rng = np.random.default_rng(0)
    true = rng.normal(57, 15, 4000)
    seen = true + rng.normal(0, 10, 4000)
    area = np.zeros(4000, dtype=np.int64)
    belief = belief_of(seen, area, np.zeros(1), 10.0)
    mean, sd = follow(Events(np.arange(4000), area, np.zeros(4000), seen, np.zeros(4000), np.zeros(4000)), belief)
    miss = true - mean
    assert miss.mean() == pytest.approx(0, abs=0.5)
    assert miss.std() == pytest.approx(float(sd[0]), rel=0.03)
    low = seen < 40
    assert miss[low].mean() == pytest.approx(0, abs=0.8)
    assert (true - seen)[low].mean() > 4
