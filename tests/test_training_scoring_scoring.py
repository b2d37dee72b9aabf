import itertools
import json
from dataclasses import replace
from math import factorial

import numpy as np
import pandas as pd
import pytest

from model.refusals import DataMissing, InputRefused, NotFound
from service.language import Language
from service.rendering import as_json
from tests.learning_office import SINCE, day, office, seen
from training.learning import validating
from training.learning.champion import LINEAR, Champion
from training.learning.training import train
from training.publishing import load, save
from training.scoring.explaining import explain_engagement, explain_mentor
from training.scoring.observed import beside_observed
from training.scoring.prediction import asked, explain
from training.scoring.scoring import score
from training.scoring.unusual import outside


@pytest.fixture(scope="module")
def snapshot():
    return seen(office(mentors=14, each=10, slope=0.1))


@pytest.fixture(scope="module")
def learned(snapshot, framework):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validating, "choose", lambda *_: Champion(LINEAR, {}))
        return train(snapshot, framework)


@pytest.fixture(scope="module")
def model(learned, tmp_path_factory):
    file = save(learned, tmp_path_factory.mktemp("models"), "m1")
    return load(file.path, file.sha256)


def test_predictions_of_the_file_are_those_of_the_relation_learned(snapshot, framework, learned, model):
    rows = asked(snapshot, framework, model)
    enters = np.isin(rows.engagements, learned.prepared.rows.cases.table["engagement_id"])
    found = explain(model, rows.take(enters)).predicted
    np.testing.assert_allclose(found, learned.relation.predict(learned.prepared.basis), atol=1e-12)


def test_base_and_contributions_sum_to_the_value_of_score(snapshot, framework, model):
    rows = {row["mentor_id"]: row for row in score(snapshot, framework, model)["mentors"]}
    active = set(snapshot.active["mentor_id"])
    for ident in sorted(active):
        found = explain_mentor(snapshot, framework, model, ident)
        total = found["base"] + sum(part["contribution"] for part in found["contributions"])
        assert total == pytest.approx(found["value"], abs=1e-9)
        assert found["value"] == rows[ident]["expected_growth"]
        assert rows[ident]["low"] < found["value"] < rows[ident]["high"]
        own = snapshot.active[lambda e, m=ident: e["mentor_id"] == m]["engagement_id"]
        each = [explain_engagement(snapshot, framework, model, e)["value"] for e in own]
        assert np.mean(each) == pytest.approx(found["value"], abs=1e-12)


def test_what_became_of_an_engagement_stands_beside_what_was_expected(snapshot, framework, learned, model):
    """The outcome learned from, exactly; a range of the model's own width; and a reason where nothing is known yet."""
    rows = learned.prepared.rows
    known = dict(zip(rows.cases.table["engagement_id"], rows.outcome, strict=True))
    value = float(np.median(rows.outcome))
    for ident in [*known][:40]:
        told = beside_observed(snapshot, framework, model, ident, value)
        assert told["observed"] == pytest.approx(known[ident], abs=1e-12)
        assert told["inside"] == (told["low"] <= known[ident] <= told["high"])
        assert "no test" in str(told["outcome_note"])
    assert told["high"] - told["low"] == pytest.approx(model.residuals.high - model.residuals.low)
    outside = beside_observed(snapshot, framework, model, ident, value + 9.0)
    assert (outside["inside"], str(outside["outcome_note"])[:26]) == (False, "It fell outside the range.")
    newest = snapshot["engagements"].sort_values("started_on")["engagement_id"].iloc[-1]
    early = beside_observed(snapshot, framework, model, newest, value)
    assert (early["observed"], early["inside"]) == (None, None)
    assert "month 12" in str(early["outcome_note"])
    before = replace(model, about={**model.about, "as_of": "2000-01-01"})
    assert "no test" not in str(beside_observed(snapshot, framework, before, ident, value)["outcome_note"])


def test_contributions_equal_all_subsets_over_the_background(snapshot, framework, model):
    """Brute force on the published relation itself: every coalition takes the features from the engagement."""
    rows = asked(snapshot, framework, model).take(np.arange(len(snapshot["engagements"])) == 5)
    found, background = explain(model, rows), model.background
    places = model.controls.places()
    flags = [a for a, flagged in zip(model.controls.areas, model.controls.flagged, strict=True) if flagged]
    own = model.controls.matrix(rows.facts)[0]
    phi = 10 * (1 - np.exp(-rows.scores[0] / 100)) / (1 - np.exp(-1))
    crossed = list(np.flatnonzero(model.with_need))

    def worth(inside):
        matrix, scores, needs = background.controls.copy(), background.scores.copy(), background.needs.copy()
        for name in inside:
            if name.startswith("score:"):
                a = model.areas.index(name[6:])
                scores[:, a] = phi[a]
            elif name.startswith("need:"):
                matrix[:, 1 + flags.index(name[5:])] = own[1 + flags.index(name[5:])]
                area = model.controls.areas.index(name[5:])
                needs[:, area] = rows.facts.needs[0, area]
            else:
                matrix[:, slice(*places[name])] = own[slice(*places[name])]
        cross = [scores[:, a] * needs[:, model.controls.areas.index(model.areas[a])] for a in crossed]
        return background.weights @ (np.column_stack([matrix, scores, *cross]) @ model.relation.coefficients)

    names, count = found.features, len(found.features)
    assert 9 <= count <= 12
    values = {
        s: worth([names[i] for i in s]) for k in range(count + 1) for s in itertools.combinations(range(count), k)
    }
    for i in range(count):
        expected = sum(
            factorial(len(s)) * factorial(count - len(s) - 1) / factorial(count) * (values[tuple(sorted((*s, i)))] - v)
            for s, v in values.items()
            if i not in s
        )
        assert found.shares[0, i] == pytest.approx(expected, abs=1e-10), names[i]
    assert found.base == pytest.approx(values[()], abs=1e-10)


def test_a_higher_score_in_the_area_that_matters_raises_what_is_expected(framework, model):
    tables = office(mentors=14, each=10, slope=0.1)
    before = score(seen(tables), framework, model, "003")["mentors"][0]
    fresh = (
        tables["assessments"].iloc[[0]].assign(mentor_id="003", area="finance", score=98.0, assessed_on=day(SINCE + 35))
    )
    tables["assessments"] = pd.concat([tables["assessments"], fresh], ignore_index=True)
    after = score(seen(tables), framework, model, "003")["mentors"][0]
    assert after["scores"]["finance"] == 98.0
    assert after["expected_growth"] > before["expected_growth"] + 0.02


def test_without_a_model_scores_stand_alone(snapshot, framework):
    answer = score(snapshot, framework, None)
    assert [row["mentor_id"] for row in answer["mentors"]] == list(snapshot["mentors"]["mentor_id"])
    for row in answer["mentors"]:
        assert row["expected_growth"] is row["low"] is row["high"] is None
        assert set(row["scores"]) == {"finance", "legal"}
        assert 1 <= len(row["reasons"]) <= 5


def test_reasons_name_own_value_beside_the_reference_and_are_at_most_five(snapshot, framework, model):
    answer = score(snapshot, framework, model)
    for row in answer["mentors"]:
        assert len(row["reasons"]) <= 5
        weak = [area for area, value in row["scores"].items() if value < 70]
        if weak:
            assert "standard of 70" in str(row["reasons"][0])
    json.loads(as_json(answer, Language("id")))


def test_the_index_room_fills_its_fields(snapshot, framework):
    index = {"000": {"index": {"ks": 0.5}, "delivery_rate": 0.7}}
    rows = score(snapshot, framework, None, index=index)["mentors"]
    assert rows[0]["index"] == {"ks": 0.5}
    assert rows[0]["delivery_rate"] == 0.7
    assert rows[1]["index"] is None


def test_what_cannot_be_explained_is_refused(framework, model):
    tables = office(mentors=14, each=10, slope=0.1)
    tables["assessments"] = tables["assessments"][tables["assessments"]["mentor_id"] != "001"]
    idle = tables["engagements"]["mentor_id"] == "002"
    tables["engagements"].loc[idle, "ended_on"] = day(SINCE + 34)
    snapshot = seen(tables)
    for ident in ("1", "M9"):
        with pytest.raises(NotFound):
            score(snapshot, framework, None, ident)
        with pytest.raises(NotFound):
            explain_mentor(snapshot, framework, model, ident)
    with pytest.raises(NotFound):
        explain_engagement(snapshot, framework, model, "E9999")
    with pytest.raises(DataMissing, match="no active engagement"):
        explain_mentor(snapshot, framework, model, "002")
    with pytest.raises(DataMissing, match="not been assessed"):
        explain_mentor(snapshot, framework, model, "001")
    rows = {row["mentor_id"]: row for row in score(snapshot, framework, model)["mentors"]}
    assert rows["001"]["expected_growth"] is None
    assert str(rows["001"]["reasons"][0]) == "Not assessed yet in any area."


def test_an_area_level_or_control_the_model_never_saw_does_not_break_it(framework, model):
    tables = office(mentors=14, each=10, slope=0.1)
    tables["businesses"]["sector"] = "new"
    tables["businesses"]["start_year"] = np.nan
    tables["assessments"] = tables["assessments"][tables["assessments"]["area"] == "finance"]
    rows = score(seen(tables), framework, model)["mentors"]
    assert any(row["expected_growth"] is not None for row in rows)
    assert all(row["expected_growth"] is None or np.isfinite(row["expected_growth"]) for row in rows)


def test_active_engagements_are_counted_with_or_without_scores_and_model(framework, model):
    tables = office(mentors=14, each=10, slope=0.1)
    unassessed = tables["assessments"]["mentor_id"].iloc[0]
    tables["assessments"] = tables["assessments"][tables["assessments"]["mentor_id"] != unassessed]
    shown = seen(tables)
    counts = shown.active["mentor_id"].value_counts()
    assert counts[unassessed] > 0
    for used in (model, None):
        rows = {row["mentor_id"]: row for row in score(shown, framework, used)["mentors"]}
        assert {ident: row["active"] for ident, row in rows.items()} == {m: counts.get(m, 0) for m in rows}
        assert rows[unassessed]["expected_growth"] is None


def test_no_assessment_at_all_still_answers(framework):
    tables = office(mentors=3, each=1)
    tables["assessments"] = tables["assessments"][:0]
    rows = score(seen(tables), framework, None)["mentors"]
    assert [row["scores"] for row in rows] == [{}, {}, {}]


def test_a_contrast_is_the_difference_of_two_answers_feature_by_feature(snapshot, framework, model):
    for explains, one, other in ((explain_mentor, "003", "007"), (explain_engagement, "E0003", "E0077")):
        alone, beside = (explains(snapshot, framework, model, ident) for ident in (one, other))
        found = explains(snapshot, framework, model, one, other)
        assert (found["base"], found["value"]) == (beside["value"], alone["value"])
        total = found["base"] + sum(part["contribution"] for part in found["contributions"])
        assert total == pytest.approx(found["value"], abs=1e-9)
        mine, theirs = ({row["feature"]: row for row in answer["contributions"]} for answer in (alone, beside))
        for row in found["contributions"]:
            first, second = mine[row["feature"]], theirs[row["feature"]]
            assert row["contribution"] == pytest.approx(first["contribution"] - second["contribution"], abs=1e-12)
            assert (row["value"], row["reference"]) == (first["value"], second["value"])
            assert (row["level"], row["reference_level"]) == (first["level"], second["level"])
        assert found["against"] == other
        with pytest.raises(InputRefused, match="compared with itself"):
            explains(snapshot, framework, model, one, one)
        with pytest.raises(NotFound):
            explains(snapshot, framework, model, one, "nobody")


def test_what_lies_outside_the_training_range_is_flagged_where_it_is_shown(framework, model):
    tables = office(mentors=14, each=10, slope=0.1)
    tables["businesses"]["sector"] = "new"
    shown = seen(tables)
    rows = score(shown, framework, model)["mentors"]
    active = shown.active["mentor_id"].value_counts()
    for row in rows:
        flagged = {part["feature"]: part["engagements"] for part in row["unusual"]}
        assert flagged.get("sector", 0) == active.get(row["mentor_id"], 0)
        if flagged:
            assert explain_mentor(shown, framework, model, row["mentor_id"])["unusual"] == row["unusual"]
    first = explain_engagement(shown, framework, model, shown.active["engagement_id"].iloc[0])["unusual"]
    assert "sector new is none of those learned from" in str(first[0]["said"]).replace("Sector", "sector")


def test_training_rows_themselves_are_not_unusual(snapshot, framework, learned, model):
    rows = asked(snapshot, framework, model)
    rows = rows.take(np.isin(rows.engagements, learned.prepared.rows.cases.table["engagement_id"]))
    assert outside(model, rows) == {}


def test_one_mentor_alone_is_told_to_the_last_bit_as_among_all(snapshot, framework, model):
    every = {row["mentor_id"]: row for row in score(snapshot, framework, model)["mentors"]}
    rows = asked(snapshot, framework, model)
    for ident in sorted(set(snapshot.active["mentor_id"]))[:12]:
        assert score(snapshot, framework, model, ident, rows=rows)["mentors"] == [every[ident]]
