"""Wide forms made long: a score per area, a report per month, an answer per item. Each keeps its own header."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from data.batch import Fault
from data.mapping.cells import Making, base_month, make, month_texts, typed
from data.mapping.form import Cell, Entry, Months
from data.mapping.source import Gathered, Mask, Objects, Places, Rows, given, item_headers, objects, wide_headers
from model.sentences import sentence
from model.tables import TABLES, Table


@dataclass(frozen=True)
class Made:
    """Cells of one table made from some rows: ``columns`` by name, the header each came from, and the rows."""

    columns: dict[str, Objects]
    headers: dict[str, str]
    rows: Rows

    def take(self, keep: Mask | Places) -> "Made":
        """Only these rows: a mask, or places that may repeat."""
        return Made({name: cells[keep] for name, cells in self.columns.items()}, self.headers, self.rows.take(keep))


def made_long(entry: Entry, rows: Rows, making: Making, found: Gathered) -> Iterator[Made]:
    """The entry's rows in the table's long form, one part for each wide column (just one where none is wide)."""
    table = TABLES[entry.table]
    plain = _plain(entry, table, rows, making)
    if entry.items is not None:
        used = item_headers(entry.items, rows)
        _mark(found, rows, used)
        yield from (_item_rows(plain, used),) if table.name == "items" else _answers(plain, used)
    elif entry.months is not None:
        yield from _reports(entry.months, table, plain, making, found)
    elif entry.scores:
        yield from _scores(entry.scores, table, plain, making)
    else:
        yield plain


def _plain(entry: Entry, table: Table, rows: Rows, making: Making) -> Made:
    columns = {name: make(cell, table.column(name), rows, making) for name, cell in entry.columns.items()}
    return Made(columns, _headers(entry.columns), rows)


def _headers(cells: dict[str, Cell]) -> dict[str, str]:
    return {name: " + ".join(cell.headers) for name, cell in cells.items() if cell.headers}


def _scores(scores: dict[str, Cell], table: Table, plain: Made, making: Making) -> Iterator[Made]:
    """One assessment per mentor and area; an empty cell is no assessment."""
    for area, cell in scores.items():
        made = make(cell, table.column("score"), plain.rows, making)
        columns = plain.columns | {"area": _same(plain.rows, area), "score": made}
        headers = plain.headers | _headers({"score": cell})
        yield Made(columns, headers, plain.rows).take(given(made))


def _reports(months: Months, table: Table, plain: Made, making: Making, found: Gathered) -> Iterator[Made]:
    """One report per row and month; a month whose cells are all empty is no report."""
    places: dict[str, dict[str, str]] = {}
    for name, cell in months.columns.items():
        for place, header in wide_headers(cell.column or "", plain.rows.cells.columns).items():
            places.setdefault(place, {})[name] = header
    if not places:
        making.faults.append(_no_month(plain.rows, months))
    _mark(found, plain.rows, {header for headers in places.values() for header in headers.values()})
    for place, headers in places.items():
        cells = {name: months.columns[name].model_copy(update={"column": header}) for name, header in headers.items()}
        made = {name: make(cell, table.column(name), plain.rows, making) for name, cell in cells.items()}
        month = {"month": _month_cells(months, place, plain.rows, making)}
        filled = np.any([given(column) for column in made.values()], axis=0)
        yield Made(plain.columns | month | made, plain.headers | headers, plain.rows).take(filled)


def _no_month(rows: Rows, months: Months) -> Fault:
    pattern = next(iter(months.columns.values())).column
    message = sentence(
        "No column fits the pattern %(pattern)s of the mapping file. Correct the pattern or the headers.",
        pattern=pattern,
    )
    return Fault(" / ".join(rows.places), None, None, pattern, None, message)


def _month_cells(months: Months, place: str, rows: Rows, making: Making) -> Objects:
    if months.first is None and months.first_column is None:
        return _same(rows, place)
    return month_texts(base_month(months.first, months.first_column, rows, making) + float(place))


def _answers(plain: Made, items: tuple[str, ...]) -> Iterator[Made]:
    """One response per row and item; an empty cell is no answer."""
    for header in items:
        answers = typed(plain.rows, header)
        columns = plain.columns | {"item_id": _same(plain.rows, header.strip()), "answer": answers}
        yield Made(columns, plain.headers | {"answer": header}, plain.rows).take(given(answers))


def _item_rows(plain: Made, items: tuple[str, ...]) -> Made:
    """One item per column, in the order of the columns; its text is its header."""
    first = np.zeros(len(items) if len(plain.rows) else 0, dtype=np.int64)
    names = objects([header.strip() for header in items][: len(first)])
    made = plain.take(first)
    return Made({"text_id": names} | made.columns | {"item_id": names}, made.headers, made.rows)


def _same(rows: Rows, value: str) -> Objects:
    return np.full(len(rows), value, dtype=object)


def _mark(found: Gathered, rows: Rows, headers: Iterable[str]) -> None:
    for place in rows.places:
        found.used.setdefault(place, set()).update(headers)
