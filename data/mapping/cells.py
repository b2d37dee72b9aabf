"""The cells of one column of a table, made as a mapping file describes: value maps, units, templates, months."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.batch import Fault
from data.mapping.form import PLACE, Cell, as_text
from data.mapping.source import Objects, Rows, objects
from data.reading.cells import broken
from data.reading.columns import Manner, read_column
from model.sentences import sentence
from model.tables import Column, Kind

Floats = NDArray[np.float64]


@dataclass
class Making:
    """The manner in which cells are read, and the faults found while new ones are made of them."""

    manner: Manner
    faults: list[Fault] = field(default_factory=list)


def texts(rows: Rows, header: str, making: Making) -> Objects:
    """The column as texts; a cell that holds an Excel error or a formula is a fault."""
    found = rows.texts(header)
    for text in dict.fromkeys(found):
        if message := broken(text):
            making.faults += rows.faults(found == text, header, message)
    return found


def numbers(rows: Rows, header: str, making: Making) -> Floats:
    """The column as numbers, empty cells NaN; a cell that is none, or has two readings, is a fault."""
    return _read(rows, Column(header, Kind.NUMBER), making)


def months_of(rows: Rows, header: str, making: Making) -> Floats:
    """Months (year · 12 + month − 1) of a column of months or dates, empty cells NaN; any other cell is a fault."""
    months = _read(rows, Column(header, Kind.MONTH), making)
    return np.where(months == 0, np.nan, months)


def _read(rows: Rows, column: Column, making: Making) -> Floats:
    cells = typed(rows, column.name)
    comma = set(rows.origin["file"]) <= making.manner.comma_files
    read = read_column(column, list(cells), making.manner, comma=comma)
    making.faults += [rows.fault(i, column.name, cells[i], read.wrong[i]) for i in sorted(read.wrong)]
    return read.held.to_numpy(dtype=np.float64)


def make(cell: Cell, column: Column, rows: Rows, making: Making) -> Objects:
    """The cells of ``column`` for every row, still to be read by the table's own rules; empty is None."""
    if cell.constant is not None:
        return objects([_scalar(cell.constant, column)] * len(rows))
    if cell.month is not None or cell.month_column is not None:
        return _months(cell, rows, making)
    if cell.times is not None and cell.column is not None:
        return _scaled(numbers(rows, cell.column, making) * cell.times, column)
    made = template(cell.text, rows, making) if cell.text is not None else typed(rows, cell.column or "")
    return _replaced(cell, column, rows, made, making) if cell.values else made


def template(text: str, rows: Rows, making: Making) -> Objects:
    """The template filled for every row; None where a column of it is empty. ``{#}`` is the file's row number."""
    parts = PLACE.split(text)
    filled = [objects([part] * len(rows)) if i % 2 == 0 else _place(part, rows, making) for i, part in enumerate(parts)]
    made = [None if None in cells else "".join(cells) for cells in zip(*filled, strict=True)]
    return objects(made)


def _place(header: str, rows: Rows, making: Making) -> Objects:
    return objects([str(row) for row in rows.origin["row"]]) if header == "#" else texts(rows, header, making)


def typed(rows: Rows, header: str) -> Objects:
    """The column's cells as typed, blank ones None."""
    cells = rows.cells[header]
    return objects([None if isinstance(cell, str) and not cell.strip() else cell for cell in cells])


def _scaled(values: Floats, column: Column) -> Objects:
    digits = 0 if column.kind is Kind.MONEY else 6
    return objects([None if np.isnan(value) else float(value) for value in np.round(values, digits)])


def _replaced(cell: Cell, column: Column, rows: Rows, made: Objects, making: Making) -> Objects:
    found = [as_text(value) or "" for value in made]
    known = {as_text(key) or "": _scalar(value, column) for key, value in cell.values.items()}
    other = None if cell.otherwise is None else _scalar(cell.otherwise, column)
    header = " + ".join(cell.headers)
    for i, text in enumerate(found):
        if cell.otherwise is None and text and text not in known:
            message = sentence(
                "The mapping file says nothing about this value. Its values are: %(known)s. Add it there, or correct "
                "the cell.",
                known=", ".join(sorted(filter(None, known))),
            )
            making.faults.append(rows.fault(i, header, text, message))
    return objects([known.get(text, other if text else None) for text in found])


def _scalar(value: object, column: Column) -> object:
    """A value of the mapping file as a cell: days as ISO text, ids and texts as text, "" as empty."""
    if isinstance(value, date) or column.kind in (Kind.ID, Kind.TEXT, Kind.LIST):
        return as_text(value)
    return None if value == "" else value


def _months(cell: Cell, rows: Rows, making: Making) -> Objects:
    """Months YYYY-MM: the base month of every row moved on by its whole months."""
    base = base_month(cell.month, cell.month_column, rows, making)
    added = numbers(rows, cell.add, making) if cell.add is not None else np.zeros(len(rows))
    part = ~np.isnan(added) & (added != np.round(added))
    if cell.add is not None:
        message = sentence("This is not a whole number of months. Correct the cell.")
        making.faults += rows.faults(part, cell.add, message)
    return month_texts(base + np.where(part, np.nan, added))


def base_month(month: str | None, column: str | None, rows: Rows, making: Making) -> Floats:
    """The month from which months are counted, for every row: a fixed one, or of a column."""
    if column is not None:
        return months_of(rows, column, making)
    year, number = (month or "").split("-")
    return np.full(len(rows), int(year) * 12 + int(number) - 1, dtype=np.float64)


def month_texts(months: Floats) -> Objects:
    """Months (year · 12 + month − 1) as YYYY-MM; None where not known."""
    return objects([None if np.isnan(m) else f"{int(m) // 12:04d}-{int(m) % 12 + 1:02d}" for m in months])
