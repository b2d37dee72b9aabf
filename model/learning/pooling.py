"""Partial pooling across areas: effects share a common prior whose scale is bounded by published trials.

θ_a ~ N(μ, τ²) over areas, separately for the effect on every business and for the one added where there is a need;
μ ~ N(0, s²), τ half-normal with scale s. μ is integrated exactly, τ over a grid, so that not knowing how much areas
differ is in the covariance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

Floats = NDArray[np.float64]

_GRID = np.array([0.05, 0.15, 0.3, 0.5, 0.75, 1.0, 1.4, 1.9, 2.5])


@dataclass(frozen=True)
class Pooled:
    """Posterior ``mean`` (k) and ``covariance`` (k, k)."""

    mean: Floats
    covariance: Floats


def pool(estimate: Floats, covariance: Floats, group: NDArray[np.int64], scale: float) -> Pooled:
    """Posterior of effects given un-pooled estimates.

    Args:
        estimate: (k) un-pooled estimates.
        covariance: (k, k) their covariance.
        group: (k) 0 or 1: effects of one group share μ and τ.
        scale: s, in the unit of the estimates; infinite returns the estimates as they are.
    """
    if not np.isfinite(scale):
        return Pooled(estimate, covariance)
    steps = np.gradient(_GRID)
    logs, means, spreads = [], [], []
    for i, first in enumerate(_GRID):
        for j, second in enumerate(_GRID):
            prior = _prior(group, scale, np.array([first, second]) * scale)
            total = covariance + prior
            weight = np.log(steps[i] * steps[j]) - 0.5 * (first**2 + second**2)
            logs.append(weight + multivariate_normal.logpdf(estimate, cov=total, allow_singular=True))
            gain = np.linalg.solve(total, prior).T
            means.append(gain @ estimate)
            spreads.append(prior - gain @ prior)
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    mean = weights @ np.array(means)
    off = np.array(means) - mean
    spread = np.tensordot(weights, np.array(spreads), 1) + (off * weights[:, None]).T @ off
    return Pooled(mean, 0.5 * (spread + spread.T))


def _prior(group: NDArray[np.int64], scale: float, spread: Floats) -> Floats:
    """Covariance of θ before any data: s² within a group (the common μ) plus τ² on the diagonal."""
    shared = (group[:, None] == group[None, :]) * scale**2
    prior: Floats = shared + np.diag(spread[group] ** 2)
    return prior
