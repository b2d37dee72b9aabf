"""Mapping files: columns, wide forms, rows and files on small sheets."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial

import pandas as pd
import pytest

from data.mapping.applying import apply_mapping
from data.reading.columns import manner_of
from data.reading.sheets import RawSheet
from tests.mapping_sheets import ENGAGEMENTS, MENTORS, REPORTS, applied, column_of, raw, rows_of, said


@pytest.fixture
def mapped(tmp_path, framework):
    return partial(applied, tmp_path / "mine.toml", framework)


# ── columns, constants, templates, values, units ────────────────────────────────────────────────────────────────


def test_a_column_a_constant_and_a_template_with_the_row_number(mapped):
    text = MENTORS.replace('{ constant = "N" }', '{ text = "No {#}: {Nama Depan}" }')
    result = mapped(text, raw({"id": ["007", "8"], "Nama Depan": [" Siti ", "Budi"]}))
    assert rows_of(result, "mentors") == [
        {"mentor_id": "007", "name": "No 2: Siti", "district": "D"},
        {"mentor_id": "8", "name": "No 3: Budi", "district": "D"},
    ]
    assert result.faults == []
    assert result.dataset is None


def test_a_template_with_an_empty_part_is_empty(mapped):
    text = MENTORS.replace('{ constant = "N" }', '{ text = "{a} {b}" }')
    assert column_of(mapped(text, raw({"id": ["1"], "a": ["x"], "b": [None]})), "mentors", "name") == [None]


def test_excel_numbers_enter_a_key_without_a_decimal_point(mapped):
    text = ENGAGEMENTS % ""
    result = mapped(text, raw({"id": [12.0], "gr": [3], "tch": ["7"]}))
    assert column_of(result, "engagements", "engagement_id") == ["12-3"]
    assert column_of(result, "engagements", "started_on") == ["1985-09-01"]


def test_an_excel_error_never_becomes_part_of_a_key(mapped):
    result = mapped(ENGAGEMENTS % "", raw({"id": ["#N/A"], "gr": ["3"], "tch": ["7"]}))
    assert [(row, column, value) for row, column, value, _ in said(result)] == [(2, "id", "#N/A")]


def test_headers_match_exactly_or_else_as_offices_write_them(mapped):
    text = MENTORS.replace('"id"', '"Kode Pendamping"')
    result = mapped(text, raw({"KODE_PENDAMPING": ["1"]}))
    assert column_of(result, "mentors", "mentor_id") == ["1"]
    assert result.unmapped == {}


def test_values_become_numbers_empty_means_missing_and_an_unlisted_value_is_a_fault(mapped):
    text = """
    [[tables]]
    table = "assessments"
    [tables.columns]
    mentor_id = "id"
    area = { constant = "finance" }
    assessed_on = { constant = 2024-01-01 }
    score = { column = "hdeg", values = { "MS/MA/MEd" = 60, 3 = 10.5, PEND = "" } }
    """
    result = mapped(text, raw({"id": ["1", "2", "3", "4", "5"], "hdeg": ["MS/MA/MEd", 3.0, "PEND", None, "MBA"]}))
    assert column_of(result, "assessments", "score")[:4] == [60, 10.5, None, None]
    ((row, column, value, message),) = said(result)
    assert (row, column, value) == (6, "hdeg", "MBA")
    assert "3, MS/MA/MEd, PEND" in message


def test_otherwise_takes_all_other_values_but_not_empty_cells(mapped):
    text = MENTORS.replace('{ constant = "D" }', '{ column = "kec", values = { a = "Utara" }, otherwise = "Lain" }')
    result = mapped(text, raw({"id": ["1", "2", "3"], "kec": ["a", "b", None]}))
    assert column_of(result, "mentors", "district") == ["Utara", "Lain", None]


def test_units_multiply_and_money_is_rounded_to_whole_rupiah(mapped):
    text = 'numbers = "id"\n' + REPORTS % (
        '[tables.columns]\nbusiness_id = "id"\nmonth = "m"\nturnover_idr = { column = "ribuan", times = 1000 }\n'
        'profit_idr = { column = "minggu", times = 4.345 }'
    )
    result = mapped(text, raw({"id": ["1"], "m": ["2024-01"], "ribuan": ["1.234,5"], "minggu": ["10"]}))
    assert rows_of(result, "reports")[0] == {
        "business_id": "1", "month": "2024-01", "turnover_idr": 1234500.0, "profit_idr": 43.0
    }  # fmt: skip


def test_a_number_with_two_readings_is_asked_back(mapped):
    text = REPORTS % (
        '[tables.columns]\nbusiness_id = "id"\nmonth = "m"\nturnover_idr = { column = "ribuan", times = 1000 }'
    )
    sheet = raw({"id": ["1", "2"], "m": ["2024-01"] * 2, "ribuan": ["1.234", "seribu"]})
    assert [fault[:3] for fault in said(mapped(text, sheet))] == [(2, "ribuan", "1.234"), (3, "ribuan", "seribu")]
    assert column_of(mapped('numbers = "en"\n' + text, sheet), "reports", "turnover_idr")[0] == 1234.0


def test_what_the_user_says_of_numbers_goes_before_the_file(tmp_path, framework):
    path = tmp_path / "mine.toml"
    path.write_text('numbers = "en"' + ENGAGEMENTS % 'outcome = { column = "m" }', encoding="utf-8")
    sheet = raw({"id": ["1"], "gr": ["1"], "tch": ["7"], "m": ["1.234"]})
    assert column_of(apply_mapping([sheet], path, framework), "engagements", "outcome") == [1.234]
    manner = replace(manner_of(framework), numbers="id")
    assert column_of(apply_mapping([sheet], path, framework, manner), "engagements", "outcome") == [1234]
    manner = replace(manner_of(framework), comma_files=frozenset({"data.csv"}))
    path.write_text(ENGAGEMENTS % 'outcome = { column = "m" }', encoding="utf-8")
    assert column_of(apply_mapping([sheet], path, framework, manner), "engagements", "outcome") == [1234]


@pytest.mark.parametrize(
    ("base", "months", "expected"),
    [
        ('month = "2014-11"', [-2, "17", None], ["2014-09", "2016-04", None]),
        ('month_column = "mulai"', [1, 0, 2], ["2024-01", "2024-02", "2026-01"]),
    ],
)
def test_month_arithmetic(mapped, base, months, expected):
    text = 'dates = "dmy"\n' + REPORTS % (
        f'[tables.columns]\nbusiness_id = "id"\nturnover_idr = "t"\nmonth = {{ {base}, add = "n" }}'
    )
    starts = ["31/12/2023", datetime(2024, 2, 1), date(2025, 11, 30)]  # noqa: DTZ001 - as Excel gives it
    result = mapped(text, raw({"id": ["1", "2", "3"], "t": ["1"] * 3, "n": months, "mulai": starts}))
    assert column_of(result, "reports", "month") == expected
    assert result.faults == []


def test_half_a_month_and_a_date_of_two_readings_are_faults(mapped):
    text = REPORTS % (
        '[tables.columns]\nbusiness_id = "id"\nturnover_idr = "t"\nmonth = { month_column = "mulai", add = "n" }'
    )
    result = mapped(text, raw({"id": ["1", "2"], "t": ["1", "1"], "n": ["0.5", "1"], "mulai": ["2024-01", "3/4/2024"]}))
    assert [fault[:3] for fault in said(result)] == [(3, "mulai", "3/4/2024"), (2, "n", "0.5")]


# ── wide columns ────────────────────────────────────────────────────────────────────────────────────────────────


def test_wide_months_from_a_fixed_month_keep_their_own_headers(mapped):
    text = REPORTS % (
        '[tables.columns]\nbusiness_id = "id"\n[tables.months]\nfirst = "2023-12"\n'
        'columns = { turnover_idr = "Omzet Bulan {n}", profit_idr = { column = "Laba Bulan {n}", times = 1000 } }'
    )
    sheet = raw(
        {"id": ["1", "2"], "Omzet Bulan 0": ["5", None], "Omzet Bulan 1": ["6", "7"], "Laba Bulan 0": ["2", None],
         "Catatan": ["", ""]}
    )  # fmt: skip
    result = mapped(text, sheet)
    assert sorted((r["business_id"], r["month"], r["turnover_idr"]) for r in rows_of(result, "reports")) == [
        ("1", "2023-12", "5"), ("1", "2024-01", "6"), ("2", "2024-01", "7")
    ]  # fmt: skip
    assert rows_of(result, "reports")[0]["profit_idr"] == 2000
    assert [table.headers["turnover_idr"] for table in result.tables] == ["Omzet Bulan 0", "Omzet Bulan 1"]
    assert [table.origin["row"].tolist() for table in result.tables] == [[2], [2, 3]]
    assert result.unmapped == {"data.csv": ["Catatan"]}


def test_wide_months_from_each_rows_own_date(mapped):
    text = REPORTS % (
        '[tables.columns]\nbusiness_id = "id"\n[tables.months]\nfirst_column = "Tgl Mulai"\n'
        'columns = { turnover_idr = "Omzet Bulan {n}" }'
    )
    sheet = raw({"id": ["1", "2"], "Tgl Mulai": ["2024-11-20", "2025-01-01"], "Omzet Bulan 2": ["5", "6"]})
    assert column_of(mapped(text, sheet), "reports", "month") == ["2025-01", "2025-03"]


def test_wide_months_named_in_the_header(mapped):
    text = REPORTS % (
        '[tables.columns]\nbusiness_id = "id"\n[tables.months]\ncolumns = { turnover_idr = "Omzet {month}" }'
    )
    assert column_of(mapped(text, raw({"id": ["1"], "Omzet Jan 2024": ["5"]})), "reports", "month") == ["Jan 2024"]


def test_a_monthly_pattern_that_fits_no_column_is_a_fault(mapped):
    text = REPORTS % (
        '[tables.columns]\nbusiness_id = "id"\n[tables.months]\nfirst = "2024-01"\n'
        'columns = { turnover_idr = "Omzet Bulan {n}" }'
    )
    ((_, column, _, message),) = said(mapped(text, raw({"id": ["1"], "Omset 1": ["5"]})))
    assert column == "Omzet Bulan {n}"
    assert "pattern" in message


def test_wide_scores_give_one_assessment_an_area_and_none_for_an_empty_cell(mapped):
    text = """
    [areas.exp]
    label = { id = "Pengalaman", en = "Experience" }
    standard = 10
    [areas.skill]
    label = { id = "Keahlian", en = "Skill" }
    [[tables]]
    table = "assessments"
    [tables.columns]
    mentor_id = "id"
    assessed_on = { constant = 2024-01-01 }
    [tables.scores]
    exp = "years"
    skill = { column = "lvl", values = { A = 90 } }
    """
    result = mapped(text, raw({"id": ["1", "2"], "years": ["3", None], "lvl": [None, "A"]}))
    made = [(r["mentor_id"], r["area"], r["score"]) for r in rows_of(result, "assessments")]
    assert made == [("1", "exp", "3"), ("2", "skill", 90)]
    assert [table.headers["score"] for table in result.tables] == ["years", "lvl"]
    assert {code: area.standard for code, area in result.dataset.areas.items()} == {"exp": 10, "skill": 70}
    assert result.dataset.areas["exp"].label.id == "Pengalaman"


def test_wide_items_are_all_further_columns_but_those_excepted(mapped):
    text = """
    [[tables]]
    table = "items"
    items = { except = ["Umur"] }
    [[tables]]
    table = "responses"
    items = { except = ["Umur"] }
    [tables.columns]
    respondent_id = { text = "{#}" }
    mentor_id = "Kode"
    """
    result = mapped(text, raw({"Kode": ["a", "b"], "Q2": ["ya", None], "Umur": ["3", "4"], "Q1": ["tidak", "ya"]}))
    assert column_of(result, "items", "item_id") == ["Q2", "Q1"]
    assert column_of(result, "items", "text_id") == ["Q2", "Q1"]
    assert [tuple(r.values()) for r in rows_of(result, "responses")] == [
        ("2", "a", "Q2", "ya"), ("2", "a", "Q1", "tidak"), ("3", "b", "Q1", "ya")
    ]  # fmt: skip
    assert result.unmapped == {"data.csv": ["Umur"]}


def test_wide_items_may_be_listed(mapped):
    text = """
    [[tables]]
    table = "responses"
    items = { columns = ["Q1"] }
    columns = { respondent_id = { text = "{#}" }, mentor_id = "Kode" }
    """
    result = mapped(text, raw({"Kode": ["a"], "Q2": ["ya"], "Q1": ["tidak"]}))
    assert column_of(result, "responses", "item_id") == ["Q1"]
    assert result.unmapped == {"data.csv": ["Q2"]}


# ── which rows, which files ─────────────────────────────────────────────────────────────────────────────────────


def test_rows_left_out_are_counted(mapped):
    rules = 'skip_empty = ["a"]\nonly = { b = ["x", "y"] }\nleave_out = { c = 1 }\n'
    text = MENTORS.replace("[tables.columns]", rules + "[tables.columns]")
    sheet = raw(
        {"id": list("12345"), "a": [None, "1", "1", "1", "1"], "b": ["x", "z", None, "x", "y"], "c": list("00010")}
    )
    result = mapped(text, sheet)
    assert column_of(result, "mentors", "mentor_id") == ["5"]
    assert result.tables[0].origin["row"].tolist() == [6]
    assert [str(note) for note in result.notes] == [
        "Rows not used for mentors because a is empty: 1.",
        "Rows not used for mentors because of their value in b: 2.",
        "Rows not used for mentors because of their value in c: 1.",
    ]


def test_a_finer_file_gives_its_distinct_rows(mapped):
    result = mapped(MENTORS, raw({"id": ["1", "2", "1", "2", "1"]}))
    assert column_of(result, "mentors", "mentor_id") == ["1", "2"]
    assert [str(note) for note in result.notes] == ["Distinct rows of mentors made from 5 rows: 2."]


def test_contradicting_rows_are_faults_that_name_both(mapped):
    text = MENTORS.replace('{ constant = "D" }', '"kec"')
    result = mapped(text, raw({"id": ["1", "2", "1", "2", "1"], "kec": ["a", "b", "c", "b", "c"]}))
    ((row, column, value, message),) = said(result)
    assert (row, column, value) == (4, "kec", "c")
    assert "row 2 (data.csv)" in message
    assert "there it is a" in message


def test_a_cell_filled_in_one_row_and_empty_in_the_other_is_a_contradiction(mapped):
    text = MENTORS.replace('{ constant = "D" }', '"kec"')
    assert len(mapped(text, raw({"id": ["1", "1"], "kec": ["a", None]})).faults) == 1
    assert mapped(text, raw({"id": ["1", "1"], "kec": [None, None]})).faults == []


def test_rows_without_a_key_are_left_to_the_tables_own_check(mapped):
    text = MENTORS.replace('{ constant = "D" }', '"kec"')
    result = mapped(text, raw({"id": [None, None], "kec": ["a", "b"]}))
    assert len(rows_of(result, "mentors")) == 2
    assert result.faults == []


def test_files_by_pattern_and_sheets_by_name(mapped):
    text = 'file = "kirim_*.xlsx"\nsheet = "data pendamping"\n' + MENTORS
    sheets = [
        raw({"id": ["1"]}, "Kirim_Jan.xlsx", "Data  Pendamping"),
        raw({"id": ["2"]}, "kirim_feb.xlsx", "DATA_PENDAMPING"),
        raw({"id": ["3"], "x": ["4"]}, "kirim_feb.xlsx", "Lain"),
    ]
    result = mapped(text, *sheets)
    assert column_of(result, "mentors", "mentor_id") == ["1", "2"]
    assert result.tables[0].origin["file"].tolist() == ["Kirim_Jan.xlsx", "kirim_feb.xlsx"]
    assert result.unmapped == {"kirim_feb.xlsx › Lain": ["id", "x"]}


def test_a_file_or_a_column_that_is_not_there_is_a_fault(mapped):
    assert [(fault.file, fault.row) for fault in mapped('file = "a.csv"' + MENTORS, raw({"id": ["1"]})).faults] == [
        ("a.csv", None)
    ]
    result = mapped(MENTORS.replace('"id"', '"mentor"'), raw({"mentro": ["1"]}))
    assert result.tables == []
    ((_, column, _, message),) = said(result)
    assert column == "mentor"
    assert "mentro" in message


def test_a_sheet_without_rows_gives_tables_without_rows(mapped):
    header = RawSheet("data.csv", None, pd.DataFrame({"id": [], "gr": [], "tch": [], "m": []}, dtype=object))
    text = (
        MENTORS + ENGAGEMENTS % 'outcome = { column = "m", minus_previous_by = "id", order = "gr" }\ncontrols = ["tch"]'
    )
    result = mapped(text, header)
    assert result.faults == []
    assert [len(table.cells) for table in result.tables] == [0, 0]
