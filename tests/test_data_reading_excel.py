import os
import subprocess
import sys
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import psutil
import pytest
import xlsxwriter

from data.reading import excel
from data.reading.excel import UNFIT, read_excel
from tests.excel_files import (
    bare_workbook,
    bomb,
    far_cell,
    forged_bomb,
    honest,
    lying_bomb,
    openpyxl_book,
    repeated_text,
    swollen,
    wide_and_deep,
)


def only(path):
    (grid,) = read_excel(path, path.name).grids
    return dict(zip(grid.numbers, grid.rows, strict=True))


def refusal(path):
    found = read_excel(path, path.name)
    assert not found.grids
    (fault,) = found.faults
    assert fault.file == path.name
    return fault


def processor_seconds():
    """Of this process and its ended children: what a busy machine does not stretch."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@pytest.mark.parametrize(
    ("make", "why", "seconds"),
    [
        (far_cell, "far_cell", 3),
        (wide_and_deep, "far_cell", 3),
        (bomb, "too_large", 3),
        (lying_bomb, "damaged", 3),
        (forged_bomb, "damaged", 3),
        (swollen, "too_large", 3),
        (repeated_text, "too_large", 12),  # its text must be read before it is seen to repeat
    ],
)
def test_a_small_file_that_wants_the_whole_machine_is_refused_in_time(tmp_path, make, why, seconds):
    path = make(tmp_path / "mentors.xlsx")
    assert path.stat().st_size < 650_000
    read_excel(bare_workbook(tmp_path / "warm.xlsx", ""), "warm.xlsx")
    memory = psutil.Process().memory_info().rss
    begun = processor_seconds()
    fault = refusal(path)
    taken = processor_seconds() - begun
    assert fault.message is UNFIT[why]
    assert fault.sheet == ("mentors" if why == "far_cell" else None)
    assert taken < seconds
    assert psutil.Process().memory_info().rss - memory < 50_000_000


def test_the_files_would_harm_a_reader_without_limits(tmp_path):
    far, deep = far_cell(tmp_path / "far.xlsx"), wide_and_deep(tmp_path / "deep.xlsx")
    read = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))\n"
        "from python_calamine import CalamineWorkbook as W; W.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()"
    )
    for path in (far, deep):
        assert subprocess.run([sys.executable, "-c", read, path], capture_output=True, check=False).returncode != 0


def test_a_reader_that_dies_is_a_refusal(tmp_path, monkeypatch):
    path = far_cell(tmp_path / "mentors.xlsx")
    monkeypatch.setattr(excel.sys, "executable", "/bin/false")
    assert refusal(path).message is UNFIT["too_large"]


def test_a_reader_that_hangs_is_a_refusal(tmp_path, monkeypatch):
    path = far_cell(tmp_path / "mentors.xlsx")
    monkeypatch.setattr(excel, "_WALL_SECONDS", 0.001)
    assert refusal(path).message is UNFIT["too_large"]


def test_an_honest_workbook_of_equal_cells_passes(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "reports.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet("reports")
    for row in range(60_000):
        for column in range(8):
            sheet.write_number(row, column, 1)
    book.close()
    assert len(only(tmp_path / "reports.xlsx")) == 60_000


def test_an_honest_large_workbook_passes(tmp_path):
    rows = only(honest(tmp_path / "reports.xlsx", 100_000))
    assert len(rows) == 100_000
    assert rows[100_000] == ["B100000", "B100000", *[100_000.0] * 3, *["B100000"] * 3]


def test_many_sheets_and_every_kind_of_cell(tmp_path):
    path = openpyxl_book(
        tmp_path / "all.xlsx",
        mentors=[["id", "n"], ["007", 1.5], [None, None], [" x ", ""]],
        reports=[[True, False, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), timedelta(hours=5), 12]],  # noqa: DTZ001
        empty=[],
    )
    mentors, reports, empty = read_excel(path, "all.xlsx").grids
    assert (mentors.sheet, reports.sheet, empty.sheet) == ("mentors", "reports", "empty")
    assert (mentors.numbers, mentors.rows) == ([1, 2, 4], [["id", "n"], ["007", 1.5], ["x"]])
    assert reports.rows == [[True, False, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), "5:00:00", 12.0]]  # noqa: DTZ001
    assert type(reports.rows[0][0]) is bool
    assert empty.rows == []


def test_a_table_that_begins_away_from_the_corner_keeps_its_rows(tmp_path):
    book = openpyxl.Workbook()
    book.active["C4"], book.active["D6"] = "id", 5
    book.save(tmp_path / "x.xlsx")
    assert only(tmp_path / "x.xlsx") == {4: [None, None, "id"], 6: [None, None, None, 5.0]}


def test_errors_and_formulas_without_value_are_shown(tmp_path):
    book = openpyxl.Workbook()
    for cell, value in {"A1": "id", "B2": "=A1&1", "C3": "#N/A", "D5": "#REF!"}.items():
        book.active[cell] = value
    book.active["D5"].data_type = "e"
    book.save(tmp_path / "x.xlsx")
    assert only(tmp_path / "x.xlsx") == {
        1: ["id"],
        2: [None, "=A1&1"],
        3: [None, None, "#N/A"],
        5: [None, None, None, "#REF!"],
    }


def test_formulas_with_a_value_are_values(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=1+2", value=3)
    sheet.write_formula("B1", "=1+2")  # XlsxWriter stores 0: it does not calculate
    sheet.write_formula("C1", "=1/0", value="#DIV/0!")
    sheet.write_formula("D1", '="a"', value="a")
    book.close()
    assert only(tmp_path / "x.xlsx") == {1: [3.0, "=1+2", "#DIV/0!", "a"]}


def test_a_formula_that_excel_found_to_be_zero_is_zero(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><f>1-1</f><v>0</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><v>1</v></c></row>'
    )
    assert only(bare_workbook(tmp_path / "x.xlsx", rows)) == {1: [0.0, None, 1.0]}
    fresh = bare_workbook(tmp_path / "y.xlsx", rows, end='<calcPr fullCalcOnLoad="1"/>')
    assert only(fresh) == {1: ["=1-1", None, 1.0]}


def test_prefixed_xml_is_scanned_too(tmp_path):
    book = openpyxl_book(tmp_path / "x.xlsx", mentors=[["id"], ["#N/A"]])
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(tmp_path / "y.xlsx", "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if "worksheets/" in name:
                text = (
                    text.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
                )
            new.writestr(name, text)
    assert only(tmp_path / "y.xlsx") == {1: ["id"], 2: ["#N/A"]}


def test_merged_ranges_are_told(tmp_path):
    book = openpyxl.Workbook()
    book.active["B2"] = "id"
    book.active.merge_cells("B2:C3")
    book.save(tmp_path / "x.xlsx")
    assert read_excel(tmp_path / "x.xlsx", "x").grids[0].merged == ((2, 2, 3, 3),)


def test_a_hidden_sheet_is_a_note(tmp_path):
    path = openpyxl_book(tmp_path / "x.xlsx", mentors=[["id"]], secret=[["id"]])
    book = openpyxl.load_workbook(path)
    book["secret"].sheet_state = "hidden"
    book.save(path)
    found = read_excel(path, "x.xlsx")
    assert [grid.sheet for grid in found.grids] == ["mentors"]
    assert "secret" in str(found.notes[0])


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not_excel"),
        (b"mentor_id,name\n1,A\n", "text"),
        (b"\x00\x01\x02", "not_excel"),
        (b"<html><table>", "web_page"),
        (b"\n <!DOCTYPE html>", "web_page"),
        (b"PK\x03\x04 but no more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
    ],
)
def test_what_is_no_xlsx_gets_its_own_sentence(tmp_path, raw, why):
    path = tmp_path / "mentors.xlsx"
    path.write_bytes(raw)
    assert refusal(path).message is UNFIT[why]


@pytest.mark.parametrize(("part", "why"), [("word/document.xml", "not_excel"), ("xl/workbook.bin", "binary")])
def test_other_packages(tmp_path, part, why):
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as package:
        package.writestr(part, "<x/>")
    assert refusal(tmp_path / "x.xlsx").message is UNFIT[why]


def test_broken_xml_and_a_cut_file_are_damaged(tmp_path):
    whole = openpyxl_book(tmp_path / "x.xlsx", mentors=[["id"], [1]]).read_bytes()
    (tmp_path / "y.xlsx").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "y.xlsx").message is UNFIT["damaged"]
    path = bare_workbook(tmp_path / "z.xlsx", '<row r="1"><c r="A1"><v>1</x></c></row>')
    assert refusal(path).message is UNFIT["damaged"]


def test_days_counted_from_1904_are_refused(tmp_path):
    path = bare_workbook(tmp_path / "x.xlsx", "", '<workbookPr date1904="1"/>')
    assert refusal(path).message is UNFIT["calendar_1904"]


def test_reading_does_not_depend_on_where_it_is_called(tmp_path, monkeypatch):
    trap = tmp_path / "data"
    trap.mkdir()
    (trap / "__init__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    path = openpyxl_book(tmp_path / "x.xlsx", mentors=[["id"]])
    monkeypatch.chdir(tmp_path)
    assert only(Path(path.name)) == {1: ["id"]}
