"""The background that explanations compare with: at most 200 training engagements, every mentor weighing the same."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.learning.relation import tens
from training.learning.controls import Values

if TYPE_CHECKING:
    from training.learning.preparing import Prepared

Floats = NDArray[np.float64]

MOST = 200


@dataclass(frozen=True)
class Background:
    """``rows``: (b) places among the training rows, ascending. ``weights``: (b).

    ``controls``: (b, q) control columns; ``scores``: (b, A) shaped / 10; ``needs``: (b, D).
    ``reference``: feature → its weighted mean (numbers, scores, need shares) or most frequent level.
    """

    rows: NDArray[np.int64]
    controls: Floats
    scores: Floats
    needs: Floats
    weights: Floats
    reference: dict[str, Any]


def background_of(prepared: "Prepared", rng: np.random.Generator) -> Background:
    """Draw it: the same number of engagements of every mentor as far as they have them, 200 mentors at the most."""
    rows = _draw(prepared.basis.mentor, rng)
    mentor = prepared.basis.mentor[rows]
    sizes = np.bincount(mentor, minlength=len(prepared.mentors))
    weights = 1.0 / sizes[mentor]
    weights /= weights.sum()
    raw = prepared.scores[rows]
    level = np.array([_mean(column, weights) for column in raw.T])
    values = prepared.values.take(rows)
    return Background(
        rows,
        prepared.basis.controls[rows],
        tens(np.where(np.isnan(raw), level, raw)),
        values.needs,
        weights,
        _reference(prepared, values, weights) | _scores(prepared.areas, level),
    )


def _scores(areas: tuple[str, ...], level: Floats) -> dict[str, Any]:
    return {f"score:{area}": float(mean) for area, mean in zip(areas, level, strict=True)}


def _draw(mentor: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Rows, dealt out mentor by mentor in random order, so that no mentor has two before each has one."""
    order = rng.permutation(len(mentor))
    _, groups = np.unique(mentor[order], return_inverse=True)
    by_mentor = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[by_mentor], groups[by_mentor], side="left")
    turn = np.empty(len(mentor), dtype=np.int64)
    turn[by_mentor] = np.arange(len(mentor)) - starts
    lot = rng.permutation(int(mentor.max()) + 1)[mentor[order]]
    chosen = np.lexsort((lot, turn))[:MOST]
    return np.sort(order[chosen])


def _mean(values: Floats, weights: Floats) -> float:
    known = ~np.isnan(values)
    return float(np.average(values[known], weights=weights[known])) if known.any() else 0.0


def _reference(prepared: "Prepared", values: Values, weights: Floats) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number in prepared.controls.numbers:
        found[number.name] = _mean(values.numbers[number.name], weights)
    for text in prepared.controls.texts:
        words, place = np.unique(values.texts[text.name].astype(str), return_inverse=True)
        found[text.name] = str(words[np.argmax(np.bincount(place, weights))])
    shares = weights @ values.needs
    found |= {f"need:{a}": float(share) for a, share in zip(prepared.controls.areas, shares, strict=True)}
    return found
