from dataclasses import replace

import numpy as np
import pytest

from model.planning import branching
from model.planning.best_plan import best_plan
from model.planning.branching import Search, whole
from model.planning.plan_form import as_selection
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


def test_where_the_search_grows_too_wide_one_whole_problem_is_solved(monkeypatch):
    form = next(f for f in forms(40) if widths(f, monkeypatch)[1] > 4)
    sought, _ = widths(form, monkeypatch)
    monkeypatch.setattr(branching, "MOST_PROGRAMMES", 2)
    found, programmes = widths(form, monkeypatch)
    assert found == pytest.approx(sought)
    assert programmes <= 4


def widths(form, monkeypatch):
    """Bound of a search, and how many linear programmes it took."""
    counted = []
    given = branching.linprog
    with monkeypatch.context() as patch:
        patch.setattr(branching, "linprog", lambda *a, **k: counted.append(1) or given(*a, **k))
        return Search(problem(form), 30.0).run().bound, len(counted)


def test_what_cannot_be_is_said_and_time_that_ends_leaves_a_bound_that_holds():
    form = next(forms(1))
    made = problem(form)
    nothing = replace(made, low=np.append(made.low[:-1], 1e12), high=np.full(len(made.high), np.inf))
    assert Search(nothing, 30.0).run().x is None
    assert Search(nothing, 30.0).run().bound == -np.inf
    best = whole(made, made.lower, made.upper, 30.0)
    assert Search(made, 1e-9).run().bound >= made.value @ np.round(best.x) - 1e-6
