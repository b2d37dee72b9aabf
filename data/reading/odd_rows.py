"""Rows among those of a table that are none: numbered in advance and left empty, or a heading within the table."""

from collections.abc import Sequence
from dataclasses import replace

from data.batch import Fault, plain
from data.reading.grids import row_runs
from data.reading.sheets import RawSheet
from model.sentences import Sentence, sentence

_LEAST_NEEDED = 3
"""Columns that every row needs; with fewer, a row of one text is a row with a hole."""
_HEADING = sentence(
    "Nothing but this text stands in the row. If it is a heading within the table, delete the row and write in every "
    "row below it what it says; otherwise fill the row in."
)


def without_blanks(raw: RawSheet, headers: Sequence[str]) -> tuple[RawSheet, list[Sentence]]:
    """The sheet without rows that have no cell under one of these headers, which are known; and what to tell of it."""
    given = raw.cells[list(headers)].notna().any(axis=1)
    if given.all() or not given.any():
        return raw, []
    told = sentence(
        "%(place)s: rows in which only columns that are not used are filled in were left out: row %(rows)s.",
        place=raw.place,
        rows=row_runs(map(int, raw.cells.index[~given])),
    )
    return replace(raw, cells=raw.cells[given]), [told]


def without_headings(raw: RawSheet, needed: int) -> tuple[RawSheet, list[Fault]]:
    """The sheet without rows of one text alone, and one fault for each in place of one for every empty cell.

    ``needed``: count of the columns in which every row must have a cell.
    """
    alone = raw.cells.notna().sum(axis=1) == 1
    if needed < _LEAST_NEEDED or not alone.any():
        return raw, []
    texts = raw.cells[alone].apply(lambda row: row.dropna().iloc[0], axis=1)
    rows = {row: text for row, text in texts.items() if isinstance(text, str) and not text.isdecimal()}
    faults = [Fault(raw.file, raw.sheet, int(str(row)), None, plain(text), _HEADING) for row, text in rows.items()]
    return replace(raw, cells=raw.cells.drop(index=list(rows))), faults
