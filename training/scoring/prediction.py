"""Predictions of a published model for engagements, and their exact shares by feature."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Framework
from model.learning.relation import tens
from model.learning.shapley import Pair, contributions
from training.learning.controls import Values, values_of
from training.learning.engagements import areas_of, assessed, cases
from training.learning.features import Rows
from training.learning.ranges import NEED, SCORE
from training.publishing import Boosted, Model

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """Engagements to predict: their ``table`` rows, control ``facts``, ``scores`` (r, A; NaN missing).

    An active engagement counts with its mentor's newest scores now, as the plan does; an ended one with the newest on
    or before its start. ``needs``: (r, A).
    """

    engagements: NDArray[np.object_]
    mentors: NDArray[np.object_]
    active: Bools
    facts: Values
    scores: Floats
    needs: Floats

    def take(self, rows: Bools | NDArray[np.int64]) -> "Asked":
        """The rows chosen, by flag or by place."""
        return Asked(
            self.engagements[rows],
            self.mentors[rows],
            self.active[rows],
            self.facts.take(rows),
            self.scores[rows],
            self.needs[rows],
        )


def asked(snapshot: Snapshot, framework: Framework, model: Model) -> Asked:
    """Every engagement of the snapshot, as the model sees it.

    An area the model knows but the tables no longer name counts as not assessed and not needed.
    """
    every, known = cases(snapshot, framework), assessed(snapshot, framework)
    values = values_of(snapshot, every)
    active = every.table["ended_on"].isna().to_numpy()
    today = int(np.datetime64(snapshot.as_of, "D").astype(np.int64))
    scores = known.newest(every.mentor, np.where(active, today, every.day))
    codes = tuple(areas_of(snapshot, framework))
    values = Values(values.numbers, values.texts, _aligned(values.needs, codes, model.controls.areas, 0.0))
    return Asked(
        every.table["engagement_id"].to_numpy(dtype=object),
        every.table["mentor_id"].to_numpy(dtype=object),
        active,
        values,
        _aligned(scores, known.areas, model.areas, np.nan),
        _aligned(values.needs, model.controls.areas, model.areas, 0.0),
    )


def _aligned(columns: Floats, have: tuple[str, ...], want: tuple[str, ...], otherwise: float) -> Floats:
    """Columns in the order wanted; one that is not there is filled."""
    found = np.full((len(columns), len(want)), otherwise)
    for place, code in enumerate(want):
        if code in have:
            found[:, place] = columns[:, have.index(code)]
    return found


@dataclass(frozen=True)
class Shares:
    """``features`` (F) names; ``base``; ``shares`` (r, F): base + row sum = predicted value; ``values``: own values."""

    features: tuple[str, ...]
    base: float
    shares: Floats
    values: list[list[Any]]

    @property
    def predicted(self) -> Floats:
        """(r) predictions."""
        total: Floats = self.base + self.shares.sum(axis=1)
        return total

    def take(self, rows: NDArray[np.int64]) -> "Shares":
        """The rows chosen."""
        return Shares(self.features, self.base, self.shares[rows], [[own[row] for row in rows] for own in self.values])


def explain(model: Model, rows: Asked) -> Shares:
    """Predict rows and split each prediction exactly by feature, against the model's stored background."""
    if model.boosted is not None:
        return _by_tables(model, model.boosted, rows)
    matrix = _with_missing(model, rows.facts)
    scores = np.where(np.isnan(rows.scores), model.relation.fill, tens(np.nan_to_num(rows.scores)))
    names, other, crossed, slopes = linear_features(model)
    own = _terms(model, matrix, scores)
    pairs = _pairs(model, names, (crossed, slopes), rows, scores)
    base, shares = contributions(own, other, model.background.weights, pairs)
    values = [own_values(model, name, rows) for name in names]
    return Shares(names, base + float(model.relation.coefficients[0]), shares, values)


def _by_tables(model: Model, boosted: Boosted, rows: Asked) -> Shares:
    features = boosted.features
    X = features.matrix(Rows(rows.facts, model.controls.areas, rows.scores, model.areas))
    values = [own_values(model, name, rows) for name in features.names]
    return Shares(features.names, boosted.lookup.base, boosted.lookup.explain(X), values)


def linear_features(model: Model) -> tuple[tuple[str, ...], Floats, NDArray[np.int64], list[float]]:
    """Names of the F features; their terms in the background (b, F); areas with score × need, and those slopes."""
    crossed = np.flatnonzero(model.with_need)
    slopes = model.relation.coefficients[len(model.relation.coefficients) - len(crossed) :].tolist()
    terms = _terms(model, model.background.controls, model.background.scores)
    return _features(model)[0], terms, crossed, slopes


def _with_missing(model: Model, values: Values) -> Floats:
    """Control columns; a number or text the tables no longer have counts as missing."""
    count = len(values.needs)
    numbers = {n.name: values.numbers.get(n.name, np.full(count, np.nan)) for n in model.controls.numbers}
    texts = {t.name: values.texts.get(t.name, np.full(count, "", dtype=object)) for t in model.controls.texts}
    return model.controls.matrix(Values(numbers, texts, values.needs))


def _features(model: Model) -> tuple[tuple[str, ...], list[list[int]]]:
    """Feature names and the control columns of each (none for scores)."""
    names, places = [], []
    for name, (first, last) in model.controls.places().items():
        names.append(name)
        places.append(list(range(first, last)))
    column = 1
    for area, flagged in zip(model.controls.areas, model.controls.flagged, strict=True):
        if flagged:
            names.append(NEED + area)
            places.append([column])
            column += 1
    return (*names, *(SCORE + area for area in model.areas)), places


def _terms(model: Model, matrix: Floats, scores: Floats) -> Floats:
    coefficients = model.relation.coefficients
    # column by column, so that a row's sum is the same to the last bit whatever rows stand beside it
    each, nought = matrix * coefficients[: matrix.shape[1]], np.zeros(len(matrix))
    controls = [sum((each[:, c] for c in columns), nought) for columns in _features(model)[1]]
    alone = scores * coefficients[matrix.shape[1] : matrix.shape[1] + scores.shape[1]]
    return np.column_stack([*controls, alone])


def _pairs(
    model: Model, names: tuple[str, ...], crosses: tuple[NDArray[np.int64], list[float]], rows: Asked, scores: Floats
) -> list[Pair]:
    background, found = model.background, []
    for a, slope in zip(*crosses, strict=True):
        area = model.areas[a]
        flags = background.needs[:, model.controls.areas.index(area)]
        first, second = names.index(SCORE + area), names.index(NEED + area)
        found.append(Pair(first, second, slope, scores[:, a], rows.needs[:, a], background.scores[:, a], flags))
    return found


def own_values(model: Model, name: str, rows: Asked) -> list[Any]:
    """The rows' own values of a feature: numbers (None missing), texts, needs as 1.0 or 0.0, scores."""
    if name.startswith(SCORE):
        column: Any = rows.scores[:, model.areas.index(name.removeprefix(SCORE))]
    elif name.startswith(NEED):
        column = rows.facts.needs[:, model.controls.areas.index(name.removeprefix(NEED))]
    else:
        column = rows.facts.numbers.get(name, rows.facts.texts.get(name, np.full(len(rows.mentors), np.nan)))
    return [None if isinstance(v, float) and np.isnan(v) else v for v in column.tolist()]
