import numpy as np
import pytest

from model.learning.pooling import Placebo, pool


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


def placebo(found, error, scale=0.05, main=6):
    return Placebo(np.asarray(found, dtype=float), np.eye(len(found)) * error**2, np.zeros((main, len(found))), scale)


def test_a_sharp_placebo_takes_its_bias_out_of_the_effects_on_every_business_alone():
    truth, bias = np.array([0.01, 0.03, 0.05, 0.02, 0.01, 0.04]), np.array([0.04, 0.05, 0.03])
    seen = truth + np.append(bias, np.zeros(3))
    found = pool(seen, np.eye(6) * 1e-8, group(3), 0.05, placebo(bias, 1e-4))
    np.testing.assert_allclose(found.mean, truth, atol=2e-3)


def test_a_sharp_placebo_of_nothing_leaves_the_effects_as_without_it():
    seen = np.array([0.01, 0.03, 0.05, 0.02, 0.01, 0.04])
    alone = pool(seen, np.eye(6) * 1e-4, group(3), 0.05)
    found = pool(seen, np.eye(6) * 1e-4, group(3), 0.05, placebo(np.zeros(3), 1e-5))
    np.testing.assert_allclose(found.mean, alone.mean, atol=1e-4)
    np.testing.assert_allclose(found.covariance, alone.covariance, rtol=0.01, atol=1e-7)


def test_without_a_prior_the_bias_is_still_taken_out():
    seen, bias = np.array([0.06, 0.05, 0.02, 0.02]), np.array([0.04, 0.04])
    found = pool(seen, np.eye(4) * 1e-8, group(2), np.inf, placebo(bias, 1e-5, main=4))
    np.testing.assert_allclose(found.mean, seen - np.append(bias, [0, 0]), atol=1e-3)


@pytest.mark.parametrize("shared", [0.0, -0.6])
def test_ranges_cover_effects_that_are_biased_by_what_the_placebo_sees(shared):
    rng = np.random.default_rng(8)
    scale, error, areas, hit, naive, count = 0.05, 0.01, 4, 0, 0, 0
    both = np.block([[np.eye(8), shared * np.eye(8, areas)], [shared * np.eye(areas, 8), np.eye(areas)]]) * error**2
    for _ in range(120):
        truth = rng.normal(0, scale, 2)[group(areas)] + rng.normal(0, 0.3 * scale, 8)
        sigma = abs(rng.normal(0, scale / 2))
        bias = rng.normal(0, sigma) + rng.normal(0, sigma / 2, areas)
        seen = rng.multivariate_normal(np.concatenate([truth[:areas] + bias, truth[areas:], bias]), both)
        about = Placebo(seen[8:], both[8:, 8:], both[:8, 8:], scale)
        for told in (about, None):
            found = pool(seen[:8], both[:8, :8], group(areas), scale, told)
            inside = int((np.abs(found.mean - truth) <= 1.645 * np.sqrt(np.diag(found.covariance))).sum())
            hit, naive = (hit + inside, naive) if told else (hit, naive + inside)
        count += 8
    assert hit / count == pytest.approx(0.9, abs=0.04)
    assert naive / count < 0.8
