"""Remarks on a batch: things worth saying that are no fault."""

from datetime import date

import pytest

from data.batch import Dataset
from data.remarks import notes_on
from model.framework import Area
from model.sentences import Label

TODAY = date(2025, 6, 15)


def engagement(identifier, start, end=None, mentor="M1", business="B1"):
    row = {"engagement_id": identifier, "mentor_id": mentor, "business_id": business}
    return {**row, "started_on": start, "ended_on": end}


def business(identifier, **more):
    return {"business_id": identifier, "name": "N", "district": "D", "sector": "S", **more}


@pytest.fixture
def notes(batch_of, framework):
    return lambda **tables: [str(note) for note in notes_on(batch_of(**tables), framework, TODAY)]


def test_a_quiet_batch_has_no_remarks(notes, framework):
    tables = {
        "businesses": [business("B1", start_year=2020.0, needs=";".join(framework.problems))],
        "engagements": [engagement("E1", "2025-01-01", "2025-02-01"), engagement("E2", "2025-02-02")],
        "reports": [{"business_id": "B1", "month": "2025-06", "turnover_idr": 10.0, "profit_idr": 10.0}],
    }
    assert notes(**tables) == []
    assert notes() == []


def test_dates_after_today_are_counted_with_the_newest(notes):
    said = notes(
        engagements=[engagement("E1", "2025-06-16"), engagement("E2", "2026-01-01", business="B2")],
        reports=[{"business_id": "B1", "month": "2025-07", "turnover_idr": 10.0}],
    )
    assert said[0].startswith("Dates in engagements.started_on after today: 2, the newest on 2026-01-01.")
    assert said[1].startswith("Dates in reports.month after today: 1, the newest on 2025-07-31.")


def test_needs_that_no_area_of_the_data_answers(batch_of, framework):
    code, problem = next(iter(framework.problems.items()))
    batch = batch_of(businesses=[business("B1", needs=code), business("B2", needs=code), business("B3")])
    assert notes_on(batch, framework, TODAY) == []
    batch.dataset = Dataset(areas={"own": Area("own", Label("x", "x"), 70)})
    (note,) = notes_on(batch, framework, TODAY)
    assert f"the need {code}, " in str(note)
    assert str(note).endswith("Businesses with it: 2.")
    batch.dataset = Dataset(areas={problem.area: framework.areas[problem.area]})
    assert notes_on(batch, framework, TODAY) == []


def test_engagements_before_the_business_and_beside_each_other(notes):
    assert notes(
        businesses=[business("B1", start_year=2025.0), business("B2")],
        engagements=[
            engagement("E1", "2024-12-31", "2025-03-01"),
            engagement("E2", "2025-01-01", "2025-01-31"),
            engagement("E3", "2025-02-01"),
            engagement("E4", "2025-02-01", mentor="M2"),
        ],
    ) == [
        "Engagements that start before the year in which their business began (start_year): 1.",
        "Engagements that begin while an earlier one of the same mentor and business still runs: 2.",
    ]


def test_doubtful_turnover(notes):
    month = {"business_id": "B1", "month": "2024-01", "turnover_idr": 0.0}
    said = notes(reports=[month, {**month, "business_id": "B2", "turnover_idr": 5.0, "profit_idr": 6.0}])
    assert said[0].startswith("Businesses that report no turnover in any month, so that no growth can be computed: 1.")
    assert said[1].startswith("Reports with a profit above their turnover: 1.")
