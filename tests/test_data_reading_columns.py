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
