"""How far predictions for unseen mentors miss: between mentors, within them, and as quantiles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REACH = 1.6448536269514722
"""Standard deviations to either end of a 90 % range of a normal distribution."""


@dataclass(frozen=True)
class Residuals:
    """Of out-of-fold errors: variance ``between`` mentors and ``within``; 5 % and 95 % quantile of one engagement."""

    between: float
    within: float
    low: float
    high: float

    def reach(self, engagements: int) -> float:
        """Half width of the 90 % range of an unseen mentor's mean over so many engagements."""
        return float(REACH * np.sqrt(self.between + self.within / engagements))


def residuals_of(errors: Floats, mentor: Integers) -> Residuals:
    """Variance components by analysis of variance (unequal group sizes), quantiles with every mentor alike.

    Args:
        errors: (n) outcome − out-of-fold prediction.
        mentor: (n) codes 0..M−1, M ≥ 2.
    """
    sizes = np.bincount(mentor).astype(float)
    means = np.bincount(mentor, errors) / sizes
    count, mentors = len(errors), len(sizes)
    inner = float(((errors - means[mentor]) ** 2).sum())
    outer = float((sizes * (means - errors.mean()) ** 2).sum()) / (mentors - 1)
    within = inner / (count - mentors) if count > mentors else outer
    typical = (count - float((sizes**2).sum()) / count) / (mentors - 1)
    between = max((outer - within) / typical, 0.0) if count > mentors else 0.0
    low, high = _quantiles(errors, 1.0 / sizes[mentor], (0.05, 0.95))
    return Residuals(between, within, low, high)


def _quantiles(values: Floats, weights: Floats, levels: tuple[float, float]) -> tuple[float, float]:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    places = np.minimum(np.searchsorted(reached, levels), len(values) - 1)
    low, high = values[order][places]
    return float(low), float(high)
