"""A published model as plain functions of one value each, for answers about one engagement within microseconds.

Each gives the exact interventional Shapley value of its feature against the model's background
(model/learning/shapley.py says how); a score that works together with its need gives the shares of both.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.learning.relation import BEND
from training.learning.controls import Levels, Numeric
from training.learning.ranges import NEED, SCORE
from training.publishing import Boosted, Model
from training.scoring.prediction import linear_features

Floats = NDArray[np.float64]
Curve = Callable[[Any], float]
"""Share of a feature at its value; None where the value is not known."""
Pair = Callable[[float | None], tuple[float, float]]
"""Shares of a score and of its need at the score."""


@dataclass(frozen=True)
class Curves:
    """``base``; ``alone``: feature → share; ``pairs``: (score, need, without the need, with it)."""

    base: float
    alone: dict[str, Curve]
    pairs: tuple[tuple[str, str, Pair, Pair], ...]


def curves_of(model: Model) -> Curves:
    """Of a published model."""
    return _linear(model) if model.boosted is None else _by_tables(model.boosted)


def _linear(model: Model) -> Curves:
    names, terms, crossed, slopes = linear_features(model)
    means = dict(zip(names, (model.background.weights @ terms).tolist(), strict=True))
    base = float(model.relation.coefficients[0]) + sum(means.values())
    alone, fills = _controls(model, means), model.relation.fill.tolist()
    plain = model.relation.coefficients[len(model.relation.coefficients) - len(crossed) - len(model.areas) :].tolist()
    for a, area in enumerate(model.areas):
        alone[SCORE + area] = _score(plain[a], -means[SCORE + area], fills[a])
    pairs = []
    for slope, a in zip(slopes, crossed.tolist(), strict=True):
        score, need = SCORE + model.areas[a], NEED + model.areas[a]
        moments = _moments(model, a)
        own = (-means[score], plain[a], fills[a])
        without, having = (_crossed(own, alone[need](flag), 0.5 * slope, moments, flag) for flag in (0.0, 1.0))
        pairs.append((score, need, without, having))
        base += slope * moments[2]
    for score, need, *_ in pairs:
        del alone[score], alone[need]
    return Curves(base, alone, tuple(pairs))


def _by_tables(boosted: Boosted) -> Curves:
    """Of trees of pairs; a need is always 0 or 1, so each pair is two curves of its score."""
    lookup, features = boosted.lookup, boosted.features
    names, edges, levels = features.names, lookup.tables.edges, dict(features.texts)
    alone: dict[str, Curve] = {}
    for place, shares in lookup.alone.items():
        name = names[place]
        alone[name] = _words(levels[name], shares) if name in levels else _steps(edges[place], shares)
    pairs = []
    for pair in lookup.pairs:
        sides = [pair.shares[np.searchsorted(edges[pair.first], flag)] for flag in (0.0, 1.0)]
        without, having = (_two_steps(edges[pair.second], side) for side in sides)
        pairs.append((names[pair.second], names[pair.first], without, having))
    return Curves(lookup.base, alone, tuple(pairs))


def _words(levels: tuple[str, ...], shares: Floats) -> Curve:
    known, unknown = dict(zip(levels, shares.tolist(), strict=False)), float(shares[-1])
    get = known.get
    return lambda word: get(word, unknown)


def _steps(edges: Floats, shares: Floats) -> Curve:
    thresholds, values = edges.tolist(), shares.tolist()
    return lambda x: values[-1] if x is None else values[bisect_left(thresholds, x)]


def _two_steps(edges: Floats, shares: Floats) -> Pair:
    """Shares of score and need by the score; ``shares``: (bins, 2), the need's first."""
    thresholds, values = edges.tolist(), [(score, need) for need, score in shares.tolist()]
    return lambda x: values[-1] if x is None else values[bisect_left(thresholds, x)]


def _moments(model: Model, a: int) -> tuple[float, float, float]:
    """Means over the background of a shaped score, of its need, and of their product."""
    background = model.background
    scores, flags = background.scores[:, a], background.needs[:, model.controls.areas.index(model.areas[a])]
    u0, v0, both = (float(background.weights @ column) for column in (scores, flags, scores * flags))
    return u0, v0, both


def _controls(model: Model, means: dict[str, float]) -> dict[str, Curve]:
    coefficients, places = model.relation.coefficients, model.controls.places()
    found: dict[str, Curve] = {}
    for number in model.controls.numbers:
        found[number.name] = _number(number, coefficients[slice(*places[number.name])], means[number.name])
    for text in model.controls.texts:
        found[text.name] = _text(text, coefficients[slice(*places[text.name])], means[text.name])
    flagged = [a for a, flag in zip(model.controls.areas, model.controls.flagged, strict=True) if flag]
    for area, slope in zip(flagged, coefficients[1:].tolist(), strict=False):
        found[NEED + area] = _line(slope, -means[NEED + area])
    return found


def _line(slope: float, start: float) -> Curve:
    return lambda x: start + slope * x


def _number(spec: Numeric, weights: Floats, mean: float) -> Curve:
    slope, rest = float(weights[0]), weights[1:].tolist()
    bend: float = rest.pop(0) if spec.squared else 0.0
    missing: float = (rest[0] if rest else 0.0) - mean
    centre, sd = spec.mean, spec.sd

    def share(x: float | None) -> float:
        if x is None:
            return missing
        z = (x - centre) / sd
        return (slope + bend * z) * z - mean

    return share


def _text(spec: Levels, weights: Floats, mean: float) -> Curve:
    known = dict(zip(spec.levels, (weights - mean).tolist(), strict=True))
    get = known.get
    return lambda word: get(word, -mean)


_FULL = 10.0 / math.expm1(-BEND)


def _tens(x: float | None, fill: float) -> float:
    return fill if x is None else _FULL * math.expm1(-BEND * x / 100.0)


def _score(slope: float, start: float, fill: float) -> Curve:
    return lambda x: start + slope * _tens(x, fill)


def _crossed(
    own: tuple[float, float, float], need: float, half: float, moments: tuple[float, float, float], flag: float
) -> Pair:
    """Shares of a score and its need where the need's flag is given, both straight lines in the shaped score.

    Args:
        own: start and slope of the score's own term, and what a missing score stands at.
        need: the need's own term at the flag.
        half: half the slope of the product, which each of the two gets.
        moments: means of score, need and product over the background.
        flag: 0.0 or 1.0.
    """
    u0, v0, both = moments
    start, slope, fill = own
    start, rises = start - half * (both + u0 * flag), slope + half * (flag + v0)
    need, needs = need + half * (u0 * flag - both), half * (flag - v0)

    def shares(x: float | None) -> tuple[float, float]:
        u = fill if x is None else _FULL * math.expm1(-BEND * x / 100.0)
        return start + rises * u, need + needs * u

    return shares
