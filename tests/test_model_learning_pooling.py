import numpy as np
import pytest

from model.learning.pooling import pool


def group(k):
    return np.repeat([0, 1], k)


def test_precise_estimates_stay_and_vague_ones_go_to_the_common_mean():
    found = np.array([0.01, 0.05, 0.09, 0.02, 0.02, 0.02])
    sharp = pool(found, np.eye(6) * 1e-10, group(3), 0.05)
    np.testing.assert_allclose(sharp.mean, found, atol=1e-4)
    vague = pool(found, np.diag([1e-8, 1e-8, 1.0, 1e-8, 1e-8, 1e-8]), group(3), 0.05)
    assert vague.mean[2] == pytest.approx(0.03, abs=0.012)
    none = pool(found, np.eye(6) * 1e4, group(3), 0.05)
    np.testing.assert_allclose(none.mean, 0, atol=1e-4)


def test_without_a_prior_the_estimates_are_returned():
    found, spread = np.array([0.1, -0.2]), np.array([[0.2, 0.1], [0.1, 0.3]])
    flat = pool(found, spread, group(1), np.inf)
    assert (flat.mean == found).all()
    assert (flat.covariance == spread).all()


def test_ranges_cover_effects_drawn_from_the_prior():
    rng = np.random.default_rng(5)
    scale, error, hit, count = 0.05, 0.03, 0, 0
    for _ in range(150):
        spread = np.abs(rng.normal(0, scale, 2))
        truth = rng.normal(0, scale, 2)[group(5)] + rng.normal(0, 1, 10) * spread[group(5)]
        found = pool(truth + rng.normal(0, error, 10), np.eye(10) * error**2, group(5), scale)
        reach = 1.645 * np.sqrt(np.diag(found.covariance))
        hit += int((np.abs(found.mean - truth) <= reach).sum())
        count += 10
    assert hit / count == pytest.approx(0.9, abs=0.03)


def test_the_covariance_is_one():
    rng = np.random.default_rng(1)
    root = rng.normal(size=(8, 8))
    found = pool(rng.normal(0, 0.1, 8), root @ root.T * 1e-3, group(4), 0.05)
    np.testing.assert_array_equal(found.covariance, found.covariance.T)
    assert np.linalg.eigvalsh(found.covariance).min() > 0
