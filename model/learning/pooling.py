"""Partial pooling across areas: effects share a common prior whose scale is bounded by published trials.

Ten points in area a are worth u_a to a business with the need: u_a ~ N(μ, τ²) over areas, μ ~ N(0, s²), τ half-normal
with scale s/2. A business without it gets a share of that, the same in all areas but for a little: v_a ~ N(κ·u_a, λ²),
the density of κ falling from 2 at 0 to 0 at 1 (the office's own standard counts only those with the need, and nobody
should gain more without it), λ half-normal with scale 0.15 s. Where no need is learned of an area, the share between
nothing and all stays open: v_a ~ N(u_a/2, s²/12), the mean and variance of a uniform share. μ and u are integrated
exactly, τ, κ and λ over a grid (full Bayes as in Gelman 2006, Bayesian Analysis 1, 515–534, not plugged in), so that
not knowing how much areas differ is in the covariance.

Where better businesses went to better mentors, scores seem to matter before the mentor came as well. That placebo
estimates the bias b of the effects: b_a ~ N(β, (σ/2)²), β ~ N(0, σ²), σ half-normal with scale s/2, also over a grid.
Where the placebo shows nothing, σ stays small and the effects as they are; where it shows something, they are corrected
by it and their ranges carry how little is known of it.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_TAU = np.array([0.02, 0.1, 0.2, 0.35, 0.55, 0.8, 1.2, 1.8])
_KAPPA = np.array([0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0])
_LAMBDA = np.array([0.02, 0.1, 0.2, 0.35])
_TAU_SCALE, _LAMBDA_SCALE = 0.5, 0.15
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


@dataclass(frozen=True)
class _Grid:
    """Log weights (G) and covariances (G, k, k) of a normal prior over a grid."""

    logs: Floats
    covariances: Floats


def pool(
    estimate: Floats, covariance: Floats, with_need: Bools, scale: float, placebo: Placebo | None = None
) -> Pooled:
    """Posterior of effects given un-pooled estimates.

    Args:
        estimate: (k) un-pooled: of all A areas v_a, then u_a − v_a of those with a need.
        covariance: (k, k) their covariance.
        with_need: (A) whether the effect of the need is among the estimates.
        scale: s, in the unit of the estimates; infinite for no prior (without a placebo the estimates as they are).
        placebo: what the same scores seem to do before the start; None where that cannot be told.
    """
    if placebo is None and not np.isfinite(scale):
        return Pooled(estimate, covariance)
    count = len(estimate)
    seen = estimate if placebo is None else np.append(estimate, placebo.estimate)
    errors = covariance if placebo is None else _joint(covariance, placebo)
    prior, bias = _prior(with_need, scale, placebo), _bias(count, placebo)
    logs, means, spreads = [], [], []
    for log_bias, shift in zip(bias.logs, bias.covariances, strict=True):
        total = np.tile(errors + shift, (len(prior.logs), 1, 1))
        total[:, :count, :count] += prior.covariances
        inverse = np.linalg.inv(total)
        gain = prior.covariances @ inverse[:, :count, :]
        squares = np.einsum("i,gij,j->g", seen, inverse, seen)
        logs.append(prior.logs + log_bias - 0.5 * (np.linalg.slogdet(total)[1] + squares))
        means.append(gain @ seen)
        spreads.append(prior.covariances - gain[:, :, :count] @ prior.covariances)
    weights = np.exp(np.concatenate(logs) - np.max(logs))
    weights /= weights.sum()
    mean = weights @ np.concatenate(means)
    off = np.concatenate(means) - mean
    spread = np.tensordot(weights, np.concatenate(spreads), 1) + (off * weights[:, None]).T @ off
    return Pooled(mean, 0.5 * (spread + spread.T))


def _prior(with_need: Bools, scale: float, placebo: Placebo | None) -> _Grid:
    """The effects before any data, over the grid of τ, κ and λ."""
    if placebo is not None and not np.isfinite(scale):
        wide = np.eye(len(with_need) + int(with_need.sum())) * (_FLAT * placebo.scale) ** 2
        return _Grid(np.zeros(1), wide[None])
    steps = [np.gradient(grid) for grid in (_TAU, _KAPPA, _LAMBDA)]
    density = [
        np.exp(-0.5 * (_TAU / _TAU_SCALE) ** 2),
        np.maximum(1.0 - _KAPPA, 0.02),
        np.exp(-0.5 * (_LAMBDA / _LAMBDA_SCALE) ** 2),
    ]
    logs = np.log(np.prod(list(product(*(s * d for s, d in zip(steps, density, strict=True)))), axis=1))
    spreads = [prior_covariance(with_need, *values) for values in product(_TAU, _KAPPA, _LAMBDA)]
    return _Grid(logs, scale**2 * np.array(spreads))


def prior_covariance(with_need: Bools, tau: float, kappa: float, spread: float) -> Floats:
    """Covariance (k, k) of the effects before any data, τ and λ (``spread``) in units of s, s being 1."""
    areas = len(with_need)
    common = np.ones((areas, areas)) + tau**2 * np.eye(areas)  # of u
    share = np.where(with_need, kappa, 0.5)
    latent = np.block([[common, np.zeros((areas, areas))], [np.zeros((areas, areas)), np.eye(areas)]])
    own = np.where(with_need, spread, 12**-0.5)
    plain = np.hstack([np.diag(share), np.diag(own)])  # v = share · u + own · standard normal
    added = np.hstack([np.eye(areas), np.zeros((areas, areas))]) - plain  # u − v
    rows = np.vstack([plain, added[with_need]])
    covariance: Floats = rows @ latent @ rows.T
    return covariance


def _bias(count: int, placebo: Placebo | None) -> _Grid:
    """What the bias brings to effects and placebo together, over the grid of σ."""
    if placebo is None:
        return _Grid(np.zeros(1), np.zeros((1, count, count)))
    areas = len(placebo.estimate)
    reach = np.vstack([np.eye(count, areas), np.eye(areas)])
    shape = reach @ (np.ones((areas, areas)) + 0.25 * np.eye(areas)) @ reach.T
    widths = 0.5 * placebo.scale * _BIAS
    return _Grid(np.log(np.gradient(_BIAS)) - 0.5 * _BIAS**2, widths[:, None, None] ** 2 * shape)


def _joint(covariance: Floats, placebo: Placebo) -> Floats:
    joint: Floats = np.block([[covariance, placebo.shared], [placebo.shared.T, placebo.covariance]])
    return joint
