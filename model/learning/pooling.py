"""Partial pooling across areas: effects share a common prior whose scale is bounded by published trials.

θ_a ~ N(μ, τ²) over areas, separately for the effect on every business and for the one added where there is a need;
μ ~ N(0, s²), τ half-normal with scale s. μ is integrated exactly, τ over a grid, so that not knowing how much areas
differ is in the covariance.

Where better businesses went to better mentors, scores seem to matter before the mentor came as well. That placebo
estimates the bias b of the effects: b_a ~ N(β, (σ/2)²), β ~ N(0, σ²), σ half-normal with scale s/2, also over a grid.
Where the placebo shows nothing, σ stays small and the effects as they are; where it shows something, they are corrected
by it and their ranges carry how little is known of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

Floats = NDArray[np.float64]

_GRID = np.array([0.05, 0.15, 0.3, 0.5, 0.75, 1.0, 1.4, 1.9, 2.5])
_BIAS = np.array([0.0, 0.05, 0.12, 0.25, 0.45, 0.8, 1.3, 2.0])
_FLAT = 100.0
"""Width of no prior at all, in scales of the bias."""


@dataclass(frozen=True)
class Pooled:
    """Posterior ``mean`` (k) and ``covariance`` (k, k)."""

    mean: Floats
    covariance: Floats


@dataclass(frozen=True)
class Placebo:
    """What scores seem to do to growth before the start, in the unit of the effects they may bias.

    ``estimate``: (A); ``covariance``: (A, A); ``shared``: (k, A) covariance of the effects' errors with its own; its
    A terms bias the first A effects. ``scale``: s of the bias' prior.
    """

    estimate: Floats
    covariance: Floats
    shared: Floats
    scale: float


def pool(
    estimate: Floats,
    covariance: Floats,
    group: NDArray[np.int64],
    scale: float,
    placebo: Placebo | None = None,
) -> Pooled:
    """Posterior of effects given un-pooled estimates.

    Args:
        estimate: (k) un-pooled estimates.
        covariance: (k, k) their covariance.
        group: (k) 0 or 1: effects of one group share μ and τ.
        scale: s, in the unit of the estimates; infinite for no prior (without a placebo the estimates as they are).
        placebo: what the same scores seem to do before the start; None where that cannot be told.
    """
    if placebo is None and not np.isfinite(scale):
        return Pooled(estimate, covariance)
    count = len(group)
    seen = estimate if placebo is None else np.append(estimate, placebo.estimate)
    errors = covariance if placebo is None else _joint(covariance, placebo)
    logs, means, spreads = [], [], []
    for log_prior, prior in _priors(group, scale, placebo):
        for log_bias, bias in _biases(count, placebo):
            total = errors + bias
            total[:count, :count] += prior
            factor = cho_factor(total, lower=True)
            gain = cho_solve(factor, np.vstack([prior, np.zeros((len(seen) - count, count))])).T
            half = np.log(np.diag(factor[0])).sum() + 0.5 * seen @ cho_solve(factor, seen)
            logs.append(log_prior + log_bias - float(half))
            means.append(gain @ seen)
            spreads.append(prior - gain[:, :count] @ prior)
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    mean = weights @ np.array(means)
    off = np.array(means) - mean
    spread = np.tensordot(weights, np.array(spreads), 1) + (off * weights[:, None]).T @ off
    return Pooled(mean, 0.5 * (spread + spread.T))


def _priors(group: NDArray[np.int64], scale: float, placebo: Placebo | None) -> list[tuple[float, Floats]]:
    """Log weight and covariance of θ before any data, over the grid of both τ."""
    if placebo is not None and not np.isfinite(scale):
        return [(0.0, np.eye(len(group)) * (_FLAT * placebo.scale) ** 2)]
    shared = (group[:, None] == group[None, :]) * scale**2
    steps, found = np.gradient(_GRID), []
    for i, first in enumerate(_GRID):
        for j, second in enumerate(_GRID):
            spread = np.array([first, second])[group] * scale
            weight = np.log(steps[i] * steps[j]) - 0.5 * (first**2 + second**2)
            found.append((float(weight), shared + np.diag(spread**2)))
    return found


def _biases(count: int, placebo: Placebo | None) -> list[tuple[float, Floats]]:
    """Log weight and covariance that the bias brings to effects and placebo together, over the grid of σ."""
    if placebo is None:
        return [(0.0, np.zeros((count, count)))]
    areas = len(placebo.estimate)
    reach = np.vstack([np.eye(count, areas), np.eye(areas)])
    shape = reach @ (np.ones((areas, areas)) + 0.25 * np.eye(areas)) @ reach.T
    weights = np.log(np.gradient(_BIAS)) - 0.5 * _BIAS**2
    return [
        (float(weight), (0.5 * placebo.scale * width) ** 2 * shape)
        for weight, width in zip(weights, _BIAS, strict=True)
    ]


def _joint(covariance: Floats, placebo: Placebo) -> Floats:
    joint: Floats = np.block([[covariance, placebo.shared], [placebo.shared.T, placebo.covariance]])
    return joint
