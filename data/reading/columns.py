"""One column of cells made into values of its kind, each different cell read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batch import DTYPES
from data.reading.cells import (
    CodeReader,
    ListReader,
    Reader,
    YearReader,
    YesNoReader,
    broken,
    code_reader,
    identifier,
    nik,
    text,
)
from data.reading.dates import DayReader, MonthReader, Order, order_shown
from data.reading.numbers import NumberReader, Writing, out_of_range, readings, shown_in
from model.framework import Framework
from model.sentences import Sentence, sentence
from model.tables import Column, Kind

NUMERIC = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.MONEY})
_MOST_DIGITS = 16  # fewer digits are kept exactly
_FEWEST = 3  # scores that show how a column is written
FRACTION = sentence(
    "All scores in this column are between 0 and 1, as Excel keeps percentages. Write scores from 0 to 100: 51, not "
    "0.51 and no percentages."
)

SHARE = sentence(
    "Other scores in this column have a percent sign, so that Excel most likely keeps this one as a share: 0.7 for "
    "70 percent. Write scores from 0 to 100, without the sign."
)


@dataclass(frozen=True)
class Manner:
    """How cells are to be read.

    ``areas`` and ``needs``: what reads their codes. ``dates``, ``numbers``: what the user said.
    ``comma_files``: names of the CSV files separated by semicolons.
    """

    framework: Framework
    areas: CodeReader
    needs: CodeReader
    dates: Order | None = None
    numbers: Writing | None = None
    comma_files: frozenset[str] = field(default_factory=frozenset)


def reader_for(column: Column, texts: Sequence[str], manner: Manner, *, comma: bool) -> Reader:
    """The reader of a column's cells; ``texts``: its different text cells, which may show how it is written."""
    if column.kind in NUMERIC:
        known = {text: readings(text) for text in texts if "." in text or "," in text}
        return NumberReader(column, manner.numbers, shown_in(known.values()), comma, known)
    if column.kind is Kind.DATE:
        return DayReader(manner.dates, order_shown(texts))
    if column.kind is Kind.MONTH:
        return MonthReader(manner.dates, order_shown(texts))
    return _worded(column, manner)


def _worded(column: Column, manner: Manner) -> Reader:
    if column.kind is Kind.YESNO:
        return YesNoReader(manner.framework.answers, numbered=column.name == "has_nib")
    if column.kind is Kind.YEAR:
        return YearReader(column)
    if column.kind is Kind.LIST:
        return ListReader(manner.needs if column.name == "needs" else None)
    if column.name == "area":
        return manner.areas
    if column.name == "nik":
        return nik
    return identifier if column.kind is Kind.ID else text


@dataclass(frozen=True)
class Read:
    """A column read: its values as ``held`` in a frame (a faulty month as 0), and position → what is ``wrong``."""

    held: pd.Series
    wrong: Mapping[int, Sentence]


def read_column(column: Column, cells: Sequence[Any], manner: Manner, *, comma: bool) -> Read:
    """Read all cells of one column of one sheet (None: empty)."""
    texts_only = set(map(type, cells)) <= {str, NoneType}
    if texts_only and (digits := _digits(column, cells)) is not None:
        return Read(digits, {})
    keys: Sequence[Any] = cells if texts_only else list(zip(map(type, cells), cells, strict=True))
    different = dict(zip(keys, cells, strict=True))
    texts = [cell for cell in different.values() if isinstance(cell, str)]
    reader = reader_for(column, texts, manner, comma=comma)
    known = {key: None if cell is None else broken(cell) or reader(cell) for key, cell in different.items()}
    found = [known[key] for key in keys]
    wrong: dict[int, Sentence] = {}
    if any(value.__class__ is Sentence for value in known.values()):
        wrong = {i: value for i, value in enumerate(found) if value.__class__ is Sentence}
        found = [None if value.__class__ is Sentence else value for value in found]
    if column.name == "score" and (shares := _shares(found, texts)):
        wrong = shares | wrong
        found = [None if i in shares else value for i, value in enumerate(found)]
    return Read(as_series(column, found), wrong)


def _shares(scores: Sequence[Any], texts: Sequence[str]) -> dict[int, Sentence]:
    """Position → what is wrong with scores of 0 to 100 that are shares, as Excel keeps what it shows as 51 %."""
    known = {i: value for i, value in enumerate(scores) if value is not None}
    if len(known) >= _FEWEST and max(known.values()) <= 1 and any(0 < value < 1 for value in known.values()):
        return dict.fromkeys(known, FRACTION)
    signed = any(text.endswith("%") for text in texts)
    return {i: SHARE for i, value in known.items() if signed and 0 < value <= 1}


def _digits(column: Column, cells: Sequence[str | None]) -> pd.Series | None:
    """A column of numbers of digits (and a minus sign) alone, all in range, at once; None where a cell needs a look.

    The bulk of large files is written so; cell by cell the same comes out, an order of magnitude slower.
    """
    texts = [cell for cell in cells if cell is not None]
    joined = "".join(texts).replace("-", "")
    if column.kind not in NUMERIC or not (joined.isascii() and joined.isdecimal()):
        return None
    if not 0 < min(map(len, texts)) <= max(map(len, texts)) < _MOST_DIGITS:
        return None
    try:
        values = np.array(texts).astype(np.float64) + 0.0
    except ValueError:  # a sign out of place
        return None
    if any(out_of_range(float(value), column) for value in (values.min(), values.max())):
        return None
    held = np.full(len(cells), np.nan)
    held[[cell is not None for cell in cells]] = values
    return as_series(column, held)


def as_series(column: Column, found: list[Any] | NDArray[Any]) -> pd.Series:
    """Values as data/batch.py holds them."""
    if column.kind is Kind.DATE:
        return pd.Series(np.array(found, dtype="datetime64[D]").astype("datetime64[ns]"))
    if column.kind is Kind.MONTH:
        return pd.Series([0 if value is None else value for value in found], dtype="int64")
    if DTYPES[column.kind] == "float64":
        values = pd.Series(np.array(found, dtype="float64"))
        return values if column.default is None else values.fillna(column.default)
    return pd.Series(found, dtype=object)


def manner_of(framework: Framework, areas: Mapping[str, Any] | None = None) -> Manner:
    """The manner of a framework; ``areas`` stand in place of its own if a dataset brings some."""
    return Manner(framework, code_reader(areas or framework.areas), code_reader(framework.problems))
