"""Rows of totals under a table, as offices keep them: never a row of the table, so left out and told."""

from collections.abc import Collection
from dataclasses import replace

from data.reading.grids import Grid, header_text
from model.framework import fold
from model.sentences import Sentence, sentence

WORDS = frozenset({"jumlah", "total", "jumlah total", "total keseluruhan", "sub total", "subtotal", "grand total"})


def without_totals(grid: Grid, header: int, needed: Collection[int]) -> tuple[Grid, list[Sentence]]:
    """The sheet without its rows of totals below the header row at position ``header``, and what to tell of them.

    A row of totals begins with a word for it and lacks a cell that every row of the table must have (in the columns at
    the positions ``needed``): it could not be stored whatever it were.
    """
    kept = [i for i, row in enumerate(grid.rows) if i <= header or not _is_total(row, needed)]
    left = sorted({*grid.numbers} - {grid.numbers[i] for i in kept})
    if not left:
        return grid, []
    rows, numbers = [grid.rows[i] for i in kept], [grid.numbers[i] for i in kept]
    merged = tuple(part for part in grid.merged if not (part[0] == part[2] and part[0] in left))
    told = sentence(
        "%(place)s: a row of totals was not used: row %(rows)s.", place=grid.place, rows=", ".join(map(str, left))
    )
    return replace(grid, rows=rows, numbers=numbers, merged=merged), [told]


def _is_total(row: list[object], needed: Collection[int]) -> bool:
    first = next((cell for cell in row if cell is not None), None)
    lacks = any(i >= len(row) or row[i] is None for i in needed)
    return lacks and isinstance(first, str) and fold(header_text(first)) in WORDS
