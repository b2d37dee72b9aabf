from dataclasses import replace

import numpy as np

from model.planning.best_plan import best_plan
from model.planning.plan_form import broken_rules
from model.planning.selection import Infeasible
from model.planning.swaps import Standing
from tests.test_model_planning_plan_form import random_form


def plans():
    rng = np.random.default_rng(23)
    for _ in range(120):
        form = random_form(rng, mentors=5, courses=4)
        form = replace(form, value=np.maximum(form.value, 1.0))
        try:
            yield form, best_plan(form).chosen
        except Infeasible:
            continue


def test_replacements_are_exactly_the_swaps_that_break_no_rule():
    found = 0
    for form, chosen in plans():
        for row in np.flatnonzero(chosen):
            swaps = set()
            for other in np.flatnonzero(~chosen):
                swapped = chosen.copy()
                swapped[[row, other]] = [False, True]
                if not broken_rules(form, swapped) - {"locked"}:
                    swaps.add(int(other))
            mine = set(map(int, Standing(form, chosen).replacements(int(row))))
            assert mine == swaps
            found += len(mine)
    assert found > 50


def test_no_replacement_is_worth_more_than_what_the_best_plan_chose():
    for form, chosen in plans():
        for row in np.flatnonzero(chosen & ~form.locked):
            for other in Standing(form, chosen).replacements(int(row)):
                assert form.value[other] <= form.value[row] + 1e-9


def test_hindrances_name_every_rule_that_adding_a_place_would_break():
    for form, chosen in plans():
        named = Standing(form, chosen).hindrances()
        for row in np.flatnonzero(~chosen):
            added = chosen.copy()
            added[row] = True
            assert {rule for rule, rows in named.items() if rows[row]} == broken_rules(form, added)
