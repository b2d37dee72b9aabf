"""Workbooks that Suluh itself exports to be filled in and brought back: a training plan's and a matching's.

They are known by how they are laid out, in whichever language: a sheet of the table's own name and columns, and the
sheet for people beside it. Only the first is read, without the rows whose day is still empty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data.reading.grids import Grid, header_text
from model.sentences import Number, Sentence, sentence


@dataclass(frozen=True)
class Own:
    """One of Suluh's workbooks: headers of the sheet to fill in, the ``day`` among them, and what stands beside it.

    ``beside``: position (from 0) → header of the sheet for people.
    """

    headers: tuple[str, ...]
    day: str
    beside: Mapping[int, str]


OWN: Mapping[str, Own] = {
    "trainings": Own(("mentor_id", "course_id", "completed_on"), "completed_on", {0: "mentor_id", 2: "course_id"}),
    "engagements": Own(
        ("engagement_id", "mentor_id", "business_id", "started_on"), "started_on", {0: "business_id", 3: "mentor_id"}
    ),
}
"""Table that comes back → the workbook it comes back in (service/plans/xlsx.py, service/matches/xlsx.py)."""


def comes_back(file: str, grids: Sequence[Grid]) -> str | None:
    """The table that a workbook of Suluh's own brings back; None for any other file."""
    sheets = {grid.sheet: _headers(grid) for grid in grids if grid.file == file and grid.sheet and grid.rows}
    for table, own in OWN.items():
        told = [headers for sheet, headers in sheets.items() if sheet != table]
        beside = any(all(headers[at : at + 1] == [name] for at, name in own.beside.items()) for headers in told)
        if beside and sheets.get(table, [])[: len(own.headers)] == [*own.headers]:
            return table
    return None


def _headers(grid: Grid) -> list[str]:
    return [header_text(cell) for cell in grid.rows[0]]


def without_unfilled(grid: Grid, table: str) -> tuple[Grid, list[Sentence]]:
    """The sheet to fill in without the rows below its header whose day is empty, and what to tell of them."""
    day = OWN[table].headers.index(OWN[table].day)
    kept = [i for i, row in enumerate(grid.rows) if i == 0 or (len(row) > day and row[day] is not None)]
    out = len(grid.rows) - len(kept)
    if not out:
        return grid, []
    told = sentence(
        "%(place)s: rows without a day in %(column)s were not used: %(count)s.",
        place=grid.place,
        column=OWN[table].day,
        count=Number(out),
    )
    return replace(grid, rows=[grid.rows[i] for i in kept], numbers=[grid.numbers[i] for i in kept]), [told]
