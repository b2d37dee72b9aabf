"""Why a mentor stands where they stand, in sentences: own value beside a reference."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.framework import Area
from model.sentences import Label, Number, Rupiah, Sentence, sentence
from training.learning.controls import AGE, DISTRICT, OWN, PEERS, QUARTER, SECTOR, TURNOVER
from training.learning.engagements import GROWTH
from training.learning.ranges import NEED, SCORE
from training.publishing import Model
from training.scoring.prediction import Shares

_MOST = 700.0
"""Natural logarithms beyond this have no number of their own in double precision."""
LEAST = 5e-4
"""Contributions smaller than this read as nought, and are no reason."""


@dataclass(frozen=True)
class Words:
    """What the office calls its ``areas`` and, by their codes, its sectors."""

    areas: Mapping[str, Area]
    sector: Callable[[str], Label | str] = str


Show = Callable[[Any], Any]
"""Makes of a value in a sentence what the sentence shall hold in its place: itself, or its text in one language."""


def standing_reasons(
    scores: Mapping[str, float], areas: Mapping[str, Area], needing: Mapping[str, int]
) -> list[Sentence]:
    """The weakest areas that are needed (two at most) and the strongest, each beside the standard."""
    if not scores:
        return [sentence("Not assessed yet in any area.")]
    below = [a for a in scores if scores[a] < areas[a].standard]
    below.sort(key=lambda a: (-needing.get(a, 0) * (areas[a].standard - scores[a]), scores[a], a))
    said = [_weak(scores[a], areas[a], needing.get(a, 0)) for a in below[:2]]
    best = max(scores, key=lambda a: (scores[a] - areas[a].standard, a))
    if best not in below[:2]:
        said.append(
            sentence(
                "Strongest in %(area)s: %(score)s beside the standard of %(standard)s.",
                area=areas[best].label,
                score=Number(scores[best], 1),
                standard=Number(areas[best].standard, 0),
            )
        )
    return said


def _weak(value: float, area: Area, needing: int) -> Sentence:
    return sentence(
        "%(area)s at %(score)s, below the standard of %(standard)s; %(count)s active businesses need it.",
        area=area.label,
        score=Number(value, 1),
        standard=Number(area.standard, 0),
        count=Number(needing),
    )


def movers(model: Model, found: Shares, own: NDArray[np.int64], words: Words) -> list[Sentence]:
    """The two features that move the mentor's expected growth most, of those that move it at all."""
    shares = found.shares[own].mean(axis=0)
    return [
        said_of(model, found.features[place], typical([found.values[place][row] for row in own]), shares[place], words)
        for place in np.argsort(-np.abs(shares), kind="stable")[:2]
        if abs(shares[place]) >= LEAST
    ]


def said_of(model: Model, name: str, value: Any, share: float, words: Words) -> Sentence:
    """A contribution in words: the own value beside the reference, and how far it moves what is expected."""
    return teller_of(model, name, words)(value, share)


def teller_of(
    model: Model, name: str, words: Words, show: Show = lambda value: value
) -> Callable[[Any, float], Sentence]:
    """What puts a feature's contributions into words, for many of them; what stays the same is shown once, here."""
    feature, unit = natural(name, words)
    same = {"feature": show(feature), "reference": show(unit(reference_of(model, name, words)))}
    growth = model.about["outcome"] == GROWTH

    def tell(value: Any, share: float) -> Sentence:
        values = {**same, "value": unit(value), "amount": _percent(share) if growth else Number(abs(share), 3)}
        return _lowers(values) if share < 0 else _raises(values)

    return tell


def _percent(share: float) -> Sentence:
    return sentence("%(percent)s percent", percent=Number(100.0 * abs(math.expm1(min(share, _MOST))), 1))


def _lowers(values: Mapping[str, object]) -> Sentence:
    return sentence("%(feature)s %(value)s (others: %(reference)s) lowers what is expected by %(amount)s.", **values)


def _raises(values: Mapping[str, object]) -> Sentence:
    return sentence("%(feature)s %(value)s (others: %(reference)s) raises what is expected by %(amount)s.", **values)


def _shown(value: Any) -> object:
    if isinstance(value, float):
        return Number(value, 1)
    return sentence("not known") if value is None or value == "" else value


def _rupiah(logarithm: Any) -> object:
    return _shown(logarithm) if logarithm is None else Rupiah(round(math.exp(logarithm)))


def _years(logarithm: Any) -> object:
    return _shown(logarithm) if logarithm is None else Number(math.expm1(logarithm), 1)


_NATURAL: Mapping[str, tuple[Sentence, Callable[[Any], object]]] = {
    TURNOVER: (sentence("Monthly turnover before the start"), _rupiah),
    PEERS: (sentence("Typical monthly turnover of the mentor's businesses"), _rupiah),
    AGE: (sentence("Age of the business in years"), _years),
}
"""Features held as logarithms: how a reason names them, and their value in their own unit."""


def natural(name: str, words: Words) -> tuple[Sentence, Callable[[Any], object]]:
    """How a sentence names a feature, and how it shows a value of it in its own unit."""
    if name in _NATURAL:
        return _NATURAL[name]
    return label_of(name, words.areas), _shown if name != SECTOR else lambda value: _shown(level_of(name, value, words))


def reference_of(model: Model, name: str, words: Words) -> Any:
    """What a feature is compared with: the background's mean, or its mix of levels."""
    value = model.background.reference.get(name)
    if not isinstance(value, str):
        return value
    return sentence("a mix, most often %(level)s", level=level_of(name, value, words) or "–")


def level_of(name: str, value: Any, words: Words) -> Any:
    """A feature's value in the office's words, where it is a code that has some."""
    return words.sector(value) if name == SECTOR and isinstance(value, str) else value


def label_of(name: str, areas: Mapping[str, Area]) -> Sentence:
    """A feature in words."""
    if name.startswith(SCORE):
        return sentence("Score in %(area)s", area=_area_label(name.removeprefix(SCORE), areas))
    if name.startswith(NEED):
        return sentence("Need in %(area)s", area=_area_label(name.removeprefix(NEED), areas))
    words = {
        TURNOVER: sentence("Turnover before the start (logarithm)"),
        PEERS: sentence("Mean turnover of the mentor's businesses (logarithm)"),
        AGE: sentence("Age of the business (logarithm of years + 1)"),
        QUARTER: sentence("Quarter of the start"),
        SECTOR: sentence("Sector"),
        DISTRICT: sentence("District"),
    }
    return words.get(name, sentence("%(name)s", name=name.removeprefix(OWN)))


def _area_label(code: str, areas: Mapping[str, Area]) -> Label | str:
    return areas[code].label if code in areas else code


def typical(values: list[Any]) -> Any:
    """Mean of numbers, most frequent of texts, None where nothing is known."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    if isinstance(known[0], str):
        return min(Counter(known).items(), key=lambda item: (-item[1], item[0]))[0]
    return float(np.mean(known))
