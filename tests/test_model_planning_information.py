"""The worth of an assessment: a closed form, and plans solved anew for every result (brute-force Monte Carlo)."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from model.planning.best_plan import best_plan
from model.planning.blocks import list_blocks
from model.planning.information import after_assessing, knowing, nodes
from model.planning.pricing import prices_of
from tests.bench_plan import city

NONE = np.zeros(0, dtype=np.int64)


def test_what_an_assessment_leaves_is_the_normal_posterior():
    shift, left, predictive = after_assessing(np.array([6.0, 3.0]), 4.0)
    assert left**2 == pytest.approx([1 / (1 / 36 + 1 / 16), 1 / (1 / 9 + 1 / 16)])
    assert shift**2 + left**2 == pytest.approx([36.0, 9.0])
    assert predictive**2 == pytest.approx([52.0, 25.0])


def test_the_results_looked_at_have_mean_nought_and_variance_one():
    unit = nodes(15)
    assert unit.mean() == pytest.approx(0.0)
    assert unit.var() == pytest.approx(1.0)


@pytest.mark.parametrize("net", [-0.7, 0.0, 1.3])
def test_one_place_of_normal_value_has_the_unit_normal_loss(net):
    form = replace(city(10), mentor=np.array([0]), course=np.array([0]), area=np.array([0]), value=np.array([net]))
    form = replace(form, cost=np.array([1]), requires=np.array([-1]), locked=np.array([False]))
    unit = nodes(400)
    known = knowing(list_blocks(form), np.array([net]), net + unit[:, None])
    loss = norm.pdf(net) - abs(net) * norm.sf(abs(net))  # E max(0, X) − max(0, net), X ~ N(net, 1)
    assert known.gains.mean() == pytest.approx(loss, rel=0.02)


def test_prices_tell_what_solving_every_plan_anew_tells():
    """For 4 mentors, one at a time, each place of one area at 12 results and the whole plan solved again."""
    form = city(25, seed=4)
    form = replace(form, fixed=form.fixed * 0, least=form.least * 0 + 1)
    plan = best_plan(form)
    dear = prices_of(form, plan, budget=form.budget).charged(form)
    blocks, unit = list_blocks(form), nodes(12)
    by_prices, by_plans = [], []
    for mentor in range(4):
        own = (form.mentor == mentor) & (form.area == form.area[form.mentor == mentor][0])
        results = np.where(own, form.value * (1 + 0.4 * unit[:, None]), form.value)
        gains = knowing(blocks, form.value - dear, results - dear).gains
        number = int(np.flatnonzero(np.unique(form.mentor) == mentor)[0])
        by_prices.append(float(gains[number].mean()))
        anew = [best_plan(replace(form, value=value)) for value in results]
        by_plans.append(
            math.fsum(
                max(found.value - float(value[plan.chosen].sum()), 0.0)
                for found, value in zip(anew, results, strict=True)
            )
            / len(unit)
        )
    by_prices, by_plans = np.array(by_prices), np.array(by_plans)
    assert np.corrcoef(by_prices, by_plans)[0, 1] > 0.9
    assert by_prices.sum() == pytest.approx(by_plans.sum(), rel=0.1)
