import itertools
from math import factorial

import numpy as np
import pytest

from model.learning.shapley import Pair, contributions


def brute(f, x, background, weights):
    """Interventional Shapley values over all subsets of features."""
    count = len(x)

    def worth(inside):
        mixed = background.copy()
        mixed[:, list(inside)] = x[list(inside)]
        return weights @ f(mixed)

    shares = np.zeros(count)
    for i in range(count):
        others = [j for j in range(count) if j != i]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for subset in itertools.combinations(others, size):
                shares[i] += weight * (worth((*subset, i)) - worth(subset))
    return worth(()), shares


@pytest.mark.parametrize("seed", range(5))
def test_closed_form_equals_all_subsets(seed):
    rng = np.random.default_rng(seed)
    x, background = rng.normal(size=(3, 6)), rng.normal(size=(9, 6))
    weights = rng.random(9)
    weights /= weights.sum()
    slopes = np.append(rng.normal(size=5), 0.0)
    pairs = [(0, 1, 0.7), (2, 1, -1.3), (3, 4, 2.0)]

    def f(X):
        return np.sin(X) @ slopes + sum(c * np.exp(X[:, i]) * X[:, j] for i, j, c in pairs)

    made = [Pair(i, j, c, np.exp(x[:, i]), x[:, j], np.exp(background[:, i]), background[:, j]) for i, j, c in pairs]
    base, shares = contributions(np.sin(x) * slopes, np.sin(background) * slopes, weights, made)
    for row in range(3):
        expected_base, expected = brute(f, x[row], background, weights)
        assert base == pytest.approx(expected_base, abs=1e-12)
        np.testing.assert_allclose(shares[row], expected, atol=1e-12)
        assert base + shares[row].sum() == pytest.approx(f(x[row : row + 1])[0], abs=1e-12)
        assert shares[row, 5] == 0.0


def test_twins_used_alike_share_alike():
    x, background = np.array([[2.0, 2.0]]), np.array([[0.0, 0.0], [1.0, 1.0]])
    pair = Pair(0, 1, 3.0, x[:, 0], x[:, 1], background[:, 0], background[:, 1])
    _, shares = contributions(x, background, np.array([0.5, 0.5]), [pair])
    assert shares[0, 0] == shares[0, 1]
