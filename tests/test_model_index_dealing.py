"""Errors of answers dealt at random: against every deal, and against many shuffles."""

import itertools

import numpy as np
import pytest

from model.index.dealing import dealt_errors
from model.index.guttman import count_errors


def test_the_mean_is_exact_over_every_deal():
    columns = [(1, 1, 1, 0), (1, 1, 0, 0), (1, 0, 0, 0)]
    deals = itertools.product(*(set(itertools.permutations(column)) for column in columns))
    every = [count_errors(np.array(deal, np.uint8).T).errors for deal in deals]
    assert dealt_errors(np.array([3, 2, 1]), 4)[0] == pytest.approx(np.mean(every))


def test_the_spread_is_that_of_shuffles():
    rng = np.random.default_rng(0)
    n, yes = 400, np.array([350, 300, 260, 200, 90, 30])
    answers = (np.arange(n)[:, None] < yes).astype(np.uint8)
    errors = [count_errors(rng.permuted(answers, axis=0)).errors for _ in range(2000)]
    mean, sd = dealt_errors(yes, n)
    assert mean == pytest.approx(np.mean(errors), abs=4 * sd / np.sqrt(2000))
    assert sd == pytest.approx(np.std(errors), rel=0.06)


def test_constant_items_have_no_spread():
    assert dealt_errors(np.array([9, 9, 0]), 9) == (0, 0)
    mean, sd = dealt_errors(np.array([9, 4]), 9)
    assert (mean, sd) == (0, pytest.approx(0, abs=1e-6))
