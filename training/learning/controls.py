"""Controls: what is known of an engagement beside the mentor's scores, as columns a relation can use.

Never among them: gender, birth year, disability, phone, NIK. Numbers enter with their square; a number that is missing
stands at the mean and has a flag; a text is a set of levels without a reference level, one unseen in training counts 0.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from training.learning.engagements import Cases

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CATEGORY_PENALTY = 5.0
"""Ridge of a level: it is trusted half where five engagements have it."""

MOST_LEVELS = 100
TURNOVER, PEERS, AGE = "turnover", "mentor_turnover", "business_age"
OWN = "control:"
"""Stands before the name of a control the dataset brings."""

QUARTER, SECTOR, DISTRICT = "start_quarter", "sector", "district"


@dataclass(frozen=True)
class Values:
    """Controls of n engagements as they are: ``numbers`` (NaN missing), ``texts`` ("" missing), ``needs`` (n, D)."""

    numbers: Mapping[str, Floats]
    texts: Mapping[str, NDArray[np.object_]]
    needs: Floats

    def take(self, rows: NDArray[Any]) -> "Values":
        """The rows chosen."""
        return Values(
            {name: values[rows] for name, values in self.numbers.items()},
            {name: values[rows] for name, values in self.texts.items()},
            self.needs[rows],
        )


@dataclass(frozen=True)
class Numeric:
    """A number: its ``mean`` and ``sd`` in training, whether it enters ``squared``, and whether any was missing."""

    name: str
    mean: float
    sd: float
    squared: bool
    missing: bool


@dataclass(frozen=True)
class Levels:
    """A text: the levels that have a column, the most frequent of training."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Controls:
    """How values become columns: intercept, need flags, then numbers and texts, one feature after another.

    ``areas``: (D) codes of all areas; ``flagged``: (D) whether the area's need has a column. ``constant``: names of
    what did not vary in training and has none.
    """

    numbers: tuple[Numeric, ...]
    texts: tuple[Levels, ...]
    areas: tuple[str, ...]
    flagged: tuple[bool, ...]
    constant: tuple[str, ...] = field(default=())

    def matrix(self, values: Values) -> Floats:
        """(n, q) columns: ones, need flags, numbers, texts."""
        blocks = [np.ones((len(values.needs), 1)), values.needs[:, list(self.flagged)]]
        blocks += [_number(n, values.numbers[n.name]) for n in self.numbers]
        blocks += [_levels(t, values.texts[t.name]) for t in self.texts]
        return np.hstack(blocks)

    def penalty(self) -> Floats:
        """(q) ridge per column: only missing flags and levels are shrunk."""
        parts = [np.zeros(1 + sum(self.flagged))]
        for number in self.numbers:
            plain = 2 if number.squared else 1
            parts.append(np.array([0.0] * plain + [CATEGORY_PENALTY] * number.missing))
        parts += [np.full(len(text.levels), CATEGORY_PENALTY) for text in self.texts]
        return np.concatenate(parts)

    def places(self) -> dict[str, tuple[int, int]]:
        """Columns (first, last + 1) of each number and text."""
        at, found = 1 + sum(self.flagged), {}
        widths = [(n.name, 1 + n.squared + n.missing) for n in self.numbers]
        widths += [(t.name, len(t.levels)) for t in self.texts]
        for name, width in widths:
            found[name] = (at, at + width)
            at += width
        return found

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the model file."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Controls":
        """Back from :meth:`as_json`."""
        return cls(
            tuple(Numeric(**n) for n in plain["numbers"]),
            tuple(Levels(t["name"], tuple(t["levels"])) for t in plain["texts"]),
            tuple(plain["areas"]),
            tuple(plain["flagged"]),
            tuple(plain["constant"]),
        )


def _number(spec: Numeric, values: Floats) -> Floats:
    missing = np.isnan(values)
    z = np.where(missing, 0.0, (values - spec.mean) / spec.sd)
    columns = [z]
    if spec.squared:
        columns.append(np.where(missing, 0.0, z * z))
    if spec.missing:
        columns.append(missing.astype(float))
    return np.stack(columns, axis=1)


def _levels(spec: Levels, values: NDArray[np.object_]) -> Floats:
    place = pd.Index(list(spec.levels)).get_indexer(pd.Index(values))
    columns = np.zeros((len(values), len(spec.levels)))
    known = place >= 0
    columns[np.flatnonzero(known), place[known]] = 1.0
    return columns


def values_of(snapshot: Snapshot, every: Cases) -> Values:
    """Controls of every engagement; a mentor's mean turnover is over all their engagements where it is known."""
    with np.errstate(divide="ignore"):
        turnover = np.log(np.where(every.before > 0, every.before, np.nan))
    began = every.businesses["start_year"].to_numpy(dtype=np.float64)
    age = every.month / 12.0 - began
    numbers = {
        TURNOVER: turnover,
        PEERS: _mentor_mean(turnover, every.mentor),
        AGE: np.log1p(np.maximum(age, 0.0)),
    }
    quarter = [f"{m // 12}-Q{m % 12 // 3 + 1}" for m in every.month]
    texts = {
        QUARTER: np.array(quarter, dtype=object),
        SECTOR: _text(every.businesses["sector"]),
        DISTRICT: _text(every.businesses["district"]),
    }
    further = _further(every.table["controls"], snapshot.dataset.controls)
    return Values(numbers | further[0], texts | further[1], every.needs)


def _text(values: pd.Series) -> NDArray[np.object_]:
    return values.fillna("").astype(str).to_numpy(dtype=object)


def _mentor_mean(values: Floats, mentor: Integers) -> Floats:
    known = ~np.isnan(values)
    size = int(mentor.max(initial=-1)) + 1
    totals = np.bincount(mentor[known], values[known], size)
    counts = np.bincount(mentor[known], minlength=size)
    means: Floats = np.divide(totals, counts, out=np.full(size, np.nan), where=counts > 0)
    spread: Floats = means[mentor]
    return spread


def _further(stored: pd.Series, names: tuple[str, ...]) -> tuple[dict[str, Floats], dict[str, NDArray[np.object_]]]:
    """A dataset's own controls, from JSON: numbers where every value given is one, else texts."""
    rows = [json.loads(text) if isinstance(text, str) else {} for text in stored]
    numbers: dict[str, Floats] = {}
    texts: dict[str, NDArray[np.object_]] = {}
    for name in names:
        column = [row.get(name) for row in rows]
        if all(value is None or (isinstance(value, int | float)) for value in column):
            numbers[OWN + name] = np.array([np.nan if value is None else float(value) for value in column])
        else:
            texts[OWN + name] = np.array(["" if value is None else str(value) for value in column], dtype=object)
    return numbers, texts


def fit_controls(values: Values, areas: tuple[str, ...]) -> Controls:
    """Learn from training rows which columns there are; what does not vary is named in ``constant``."""
    numbers, texts, constant = [], [], []
    for name, column in values.numbers.items():
        known = column[~np.isnan(column)]
        if len(known) and known.std() > 0:
            squared = len(np.unique(known)) > 2
            missing = len(known) < len(column)
            numbers.append(Numeric(name, float(known.mean()), float(known.std()), squared, missing))
        else:
            constant.append(name)
    for name, words in values.texts.items():
        counts = pd.Series(words).value_counts()
        if len(counts) > 1:
            ordered = sorted(counts.index, key=lambda word: (-int(counts[word]), str(word)))
            texts.append(Levels(name, tuple(sorted(str(word) for word in ordered[:MOST_LEVELS]))))
        else:
            constant.append(name)
    flagged = tuple(bool(0 < share < 1) for share in values.needs.mean(axis=0))
    return Controls(tuple(numbers), tuple(texts), areas, flagged, tuple(constant))
