import numpy as np
import pytest

from model.effects import Effects, LearnedEffects
from model.forms import shaped

COVARIANCE = np.array([[4.0, 1, 0, 0], [1, 9, 0, 0], [0, 0, 1, -0.5], [0, 0, -0.5, 2]]) * 1e-6
MEAN = np.array([1.0, 2, 3, 4]) * 1e-3


def make() -> Effects:
    return Effects.of_one(("a", "b"), 2.0, MEAN, COVARIANCE, np.array([True, True]))


def two() -> Effects:
    """A straight line of weight 0.3 beside a bent one of twice the slopes."""
    return Effects(
        ("a", "b"),
        np.array([0.0, 2.0]),
        np.array([0.3, 0.7]),
        np.vstack([MEAN, 2 * MEAN]),
        np.stack([COVARIANCE, COVARIANCE / 4]),
        np.array([True, True]),
    )


def test_contrast_times_mean_is_the_growth_gained():
    effects = make()
    before, after, needing = np.array([50.0, 60]), np.array([60.0, 70]), np.array([0.0, 1])
    gained = effects.contrast("b", before, after, needing)[0] @ effects.mean
    step = shaped(after, 2.0) - shaped(before, 2.0)
    assert gained == pytest.approx(step * (0.002 + 0.004 * needing))


def test_draws_have_the_posteriors_mean_and_covariance():
    effects = make()
    draws, bends = effects.draws(200_000, seed=1)
    assert (bends == 2.0).all()
    assert draws.mean(axis=0) == pytest.approx(effects.mean, abs=1e-12)
    assert np.cov(draws.T) == pytest.approx(COVARIANCE, abs=2e-7)
    assert (draws == effects.draws(200_000, seed=1)[0]).all()


def test_over_bends_mean_and_spread_are_those_of_the_draws():
    effects = two()
    rows = effects.contrast("b", np.array([30.0]), np.array([45.0]), np.array([1.0]))
    theta, bends = effects.draws(100_000, seed=3)
    gained = (theta[:, 1] + theta[:, 3]) * (shaped(45.0, bends) - shaped(30.0, bends))
    mean, spread = effects.told(rows)
    assert gained.mean() == pytest.approx(mean[0], rel=0.002)
    assert gained.std() == pytest.approx(spread[0], rel=0.01)
    assert np.mean(bends == 0.0) == pytest.approx(0.3)


def test_the_mean_shape_lies_between_its_bends():
    assert two().shape(0, 40.0) == pytest.approx(0.3 * 40 + 0.7 * shaped(40.0, 2.0))
    assert two().shape(1, np.array([0.0, 100.0])) == pytest.approx([0.0, 100.0])


def test_mentors_near_a_score_are_counted_and_the_never_assessed_are_not():
    scores = np.array([[50.0, 10], [65, np.nan], [65.1, 30]])
    learned = LearnedEffects(
        "m", supported=True, effects=make(), z=np.ones((2, 2)), robustness=np.ones((2, 2)), mentor_scores=scores
    )
    assert learned.mentors_near("a", 50) == 2
    assert learned.mentors_near("b", 20) == 2
