"""Values by effect: how they blend with the standard, and what a cautious plan counts with."""

from dataclasses import replace

import numpy as np
import pytest

from tests.planning_office import AREAS, FRAMEWORK, learned, office
from training.planning.caution import WORST, Caution
from training.planning.plan import PlanRequest
from training.planning.planning import make_plan
from training.planning.preparing import prepare
from training.planning.solving import stage
from training.planning.values import blended, standard_share


@pytest.mark.parametrize(("noise", "share"), [(0.5, 0.0), (1.0, 0.0), (2.0, 0.75), (10.0, 0.99)])
def test_the_standard_has_a_say_only_where_noise_is_larger_than_signal(noise, share):
    rng = np.random.default_rng(1)
    mean = rng.normal(0, 1, 400)
    mean = 5 + (mean - mean.mean()) / mean.std()
    draws = mean[:, None] + noise * rng.normal(size=(400, 4000))
    assert standard_share(mean, draws) == pytest.approx(share, abs=0.01)


def test_not_knowing_how_much_mentoring_helps_at_all_is_no_noise_between_places():
    mean = np.array([1.0, 2.0, 3.0])
    assert standard_share(mean, np.outer(mean, np.random.default_rng(2).lognormal(0, 2, 500))) == 0.0


def test_a_blend_keeps_the_scale_and_expects_nothing_of_what_the_effects_do_not():
    mean, rule = np.array([0.02, 0.01, -0.01]), np.array([200.0, 100.0, 300.0])
    assert blended(mean, rule, 0.0) == pytest.approx(mean)
    half = blended(mean, rule, 0.5)
    scale = (0.02 * 200 + 0.01 * 100) / (200**2 + 100**2 + 300**2)
    assert half == pytest.approx([0.5 * 0.02 + 0.5 * scale * 200, 0.5 * 0.01 + 0.5 * scale * 100, -0.01])
    assert blended(mean, np.zeros(3), 0.4) == pytest.approx([0.6 * 0.02, 0.6 * 0.01, -0.01])


def ready(model, **asked):
    return stage(prepare(office(), FRAMEWORK, model, 0), PlanRequest(3_000_000, **asked))


def test_a_thin_plan_says_how_far_the_standard_chose_and_shows_the_models_benefit_alone():
    thin = make_plan(office(), FRAMEWORK, learned(sd=0.01), PlanRequest(3_000_000))
    sure = make_plan(office(), FRAMEWORK, learned(sd=0.00001), PlanRequest(3_000_000))
    assert thin.standard_share > 0.3
    assert thin.basis == "effect"
    assert "of the say" in thin.basis_note.text
    assert sure.standard_share == 0.0
    assert "of the say" not in sure.basis_note.text
    shown = {(c.mentor_id, c.course_id): c.benefit.mean for c in sure.choices}
    for choice in thin.choices:
        pair = choice.mentor_id, choice.course_id
        assert pair not in shown or choice.benefit.mean == pytest.approx(shown[pair], rel=0.05)


def test_places_valued_for_a_plans_worst_cases_sum_to_its_expected_shortfall():
    values = ready(learned(sd=0.0002)).values
    chosen = np.zeros(len(values.places), dtype=bool)
    chosen[:3] = True
    caution = Caution(values)
    cautious = caution.counted(caution.worst(chosen))
    total = np.sort(values.draws(np.arange(3)).sum(axis=0))
    shortfall = total[: int(WORST * len(total))].mean()
    assert caution.shortfall(chosen) == pytest.approx(shortfall)
    assert cautious.objective[:3].sum() == pytest.approx(shortfall)
    assert (cautious.mean == values.mean).all()


def test_by_the_standard_the_worst_cases_are_of_the_whole_plan_too():
    values = ready(None).values
    chosen = np.arange(len(values.places)) < 3
    caution = Caution(values)
    counted = caution.counted(caution.worst(chosen))
    drawn = values.draws(np.arange(len(values.places)))
    total = drawn[chosen].sum(axis=0)
    tail = np.argsort(total, kind="stable")[: int(WORST * len(total))]
    assert counted.objective == pytest.approx(values.mean - drawn.mean(axis=1) + drawn[:, tail].mean(axis=1))
    assert counted.objective[chosen].sum() == pytest.approx(caution.shortfall(chosen))
    alone = [values.mean[k] - drawn[k].mean() + np.sort(drawn[k])[: len(tail)].mean() for k in np.flatnonzero(chosen)]
    assert sum(alone) < counted.objective[chosen].sum()  # what evens out among places hardly counts


def test_a_cautious_plan_leaves_the_area_whose_effect_is_in_doubt():
    model = learned(sd=0.00001)
    wide = model.effects.covariances.copy()
    finance = AREAS.index("finance")
    for k in (finance, len(AREAS) + finance):
        wide[0, k, k] = 0.001**2
    doubtful = replace(model, effects=replace(model.effects, covariances=wide))
    budget = 1_500_000  # one course in finance or one in legal
    bought = {
        risk: make_plan(office(), FRAMEWORK, doubtful, PlanRequest(budget, risk=risk)).choices
        for risk in ("mean", "cautious")
    }
    assert {c.area for c in bought["mean"]} == {"finance"}
    assert {c.area for c in bought["cautious"]} == {"legal"}
