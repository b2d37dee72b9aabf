import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.csv_files import A_WORKBOOK, NOT_TEXT, UNREADABLE, read_csv, separator

ROWS = [["mentor_id", "name"], ["007", "Ayu é"]]


def read(tmp_path, raw):
    path = tmp_path / "mentors.csv"
    path.write_bytes(raw)
    return read_csv(path, "mentors.csv")


def rows(tmp_path, text):
    (grid,) = read(tmp_path, text.encode()).grids
    return list(zip(grid.numbers, grid.rows, strict=True))


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_encoding_separator_and_line_end(tmp_path, sign, encoding, end):
    text = end.join(sign.join(row) for row in ROWS) + end
    (grid,) = read(tmp_path, text.encode(encoding)).grids
    assert grid.rows == ROWS
    assert grid.comma == (sign == ";")


def test_rows_keep_the_line_they_begin_in(tmp_path):
    text = 'mentor_id,name\n\n1,"Ayu\nLestari"\n,,,\n2,Budi,,\n\n\n'
    assert rows(tmp_path, text) == [(1, ["mentor_id", "name"]), (3, ["1", "Ayu\nLestari"]), (6, ["2", "Budi"])]


def test_quoted_fields(tmp_path):
    assert rows(tmp_path, 'a;b\n"x;y";"say ""hi"""\n') == [(1, ["a", "b"]), (2, ["x;y", 'say "hi"'])]


def test_blanks_around_cells_do_not_count(tmp_path):
    assert rows(tmp_path, "a;b\n\u00a0x ;  \n") == [(1, ["a", "b"]), (2, ["x"])]


def test_excels_own_separator_line(tmp_path):
    assert rows(tmp_path, "sep=;\r\na;b\r\n1;2\r\n") == [(2, ["a", "b"]), (3, ["1", "2"])]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("id;score\n1;60,5\n2;70,5\n", ";"),
        ("id,name\n1,A; B\n2,C\n", ","),
        ('id,needs\n1,"a;b;c"\n2,"a;b;c"\n3,\n', ","),
        ("LAPORAN, 2026\nid;x;y\n1;2;3\n", ";"),
        ("id\tname\n1\tA, B\n", "\t"),
        ("mentor_id\n1\n", ","),
    ],
)
def test_the_separator_is_found(text, sign):
    assert separator(text) == sign


def test_an_open_quotation_names_its_line(tmp_path):
    found = read(tmp_path, b'a,b\n1,2\n3,"x\n4,5\n')
    assert not found.grids
    assert found.faults[0].row == 3
    assert "quotation" in str(found.faults[0].message)


def test_what_is_no_text_is_refused(tmp_path):
    assert read(tmp_path, b"a;b\n\0;1\n").faults[0].message is NOT_TEXT
    assert read(tmp_path, b"PK\x03\x04\0\0\0").faults[0].message is A_WORKBOOK
    assert read_csv(tmp_path / "gone.csv", "gone.csv").faults[0].message is UNREADABLE


CELL = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=6)


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=2, max_size=5)))
def test_what_python_writes_is_read_back(tmp_path_factory, table):
    out = StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(table)
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
    (grid,) = read_csv(path, "x.csv").grids
    assert grid.rows == table


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(raw)
    found = read_csv(path, "x.csv")
    assert len(found.grids) + len(found.faults) == 1


def test_a_cell_beyond_all_measure_is_not_called_a_matter_of_matching_quotes(tmp_path):
    (fault,) = read(tmp_path, b"mentor_id,name,district\nM1," + b"x" * 140_000 + b",U\n").faults
    assert fault.row == 2
    assert "over 131,072 characters" in str(fault.message)
