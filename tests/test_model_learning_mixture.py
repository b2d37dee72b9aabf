import numpy as np
import pytest
from scipy.stats import chi2, norm, t

from model.learning.mixture import quantile


def test_one_normal_has_its_own_quantiles():
    assert quantile(0.05, np.ones(1), np.array([3.0]), np.array([2.0])) == pytest.approx(3 - 2 * norm.ppf(0.95))


def test_student_t_is_a_mixture_of_normals_over_their_variance():
    df, steps = 4, (np.arange(20_000) + 0.5) / 20_000
    deviations = np.sqrt(df / chi2.ppf(steps, df))
    found = quantile(0.95, np.full(len(steps), 1 / len(steps)), np.zeros(len(steps)), deviations)
    assert found == pytest.approx(t.ppf(0.95, df), abs=2e-3)
    assert found < norm.ppf(0.95) * np.sqrt(df / (df - 2))  # narrower than a normal of the same deviation


def test_quantiles_are_those_of_draws_from_a_lopsided_mixture():
    rng = np.random.default_rng(0)
    weights, means, deviations = np.array([0.7, 0.2, 0.1]), np.array([0.0, 0.0, 4.0]), np.array([0.1, 2.0, 1.0])
    part = rng.choice(3, 400_000, p=weights)
    drawn = rng.normal(means[part], deviations[part])
    for at in (0.05, 0.5, 0.95):
        assert quantile(at, weights, means, deviations) == pytest.approx(np.quantile(drawn, at), abs=0.03)


def test_a_point_is_its_own_range():
    assert quantile(0.95, np.ones(1), np.array([0.02]), np.zeros(1)) == pytest.approx(0.02, abs=1e-9)
