"""Columns of plain digits are read at once, to the same values and faults as cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.framework_file import read_framework
from data.reading.columns import manner_of, read_column, reader_for
from model.sentences import Sentence
from model.tables import TABLES

MANNER = manner_of(read_framework())
COLUMNS = [
    TABLES["reports"].column("turnover_idr"),
    TABLES["reports"].column("profit_idr"),
    TABLES["reports"].column("workers"),
    TABLES["assessments"].column("score"),
    TABLES["mentors"].column("capacity"),
]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
@given(st.lists(st.one_of(st.none(), st.from_regex(r"-{0,2}[0-9]{1,17}-?", fullmatch=True)), min_size=1))
def test_digits_read_at_once_are_what_each_cell_says(column, cells):
    read = read_column(column, cells, MANNER, comma=False)
    one = reader_for(column, [cell for cell in cells if cell], MANNER, comma=False)
    for place, cell in enumerate(cells):
        value = None if cell is None else one(cell)
        if isinstance(value, Sentence):
            assert read.wrong[place] == value
        elif value is None:
            default = column.default
            assert read.held[place] == default if default is not None else read.held.isna()[place]
        else:
            assert place not in read.wrong
            assert str(read.held[place]) == str(float(value))


def test_equal_cells_of_different_types_stay_apart():
    column = TABLES["mentors"].column("name")
    assert list(read_column(column, ["1", 1, 1.0, True, None], MANNER, comma=False).held) == [
        "1",
        "1",
        "1",
        "TRUE",
        None,
    ]


@pytest.mark.parametrize("cells", [[0.51, 0.7, 1.0, None, 0], ["0,51", "0,7", "1"]])
def test_scores_that_excel_keeps_as_shares_are_all_refused(cells):
    column = TABLES["assessments"].column("score")
    read = read_column(column, cells, MANNER, comma=False)
    assert set(read.wrong) == {place for place, cell in enumerate(cells) if cell is not None}
    assert "as Excel keeps percentages" in str(read.wrong[0])
    assert read.held.isna().all()


@pytest.mark.parametrize("cells", [[0.51, 0.7, 1.5], [0, 1, 1, 0], [0.5, 0.7]])
def test_low_scores_stay_as_they_are_where_they_may_be_meant(cells):
    read = read_column(TABLES["assessments"].column("score"), cells, MANNER, comma=False)
    assert not read.wrong
    assert list(read.held) == cells


def test_a_business_number_stands_for_yes_and_nowhere_else():
    cells = ["1234567890123", 9120001234567, 9120001234567.0, "ya", "", "123456789012"]
    read = read_column(TABLES["businesses"].column("has_nib"), cells[:4], MANNER, comma=False)
    assert list(read.held) == [1.0] * 4
    assert read_column(TABLES["businesses"].column("has_nib"), cells[5:], MANNER, comma=False).wrong
    assert read_column(TABLES["mentors"].column("disability"), cells[:1], MANNER, comma=False).wrong
