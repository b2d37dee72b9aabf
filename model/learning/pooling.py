"""Partial pooling across areas: effects share a common prior whose scale is bounded by published trials.

Ten points in area a are worth u_a to a business with the need: u_a ~ N(μ, τ²) over areas, μ ~ N(0, s²), τ half-normal
with scale s/2. A business without it gets a share of that, the same in all areas but for a little: v_a ~ N(κ·u_a, λ²),
the density of κ falling from 2 at 0 to 0 at 1 (the office's own standard counts only those with the need, and nobody
should gain more without it), λ half-normal with scale 0.15 s. Areas of which no need is learned have a share of their
own, uniform between nothing and all. μ and u are integrated exactly, τ, λ and both shares over a grid (full Bayes as in
Gelman 2006, Bayesian Analysis 1, 515–534, not plugged in), so that not knowing how much areas differ is in the
covariance.

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

_TAU = np.array([0.02, 0.12, 0.25, 0.45, 0.75, 1.1, 1.7])
_KAPPA = np.array([0.0, 0.08, 0.18, 0.32, 0.5, 0.72, 1.0])
_OPEN = np.array([0.125, 0.375, 0.625, 0.875])
_LAMBDA = np.array([0.02, 0.08, 0.18, 0.35])
_TAU_SCALE, _LAMBDA_SCALE = 0.5, 0.15
_BIAS = np.array([0.0, 0.05, 0.12, 0.25, 0.45, 0.8, 1.3, 2.0])
_NEGLIGIBLE = 12.0
"""Points of the grid whose log weight is that far below the largest are left out: together below a thousandth."""

_FLAT = 100.0
"""Width of no prior at all, in scales of the bias."""


@dataclass(frozen=True)
class Pooled:
    """Posterior ``mean`` (k) and ``covariance`` (k, k), and the mixture of normals over the grid that they sum up.

    ``weights`` (G) sum to 1; ``means`` (G, k), ``covariances`` (G, k, k).
    """

    mean: Floats
    covariance: Floats
    weights: Floats
    means: Floats
    covariances: Floats


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
        return Pooled(estimate, covariance, np.ones(1), estimate[None], covariance[None])
    count = len(estimate)
    seen = estimate if placebo is None else np.append(estimate, placebo.estimate)
    errors = covariance if placebo is None else _joint(covariance, placebo)
    prior, bias = _prior(with_need, scale, placebo), _bias(count, placebo)
    logs = np.array([_log_weights(seen, errors + shift, prior) for shift in bias.covariances])
    logs += bias.logs[:, None]
    shifts, points = np.nonzero(logs > logs.max() - _NEGLIGIBLE)
    weights = np.exp(logs[shifts, points] - logs.max())
    weights /= weights.sum()
    before = prior.covariances[points]
    total = errors + bias.covariances[shifts]
    total[:, :count, :count] += before
    gain = before @ np.linalg.inv(total)[:, :count, :]
    means = gain @ seen
    mean = weights @ means
    off = means - mean
    spreads = before - gain[:, :, :count] @ before
    spread = np.einsum("g,gij->ij", weights, spreads) + (off * weights[:, None]).T @ off
    return Pooled(mean, 0.5 * (spread + spread.T), weights, means, spreads)


def _log_weights(seen: Floats, errors: Floats, prior: _Grid) -> Floats:
    """Log weight (G) of every point of the grid: log prior + log density of what is seen, up to a constant."""
    count = prior.covariances.shape[1]
    total = np.tile(errors, (len(prior.logs), 1, 1))
    total[:, :count, :count] += prior.covariances
    squares = np.linalg.solve(total, np.tile(seen[:, None], (len(total), 1, 1)))[:, :, 0] @ seen
    logs: Floats = prior.logs - 0.5 * (np.linalg.slogdet(total)[1] + squares)
    return logs


def _prior(with_need: Bools, scale: float, placebo: Placebo | None) -> _Grid:
    """The effects before any data, over the grid of τ, λ and the shares."""
    if placebo is not None and not np.isfinite(scale):
        wide = np.eye(len(with_need) + int(with_need.sum())) * (_FLAT * placebo.scale) ** 2
        return _Grid(np.zeros(1), wide[None])
    density = [
        np.gradient(_TAU) * np.exp(-0.5 * (_TAU / _TAU_SCALE) ** 2),
        np.gradient(_LAMBDA) * np.exp(-0.5 * (_LAMBDA / _LAMBDA_SCALE) ** 2),
        np.gradient(_KAPPA) * np.maximum(1.0 - _KAPPA, 0.02),
        np.ones(1 if with_need.all() else len(_OPEN)),
    ]
    shares = [np.where(with_need, kappa, own) for kappa, own in product(_KAPPA, _OPEN[: len(density[3])])]
    logs = np.log(np.prod(list(product(*density)), axis=1))
    spreads = [prior_covariance(with_need, *values) for values in product(_TAU, _LAMBDA, shares)]
    return _Grid(logs, scale**2 * np.array(spreads))


def prior_covariance(with_need: Bools, tau: float, spread: float, share: Floats) -> Floats:
    """Covariance (k, k) of the effects before any data, τ and λ (``spread``) in units of s, s being 1.

    ``share``: (A) of u that v is expected to be.
    """
    areas = len(with_need)
    common = np.ones((areas, areas)) + tau**2 * np.eye(areas)  # of u
    plain = share[:, None] * common * share + spread**2 * np.eye(areas)  # of v
    across = common * share  # of u with v
    added = common - across - across.T + plain  # of u − v
    between = (across - plain)[with_need]  # of u − v with v
    covariance: Floats = np.block([[plain, between.T], [between, added[np.ix_(with_need, with_need)]]])
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
