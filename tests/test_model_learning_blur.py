import numpy as np
import pytest

from model.learning.blur import blur_of, limited
from model.learning.mixed import random_intercept
from model.learning.relation import BEND, Sums, columns, tens
from tests.learning_rows import rows


def scores_of(basis):
    """Raw scores behind shaped ones."""
    return -100 / BEND * np.log1p(basis.scores / 10 * np.expm1(-BEND))


@pytest.mark.parametrize("exposed", [False, True])
def test_noise_equals_the_sum_over_assessments_built_densely(exposed):
    basis, _ = rows(mentors=10, each=4, areas=2, gaps=0.2)
    basis = type(basis)(**{**vars(basis), "with_need": np.array([False, True])})
    raw = np.where(basis.missing, np.nan, scores_of(basis))
    ratio, variance = 0.4, 9.0
    sizes = np.bincount(basis.mentor)
    times = np.linspace(0.3, 2, len(raw)) if exposed else np.ones(len(raw))
    found = (
        blur_of(basis, raw, variance, exposure=times if exposed else None).of(ratio / (1 + sizes * ratio)).sum(axis=0)
    )
    inner = np.linalg.inv(np.eye(len(raw)) + ratio * (basis.mentor[:, None] == basis.mentor[None, :]))
    expected = np.zeros((3, 3))
    for mentor in range(10):
        for area in range(2):
            its = (basis.mentor == mentor) & ~basis.missing[:, area]
            if its.any():
                step = 1e-4
                slope = (tens(raw[its, area] + step) - tens(raw[its, area] - step))[0] / (2 * step)
                moved = np.zeros((len(raw), 3))
                moved[its, area] = slope * times[its]
                if area == 1:
                    moved[its, 2] = slope * times[its] * basis.needs[its, 1]
                expected += variance * moved.T @ inner @ moved
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-12)


def test_the_flattening_of_noisy_scores_is_undone():
    plain, mended, truth, noise = [], [], 0.2, 8.0
    for seed in range(25):
        basis, _ = rows(mentors=120, areas=1, main=truth, mentor_sd=0.05, seed=seed)
        rng = np.random.default_rng(1000 + seed)
        raw = np.clip(scores_of(basis)[np.unique(basis.mentor, return_index=True)[1]], 0, 100)
        seen = (raw + rng.normal(0, noise, raw.shape))[basis.mentor]
        noisy = type(basis)(**{**vars(basis), "scores": tens(seen)})
        X = columns(noisy, Sums.of(noisy).fill())
        q = basis.controls.shape[1]
        penalty = np.append(basis.penalty, np.zeros(X.shape[1] - q))
        plain.append(random_intercept(X, basis.outcome, basis.mentor, penalty).coefficients[q])
        blur = blur_of(noisy, seen, noise**2)
        mended.append(random_intercept(X, basis.outcome, basis.mentor, penalty, blur).coefficients[q])
    assert np.mean(plain) < 0.9 * truth
    assert np.mean(mended) == pytest.approx(truth, abs=4 * np.std(mended) / 5)
    assert np.mean(mended) == pytest.approx(truth, rel=0.05)


def test_no_more_than_three_quarters_of_any_direction_are_taken_for_noise():
    system = np.diag([4.0, 10.0])
    assert limited(np.diag([1.0, 7.0]), np.linalg.inv(system)) == 1.0
    assert limited(np.diag([4.0, 1.0]), np.linalg.inv(system)) == pytest.approx(0.75)


def test_where_one_mentor_alone_tells_the_scores_apart_less_noise_is_taken_out_and_the_fit_stands():
    basis, _ = rows(mentors=6, each=8, areas=2, seed=3)
    alike = np.where(
        basis.mentor[:, None] == 0, basis.scores + np.array([3.0, -3.0]), basis.scores.mean(axis=1)[:, None]
    )
    basis = type(basis)(**{**vars(basis), "scores": alike})
    X = columns(basis, Sums.of(basis).fill())
    penalty = np.append(basis.penalty, np.full(X.shape[1] - basis.controls.shape[1], 1.0))
    found = random_intercept(X, basis.outcome, basis.mentor, penalty, blur_of(basis, scores_of(basis), 200.0))
    assert np.isfinite(found.coefficients).all()
    assert np.linalg.eigvalsh(found.covariance).min() >= -1e-9
