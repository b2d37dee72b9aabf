from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.planning.best_plan import best_plan
from model.planning.plan_form import Limit, PlanForm, broken_rules, least_spending, spent
from model.planning.selection import Infeasible


def random_form(rng, mentors=4, courses=3):
    pairs = [(m, c) for m in range(mentors) for c in range(courses) if rng.random() < 0.8] or [(0, 0)]
    n = len(pairs)
    mentor, course = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    areas = rng.integers(0, 2, courses)
    requires = np.full(n, -1)
    for k, (m, c) in enumerate(pairs):
        if c and rng.random() < 0.3 and (m, c - 1) in pairs:
            requires[k] = pairs.index((m, c - 1))
    price = rng.integers(0, 9, courses) * 500_000
    return PlanForm(
        mentor=mentor,
        course=course,
        area=areas[course],
        value=rng.integers(-2, 30, n).astype(float),
        cost=price[course] + rng.integers(0, 2, n) * 7,
        requires=requires,
        locked=rng.random(n) < 0.06,
        fixed=rng.integers(0, 3, courses) * 1_000_000,
        seats=rng.integers(0, mentors + 2, courses),
        least=rng.integers(1, 4, courses),
        budget=int(rng.integers(1, 14) * 1_000_000),
        per_mentor=int(rng.integers(1, 4)),
        limits=random_limits(rng, mentor, course, areas),
    )


def random_limits(rng, mentor, course, areas):
    """Hours per mentor, floors of two districts, caps of two areas: each there in two of three forms."""
    n, mentors = len(mentor), int(mentor.max()) + 1
    district = rng.integers(0, 2, mentors)
    hours = rng.integers(1, 5, len(areas)) * 8.0
    some = {
        "hours": Limit("hours", mentor, hours[course], np.zeros(mentors), np.full(mentors, 40.0), within=True),
        "floor": Limit("floor", district[mentor], np.ones(n), rng.integers(0, 2, 2) * 1.0, np.full(2, np.inf)),
        "cap": Limit("cap", areas[course], np.ones(n), np.zeros(2), rng.integers(1, mentors + 2, 2) * 1.0),
    }
    return tuple(limit for limit in some.values() if rng.random() < 2 / 3)


def every_choice(form):
    return (np.array(bits, dtype=bool) for bits in product((False, True), repeat=len(form.mentor)))


def test_brute_force_finds_no_better_plan_with_all_rules_on():
    rng = np.random.default_rng(11)
    solved = 0
    for _ in range(500):
        form = random_form(rng, mentors=int(rng.integers(1, 4)))
        good = [float(form.value[c].sum()) for c in every_choice(form) if not broken_rules(form, c)]
        if not good:
            with pytest.raises(Infeasible):
                best_plan(form)
            continue
        found = best_plan(form)
        solved += 1
        assert found.value == pytest.approx(max(good))
        assert found.gap == 0.0
    assert solved > 250


def test_least_spending_matches_brute_force():
    rng = np.random.default_rng(3)
    for _ in range(60):
        form = random_form(rng, mentors=2)
        free = replace(form, budget=10**12)
        wanted = (form.value > 0) | form.locked
        costs = [spent(form, c) for c in every_choice(form) if c[wanted].any() and not broken_rules(free, c)]
        assert least_spending(form) == (min(costs) if costs else None)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_a_plan_is_never_over_budget_or_seats(seed):
    form = random_form(np.random.default_rng(seed), mentors=8, courses=4)
    form = replace(form, locked=np.zeros(len(form.mentor), dtype=bool))
    try:
        chosen = best_plan(form).chosen
    except Infeasible:  # a floor that the budget does not reach
        assert any(limit.low.any() for limit in form.limits)
        return
    assert not broken_rules(form, chosen)
    assert spent(form, chosen) <= form.budget
    counts = np.bincount(form.course[chosen], minlength=4)
    assert np.all(counts <= form.seats)
    assert np.all((counts == 0) | (counts >= form.least))


def test_each_rule_is_named_when_broken():
    form = PlanForm(
        mentor=np.array([0, 0, 1]),
        course=np.array([0, 1, 1]),
        area=np.array([0, 0, 0]),
        value=np.ones(3),
        cost=np.array([10, 10, 10]),
        requires=np.array([-1, -1, -1]),
        locked=np.array([True, False, False]),
        fixed=np.array([0, 5]),
        seats=np.array([1, 1]),
        least=np.array([1, 2]),
        budget=100,
        per_mentor=1,
    )
    assert broken_rules(form, np.array([True, False, False])) == set()
    assert broken_rules(form, np.array([False, True, True])) == {"seats", "locked"}
    assert broken_rules(form, np.array([True, True, False])) == {"least", "mentor", "area"}
    assert broken_rules(replace(form, budget=9), np.array([True, False, False])) == {"budget"}
    assert broken_rules(replace(form, requires=np.array([2, -1, -1])), np.array([True, False, False])) == {
        "prerequisite"
    }
    assert spent(form, np.array([True, True, True])) == 35
    district, weight = np.array([0, 0, 1]), np.array([30.0, 20.0, 10.0])
    floor = Limit("floor", district, np.ones(3), np.array([1.0, 0.0]), np.array([np.inf, np.inf]))
    hours = Limit("hours", form.mentor, weight, np.zeros(2), np.array([40.0, 40.0]), within=True)
    wider = replace(form, limits=(floor, hours), per_mentor=2, least=np.array([1, 1]), locked=np.zeros(3, dtype=bool))
    assert broken_rules(wider, np.array([False, False, True])) == {"floor"}
    assert broken_rules(wider, np.array([True, True, False])) == {"hours", "area"}
    assert broken_rules(wider, np.array([False, True, False])) == set()


def test_a_form_of_fewer_candidates_keeps_its_rules():
    form = random_form(np.random.default_rng(4), mentors=4)
    rows = np.arange(0, len(form.mentor), 2)
    fewer = form.take(rows)
    for bits in product((False, True), repeat=min(len(rows), 8)):
        chosen = np.zeros(len(rows), dtype=bool)
        chosen[: len(bits)] = bits
        wide = np.zeros(len(form.mentor), dtype=bool)
        wide[rows] = chosen
        assert broken_rules(fewer, chosen) - {"locked", "prerequisite"} == broken_rules(form, wide) - {
            "locked",
            "prerequisite",
        }
