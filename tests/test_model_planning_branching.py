from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from model.planning import branching, programme
from model.planning.best_plan import best_plan
from model.planning.branching import Search, whole
from model.planning.plan_form import as_selection
from model.planning.programme import Limits, Programme
from model.planning.selection import solve
from tests.test_model_planning_plan_form import random_form

NONE = np.zeros(0, dtype=np.int64)


def forms(count, mentors=12, courses=6):
    """Forms whose courses cost something to be held and ask for participants, under a budget that buys a few."""
    rng = np.random.default_rng(5)
    for _ in range(count):
        form = random_form(rng, mentors, courses)
        free = np.zeros(len(form.mentor), dtype=bool)
        yield replace(form, locked=free, fixed=rng.integers(1, 9, courses) * 700_000, budget=12_000_000)


def problem(form):
    made = as_selection(form)
    assert len(made.first)
    return made


def test_settling_the_courses_first_finds_what_one_whole_problem_finds():
    bought = 0
    for form in forms(40):
        found, one = best_plan(form), solve(replace(as_selection(form), first=NONE))
        assert found.value == pytest.approx(one.value, rel=1e-9, abs=1e-9)
        assert found.gap == 0.0
        bought += bool(found.chosen.any())
    assert bought > 20


def test_what_cannot_be_is_proven_and_a_search_that_ends_leaves_a_bound_that_holds(monkeypatch):
    made = problem(next(forms(1)))
    nothing = replace(made, low=np.append(made.low[:-1], 1e12), high=np.full(len(made.high), np.inf))
    assert Search(nothing).run().x is None
    assert Search(nothing).run().bound == -np.inf
    best = float(made.value @ whole(made, 1000))
    monkeypatch.setattr(branching, "MOST_PROGRAMMES", 1)
    assert Search(made).run().bound >= best - 1e-6


def test_the_search_finds_and_proves_without_any_first_answer():
    for form in forms(10):
        made = problem(form)
        found, best = Search(made).run(), solve(made)
        assert made.value @ found.x == pytest.approx(best.value, rel=1e-6, abs=1e-6)
        assert found.bound == pytest.approx(best.value, rel=1e-6, abs=1e-6)


def test_an_infeasible_programme_is_believed_only_when_prices_prove_it(monkeypatch):
    matrix = csr_array(np.array([[1.0, 1.0, 1.0]]))
    limits = Limits(np.zeros(3), np.ones(3), np.array([4.0]), np.array([np.inf]))
    assert Programme(np.ones(3), matrix).within(limits).bound == -np.inf
    feasible = replace(limits, low=np.array([3.0]))
    monkeypatch.setattr(programme._Warm, "solve", lambda *_: None)
    assert Programme(np.ones(3), matrix).within(feasible).bound == np.inf
    monkeypatch.setattr(programme._Warm, "solve", lambda self, _: None if len(self._options) == 3 else LIE)
    assert Programme(np.ones(3), matrix).within(feasible).bound == np.inf
    assert Programme(np.ones(3), matrix).within(limits).bound == -np.inf


LIE = (np.zeros(5), np.array([-1.0]))
"""Prices that prove that four of three cannot be had, and nothing of three of three."""
