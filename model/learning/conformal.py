"""Ranges of predictions for mentors never seen, from how far predictions of other mentors missed (conformal).

Mentors are the sample: every mentor weighs the same however many engagements there are, and one share 1/(M + 1) of the
weight is set aside for the mentor to come (hierarchical conformal prediction: Lee, Barber & Willett 2023,
"Distribution-free inference with hierarchical data"). No shape of the errors is assumed.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOMINAL = 0.9
"""Share of unseen mentors' engagements, and of unseen mentors' means, that a range is to hold."""


@dataclass(frozen=True)
class Residuals:
    """Of out-of-fold errors: variance ``between`` mentors and ``within``, and the 90 % ranges they give.

    ``low``, ``high``: what is added to the prediction of one engagement for the ends of its range. ``stretch``: half
    the width of the range of a mentor's mean, in standard deviations of such means.
    """

    between: float
    within: float
    low: float
    high: float
    stretch: float

    def reach(self, engagements: int) -> float:
        """Half width of the 90 % range of an unseen mentor's mean over so many engagements."""
        return self.stretch * math.sqrt(self.between + self.within / engagements)


def residuals_of(errors: Floats, mentor: Integers) -> Residuals:
    """Variance components by analysis of variance (unequal group sizes), and conformal ranges by mentor.

    Below 9 mentors no finite range keeps the promise; the largest error seen stands for it then.

    Args:
        errors: (n) outcome − out-of-fold prediction.
        mentor: (n) codes 0..M−1, M ≥ 2.
    """
    sizes = np.bincount(mentor).astype(float)
    between, within = _components(errors, mentor, sizes)
    weights = 1.0 / sizes[mentor]
    low, high = _range(errors, weights, len(sizes))
    spread = np.sqrt(between + within / sizes)
    means = np.abs(np.bincount(mentor, errors)) / sizes
    scaled = np.divide(means, spread, out=np.zeros_like(means), where=spread > 0)
    rank = min(math.ceil(NOMINAL * (len(sizes) + 1) - 1e-9), len(sizes))
    return Residuals(between, within, low, high, float(np.sort(scaled)[rank - 1]))


def _components(errors: Floats, mentor: Integers, sizes: Floats) -> tuple[float, float]:
    means = np.bincount(mentor, errors) / sizes
    count, mentors = len(errors), len(sizes)
    inner = float(((errors - means[mentor]) ** 2).sum())
    outer = float((sizes * (means - errors.mean()) ** 2).sum()) / (mentors - 1)
    if count == mentors:
        return 0.0, outer
    within = inner / (count - mentors)
    typical = (count - float((sizes**2).sum()) / count) / (mentors - 1)
    return max((outer - within) / typical, 0.0), within


def _range(errors: Floats, weights: Floats, mentors: int) -> tuple[float, float]:
    """Ends that leave as much out below as above in these errors, moved out by one factor until they keep the promise.

    The factor is the conformal quantile, with 1/(mentors + 1) of the weight at infinity.
    """
    tail = (1 - NOMINAL) / 2
    low, high = -_quantile(-errors, weights, 1 - tail), _quantile(errors, weights, 1 - tail)
    if not low < 0 < high:
        low, high = -1.0, 1.0
    factor = _quantile(np.where(errors < 0, errors / low, errors / high), weights, NOMINAL * (mentors + 1) / mentors)
    return low * factor, high * factor


def _quantile(values: Floats, weights: Floats, level: float) -> float:
    """Least value that at least ``level`` of the weight is not above; the largest where the level is beyond 1."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    place = min(int(np.searchsorted(reached, level - 1e-12)), len(values) - 1)
    return float(values[order][place])


@dataclass(frozen=True)
class Held:
    """Whether ranges made without a mentor's fold held: ``engagements`` (n), ``means`` (M); ``observed`` and ``mean``.

    ``observed``: share of engagements inside, every mentor weighing the same; ``mean``: share of mentors' means.
    ``ranges``: for each fold what its ranges were made of, the errors of the other folds.
    """

    engagements: Bools
    means: Bools
    observed: float
    mean: float
    ranges: tuple[Residuals, ...]


def held(errors: Floats, mentor: Integers, fold: Integers) -> Held:
    """Check the ranges on mentors that had no part in them: each fold's from the errors of the other folds.

    Args:
        errors: (n) outcome − out-of-fold prediction.
        mentor: (n) codes 0..M−1.
        fold: (n) fold of each row, whole mentors.
    """
    sizes = np.bincount(mentor)
    means = np.bincount(mentor, errors) / sizes
    inside, middle = np.zeros(len(errors), dtype=np.bool_), np.zeros(len(sizes), dtype=np.bool_)
    ranges = []
    for k in range(int(fold.max()) + 1):
        test = fold == k
        _, codes = np.unique(mentor[~test], return_inverse=True)
        found = residuals_of(errors[~test], codes.astype(np.int64))
        ranges.append(found)
        inside[test] = (found.low <= errors[test]) & (errors[test] <= found.high)
        for m in np.unique(mentor[test]):
            middle[m] = abs(means[m]) <= found.reach(int(sizes[m]))
    share = np.bincount(mentor, inside.astype(float)) / sizes
    return Held(inside, middle, float(share.mean()), float(middle.mean()), tuple(ranges))
