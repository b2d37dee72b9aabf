"""One engagement from plain values: the same figures as explain gives, flags, refusals."""

import math
import timeit
from dataclasses import replace

import numpy as np
import pytest

from model.refusals import InputRefused
from tests.learning_office import office, seen
from tests.published_model import published_as
from training.learning.engagements import areas_of
from training.scoring.prediction import asked, explain
from training.scoring.scorer import Scorer
from training.scoring.standing import Words, movers


@pytest.fixture(scope="module")
def snapshot():
    tables = office(mentors=14, each=10, slope=0.1)
    tables["businesses"].loc[3:9, "start_year"] = np.nan
    gone = (tables["assessments"]["mentor_id"] == "003") & (tables["assessments"]["area"] == "legal")
    tables["assessments"] = tables["assessments"][~gone]
    return seen(tables)


@pytest.fixture(scope="module", params=["linear", "boosted"])
def model(request, snapshot, framework, tmp_path_factory):
    """A published model of each kind, whichever would have been the champion."""
    model = published_as(request.param, snapshot, framework, tmp_path_factory.mktemp("models"))
    assert (model.boosted is None) is (request.param == "linear")
    return model


@pytest.fixture(scope="module")
def scorer(model):
    return Scorer(model)


def plain(model, rows, row):
    """The plain values of a stored engagement: turnover in rupiah, age in years, missing ones left out."""
    scores = dict(zip(model.areas, rows.scores[row].tolist(), strict=True))
    needs = [area for area, flag in zip(model.controls.areas, rows.facts.needs[row], strict=True) if flag]
    facts = {name: column[row] for name, column in (*rows.facts.numbers.items(), *rows.facts.texts.items())}
    back = {"turnover": math.exp, "mentor_turnover": math.exp, "business_age": math.expm1}
    known = {name: value for name, value in facts.items() if isinstance(value, str) or not math.isnan(value)}
    return (
        {area: value for area, value in scores.items() if not math.isnan(value)},
        needs,
        {name: back.get(name, lambda value: value)(value) for name, value in known.items()},
    )


def test_plain_values_give_what_explain_gives_to_1e_9(snapshot, framework, model, scorer):
    rows = asked(snapshot, framework, model)
    found = explain(model, rows)
    for row in range(len(rows.mentors)):
        answer = scorer.score(*plain(model, rows, row))
        shares = {part["feature"]: part["contribution"] for part in answer["contributions"]}
        assert answer["base"] == pytest.approx(found.base, abs=1e-9)
        np.testing.assert_allclose([shares[name] for name in found.features], found.shares[row], atol=1e-9)
        assert answer["expected_growth"] == pytest.approx(found.predicted[row], abs=1e-9)
        assert answer["base"] + sum(shares.values()) == pytest.approx(answer["expected_growth"], abs=1e-9)
        assert answer["low"] < answer["expected_growth"] < answer["high"]


def test_contributions_come_weightiest_first_and_become_reasons(scorer):
    answer = scorer.score({"finance": 95.0, "legal": 30}, ["finance"], {"turnover": 2_000_000, "sector": "G"})
    weights = [abs(row["contribution"]) for row in answer["contributions"]]
    assert weights == sorted(weights, reverse=True)
    said = [str(reason) for reason in scorer.reasons(answer)]
    assert 1 <= len(said) <= 5 + len(answer["unusual"])
    assert any("Rp" in text for text in said if "turnover before" in text)


def test_values_outside_the_training_range_are_flagged_and_no_others(model, scorer):
    low, high = model.seen.numbers["score:finance"]
    usual = {"finance": (low + high) / 2}
    facts = {"turnover": math.exp(sum(model.seen.numbers["turnover"]) / 2), "sector": "G", "start_quarter": "2099-Q1"}
    assert scorer.score(usual, [], facts)["unusual"] == []
    for scores, given, feature in (
        ({"finance": 0.0}, facts, "score:finance"),
        (usual, {**facts, "turnover": 1e12}, "turnover"),
        (usual, {**facts, "sector": "Z"}, "sector"),
    ):
        (row,) = scorer.score(scores, [], given)["unusual"]
        assert row["feature"] == feature
        assert "care" in str(row["said"])
    row = scorer.score({"finance": 0.0}, [], facts)["unusual"][0]
    assert (row["value"], row["low"], row["high"]) == (0.0, low, high)


def test_nothing_known_still_gives_a_finite_answer(scorer):
    answer = scorer.score({}, (), {})
    assert math.isfinite(answer["expected_growth"])
    assert scorer.score(dict.fromkeys(scorer.areas), (), dict.fromkeys(scorer.facts)) == answer


@pytest.mark.parametrize(
    ("scores", "needs", "facts", "word"),
    [
        ({"finanse": 50}, [], {}, "finanse"),
        ({}, ["nothing"], {}, "nothing"),
        ({}, [], {"gender": "P"}, "gender"),
        ({"finance": 100.5}, [], {}, "100.5"),
        ({"finance": -1}, [], {}, "-1"),
        ({"finance": math.nan}, [], {}, "nan"),
        ({"finance": "70"}, [], {}, "70"),
        ({"finance": True}, [], {}, "True"),
        ({}, [], {"turnover": 0}, "0"),
        ({}, [], {"turnover": math.inf}, "inf"),
        ({}, [], {"business_age": -1}, "-1"),
        ({}, [], {"sector": 3}, "3"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(scorer, scores, needs, facts, word):
    with pytest.raises(InputRefused, match=word):
        scorer.score(scores, needs, facts)


def test_one_answer_takes_microseconds(snapshot, framework, model, scorer):
    given = plain(model, asked(snapshot, framework, model), 0)
    best = min(timeit.repeat(lambda: scorer.score(*given), number=200, repeat=5)) / 200
    assert best < 2e-4  # ten times what it takes on a quiet machine


def test_what_moves_nothing_is_no_reason(snapshot, framework, model, scorer):
    """Rounding leaves some 1e-17 in a feature that does not count; "raises what is expected by 0.0 percent" is none."""
    rows = asked(snapshot, framework, model)
    found = explain(model, rows)
    own, words = np.arange(3), Words(areas_of(snapshot, framework))
    assert len(movers(model, found, own, words)) == 2
    assert movers(model, replace(found, shares=found.shares * 1e-9), own, words) == []
    answer = scorer.score(*plain(model, rows, 0))
    none = [{**row, "contribution": row["contribution"] * 1e-9} for row in answer["contributions"]]
    assert scorer.reasons({**answer, "contributions": none, "unusual": []}) == []
