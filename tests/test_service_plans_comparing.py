"""Two plans side by side: what their figures have in common, and what they have not."""

import json

import pytest

from service.language import Language
from service.plans.comparing import compare
from service.printing.plans import compared, lines
from service.rendering import render

RANGE = {"mean": 1.0, "low": 0.0, "high": 2.0}


def plan(number, value, **more):
    choice = {
        "mentor_id": "M1",
        "mentor_name": "Ayu",
        "course_id": "K1",
        "title": "Hukum",
        "cost_idr": 5,
        "gain_points": RANGE,
        "benefit": RANGE,
        "value": value,
        "evidence": "weak",
    }
    told = {"plan": number, "basis": "effect", "choices": [choice], "cost_idr": 5, "benefit": RANGE}
    return {**told, "turnover_idr": None, "model": "m1", "data_version": 1, "as_of": "2026-01-01", **more}


def test_values_of_plans_in_which_the_standard_has_another_say_are_not_set_side_by_side():
    told = compare(plan(1, 0.836, standard_share=0.9), plan(2, 0.5, standard_share=1.0))
    assert told["value"] is None
    assert [(row["name"], row["first"], row["second"]) for row in told["inputs"]] == [("standard_share", 0.9, 1.0)]
    assert "90 percent" in str(told["note"])
    assert "100 percent" in str(told["note"])


def test_values_on_one_scale_are():
    told = compare(plan(1, 0.75, standard_share=0.9), plan(2, 0.5, standard_share=0.9))
    assert told["value"] == {"first": 0.75, "second": 0.5, "difference": -0.25}
    assert told["inputs"] == []
    assert "overlap" in str(told["note"])


@pytest.mark.parametrize("lang", ["en", "id"])
def test_the_say_stands_among_what_differs_in_words(lang):
    speak = Language(lang)
    told = json.loads(json.dumps(render(compare(plan(1, 0.8, standard_share=0.9), plan(2, 0.5)), speak)))
    head = speak.text("Say of the office's standard")
    assert (head, "90%", "–") in lines(told, speak)
    assert head in compared(told, speak)
