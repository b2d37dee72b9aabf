"""How much say the standard has in a plan by effects: what most surely leaves the plan no worse than the standard's."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.city_truth import FRAMEWORK, known_city
from tests.planning_office import learned, office
from training.planning import say
from training.planning.plan import PlanRequest
from training.planning.planning import make_plan
from training.planning.preparing import prepare
from training.planning.say import QUANTILE, SAYS, Offer, with_say
from training.planning.solving import stage
from training.planning.values import blended


@pytest.fixture(scope="module")
def city():
    """A city of 40 mentors whose areas matter alike, prepared by its effects, and what is asked of it."""
    known = known_city("small", 20, alike=True)
    return prepare(known.snapshot, FRAMEWORK, replace(known.model, supported=True), 0), known.request


def rule_of(prepared):
    """The standard's value of every place, from the definition of the contract."""
    places = prepared.values.places
    gain, _ = prepared.tables.gains.posterior.at(places.course, places.score)
    points = np.maximum(np.minimum(gain, 98 - places.score), 0)
    return np.maximum(places.standard - places.score, 0) * places.needing * points


def quartiles(prepared, request):
    """Lower quartile, over the joint draws, of what the quick plan of each share brings above the standard's."""
    offer, rule = Offer.of(prepared, request), rule_of(prepared)
    plans = [offer.quick(blended(prepared.values.mean, rule, share)) for share in SAYS]
    totals = [prepared.values.draws(plan).sum(axis=0) for plan in plans]
    return [np.quantile(total - totals[-1], QUANTILE) for total in totals]


def test_the_share_has_the_largest_lower_quartile_above_the_standards_plan_which_is_never_below_nought(city):
    found = with_say(*city).values
    least = quartiles(*city)
    assert least[SAYS.index(found.standard_share)] == pytest.approx(max(least))
    assert max(least) >= 0.0
    assert found.objective == pytest.approx(blended(found.mean, rule_of(city[0]), found.standard_share))


@pytest.mark.parametrize(("sd", "low", "high"), [(0.00001, 0.0, 0.0), (0.01, 0.3, 1.0)])
def test_sure_effects_decide_alone_and_doubtful_ones_leave_the_say_to_the_standard(sd, low, high):
    plan = make_plan(office(), FRAMEWORK, learned(sd=sd), PlanRequest(3_000_000))
    assert low <= plan.standard_share <= high
    assert ("of the say" in plan.basis_note.text) == (plan.standard_share > 0)


def test_plans_by_the_standard_and_those_of_before_stay_as_they_are(city):
    prepared, request = city
    standard = prepare(office(), FRAMEWORK, None, 0)
    assert with_say(standard, PlanRequest(3_000_000)) is standard
    assert with_say(prepared, replace(request, edition=4)) is prepared
    before = stage(prepared, replace(request, edition=4)).values
    assert before.standard_share == prepared.values.standard_share


@pytest.mark.parametrize("per_mentor", [1, 2])
def test_a_quick_plan_keeps_budget_seats_courses_per_mentor_and_prerequisites(city, per_mentor):
    prepared, request = city
    barred = prepared.everything.pairs[int(prepared.values.mean.argmax())]
    offer = Offer.of(prepared, replace(request, max_courses_per_mentor=per_mentor, forbids=(barred,)))
    taken = offer.quick(prepared.values.mean)
    pairs = [prepared.everything.pairs[row] for row in taken]
    assert len(pairs) > 5
    assert barred not in pairs
    assert offer.price[taken].sum() <= request.budget_idr
    assert max(Counter(mentor for mentor, _ in pairs).values()) <= per_mentor
    courses = prepared.tables.courses
    assert all(n <= (courses[code].seats or n) for code, n in Counter(code for _, code in pairs).items())
    assert max(Counter((mentor, courses[code].area) for mentor, code in pairs).values()) == 1
    required = prepared.everything.requires[taken]
    assert set(required[required >= 0]) <= set(taken)


def test_of_many_mentors_some_speak_for_all_with_their_part_of_money_and_seats(city, monkeypatch):
    whole = Offer.of(*city)
    monkeypatch.setattr(say, "MENTORS", 10)
    part = Offer.of(*city)
    mentors = len(np.unique(whole.mentor))
    assert len(np.unique(part.mentor[part.rows])) == 10
    assert part.budget == pytest.approx(whole.budget * 10 / mentors)
    assert (part.seats >= whole.seats * 10 / mentors).all()


def test_a_budget_that_buys_nothing_leaves_the_effects_alone(city):
    prepared, request = city
    assert with_say(prepared, replace(request, budget_idr=1)).values.standard_share == 0.0
