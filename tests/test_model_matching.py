"""The matching is the best there is, its prices say what a place is worth, and who displaces whom; by brute force."""

import contextlib
import csv
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.matching import widening
from model.matching.displacing import displacements
from model.matching.flow import Overfull, best_flow
from model.matching.form import MatchForm, broken
from model.matching.matching import best_matching
from model.matching.prices import FAR, bound, network, rank, to_sink
from tests.matching_cases import every_answer, rank_of, small_form, steps_of

ROUNDING = 8  # steps
CASES = range(500)


def solved(seed):
    """Form, answer (None where the locks cannot hold), ranks of all feasible answers, and these."""
    form = small_form(seed)
    every = list(every_answer(form))
    try:
        found = best_matching(form)
    except Overfull:
        found = None
    return form, found, [rank_of(form, chosen) for chosen in every], every


@pytest.fixture(scope="module")
def cases():
    return [solved(seed) for seed in CASES]


def better(one, other):
    return one[:2] > other[:2] if one[:2] != other[:2] else one[2] > other[2] + 1e-7


def test_no_feasible_answer_of_500_random_cases_is_better(cases):
    assert sum(form.held.any() for form, *_ in cases) > 50
    assert sum(form.locked.any() for form, *_ in cases) > 50
    for form, found, ranks, _ in cases:
        if found is None:
            assert ranks == []
            continue
        own = rank_of(form, found.chosen)
        assert broken(form, found.chosen) == []
        assert not any(better(other, own) for other in ranks)
        assert found.gap == 0.0
        assert (found.served, found.value) == pytest.approx((own[0], own[2]))


def test_a_worse_answer_has_no_prices_that_prove_it(cases):
    proven = 0
    for form, found, ranks, every in cases:
        if found is None:
            continue
        own = rank(form, found.chosen)
        for chosen, other in zip(every, ranks, strict=True):
            if better(rank_of(form, found.chosen), other):
                with contextlib.suppress(ArithmeticError):  # an improvement without end
                    assert bound(form, to_sink(network(form, chosen))) > rank(form, chosen)
                assert rank(form, chosen) < own
                proven += 1
    assert proven > 1000


def test_the_price_of_one_more_place_is_what_it_brings(cases):
    for form, found, ranks, _ in cases:
        if found is None:
            continue
        top = steps_of(form, max(ranks, key=lambda own: steps_of(form, own)))
        for mentor in range(form.mentors):
            more = form.places.copy()
            more[mentor] += 1
            wider = replace(form, places=more)
            best = max(steps_of(form, rank_of(wider, chosen)) for chosen in every_answer(wider))
            assert best - top == pytest.approx(found.given[mentor], abs=ROUNDING)


def test_the_price_of_a_place_is_what_is_lost_without_it(cases):
    tried = 0
    for form, found, ranks, _ in cases:
        if found is None or form.load:
            continue
        top = max(steps_of(form, own) for own in ranks)
        for mentor in np.flatnonzero(form.places):
            fewer = form.places.copy()
            fewer[mentor] -= 1
            tighter = replace(form, places=fewer)
            left = [steps_of(form, rank_of(tighter, chosen)) for chosen in every_answer(tighter)]
            if left:
                assert top - max(left) == pytest.approx(found.taken[mentor], abs=ROUNDING)
                tried += 1
    assert tried > 200


def test_what_a_pair_not_chosen_would_cost_and_who_makes_way(cases):
    displaced = 0
    for form, found, ranks, every in cases:
        if found is None:
            continue
        gone = displacements(found)
        top = max(steps_of(form, own) for own in ranks)
        for row in np.flatnonzero(~found.chosen):
            with_it = [(steps_of(form, own), chosen) for own, chosen in zip(ranks, every, strict=True) if chosen[row]]
            if form.locked[form.business == form.business[row]].any() or not with_it:
                assert gone.loss[row] >= FAR // 4
                continue
            assert top - max(value for value, _ in with_it) == pytest.approx(gone.loss[row], abs=ROUNDING)
        for business in range(form.businesses):
            rows = np.flatnonzero((form.business == business) & (gone.loss < FAR))
            rival = -1 if not len(rows) else rows[np.argmin(gone.loss[rows])]
            assert gone.rival[business] == rival
            leaver = gone.leaver[business]
            if leaver >= 0:
                assert found.chosen[(form.business == leaver) & (form.mentor == form.mentor[rival])].any()
                assert gone.moves[business] >= 1
                displaced += 1
    assert displaced > 200


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_answer_is_infeasible_whatever_is_asked(data):
    businesses, mentors = data.draw(st.integers(0, 12)), data.draw(st.integers(1, 6))
    pairs = data.draw(st.sets(st.tuples(st.integers(0, max(businesses - 1, 0)), st.integers(0, mentors - 1))))
    pairs = sorted(pairs) if businesses else []
    worth = data.draw(st.lists(st.floats(-1e6, 1e6), min_size=len(pairs), max_size=len(pairs)))
    places = data.draw(st.lists(st.integers(0, 4), min_size=mentors, max_size=mentors))
    form = MatchForm.plain(
        businesses,
        np.array([b for b, _ in pairs], dtype=np.int64),
        np.array([m for _, m in pairs], dtype=np.int64),
        np.array(worth, dtype=np.float64),
        np.array(places, dtype=np.int64),
    )
    found = best_matching(form)
    assert broken(form, found.chosen) == []
    assert found.gap == 0.0
    assert (found.used <= form.places).all()
    assert found.served == (found.home >= 0).sum()


def test_the_published_optimum_of_assign100(shared):
    with (shared / "realdata" / "D_assignment_100" / "cost.csv").open(encoding="utf-8") as file:
        rows = [*csv.reader(file)]
    cost = np.array([[float(cell) for cell in row[-100:]] for row in rows[-100:]])
    business, mentor = (grid.ravel() for grid in np.indices(cost.shape))
    ones = np.ones(100, dtype=np.int64)
    found = best_matching(MatchForm.plain(100, business, mentor, -cost.ravel(), ones))
    assert (found.served, found.value, found.gap) == (100, -305.0, 0.0)


def many(seed, *, held=False, locks=False):
    """Every mentor a candidate of every business: more pairs than the first search looks at."""
    rng = np.random.default_rng(seed)
    business, mentor = (grid.ravel() for grid in np.indices((60, 90)))
    form = MatchForm.plain(
        60, business, mentor, rng.normal(0, 1, 5400) + rng.normal(0, 1, 90)[mentor], np.ones(90, int)
    )
    if held:
        marks = np.zeros(5400, dtype=bool)
        marks[rng.choice(90) + 90 * np.arange(0, 60, 7)] = True
        form = replace(form, held=marks)
    if locks:
        lock = np.zeros(5400, dtype=bool)
        lock[17 * 90 + 4] = True
        form = replace(form, locked=lock)
    return form


@pytest.mark.parametrize("options", [{}, {"held": True}, {"locks": True}, {"held": True, "locks": True}])
def test_many_candidates_are_brought_in_as_prices_ask_until_none_gains(options, monkeypatch):
    monkeypatch.setattr(widening, "SMALL", 0)
    monkeypatch.setattr(widening, "_EACH", 2)
    monkeypatch.setattr(widening, "HUGE", 0)
    for seed in range(5):
        form = many(seed, **options)
        found = best_matching(form)
        assert rank(form, found.chosen) == rank(form, best_flow(form))
        assert found.gap == 0.0
    monkeypatch.setattr(widening, "_gaining", lambda *_: np.zeros(0, dtype=np.int64))
    assert sum(unproven(many(seed, **options)) for seed in range(5)) > 0  # what the first search misses is noticed


def unproven(form):
    try:
        return best_matching(form).gap > 0
    except ArithmeticError:
        return True


@pytest.mark.parametrize(
    "fault",
    [
        {"worth": [0.1, float("nan")]},
        {"worth": [0.1, float("inf")]},
        {"places": [-1, 1]},
        {"business": [0, 0], "mentor": [1, 1]},
        {"business": [1, 0]},
        {"load": float("nan")},
        {"mentor": [0]},
    ],
)
def test_what_is_no_problem_is_refused(fault):
    given = {"business": [0, 1], "mentor": [0, 1], "worth": [0.1, 0.2], "places": [1, 1]}
    arrays = {name: np.array({**given, **fault}[name], dtype=float if name == "worth" else int) for name in given}
    none = np.zeros(2, dtype=bool)
    with pytest.raises(ValueError, match=r"must|differ"):
        MatchForm(2, **arrays, locked=none, held=none, fair=np.ones(2, dtype=int), load=fault.get("load", 0.0))


def test_nothing_to_match_is_an_empty_answer():
    empty = np.zeros(0, dtype=np.int64)
    found = best_matching(MatchForm.plain(0, empty, empty, np.zeros(0), np.array([3])))
    assert (found.served, found.value, found.gap) == (0, 0.0, 0.0)
    nobody = best_matching(MatchForm.plain(2, empty, empty, np.zeros(0), empty))
    assert nobody.home.tolist() == [-1, -1]


def test_worth_too_small_to_tell_apart_counts_as_none():
    one = np.zeros(1, dtype=np.int64)
    found = best_matching(MatchForm.plain(1, one, one, np.array([2e-313]), np.array([1])))
    assert (found.chosen.tolist(), found.gap) == ([True], 0.0)


def test_ortools_and_scipys_highs_live_in_one_process():
    """highspy beside ortools does not (shared design, Deciding); scipy carries a HiGHS of its own."""
    code = (
        "import numpy as np; from ortools.graph.python import min_cost_flow; from scipy.optimize import milp; "
        "print(milp(np.array([-1.0]), bounds=(0, 1), integrality=1).fun, min_cost_flow.SimpleMinCostFlow().num_arcs())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["-1.0", "0"], done.stderr
