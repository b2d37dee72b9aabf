"""Rows of cells as they lie in a file, the choice of their header row, and the raw sheet that follows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from data.batch import Fault, plain
from data.reading.cells import text
from data.reading.sheets import RawSheet
from model.sentences import Number, Sentence, sentence

SEARCHED = 30
"""Rows in which a header is looked for."""
_LEAST_KNOWN = 2
_MOST_RUNS = 8

HEADLESS = sentence(
    "There is something here but no header over it. Give the column a header, or empty the cell if it is a remark."
)
EMPTY = sentence("There is nothing in it. Fill it, or take it out of what you import.")
HEADER_ONLY = sentence("It holds a header and no rows. Fill it, or take it out of what you import.")


@dataclass(frozen=True)
class Grid:
    """One CSV file or sheet: the rows that are not empty, with the file's own row numbers (from 1).

    An empty cell is None; rows may differ in length. ``merged``: merged ranges as (first row, first column, last row,
    last column), from 1. ``comma``: a CSV file separated by semicolons, the mark of a decimal comma. ``hidden``:
    numbers of the rows that a filter or a hand hides; ``hidden_columns``: positions (from 0) of hidden columns.
    """

    file: str
    sheet: str | None
    rows: list[list[Any]]
    numbers: list[int]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    comma: bool = False
    hidden: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def fault(self, message: Sentence, row: int | None = None, column: str | None = None, value: Any = None) -> Fault:
        """A fault in this sheet."""
        return Fault(self.file, self.sheet, row, column, plain(value), message)

    @property
    def place(self) -> str:
        """How the sheet is named to a user."""
        return self.file if self.sheet is None else f"{self.file} › {self.sheet}"


@dataclass
class Grids:
    """What a file gave: its sheets, and the faults and notes on the way."""

    grids: list[Grid] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)


def header_text(cell: Any) -> str:
    """A header as typed, on one line, without the marks templates put behind it (``*``, ``:``)."""
    if cell is None:
        return ""
    found = text(cell)
    return " ".join((str(cell) if isinstance(found, Sentence) else found).split()).rstrip("*: ")


def header_at(grid: Grid, known: Callable[[str], object]) -> int:
    """Position of the header row: the first of those searched that holds two headers ``known`` recognises, else 0."""
    for position, row in enumerate(grid.rows[:SEARCHED]):
        if sum(known(header_text(cell)) is not None for cell in row if cell is not None) >= _LEAST_KNOWN:
            return position
    return 0


def row_runs(numbers: Iterable[int]) -> str:
    """Row numbers in a sentence: 4, 7–9; the first runs of many."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:_MOST_RUNS]]
    return ", ".join([*shown, *(["…"] if len(runs) > _MOST_RUNS else [])])


def letters(column: int) -> str:
    """Excel's name of a column (from 1): 1 → A, 27 → AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def to_sheet(grid: Grid, header: int, faults: list[Fault]) -> RawSheet | None:
    """The rows below the header row at position ``header`` as a raw sheet; what is wrong is added to ``faults``.

    None if there are no rows. A second column of the same header is left out, after the fault is named.
    """
    if not grid.rows:
        faults.append(grid.fault(EMPTY))
        return None
    names = [header_text(cell) for cell in grid.rows[header]]
    row_number, rows, numbers = grid.numbers[header], grid.rows[header + 1 :], grid.numbers[header + 1 :]
    if not rows:
        faults.append(grid.fault(HEADER_ONLY, row_number))
        return None
    faults.extend(_merged(grid, row_number))
    kept = _kept(grid, names, row_number, faults)
    faults.extend(_beyond(grid, names, rows, numbers))
    width = len(names)
    even = (row if len(row) == width else [*row[:width], *[None] * (width - len(row))] for row in rows)
    columns = list(zip(*even, strict=True))
    index = pd.Index(numbers)
    cells = {names[i]: pd.Series(columns[i], dtype=object, index=index) for i in kept}
    return RawSheet(grid.file, grid.sheet, pd.DataFrame(cells, index=index, dtype=object))


def _kept(grid: Grid, names: list[str], row: int, faults: list[Fault]) -> list[int]:
    kept: dict[str, int] = {}
    for position, name in enumerate(names):
        if name in kept:
            faults.append(
                grid.fault(
                    sentence(
                        "The header stands twice, in columns %(first)s and %(second)s. Rename or delete one of them.",
                        first=letters(kept[name] + 1),
                        second=letters(position + 1),
                    ),
                    row,
                    name,
                    name,
                )
            )
        elif name:
            kept[name] = position
    return list(kept.values())


def _beyond(grid: Grid, names: list[str], rows: list[list[Any]], numbers: list[int]) -> list[Fault]:
    """Cells that no header stands over; of those beyond the last header the first of each row."""
    width = len(names)
    blank = [position for position, name in enumerate(names) if not name]
    found = []
    for number, row in zip(numbers, rows, strict=True):
        extra = next((at for at in range(width, len(row)) if row[at] is not None), None)
        if extra is not None and grid.sheet is None:
            found.append(grid.fault(_too_many(len(row), width), number, None, row[extra]))
        elif extra is not None:  # a cell of a sheet has a place of its own, whatever stands beside it
            found.append(grid.fault(HEADLESS, number, letters(extra + 1), row[extra]))
        under = (at for at in blank if at < len(row) and row[at] is not None)
        found += [grid.fault(HEADLESS, number, letters(at + 1), row[at]) for at in under]
    return found


def _too_many(cells: int, headers: int) -> Sentence:
    return sentence(
        "The row has more cells than the header (%(cells)s against %(headers)s). Put a text that holds the separator "
        "in quotation marks, or delete the extra cells.",
        cells=Number(cells),
        headers=Number(headers),
    )


def _merged(grid: Grid, header: int) -> list[Fault]:
    """Merged ranges that reach into the header row or the rows below it."""
    found = []
    for top, left, bottom, right in grid.merged:
        if bottom >= header and top <= grid.numbers[-1]:
            area = f"{letters(left)}{top}:{letters(right)}{bottom}"
            found.append(grid.fault(_merged_at(area, in_header=top <= header), top, letters(left), None))
    return found


def _merged_at(area: str, *, in_header: bool) -> Sentence:
    if in_header:
        return sentence(
            "The cells %(range)s are merged, and the header is among them. Unmerge them, and write one header over "
            "each column, all in one row.",
            range=area,
        )
    return sentence("The cells %(range)s are merged. Unmerge them and fill in each row.", range=area)
