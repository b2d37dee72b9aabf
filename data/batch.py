"""What a reading of files yields: tables with every cell understood, the faults, and what was not used.

How a cell is held in a frame (the same in a :class:`Batch` and in a :class:`~data.snapshot.Snapshot`): ids, texts and
lists are str, missing is None; numbers, integers, money and years are float64, missing is NaN; yes/no is float64 1.0,
0.0 or NaN; a date is datetime64[ns], missing NaT; a month is int64, year · 12 + month − 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.framework import Area
from model.sentences import Sentence, sentence
from model.tables import Kind

DTYPES: Mapping[Kind, str] = {
    Kind.ID: "object",
    Kind.TEXT: "object",
    Kind.LIST: "object",
    Kind.NUMBER: "float64",
    Kind.INTEGER: "float64",
    Kind.MONEY: "float64",
    Kind.YEAR: "float64",
    Kind.YESNO: "float64",
    Kind.DATE: "datetime64[ns]",
    Kind.MONTH: "int64",
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where it stands (``row`` counts from 1, the header included) and how to mend it."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    value: str | None
    message: Sentence


@dataclass(frozen=True)
class Dataset:
    """What a mapping file brings beside the contract's tables.

    ``areas``: the dataset's own areas in place of the framework's (empty: the framework's). ``outcome``: name of the
    ready outcome held in ``engagements.outcome`` (None: growth by the contract's formula) and its ``unit``.
    ``controls``: names of the further controls, held per engagement as a JSON object in ``engagements.controls``;
    a number is a number, a text a category.
    """

    areas: Mapping[str, Area] = field(default_factory=dict)
    outcome: str | None = None
    unit: str | None = None
    controls: tuple[str, ...] = ()


@dataclass
class Batch:
    """The outcome of reading.

    ``tables`` hold the contract's columns only, in order (engagements may add ``outcome`` float64 and ``controls``
    JSON text); ``origin`` has the same index with columns file, sheet, row.

    ``silent``: table → column → True for rows whose file has no such column, so that what is stored of them stays.
    ``unmapped``: "file" or "file › sheet" → columns not used. ``notes``: what the user should know that is no fault.
    ``headers``: (file, sheet, column) → the header as it stands there; what several headers feed is not in it.
    ``unfilled``: columns for whose emptiness rows were left out. ``warnings``: cells that may not be meant as
    they stand, in the form of faults; they keep nothing from being stored.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    origin: dict[str, pd.DataFrame] = field(default_factory=dict)
    silent: dict[str, dict[str, NDArray[np.bool_]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    headers: dict[tuple[str, str | None, str], str] = field(default_factory=dict)
    unmapped: dict[str, list[str]] = field(default_factory=dict)
    notes: list[Sentence] = field(default_factory=list)
    dataset: Dataset | None = None
    unfilled: list[str] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def plain(value: Any) -> str | None:
    """A cell's value as a user sees it in the file, for a fault: 130 rather than 130.0; None for an empty cell."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return None if value is None else str(value)[:80]


Place = tuple[str, int]
"""A table and the position of a row in it."""


class Origins:
    """Where the rows of a batch stand in their files."""

    def __init__(self, batch: Batch) -> None:
        self._rows = {
            name: tuple(origin[column].to_numpy() for column in ("file", "sheet", "row"))
            for name, origin in batch.origin.items()
        }
        self._headers = batch.headers

    def warning(self, place: Place, column: str, value: str, message: Sentence) -> Fault:
        """A warning in one cell."""
        file, sheet, row = (part[place[1]] for part in self._rows[place[0]])
        header = self._headers.get((file, sheet, column), column)
        return Fault(file, sheet, int(row), header, plain(value), message)

    def where(self, place: Place | None) -> Sentence:
        """Where a writing stands: a row of a file; None is what is stored."""
        if place is None:
            return sentence("stored already")
        file, sheet, row = (part[place[1]] for part in self._rows[place[0]])
        return sentence("row %(row)s of %(place)s", row=str(row), place=file if sheet is None else f"{file} › {sheet}")
