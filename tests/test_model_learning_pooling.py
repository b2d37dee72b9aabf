import numpy as np
import pytest

from model.learning.mixture import quantile
from model.learning.pooling import Placebo, pool, prior_covariance


def needed(k):
    return np.ones(k, dtype=bool)


def drawn(rng, areas, scale, *, tau=None, kappa=None, spread=None):
    """Effects from the stated prior: v of all areas, then u − v."""
    tau = abs(rng.normal(0, scale / 2)) if tau is None else tau
    kappa = 1 - np.sqrt(rng.uniform()) if kappa is None else kappa  # density 2 · (1 − κ)
    spread = abs(rng.normal(0, 0.15 * scale)) if spread is None else spread
    u = rng.normal(0, scale) + tau * rng.normal(size=areas)
    v = kappa * u + spread * rng.normal(size=areas)
    return np.append(v, u - v)


def test_precise_estimates_stay_and_vague_ones_go_to_what_the_others_say():
    u = np.array([0.03, 0.05, 0.04, 0.04])
    found = np.append(0.25 * u, 0.75 * u)
    sharp = pool(found, np.eye(8) * 1e-10, needed(4), 0.05)
    np.testing.assert_allclose(sharp.mean, found, atol=1e-4)
    vague = pool(found + 0.1 * np.eye(8)[3], np.diag([1e-8] * 3 + [1.0] + [1e-8] * 4), needed(4), 0.05)
    assert vague.mean[3] == pytest.approx(0.01, abs=0.004)  # the others' share, a third of what the need adds here
    none = pool(found, np.eye(8) * 1e4, needed(4), 0.05)
    np.testing.assert_allclose(none.mean, 0, atol=1e-4)


def test_the_prior_is_the_one_stated():
    rng = np.random.default_rng(3)
    draws = np.array([drawn(rng, 2, 1.0, tau=0.4, kappa=0.3, spread=0.2) for _ in range(200_000)])
    np.testing.assert_allclose(np.cov(draws.T), prior_covariance(needed(2), 0.4, 0.2, np.full(2, 0.3)), atol=0.02)
    partly = prior_covariance(np.array([True, False]), 0.4, 0.2, np.array([0.3, 0.5]))
    assert partly.shape == (3, 3)
    assert partly[1, 1] == pytest.approx(0.25 * 1.16 + 0.04)


def test_an_area_whose_need_is_not_learned_keeps_more_doubt_about_it():
    found = np.array([0.01, 0.01, 0.01, 0.03, 0.03])
    told = pool(found, np.diag([1e-6, 1e-6, 1e2, 1e-6, 1e-6]), np.array([True, True, False]), 0.05)
    alike = pool(np.append(found, 0.03), np.diag([1e-6, 1e-6, 1e2, 1e-6, 1e-6, 1e2]), needed(3), 0.05)
    assert told.covariance[2, 2] > 2 * alike.covariance[2, 2]


def test_without_a_prior_the_estimates_are_returned():
    found, spread = np.array([0.1, -0.2]), np.array([[0.2, 0.1], [0.1, 0.3]])
    flat = pool(found, spread, needed(1), np.inf)
    assert (flat.mean == found).all()
    assert (flat.covariance == spread).all()


def test_ranges_cover_effects_drawn_from_the_prior():
    rng = np.random.default_rng(5)
    scale, error, hit, count = 0.05, 0.03, 0, 0
    for _ in range(150):
        truth = drawn(rng, 5, scale)
        found = pool(truth + rng.normal(0, error, 10), np.eye(10) * error**2, needed(5), scale)
        reach = 1.645 * np.sqrt(np.diag(found.covariance))
        hit += int((np.abs(found.mean - truth) <= reach).sum())
        count += 10
    assert hit / count == pytest.approx(0.9, abs=0.03)


def test_the_covariance_is_one():
    rng = np.random.default_rng(1)
    root = rng.normal(size=(8, 8))
    found = pool(rng.normal(0, 0.1, 8), root @ root.T * 1e-3, needed(4), 0.05)
    np.testing.assert_array_equal(found.covariance, found.covariance.T)
    assert np.linalg.eigvalsh(found.covariance).min() > 0


def placebo(found, error, scale=0.05, main=6):
    return Placebo(np.asarray(found, dtype=float), np.eye(len(found)) * error**2, np.zeros((main, len(found))), scale)


def test_a_sharp_placebo_takes_its_bias_out_of_the_effects_on_every_business_alone():
    truth, bias = np.array([0.01, 0.03, 0.05, 0.02, 0.01, 0.04]), np.array([0.04, 0.05, 0.03])
    seen = truth + np.append(bias, np.zeros(3))
    found = pool(seen, np.eye(6) * 1e-8, needed(3), 0.05, placebo(bias, 1e-4))
    np.testing.assert_allclose(found.mean, truth, atol=2e-3)


def test_a_sharp_placebo_of_nothing_leaves_the_effects_as_without_it():
    seen = np.array([0.01, 0.03, 0.05, 0.02, 0.01, 0.04])
    alone = pool(seen, np.eye(6) * 1e-4, needed(3), 0.05)
    found = pool(seen, np.eye(6) * 1e-4, needed(3), 0.05, placebo(np.zeros(3), 1e-5))
    np.testing.assert_allclose(found.mean, alone.mean, atol=1e-4)
    np.testing.assert_allclose(found.covariance, alone.covariance, rtol=0.01, atol=1e-7)


def test_without_a_prior_the_bias_is_still_taken_out():
    seen, bias = np.array([0.06, 0.05, 0.02, 0.02]), np.array([0.04, 0.04])
    found = pool(seen, np.eye(4) * 1e-8, needed(2), np.inf, placebo(bias, 1e-5, main=4))
    np.testing.assert_allclose(found.mean, seen - np.append(bias, [0, 0]), atol=1e-3)


@pytest.mark.parametrize("shared", [0.0, -0.6])
def test_ranges_cover_effects_that_are_biased_by_what_the_placebo_sees(shared):
    rng = np.random.default_rng(8)
    scale, error, areas, hit, naive, count = 0.05, 0.01, 4, 0, 0, 0
    both = np.block([[np.eye(8), shared * np.eye(8, areas)], [shared * np.eye(areas, 8), np.eye(areas)]]) * error**2
    for _ in range(120):
        truth = drawn(rng, areas, scale)
        sigma = abs(rng.normal(0, scale / 2))
        bias = rng.normal(0, sigma) + rng.normal(0, sigma / 2, areas)
        seen = rng.multivariate_normal(np.concatenate([truth[:areas] + bias, truth[areas:], bias]), both)
        about = Placebo(seen[8:], both[8:, 8:], both[:8, 8:], scale)
        for told in (about, None):
            found = pool(seen[:8], both[:8, :8], needed(areas), scale, told)
            inside = int((np.abs(found.mean - truth) <= 1.645 * np.sqrt(np.diag(found.covariance))).sum())
            hit, naive = (hit + inside, naive) if told else (hit, naive + inside)
        count += 8
    assert hit / count == pytest.approx(0.9, abs=0.04)
    assert naive / count < 0.8


def test_the_mixture_told_has_the_mean_and_covariance_told():
    rng = np.random.default_rng(8)
    root = rng.normal(size=(6, 6))
    found = pool(rng.normal(0, 0.03, 6), root @ root.T * 1e-4, needed(3), 0.05, placebo(np.full(3, 0.01), 1e-4))
    assert found.weights.sum() == pytest.approx(1.0)
    off = found.means - found.mean
    total = np.einsum("g,gij->ij", found.weights, found.covariances) + (off * found.weights[:, None]).T @ off
    np.testing.assert_allclose(found.weights @ found.means, found.mean, atol=1e-12)
    np.testing.assert_allclose(total, found.covariance, atol=1e-12)


def test_quantiles_of_the_mixture_hold_what_is_drawn_from_the_prior_as_often_as_they_say():
    rng = np.random.default_rng(9)
    scale, hit, count = 0.05, 0, 0
    for _ in range(150):
        truth = drawn(rng, 4, scale)
        found = pool(truth + rng.normal(0, 0.02, 8), np.eye(8) * 0.02**2, needed(4), scale)
        for k in range(8):
            told = found.weights, found.means[:, k], np.sqrt(found.covariances[:, k, k])
            hit += quantile(0.05, *told) <= truth[k] <= quantile(0.95, *told)
            count += 1
    assert 0.87 <= hit / count <= 0.93
