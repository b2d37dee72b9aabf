"""Ranges for unseen mentors: what they hold when mentors differ, errors are skewed, and mentors are few."""

import numpy as np
import pytest

from model.learning.conformal import NOMINAL, held, residuals_of
from model.learning.folds import mentor_folds


def errors(rng, mentors, each=8, between=0.3):
    """Skewed errors of unequally many engagements a mentor, with a part that is the mentor's own."""
    mentor = np.repeat(np.arange(mentors), rng.integers(1, 2 * each, mentors))
    own = rng.standard_t(5, mentors) * between
    return own[mentor] + rng.gumbel(-0.577 * 0.4, 0.4, len(mentor)), mentor


@pytest.mark.parametrize("mentors", [10, 40, 160])
def test_ranges_hold_for_mentors_never_seen(mentors):
    rng = np.random.default_rng(mentors)
    single, means = [], []
    for _ in range(150):
        found = residuals_of(*errors(rng, mentors))
        new, owner = errors(rng, 60)
        sizes = np.bincount(owner)
        inside = (found.low <= new) & (new <= found.high)
        single.append((np.bincount(owner, inside) / sizes).mean())
        reached = [found.reach(int(size)) for size in sizes]
        means.append((np.abs(np.bincount(owner, new) / sizes) <= reached).mean())
    assert NOMINAL - 0.01 <= np.mean(single) <= 0.96
    assert NOMINAL - 0.015 <= np.mean(means) <= 0.96


def test_too_few_mentors_take_the_largest_error_seen():
    rng = np.random.default_rng(1)
    found_errors, mentor = errors(rng, 8)
    found = residuals_of(found_errors, mentor)
    assert found.low <= found_errors.min()
    assert found.high >= found_errors.max()
    assert found.low == found_errors.min() or found.high == found_errors.max()


def test_every_mentor_weighs_the_same_however_many_engagements():
    mentor = np.concatenate([np.repeat(0, 1000), np.repeat(np.arange(1, 40), 2)])
    wild = np.where(mentor == 0, 50.0, np.random.default_rng(0).normal(0, 0.1, len(mentor)))
    assert residuals_of(wild, mentor).high < 1  # one mentor of forty, though most of the engagements


def test_errors_of_nought_give_ranges_of_nought():
    found = residuals_of(np.zeros(60), np.repeat(np.arange(20), 3))
    assert (found.low, found.high, found.reach(3)) == (0, 0, 0)


def test_coverage_is_told_of_mentors_that_had_no_part_in_the_range():
    rng = np.random.default_rng(3)
    shares = []
    for seed in range(60):
        found_errors, mentor = errors(rng, 60)
        fold = mentor_folds(mentor, 5, np.random.default_rng(seed))
        kept = held(found_errors, mentor, fold)
        assert kept.observed == pytest.approx(
            np.mean([kept.engagements[mentor == m].mean() for m in range(60)]), abs=1e-12
        )
        shares.append((kept.observed, kept.mean))
        changed = found_errors.copy()
        changed[fold == 0] *= 100  # a fold's own errors cannot widen its ranges
        assert held(changed, mentor, fold).engagements[fold == 0].mean() < 0.5
    assert np.mean(shares, axis=0) == pytest.approx([NOMINAL, NOMINAL], abs=0.025)
