"""Assess first values places as the plan does: by the blend, the caution and the standard that it chooses by."""

from dataclasses import replace

import numpy as np
import pytest

from model.planning.standard import standard_value
from tests.planning_office import FRAMEWORK, learned, office
from training.planning.plan import PlanRequest
from training.planning.preparing import prepare
from training.planning.revaluing import outlook
from training.planning.solving import stage

COUNT = 11


def seen(model, **asked):
    """What the office's own candidates are worth now and after, and the plan."""
    prepared = prepare(office(), FRAMEWORK, model, 0)
    ready = stage(prepared, PlanRequest(3_000_000, **asked))
    places = prepared.values.places
    return prepared, ready, outlook(prepared, ready, places, np.zeros(len(places), dtype=bool), COUNT)


@pytest.mark.parametrize("model", [None, learned(sd=0.00001), learned(sd=0.01)])
@pytest.mark.parametrize("risk", ["mean", "cautious"])
def test_what_a_place_is_worth_before_is_what_the_plan_chooses_by(model, risk):
    prepared, ready, found = seen(model, risk=risk)
    row = {pair: k for k, pair in enumerate(prepared.everything.pairs)}
    kept = [row[pair] for pair in ready.candidates.pairs]
    assert found.before[kept] == pytest.approx(ready.values.objective, rel=1e-9)


def test_thin_evidence_lets_the_standard_speak_of_new_scores_too():
    _, ready, found = seen(learned(sd=0.01))
    assert ready.values.standard_share > 0.3
    worth = found.results.max(axis=1)
    assert worth[0] > worth[-1]  # the standard asks for more where a score is low


def test_expected_benefits_after_average_to_the_one_now():
    _, _, found = seen(learned(sd=0.00001))
    assert found.results.mean(axis=0) == pytest.approx(found.before, rel=1e-9)


def test_by_the_standard_a_new_score_counts_as_assessed():
    prepared, _, found = seen(None)
    places, gains = prepared.values.places, prepared.tables.gains.posterior
    score = np.clip(places.true, 0, 100)
    middle = standard_value(score, places.standard, places.needing, gains.at(places.course, score)[0])
    assert found.results[COUNT // 2] == pytest.approx(middle)


def test_never_assessed_places_cannot_be_chosen_before():
    prepared = prepare(office(), FRAMEWORK, None, 0)
    ready = stage(prepared, PlanRequest(3_000_000))
    places = replace(prepared.values.places)
    unknown = np.arange(len(places)) == 0
    found = outlook(prepared, ready, places, unknown, COUNT)
    assert found.before[0] == -np.inf
    assert np.isfinite(found.results).all()
