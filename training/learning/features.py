"""Engagements as the columns that boosted trees read: coded texts first, then numbers, needs and raw scores."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.learning.monotone import Layout
from training.learning.controls import Values
from training.learning.ranges import NEED, SCORE

Floats = NDArray[np.float64]

MOST_LEVELS = 200
"""Levels of a text that have a code, the most frequent; the rest count as not known."""


@dataclass(frozen=True)
class Rows:
    """n engagements: ``facts``, their needs over the areas ``flags``; (n, A) ``scores`` of ``areas``, NaN missing."""

    facts: Values
    flags: tuple[str, ...]
    scores: Floats
    areas: tuple[str, ...]

    def take(self, rows: NDArray[np.bool_]) -> "Rows":
        """The rows chosen."""
        return Rows(self.facts.take(rows), self.flags, self.scores[rows], self.areas)


@dataclass(frozen=True)
class Features:
    """``texts``: name and levels in the order of their codes; ``numbers``; areas of ``needs`` and of ``scores``.

    Only what varied in training is among them.
    """

    texts: tuple[tuple[str, tuple[str, ...]], ...]
    numbers: tuple[str, ...]
    needs: tuple[str, ...]
    scores: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Feature of every column."""
        named = (*(name for name, _ in self.texts), *self.numbers)
        return (*named, *(NEED + area for area in self.needs), *(SCORE + area for area in self.scores))

    def matrix(self, rows: Rows) -> Floats:
        """(n, F) columns; NaN where a value is missing, a level has no code, or the tables have no such column."""
        columns = [_codes(levels, rows.facts.texts.get(name), len(rows.scores)) for name, levels in self.texts]
        nothing = np.full(len(rows.scores), np.nan)
        columns += [rows.facts.numbers.get(name, nothing) for name in self.numbers]
        columns += [rows.facts.needs[:, rows.flags.index(area)] for area in self.needs]
        columns += [rows.scores[:, rows.areas.index(area)] for area in self.scores]
        return np.column_stack([np.zeros((len(rows.scores), 0)), *columns])

    def layout(self, crossed: frozenset[str]) -> Layout:
        """Scores rise; a score of an area in ``crossed`` works together with the need in the area."""
        names = self.names
        pairs = tuple(
            (names.index(NEED + area), names.index(SCORE + area))
            for area in self.scores
            if area in self.needs and area in crossed
        )
        rising = tuple(range(len(names) - len(self.scores), len(names)))
        return Layout(len(names), len(self.texts), rising, pairs)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the model file."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Features":
        """Back from :meth:`as_json`."""
        texts = tuple((str(name), tuple(map(str, levels))) for name, levels in plain["texts"])
        return cls(texts, *(tuple(map(str, plain[part])) for part in ("numbers", "needs", "scores")))


def features_of(rows: Rows) -> Features:
    """What varies in training rows."""
    texts = []
    for name, words in rows.facts.texts.items():
        counts = Counter(map(str, words))
        ordered = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_LEVELS]
        if len(ordered) > 1:
            texts.append((name, tuple(ordered)))
    numbers = tuple(name for name, column in rows.facts.numbers.items() if _varies(column))
    needs = tuple(area for area, column in zip(rows.flags, rows.facts.needs.T, strict=True) if _varies(column))
    scores = tuple(area for area, column in zip(rows.areas, rows.scores.T, strict=True) if _varies(column))
    return Features(tuple(texts), numbers, needs, scores)


def _varies(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    return len(known) > 0 and float(np.ptp(known)) > 0


def _codes(levels: tuple[str, ...], words: NDArray[np.object_] | None, count: int) -> Floats:
    if words is None:
        return np.full(count, np.nan)
    place = pd.Index(list(levels)).get_indexer(pd.Index(words)).astype(float)
    return np.where(place < 0, np.nan, place)
