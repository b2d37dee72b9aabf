from datetime import date

import pytest

from data.framework_file import read_framework
from data.reading.cells import (
    DATED_TEXT,
    ERROR_CELL,
    FORMULA,
    NIK,
    NOT_A_YEAR,
    NUMBERED_ID,
    CodeReader,
    ListReader,
    YearReader,
    YesNoReader,
    broken,
    code_reader,
    identifier,
    nik,
    text,
)
from data.reading.numbers import SHORTENED
from model.sentences import Label
from model.tables import TABLES
from service.language import Language

FRAMEWORK = read_framework()
YES_NO = YesNoReader(FRAMEWORK.answers)


@pytest.mark.parametrize(
    ("cell", "held"),
    [
        ("007", "007"),
        (12.0, "12"),
        (12, "12"),
        (" A-1 ", "A-1"),
        (12.5, "12.5"),
        ("'007", "007"),
        (81234567890.0, "81234567890"),
    ],
)
def test_ids_stay_text(cell, held):
    assert identifier(cell) == held


def test_a_number_of_sixteen_digits_has_lost_its_end():
    assert identifier(3201234567890123.0) is NUMBERED_ID
    assert identifier(10**15) is NUMBERED_ID
    assert identifier(10**15 - 1) == "9" * 15
    assert nik(3201234567890123.0) is NUMBERED_ID
    assert identifier("3,20123E+15") is SHORTENED


def test_a_nik_has_sixteen_digits():
    assert nik("3201 2345 6789 0123") == "3201234567890123"
    assert nik("0201234567890123") == "0201234567890123"
    assert nik("320123456789012") is NIK
    assert nik("320123456789012A") is NIK


def test_excel_turns_text_into_dates():
    assert identifier(date(2026, 1, 2)) is DATED_TEXT
    assert text(date(2026, 1, 2)) is DATED_TEXT
    assert text(56101.0) == "56101"


@pytest.mark.parametrize("cell", ["ya", "Ya", "YES", " y ", "1", 1.0, 1, True, "true", "sudah", "Setuju"])
def test_yes(cell):
    assert YES_NO(cell) == 1.0


@pytest.mark.parametrize(
    "cell", ["tidak", "Tdk", "no", "0", 0.0, False, "FALSE", "belum", "tidak ada", "Tidak  Setuju"]
)
def test_no(cell):
    assert YES_NO(cell) == 0.0


@pytest.mark.parametrize("cell", ["mungkin", "2", 2.0, "-", date(2026, 1, 1)])
def test_neither_yes_nor_no_names_the_accepted_words(cell):
    message = str(YES_NO(cell))
    assert "neither yes nor no" in message
    assert "ya" in message
    assert "tidak" in message


def test_years():
    read = YearReader(TABLES["mentors"].column("start_year"))
    assert read("2019") == read(2019.0) == 2019
    assert read("19") is NOT_A_YEAR
    assert read(date(1905, 7, 7)) is NOT_A_YEAR
    assert "between 1900 and 2100" in str(read("1800"))


def test_needs_are_codes_or_labels_in_either_language():
    read = ListReader(code_reader(FRAMEWORK.problems))
    assert read("capital; Pemasaran ;LICENSING AND LEGAL FORM") == "capital;marketing;legal"
    assert read("Permodalan;capital") == "capital"
    assert read(" ; ") is None
    message = str(read("capital;uang"))
    assert "uang" in message
    assert "Bookkeeping (bookkeeping)" in message
    assert "Pembukuan (bookkeeping)" in Language("id").say(read("capital;uang"))


def test_needs_parted_by_commas_or_lines_are_read_where_every_one_is_known():
    read = ListReader(code_reader(FRAMEWORK.problems))
    assert (
        read("Permodalan, Pemasaran")
        == read("capital,marketing;")
        == read("Permodalan\nPemasaran")
        == "capital;marketing"
    )
    assert read("Permodalan; Pemasaran, capital") == "capital;marketing"
    message = str(read("Permodalan, uang"))
    assert message.startswith("“uang” is not known here. Several are separated by semicolons (;).")
    assert "“uang, emas” is not known here. Several" in str(read("uang, emas"))
    assert "titik koma (;)" in Language("id").say(read("Permodalan, uang"))
    assert "semicolons" not in str(read("uang"))


def test_a_name_that_holds_a_comma_is_one_need():
    words = {"modal, alat": "capital", "modal": "money", "alat": "tools"}
    assert ListReader(CodeReader(words, Label("", "")))("Modal, alat; alat") == "capital;tools"


def test_a_free_list_is_trimmed():
    assert ListReader()(" Serpong;Ciputat ; Serpong") == "Serpong;Ciputat"


def test_areas_are_codes_or_labels():
    read = code_reader(FRAMEWORK.areas)
    assert {read(word) for word in ("finance", "Keuangan", "FINANCE ")} == {"finance"}
    assert read("Marketing-Digital") == "marketing_digital"
    assert "core_mentoring" in str(read("Astronomi"))


def test_errors_and_formulas_are_broken_in_any_column():
    assert broken("#N/A") is broken("#ref!") is ERROR_CELL
    assert broken("=A1+1") is FORMULA
    assert broken("#1 toko") is None
    assert broken(3.0) is None


def test_a_list_without_semicolons_is_parted_by_commas_and_one_with_them_is_not():
    assert ListReader()("Serpong, Ciputat,Serpong") == "Serpong;Ciputat"
    assert ListReader()("Serpong, Utara; Ciputat") == "Serpong, Utara;Ciputat"
