"""What a mentor is worth to a business by effect: more points are never worth less."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.matches.stored import as_asked
from tests.planning_office import AREAS, FRAMEWORK, learned
from tests.test_training_matching import seen
from training.matching.candidates import list_candidates, match_form
from training.matching.match_tables import needs_of, read_match_tables
from training.matching.matching import MatchRequest
from training.matching.worth import worth_of

FINANCE = AREAS.index("finance")


def harmful():
    """Effects that seem to say that points in finance harm who needs them."""
    mean = np.r_[np.full(len(AREAS), 0.0005), np.full(len(AREAS), 0.001)]
    mean[len(AREAS) + FINANCE] = -0.004
    return learned(mean, sd=0.001)


@pytest.fixture(scope="module")
def tables():
    return read_match_tables(seen(), FRAMEWORK, "new")


def value(worth, scores, needs):
    return float(worth.sums(worth.shape(scores[None]), worth.slopes(needs[None]))[0, 0])


@given(
    low=st.lists(st.floats(0, 100), min_size=len(AREAS), max_size=len(AREAS)),
    more=st.floats(0, 60),
    area=st.integers(0, len(AREAS) - 1),
    need=st.lists(st.booleans(), min_size=len(AREAS), max_size=len(AREAS)),
)
def test_more_points_are_never_worth_less(tables, low, more, area, need):
    worth, scores, needs = worth_of(tables, harmful(), 1), np.array(low), np.array(need, dtype=np.int64)
    raised = scores.copy()
    raised[area] = min(raised[area] + more, 100.0)
    assert value(worth, raised, needs) >= value(worth, scores, needs) - 1e-12


def test_without_that_a_business_went_to_whoever_is_weakest_in_what_it_needs(tables):
    needs = needs_of("capital", FRAMEWORK, tuple(tables.areas))
    weak, strong = np.full(len(AREAS), 50.0), np.full(len(AREAS), 50.0)
    weak[FINANCE], strong[FINANCE] = 20.0, 90.0
    before = worth_of(tables, harmful(), 1, rising=False)
    assert value(before, weak, needs) > value(before, strong, needs)
    now = worth_of(tables, harmful(), 1)
    assert value(now, weak, needs) == value(now, strong, needs)


def test_ranges_hold_the_value_that_is_told(tables):
    worth, candidates = worth_of(tables, harmful(), 1), list_candidates(tables, MatchRequest())
    beside = np.full(len(candidates.business), -1)
    low, high = worth.ends(candidates.business, candidates.mentor, beside)
    middle = worth.beside_average(candidates.business, candidates.mentor)
    assert (low <= middle + 1e-9).all()
    assert (middle <= high + 1e-9).all()


def test_what_was_stored_before_is_made_again_as_it_was(tables):
    """A matching kept without the word comes of the values of then; one of today keeps the word."""
    kept = {"pool": "new", "keep": 0.02, "balance": 0.0, "locks": [], "forbids": [], "held": [], "without": []}
    assert not as_asked(SimpleNamespace(request={**kept, "base": None, "seed": 1})).rising
    assert as_asked(SimpleNamespace(request={**kept, "base": None, "seed": 1, "rising": True})).rising
    request = MatchRequest(seed=1)
    candidates = list_candidates(tables, request)
    values = [
        match_form(tables, candidates, worth_of(tables, harmful(), 1, rising=rising), request).worth
        for rising in (True, False)
    ]
    assert not np.allclose(*values)
