"""Suluh's own workbooks are known by how they are laid out; a workbook of the office's is never taken for one."""

import pytest

from tests.excel_files import openpyxl_book
from tests.reading_rig import clean, read

ENGAGEMENTS = ["engagement_id", "mentor_id", "business_id", "started_on"]
PAIRS = ["business_id", "Usaha", "Kecamatan", "mentor_id", "Pendamping", "Bukti"]
PLAN = ["mentor_id", "Mentor", "course_id", "Course", "Area"]


def filled(folder, table="engagements", beside=PAIRS, headers=ENGAGEMENTS):
    rows = [headers, ["match-1-B1", "M1", "B1", "2026-08-15"], ["match-1-B2", "M1", "B2", None]]
    people = [beside, ["B1", "Warung", "Setu", "M1", "Ani", "kuat"]]
    return openpyxl_book(folder / "m.xlsx", Pencocokan=people, **{table: rows}, Pendamping=[["mentor_id"], ["M1"]])


def test_only_the_sheet_to_fill_in_is_read_and_rows_without_a_day_are_told(tmp_path):
    filled(tmp_path)
    batch = clean(tmp_path)
    assert list(batch.tables) == ["engagements"]
    assert batch.tables["engagements"]["business_id"].tolist() == ["B1"]
    assert batch.origin["engagements"]["row"].tolist() == [2]
    assert "m.xlsx › engagements: rows without a day in started_on were not used: 1." in map(str, batch.notes)
    assert [str(note) for note in batch.notes if "Pendamping" in str(note)] == ["m.xlsx › Pendamping was not used."]


def test_other_files_beside_it_are_read_by_their_names(tmp_path):
    filled(tmp_path)
    batch = clean(tmp_path, {"mentors": "mentor_id,name,district\nM1,A,X\n"})
    assert {name: len(frame) for name, frame in batch.tables.items()} == {"mentors": 1, "engagements": 1}


def test_one_where_nothing_is_filled_in_says_so(tmp_path):
    openpyxl_book(
        tmp_path / "p.xlsx",
        Plan=[PLAN, ["M1", "Ani", "K1", "Kas", "finance"]],
        trainings=[["mentor_id", "course_id", "completed_on"], ["M1", "K1"]],
    )
    batch = clean(tmp_path)
    assert (batch.tables, batch.unfilled) == ({}, ["completed_on"])


@pytest.mark.parametrize(
    "other",
    [
        {"beside": ["business_id", "name", "district", "sector"]},
        {"headers": ["engagement_id", "business_id", "mentor_id", "started_on"]},
        {"table": "pendampingan"},
    ],
)
def test_a_row_without_a_day_in_the_offices_own_workbook_stays_a_fault(tmp_path, other):
    filled(tmp_path, **other)
    assert any("every row needs a value" in str(fault.message) for fault in read(tmp_path).faults)
