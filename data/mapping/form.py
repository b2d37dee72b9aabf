"""The form of a mapping file (TOML): how any real table comes in (contract, section 4).

A mapping file says once how numbers and dates are written, may bring areas of its own, and has one ``[[tables]]`` for
each of the contract's tables that a file feeds. The shipped ones in ``data/mappings`` show every part.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from data.framework_file import AreaEntry, Strict
from data.reading.cells import text
from data.reading.dates import Order as DateOrder
from data.reading.numbers import Writing
from data.toml_faults import unreadable, wrong_entry
from model.refusals import InputRefused
from model.sentences import Sentence, sentence

Scalar = str | bool | int | float | date
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
PLACE = re.compile(r"\{([^{}]+)\}")


def as_text(value: object) -> str | None:
    """A cell or a value of the file as it is compared: trimmed text, 12.0 as 12, a day as 2026-12-31; empty is None."""
    if value is None:
        return None
    found = text(value)
    return str(value).removesuffix(" 00:00:00") if isinstance(found, Sentence) else found or None


def _as_cell(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _as_order(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _as_several(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


class Cell(Strict):
    """Where one cell comes from: ``"Header"`` alone, or exactly one of column, text, constant, month, month_column.

    ``text``: a template of headers in braces, ``{#}`` being the file's row number. ``month``: a month (YYYY-MM), or
    ``month_column``: a column of dates or months, moved on by the whole months in the column ``add``. ``values``
    replaces what column or text give, "" meaning empty; ``otherwise`` stands for all values not listed (without it
    they are faults). ``times`` multiplies a number.
    """

    column: str | None = None
    text: str | None = None
    constant: Scalar | None = None
    month: str | None = Field(default=None, pattern=MONTH)
    month_column: str | None = None
    add: str | None = None
    values: dict[str, Scalar] = Field(default_factory=dict)
    otherwise: Scalar | None = None
    times: float | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers it reads."""
        named = [name for name in (self.column, self.month_column, self.add) if name is not None]
        return (*named, *(name for name in PLACE.findall(self.text or "") if name != "#"))

    @property
    def sources(self) -> int:
        """How many of its exclusive parts are given; one is right."""
        return sum(
            part is not None for part in (self.column, self.text, self.constant, self.month or self.month_column)
        )


CellEntry = Annotated[Cell, BeforeValidator(_as_cell)]
Several = Annotated[tuple[Scalar, ...], BeforeValidator(_as_several)]


class Months(Strict):
    """Wide monthly columns: one report for each month.

    ``columns``: column of reports → header with ``{n}`` (a count of months after ``first``, or after the date in
    ``first_column``) or with ``{month}`` (the month itself stands in the header).
    """

    first: str | None = Field(default=None, pattern=MONTH)
    first_column: str | None = None
    columns: dict[str, CellEntry] = Field(min_length=1)


class Items(Strict):
    """Wide item columns: these ``columns``, or every column the file names nowhere else ``except`` some."""

    columns: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = Field(default=(), alias="except")


class Order(Strict):
    """What tells which row of a client comes earlier: a column of numbers, or of these ``steps`` in their order."""

    column: str
    steps: Several = ()


class Outcome(Strict):
    """A ready outcome of an engagement, or its difference to the same client's earlier row.

    With ``minus_previous_by`` (the client) and ``order``, the earlier value becomes the control ``<column>_previous``,
    and so do the columns named in ``previous``. With steps, only the step just before counts as earlier.
    """

    column: str
    name: str | None = None
    unit: str | None = None
    minus_previous_by: str | None = None
    order: Annotated[Order, BeforeValidator(_as_order)] | None = None
    previous: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers it reads."""
        keys = (self.minus_previous_by, self.order.column if self.order else None)
        return (self.column, *(key for key in keys if key is not None), *self.previous)

    @property
    def earlier(self) -> tuple[str, ...]:
        """The columns whose earlier value enters as a control."""
        return () if self.minus_previous_by is None else tuple(dict.fromkeys((self.column, *self.previous)))


class Entry(Strict):
    """One table of the contract and the file that feeds it.

    ``file`` and ``sheet`` may hold ``*``. Rows where a column in ``skip_empty`` is empty are left out, as are those
    that ``only`` or ``leave_out`` (column → value or values) say; how many is told to the user. ``controls`` are
    numbers where all their values are; ``categories`` are controls that stay text.
    """

    table: str
    file: str | None = None
    sheet: str | None = None
    columns: dict[str, CellEntry] = Field(default_factory=dict)
    scores: dict[str, CellEntry] = Field(default_factory=dict)
    months: Months | None = None
    items: Items | None = None
    skip_empty: tuple[str, ...] = ()
    only: dict[str, Several] = Field(default_factory=dict)
    leave_out: dict[str, Several] = Field(default_factory=dict)
    outcome: Outcome | None = None
    controls: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def cells(self) -> Iterator[tuple[str, Cell]]:
        """Every cell description with its place in the entry."""
        for part, cells in (("columns", self.columns), ("scores", self.scores)):
            yield from ((f"{part}.{name}", cell) for name, cell in cells.items())
        if self.months is not None:
            yield from ((f"months.columns.{name}", cell) for name, cell in self.months.columns.items())

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers it reads, without those of wide monthly and item columns."""
        named = [name for cell in (*self.columns.values(), *self.scores.values()) for name in cell.headers]
        named += [*self.skip_empty, *self.only, *self.leave_out, *self.controls, *self.categories]
        if self.months is not None and self.months.first_column is not None:
            named.append(self.months.first_column)
        if self.outcome is not None:
            named += self.outcome.headers
        return tuple(dict.fromkeys(named))

    @property
    def control_names(self) -> tuple[str, ...]:
        """Names of the controls, the earlier values first."""
        earlier = () if self.outcome is None else self.outcome.earlier
        return (*(f"{name}_previous" for name in earlier), *self.controls, *self.categories)


class MappingFile(Strict):
    """The whole file. ``file`` and ``sheet`` hold for every table that names none of its own."""

    numbers: Writing | None = None
    dates: DateOrder | None = None
    file: str = "*"
    sheet: str | None = None
    areas: dict[str, AreaEntry] = Field(default_factory=dict)
    tables: tuple[Entry, ...] = Field(min_length=1)

    def placed(self) -> Iterator[tuple[str, Entry]]:
        """Every entry with its name as a refusal shows it, its file and sheet filled in."""
        for number, entry in enumerate(self.tables, start=1):
            filled = {"file": entry.file or self.file, "sheet": entry.sheet or self.sheet}
            yield f"tables.{number} ({entry.table})", entry.model_copy(update=filled)


def refused(path: Path, what: Sentence, entry: str) -> InputRefused:
    """The refusal of a mapping file, naming the entry at fault."""
    return InputRefused(
        what,
        where=sentence("%(file)s, entry %(entry)s", file=path.name, entry=entry),
        mend=sentence("Correct this entry; the shipped files in data/mappings show the form."),
    )


def parse_mapping(path: Path) -> MappingFile:
    """Read the file and check its form; what it means is checked by data/mapping/rules.py.

    Raises:
        InputRefused: no such file, no TOML, or an entry that is unknown, missing or of the wrong form.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise InputRefused(
            unreadable(fault),
            where=sentence("%(file)s", file=str(path)),
            mend=sentence("Give the name of a TOML file saved as UTF-8 text."),
        ) from fault
    try:
        return MappingFile.model_validate(raw)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise refused(path, wrong_entry(first), _entry(first["loc"], raw)) from fault


def _entry(loc: tuple[int | str, ...], raw: dict[str, Any]) -> str:
    parts = [str(part + 1) if isinstance(part, int) else part for part in loc]
    if len(loc) > 1 and loc[0] == "tables" and isinstance(loc[1], int) and isinstance(raw["tables"][loc[1]], dict):
        parts[1] += f" ({raw['tables'][loc[1]].get('table', '?')})"
    return ".".join(parts)
