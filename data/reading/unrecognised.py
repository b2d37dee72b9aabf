"""What is said of a sheet that is not understood: its name, its header, its months in columns of their own."""

import difflib
from collections.abc import Sequence
from pathlib import PurePath

from data.batch import Fault
from data.headings import column_labels, joined, sheet_label
from data.reading.dates import MonthReader
from data.reading.grids import SEARCHED, Grid
from model.framework import Framework, fold
from model.sentences import Number, sentence
from model.tables import TABLES

_MONTHS_BESIDE = sentence(
    "The months stand side by side, each in a column of its own. Write one row for each business and month, with the "
    "columns month and turnover_idr; or say in a mapping file what the columns are (months)."
)


def unknown_name(grid: Grid, framework: Framework) -> Fault:
    """A sheet whose name is no table's: a fault with the nearest name."""
    name = grid.sheet or PurePath(grid.file).stem
    near = difflib.get_close_matches(fold(name), list(framework.sheets), n=1, cutoff=0.7)
    table = framework.sheets[near[0]] if near else _by_headers(grid, framework)
    suggestion = None if table is None else sheet_label(table, framework)
    accepted = joined([sheet_label(table, framework) for table in TABLES])
    if suggestion is None:
        message = sentence(
            "The name %(name)s is no table's. Rename the file or sheet to one of: %(accepted)s; hide a sheet that is "
            "no table, or leave it out.",
            name=name,
            accepted=accepted,
        )
    else:
        message = sentence(
            "The name %(name)s is no table's; did you mean %(suggestion)s? Rename the file or sheet to one of: "
            "%(accepted)s; hide a sheet that is no table, or leave it out.",
            name=name,
            suggestion=suggestion,
            accepted=accepted,
        )
    return grid.fault(message, None, None, name)


def _by_headers(grid: Grid, framework: Framework) -> str | None:
    """The one table all of whose required columns the first row has."""
    first = {fold(str(cell)) for cell in (grid.rows[0] if grid.rows else []) if cell is not None}
    fitting = [
        name
        for name, table in TABLES.items()
        if {column.name for column in table.columns if column.required}
        <= {framework.headers[name].get(header) for header in first}
    ]
    return fitting[0] if len(fitting) == 1 else None


def no_header(grid: Grid, table: str, framework: Framework) -> Fault:
    """A sheet of a known table in which no row is a header."""
    labels = column_labels(table, framework)
    message = sentence(
        "None of the first %(count)s rows holds a header that is known here. Write the headers in one row over the "
        "table; these are needed: %(needed)s.",
        count=Number(min(SEARCHED, len(grid.rows))),
        needed=joined([labels[column.name] for column in TABLES[table].columns if column.required]),
    )
    first = next((cell for cell in grid.rows[0] if cell is not None), None)
    return grid.fault(message, grid.numbers[0], None, first)


def months_beside(grid: Grid, header: int, headers: Sequence[str]) -> list[Fault]:
    """A fault where several of the headers of a sheet of reports are months."""
    read = MonthReader("dmy")
    months = [name for name in headers if isinstance(read(name), int)]
    return [grid.fault(_MONTHS_BESIDE, grid.numbers[header], None, ", ".join(months))] if len(months) > 1 else []
