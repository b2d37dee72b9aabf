import numpy as np
import pytest
from scipy.stats import t as student

from model.learning.mixed import random_intercept


def world(mentors, seed, slope=0.3, between=0.5):
    rng = np.random.default_rng(seed)
    mentor = np.repeat(np.arange(mentors), rng.integers(3, 15, mentors))
    trait = rng.standard_normal(mentors)[mentor]
    own = rng.standard_normal(len(mentor))
    X = np.column_stack([np.ones(len(mentor)), trait, own])
    y = (
        1
        + slope * trait
        - 0.2 * own
        + between * rng.standard_normal(mentors)[mentor]
        + rng.standard_normal(len(mentor))
    )
    return X, y, mentor


def dense(X, y, mentor, ratio):
    V = np.eye(len(y)) + ratio * (mentor[:, None] == mentor[None, :])
    inner = np.linalg.inv(V)
    return np.linalg.solve(X.T @ inner @ X, X.T @ inner @ y)


def test_coefficients_equal_dense_generalised_least_squares_and_the_jackknife_a_loop():
    X, y, mentor = world(15, 1)
    shuffled = np.random.default_rng(0).permutation(len(y))
    found = random_intercept(X[shuffled], y[shuffled], mentor[shuffled], np.zeros(3))
    ratio = found.between / found.within
    np.testing.assert_allclose(found.coefficients, dense(X, y, mentor, ratio), atol=1e-8)
    steps = [dense(X[mentor != m], y[mentor != m], mentor[mentor != m], ratio) for m in range(15)]
    off = np.array(steps) - found.coefficients
    np.testing.assert_allclose(found.covariance, off.T @ off * 14 / 15, atol=1e-8)


def test_the_variance_ratio_is_the_best_restricted_likelihood():
    X, y, mentor = world(20, 2)
    found = random_intercept(X, y, mentor, np.zeros(3))

    def deviance(ratio):
        V = np.eye(len(y)) + ratio * (mentor[:, None] == mentor[None, :])
        inner = np.linalg.inv(V)
        off = y - X @ dense(X, y, mentor, ratio)
        logs = np.linalg.slogdet(V)[1] + np.linalg.slogdet(X.T @ inner @ X)[1]
        return (len(y) - 3) * np.log(off @ inner @ off) + logs

    best = deviance(found.between / found.within)
    assert all(best <= deviance(r) + 1e-3 for r in np.geomspace(0.01, 3, 60))


def test_ranges_by_mentor_cover_where_ranges_by_row_do_not():
    runs, hit, naive = 200, 0, 0
    for seed in range(runs):
        X, y, mentor = world(30, 100 + seed)
        found = random_intercept(X, y, mentor, np.zeros(3))
        reach = student.ppf(0.95, 28) * np.sqrt(found.covariance[1, 1])
        hit += abs(found.coefficients[1] - 0.3) <= reach
        plain = np.linalg.lstsq(X, y, rcond=None)[0]
        left = y - X @ plain
        spread = np.sqrt(left @ left / (len(y) - 3) * np.linalg.inv(X.T @ X)[1, 1])
        naive += abs(plain[1] - 0.3) <= 1.645 * spread
    # binomial: 0.90 ± 3 · √(0.9 · 0.1 / 200) = 0.836 … 0.964
    assert 0.836 <= hit / runs <= 0.975
    assert naive / runs < 0.75


def test_columns_that_repeat_each_other_are_solved():
    X, y, mentor = world(20, 3)
    doubled = np.column_stack([X, X[:, 1]])
    found = random_intercept(doubled, y, mentor, np.array([0.0, 1.0, 0.0, 1.0]))
    assert np.isfinite(found.coefficients).all()
    assert found.coefficients[1] == pytest.approx(found.coefficients[3], abs=1e-6)
