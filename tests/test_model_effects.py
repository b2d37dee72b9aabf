import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.effects import Effects, LearnedEffects, shaped

BENDS = st.floats(0, 6)
SCORES = st.floats(0, 100)


@given(BENDS)
def test_a_shape_runs_from_0_to_100(bend):
    assert shaped(0.0, bend) == pytest.approx(0)
    assert shaped(100.0, bend) == pytest.approx(100)


@given(BENDS, SCORES, SCORES)
def test_a_shape_never_falls_and_bends_downward_only(bend, one, other):
    low, high = sorted((one, other))
    assert shaped(low, bend) <= shaped(high, bend) + 1e-9
    middle = shaped((low + high) / 2, bend)
    assert middle >= (shaped(low, bend) + shaped(high, bend)) / 2 - 1e-9


def make() -> Effects:
    covariance = np.array([[4.0, 1, 0, 0], [1, 9, 0, 0], [0, 0, 1, -0.5], [0, 0, -0.5, 2]]) * 1e-6
    return Effects(
        ("a", "b"), np.array([0.0, 2.0]), np.array([1.0, 2, 3, 4]) * 1e-3, covariance, np.array([True, True])
    )


def test_contrast_times_mean_is_the_growth_gained():
    effects = make()
    before, after, needing = np.array([50.0, 60]), np.array([60.0, 70]), np.array([0.0, 1])
    gained = effects.contrast("b", before, after, needing) @ effects.mean
    step = shaped(after, 2.0) - shaped(before, 2.0)
    assert gained == pytest.approx(step * (0.002 + 0.004 * needing))


def test_draws_have_the_posteriors_mean_and_covariance():
    effects = make()
    draws = effects.draws(200_000, seed=1)
    assert draws.mean(axis=0) == pytest.approx(effects.mean, abs=3e-5)
    assert np.cov(draws.T) == pytest.approx(effects.covariance, abs=2e-7)
    assert (draws == effects.draws(200_000, seed=1)).all()


def test_mentors_near_a_score_are_counted_and_the_never_assessed_are_not():
    scores = np.array([[50.0, 10], [65, np.nan], [65.1, 30]])
    learned = LearnedEffects(
        "m", supported=True, effects=make(), z=np.ones((2, 2)), robustness=np.ones((2, 2)), mentor_scores=scores
    )
    assert learned.mentors_near("a", 50) == 2
    assert learned.mentors_near("b", 20) == 2
