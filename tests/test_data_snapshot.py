from datetime import date

import pandas as pd
import pytest

from data.batch import Dataset
from data.snapshot import empty_table, month_end, newest_day, snapshot_of
from model.tables import TABLES


def month(text: str) -> int:
    year, number = text.split("-")
    return int(year) * 12 + int(number) - 1


def rows(table: str, *records: dict) -> pd.DataFrame:
    frame = empty_table(TABLES[table])
    full = pd.DataFrame([{column: record.get(column) for column in frame.columns} for record in records])
    for column in frame.columns:
        full[column] = full[column].astype(frame[column].dtype)
    return full


ENGAGEMENTS = rows(
    "engagements",
    {
        "engagement_id": "E1",
        "mentor_id": "M1",
        "business_id": "B1",
        "started_on": "2025-01-10",
        "ended_on": "2026-12-31",
    },
    {
        "engagement_id": "E2",
        "mentor_id": "M1",
        "business_id": "B2",
        "started_on": "2025-02-10",
        "ended_on": "2025-06-30",
    },
    {"engagement_id": "E3", "mentor_id": "M1", "business_id": "B3", "started_on": "2025-09-01"},
)
REPORTS = rows(
    "reports",
    {"business_id": "B1", "month": month("2025-06"), "turnover_idr": 1},
    {"business_id": "B1", "month": month("2025-07"), "turnover_idr": 1},
)


def full(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {name: tables.get(name, empty_table(table)) for name, table in TABLES.items()}


@pytest.mark.parametrize(
    ("text", "end"), [("2024-02", "2024-02-29"), ("2025-02", "2025-02-28"), ("2025-12", "2025-12-31")]
)
def test_month_end(text, end):
    assert month_end(pd.Series([month(text)])).iloc[0] == pd.Timestamp(end)


def test_the_default_day_is_the_newest_thing_that_happened_never_a_planned_date():
    assert newest_day(full(engagements=ENGAGEMENTS)) == date(2025, 9, 1)
    assert newest_day(full(reports=REPORTS)) == date(2025, 7, 31)
    courses = rows("courses", {"course_id": "C", "title": "t", "area": "a", "starts_on": "2027-01-01"})
    assert newest_day(full(courses=courses, reports=REPORTS)) == date(2025, 7, 31)
    assert newest_day(full()) is None


def test_nothing_after_the_day_is_seen_and_an_end_in_the_future_means_active():
    seen = snapshot_of({"engagements": ENGAGEMENTS, "reports": REPORTS}, 1, Dataset(), date(2025, 6, 30))
    assert list(seen["engagements"]["engagement_id"]) == ["E1", "E2"]
    assert list(seen["reports"]["month"]) == [month("2025-06")]
    assert list(seen.active["engagement_id"]) == ["E1"]


def test_an_engagement_that_ends_on_the_day_is_ended_by_then():
    the_day_before = snapshot_of({"engagements": ENGAGEMENTS}, 1, Dataset(), date(2025, 6, 29))
    assert list(the_day_before.active["engagement_id"]) == ["E1", "E2"]


def test_looking_back_does_not_change_the_stored_frames():
    before = ENGAGEMENTS.copy(deep=True)
    snapshot_of({"engagements": ENGAGEMENTS}, 1, Dataset(), date(2025, 3, 1))
    pd.testing.assert_frame_equal(ENGAGEMENTS, before)
