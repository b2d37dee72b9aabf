"""Mapping files: a ready outcome, differences to the earlier row, controls."""

import json
from functools import partial

import pandas as pd
import pytest

from tests.mapping_sheets import ENGAGEMENTS, applied, column_of, raw, said


@pytest.fixture
def mapped(tmp_path, framework):
    return partial(applied, tmp_path / "mine.toml", framework)


def test_a_ready_outcome_and_controls(mapped):
    text = 'numbers = "id"' + ENGAGEMENTS % (
        'outcome = { column = "m", name = "hasil", unit = "poin" }\ncontrols = ["ses", "n"]\ncategories = ["gr"]'
    )
    sheet = raw({"id": ["1", "2"], "gr": ["1", "2"], "tch": ["7", "7"], "m": ["1,5", None], "ses": ["F", None],
                 "n": ["1.000", "2,5"]})  # fmt: skip
    result = mapped(text, sheet)
    frame = result.tables[0].cells
    assert frame["outcome"].dtype == "float64"
    assert frame["outcome"][0] == 1.5
    assert pd.isna(frame["outcome"][1])
    assert [json.loads(text) for text in frame["controls"]] == [
        {"ses": "F", "n": 1000, "gr": "1"},
        {"n": 2.5, "gr": "2"},
    ]
    assert (result.dataset.outcome, result.dataset.unit) == ("hasil", "poin")
    assert result.dataset.controls == ("ses", "n", "gr")


STEPS = 'outcome = { column = "m", minus_previous_by = "id", order = { column = "gr", steps = ["K", "1", "2"] } }'
NUMERIC = 'outcome = { column = "m", minus_previous_by = "id", order = "gr", previous = ["r"] }'


def test_an_outcome_minus_the_step_just_before(mapped):
    sheet = raw({"id": list("aaabbc"), "gr": ["2", "K", "1", "K", "2", "1"], "tch": list("777777"),
                 "m": ["30", "10", "15", "1", "2", "3"]})  # fmt: skip
    result = mapped(ENGAGEMENTS % STEPS, sheet)
    outcome = dict(zip(*[column_of(result, "engagements", name) for name in ("engagement_id", "outcome")], strict=True))
    assert {key: value for key, value in outcome.items() if not pd.isna(value)} == {"a-2": 15.0, "a-1": 5.0}
    assert json.loads(column_of(result, "engagements", "controls")[0]) == {"m_previous": 15}
    assert column_of(result, "engagements", "controls")[3] == "{}"
    assert result.dataset.outcome == "m"
    assert result.dataset.controls == ("m_previous",)


def test_a_numeric_order_takes_the_earlier_row_whatever_the_distance(mapped):
    sheet = raw({"id": list("aab"), "gr": ["10", "9", "1"], "tch": list("777"), "m": ["5", "3", "3"], "r": list("123")})
    result = mapped(ENGAGEMENTS % NUMERIC, sheet)
    assert column_of(result, "engagements", "outcome")[0] == 2.0
    assert json.loads(column_of(result, "engagements", "controls")[0]) == {"m_previous": 3, "r_previous": 2}
    assert result.dataset.controls == ("m_previous", "r_previous")


def test_a_row_that_is_no_engagement_itself_still_tells_the_earlier_value(mapped):
    sheet = raw({"id": list("aa"), "gr": ["K", "1"], "tch": [None, "7"], "m": ["10", "15"]})
    result = mapped(ENGAGEMENTS % ('skip_empty = ["tch"]\n' + STEPS), sheet)
    assert column_of(result, "engagements", "outcome") == [5.0]


def test_an_unknown_step_and_two_rows_of_one_step_are_faults(mapped):
    sheet = raw({"id": list("aab"), "gr": ["K", "K", "9"], "tch": list("787"), "m": ["10", "15", "3"]})
    faults = mapped(ENGAGEMENTS % STEPS, sheet).faults
    assert [(fault.row, fault.column, fault.value) for fault in faults[:2]] == [(4, "gr", "9"), (3, "gr", "K")]
    assert "K, 1, 2" in str(faults[0].message)
    assert "row 2" in str(faults[1].message)


def test_an_outcome_that_is_no_number_is_a_fault(mapped):
    sheet = raw({"id": ["a"], "gr": ["K"], "tch": ["7"], "m": ["baik"]})
    assert [fault[:3] for fault in said(mapped(ENGAGEMENTS % 'outcome = { column = "m" }', sheet))] == [
        (2, "m", "baik")
    ]
