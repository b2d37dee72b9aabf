"""The ladder: bounds that hold whatever the prices, exact where it says so, true though a solver lies."""

from dataclasses import replace

import numpy as np
import pytest

from model.planning import best_plan as best
from model.planning import blocks as bundles
from model.planning import ladder, programme
from model.planning.best_plan import best_plan
from model.planning.blocks import list_blocks
from model.planning.plan_form import Limit, PlanForm, as_selection, broken_rules, spent
from model.planning.prices import CLOSED, HELD, OPEN, Pricing, shared_rows
from model.planning.selection import Infeasible, solve
from tests.bench_plan import city, with_floors
from tests.test_model_planning_plan_form import every_choice, random_form


def one_by_one(form, rows):
    """Whether the candidates of one mentor keep the rules within the mentor."""
    chosen = np.zeros(len(form.mentor), dtype=bool)
    chosen[list(rows)] = True
    own = form.mentor == form.mentor[rows[0]]
    wanted = bool(np.all(chosen[own & form.locked]))
    return wanted and not broken_rules(form, chosen) & {"area", "mentor", "prerequisite", "hours"}


def test_bundles_are_exactly_what_one_mentor_may_get():
    rng = np.random.default_rng(8)
    for _ in range(60):
        form = random_form(rng, mentors=2, courses=4)
        blocks = list_blocks(form)
        listed = {tuple(sorted(int(r) for r in rows if r < len(form.mentor))) for rows in blocks.rows} - {()}
        brute = set()
        for bits in range(1, 1 << len(form.mentor)):
            rows = [k for k in range(len(form.mentor)) if bits >> k & 1]
            if len(set(form.mentor[rows])) == 1 and one_by_one(form, rows):
                brute.add(tuple(rows))
        assert listed == brute


def test_no_plan_is_worth_more_than_any_prices_prove():
    rng = np.random.default_rng(21)
    tried = 0
    while tried < 60:
        form = random_form(rng, mentors=3)
        blocks = list_blocks(form)
        good = [chosen for chosen in every_choice(form) if not broken_rules(form, chosen)]
        if not good or len(blocks.starts) < len(set(form.mentor)):
            continue
        tried += 1
        pricing = Pricing(form, blocks, shared_rows(form))
        state = np.full(len(form.fixed), OPEN)
        most = max(float(form.value[chosen].sum()) for chosen in good)
        for _ in range(20):
            prices = rng.normal(0, 5, pricing.shared.matrix.shape[0]) / pricing.shared.scale
            assert pricing.at(prices, state).bound >= most - 1e-9
        for chosen in good[:40]:
            held = np.bincount(form.course[chosen], minlength=len(state)) > 0
            settled = np.where(held, HELD, CLOSED)
            found = pricing.descend(pricing.hull(settled), settled, 20)
            assert found.bound >= float(form.value[chosen].sum()) - 1e-9


@pytest.mark.parametrize("searching", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_the_ladder_finds_what_one_whole_problem_finds(seed, searching):
    form = random_form(np.random.default_rng(seed), mentors=10, courses=6)
    form = replace(form, budget=form.budget * 4, locked=np.zeros(len(form.mentor), dtype=bool))
    try:
        found = best_plan(form, searching=searching)
    except Infeasible:
        with pytest.raises(Infeasible):
            solve(as_selection(form))
        return
    assert found.gap == 0.0
    assert found.value == pytest.approx(solve(as_selection(form)).value)


def test_a_city_by_prices_alone_is_as_good(monkeypatch):
    form = city(40, seed=3)
    exact = best_plan(form)
    monkeypatch.setattr(best, "_RELAXED_UP_TO", 0)
    found = best_plan(form)
    assert not broken_rules(form, found.chosen)
    assert found.value <= exact.value + 1e-9
    assert found.value / (1 - found.gap) >= exact.value - 1e-6
    assert found.gap < 0.02


@pytest.mark.parametrize("nearest", [1, 5, 20])
def test_a_search_over_too_few_bundles_is_followed_by_one_over_all_that_may_be_better(monkeypatch, nearest):
    for seed in range(8):
        form = with_floors(city(30, seed=seed), seed)
        honest = best_plan(form, searching=False)
        monkeypatch.setattr(ladder, "_NEAREST", (nearest, 240, 1000))
        found = best_plan(form)
        monkeypatch.undo()
        assert (found.value, found.gap) == (pytest.approx(honest.value, rel=1e-9), 0.0)


def test_a_plan_of_earlier_editions_still_begins_with_the_solvers_first_answer(monkeypatch):
    asked, given = [], ladder.some_near
    monkeypatch.setattr(ladder, "some_near", lambda *how: asked.append(how) or given(*how))
    form = with_floors(city(30, seed=5))
    best_plan(form)
    assert not asked
    best_plan(form, searching=False)
    assert len(asked) == 1


def test_a_solver_that_finds_nothing_changes_nothing(monkeypatch):
    form = with_floors(city(30, seed=5))
    honest = best_plan(form)
    monkeypatch.setattr(ladder, "some_near", lambda *_: None)
    found = best_plan(form, searching=False)
    assert (found.value, found.gap) == (honest.value, 0.0)


@pytest.mark.parametrize("lie", ["prices", "infeasible"])
def test_a_programme_that_lies_proves_nothing_false(monkeypatch, lie):
    """Prices of another problem, or the word that nothing is feasible, leave a bound that holds."""
    form = with_floors(city(30, seed=5))
    honest = best_plan(form)
    given = programme._Warm.solve

    def liar(self, limits):
        found = given(self, limits)
        if lie == "infeasible" or found is None:
            return None
        return found[0], np.abs(np.random.default_rng(0).normal(size=len(found[1])))

    monkeypatch.setattr(programme._Warm, "solve", liar)
    found = best_plan(form)
    assert found.bound >= honest.value - 1e-6
    assert found.value <= honest.value + 1e-6
    assert found.gap > 0 or found.value == pytest.approx(honest.value)


def test_where_bundles_are_too_many_one_whole_problem_is_solved(monkeypatch):
    form = city(12, seed=2)
    found = best_plan(form)
    monkeypatch.setattr(bundles, "MOST_BUNDLES", 10)
    assert best_plan(form).value == pytest.approx(found.value)


def test_what_cannot_be_is_proven_though_some_prices_are_millions_of_times_others():
    ones = np.ones(6)
    form = PlanForm(
        mentor=np.array([0, 0, 0, 1, 1, 1]),
        course=np.array([0, 1, 3, 1, 2, 3]),
        area=np.array([0, 1, 0, 1, 0, 0]),
        value=np.array([22.0, 26, 21, 5, 13, 9]),
        cost=np.array([4_000_007, 2_000_000, 2_000_000, 2_000_007, 7, 2_000_007]),
        requires=np.array([-1, 0, -1, -1, -1, 4]),
        locked=np.zeros(6, dtype=bool),
        fixed=np.array([2_000_000, 1_000_000, 2_000_000, 1_000_000]),
        seats=np.ones(4, dtype=np.int64),
        least=np.array([3, 1, 2, 3]),
        budget=1_000_000,
        per_mentor=1,
        limits=(Limit("floor", np.array([1, 1, 1, 0, 0, 0]), ones, np.ones(2), np.full(2, np.inf)),),
    )
    with pytest.raises(Infeasible):
        best_plan(form)


def test_odd_prices_of_many_courses_are_proven_too():
    form = with_floors(city(60, courses=45, seed=1), 1)
    odd = form.cost + np.random.default_rng(1).integers(0, 99_999, len(form.fixed))[form.course]
    form = replace(form, cost=odd, budget=form.budget + 12_345)
    found = best_plan(form)
    assert found.gap == 0.0
    assert not broken_rules(form, found.chosen)


def test_a_thousand_mentors_stay_within_the_gap_asked_for():
    form = with_floors(city(1000))
    found = best_plan(form)
    assert found.gap <= 1e-4
    assert not broken_rules(form, found.chosen)
    assert np.array_equal(found.chosen, best_plan(form).chosen)


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_plan_is_never_over_budget_or_seats_in_many_instances(count):
    rng = np.random.default_rng(count)
    for _ in range(count):
        form = random_form(rng, mentors=int(rng.integers(2, 9)), courses=int(rng.integers(1, 5)))
        try:
            chosen = best_plan(form).chosen
        except Infeasible:
            continue
        assert spent(form, chosen) <= form.budget
        assert np.all(np.bincount(form.course[chosen], minlength=len(form.seats)) <= form.seats)
