"""What was learned from, feature by feature, so that an input outside it can be called unusual."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from training.learning.controls import QUARTER, Values

if TYPE_CHECKING:
    from model.learning.conformal import Held
    from training.learning.preparing import Prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEED, SCORE = "need:", "score:"
"""Stand before the area in the name of a feature."""

MOST_WORDS = 1000
"""A text with more different values than this names its rows rather than sorts them; none of it is unusual."""


@dataclass(frozen=True)
class Seen:
    """``numbers``: feature → lowest and highest of training, scores among them; ``texts``: feature → its words.

    A need always had or never had is a number that did not vary. The quarter of a start is not among them: whoever
    starts now is later than all that was learned from.
    """

    numbers: Mapping[str, tuple[float, float]]
    texts: Mapping[str, frozenset[str]]

    def outside(
        self, values: Values, scores: Floats, flags: tuple[str, ...], areas: tuple[str, ...]
    ) -> dict[str, Bools]:
        """Features that lie outside in any row, with the rows (n); what is not known is not outside.

        Args:
            values: controls.
            scores: (n, A), NaN missing.
            flags: the areas of the needs in ``values``.
            areas: those of ``scores``.
        """
        found = {}
        for name, column in _columns(values, scores, flags, areas).items():
            if name in self.numbers:
                low, high = self.numbers[name]
                found[name] = (column < low) | (column > high)
        for name, words in self.texts.items():
            if name in values.texts:
                found[name] = np.array(
                    [word != "" and word not in words for word in values.texts[name]], dtype=np.bool_
                )
        return {name: rows for name, rows in found.items() if rows.any()}

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the model file."""
        return {
            "numbers": {name: list(ends) for name, ends in self.numbers.items()},
            "texts": {name: sorted(words) for name, words in self.texts.items()},
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Seen":
        """Back from :meth:`as_json`."""
        return cls(
            {name: (float(low), float(high)) for name, (low, high) in plain["numbers"].items()},
            {name: frozenset(words) for name, words in plain["texts"].items()},
        )


def _columns(values: Values, scores: Floats, flags: tuple[str, ...], areas: tuple[str, ...]) -> dict[str, Floats]:
    columns = dict(values.numbers)
    columns |= {NEED + area: column for area, column in zip(flags, values.needs.T, strict=True)}
    return columns | {SCORE + area: column for area, column in zip(areas, scores.T, strict=True)}


def seen_of(values: Values, scores: Floats, flags: tuple[str, ...], areas: tuple[str, ...]) -> Seen:
    """Look over the training rows; the arguments are those of :meth:`Seen.outside`."""
    columns = _columns(values, scores, flags, areas)
    numbers = {
        name: (float(np.nanmin(column)), float(np.nanmax(column)))
        for name, column in columns.items()
        if np.isfinite(column).any()
    }
    words = {name: frozenset(map(str, column)) - {""} for name, column in values.texts.items() if name != QUARTER}
    return Seen(numbers, {name: known for name, known in words.items() if 0 < len(known) <= MOST_WORDS})


def unusual_among(prepared: "Prepared", fold: Integers, kept: "Held") -> tuple[dict[str, Any], Bools]:
    """How many engagements are unusual beside those of the mentors in other folds, and how ranges held for them.

    Returns:
        {"engagements", "flagged", "covered", "features": [{"feature", "count"}]}; covered is None where none is. And
        (n) which they are.
    """
    values, scores = prepared.values, prepared.scores
    flags, areas = prepared.controls.areas, prepared.areas
    flagged, counts = np.zeros(len(fold), dtype=np.bool_), Counter[str]()
    for k in range(int(fold.max()) + 1):
        test = fold == k
        seen = seen_of(values.take(~test), scores[~test], flags, areas)
        for name, rows in seen.outside(values.take(test), scores[test], flags, areas).items():
            flagged[np.flatnonzero(test)[rows]] = True
            counts[name] += int(rows.sum())
    found = {
        "engagements": len(fold),
        "flagged": int(flagged.sum()),
        "covered": float(kept.engagements[flagged].mean()) if flagged.any() else None,
        "features": [{"feature": name, "count": count} for name, count in counts.most_common()],
    }
    return found, flagged
