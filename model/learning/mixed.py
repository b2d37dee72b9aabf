"""Random-intercept regression with cluster-robust covariance: mentors are the sample, not engagements.

y = Xβ + u_m + e, generalised least squares with the variance ratio ρ = σ²_u/σ²_e by restricted maximum likelihood; the
covariance of β by the jackknife over mentors (CV3 of MacKinnon, Nielsen & Webb 2023, J. Econometrics 232, 272–299),
which holds whatever the correlation within a mentor and errs on the wide side with few mentors. A ridge on some
columns (sparse categories) is a prior in the same units as the residual variance.
"""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize_scalar

from model.learning.blur import Blur, limited
from model.learning.relation import STEADY

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_LOG_RATIO = (-12.0, 4.0)

_SHARES = (1.0, 0.75, 0.5, 0.25)
"""Shares of the scores' noise to take out; the first counts that leaves a solvable fit without any one mentor."""


@dataclass(frozen=True)
class Mixed:
    """``coefficients`` (P), their mentor-clustered ``covariance`` (P, P), σ²_u and σ²_e, number of mentors.

    ``inverse``: (P, P) (XᵀV⁻¹X + penalty)⁻¹ in units of σ²_e. ``steps``: (M, P) what leaving each mentor out does to
    the coefficients, scaled so that ``steps``ᵀ · ``steps`` is the covariance.
    """

    coefficients: Floats
    covariance: Floats
    inverse: Floats
    steps: Floats
    between: float
    within: float
    mentors: int


@dataclass(frozen=True)
class _Clusters:
    """[X y] sorted by mentor, where each mentor's rows begin, and their sums."""

    rows: Floats
    starts: Integers
    sizes: Floats
    sums: Floats
    gram: Floats
    penalty: Floats

    def system(self, ratio: float) -> Floats:
        """[X y]ᵀV⁻¹[X y] for V = I + ratio · (same mentor), plus the penalties."""
        shrink = ratio / (1.0 + self.sizes * ratio)
        full: Floats = self.gram - (self.sums * shrink[:, None]).T @ self.sums
        full[np.diag_indices(len(self.penalty))] += self.penalty
        return full


def random_intercept(X: Floats, y: Floats, mentor: Integers, penalty: Floats, blur: Blur | None = None) -> Mixed:
    """Fit.

    Args:
        X: (n, P) design, with its intercept column.
        y: (n) outcome.
        mentor: (n) codes; every mentor of the sample has a row.
        penalty: (P) ridge per column, 0 for none, as residual variance / prior variance.
        blur: noise in the last T columns, taken out of the fit; None where none is known.
    """
    clusters = _clusters(X, y, mentor, penalty)
    ratio = _ratio(clusters)
    if blur is not None:
        noise = _noise(clusters, ratio, clusters.system(ratio), blur)
        for share in _SHARES:
            with suppress(np.linalg.LinAlgError):
                return _solved(clusters, ratio, share * noise)
    return _solved(clusters, ratio, None)


def _solved(clusters: _Clusters, ratio: float, noise: Floats | None) -> Mixed:
    """Fit at a variance ratio with (M, T, T) ``noise`` taken out of the last T columns.

    Raises:
        LinAlgError: so much noise leaves nothing to solve, with all mentors or without one of them.
    """
    system, width = clusters.system(ratio), len(clusters.penalty)
    if noise is not None:
        scores = slice(width - noise.shape[1], width)
        system[scores, scores] -= noise.sum(axis=0)
    factor = cho_factor(system[:-1, :-1], lower=True)
    coefficients = cho_solve(factor, system[:-1, -1])
    count = len(clusters.rows)
    within = float(system[-1, -1] - system[:-1, -1] @ coefficients) / max(count - width, 1)
    steps = _jackknife(clusters, ratio, (system, noise), coefficients)
    inverse = cho_solve(factor, np.eye(width))
    return Mixed(coefficients, steps.T @ steps, inverse, steps, ratio * within, within, len(clusters.starts))


def _clusters(X: Floats, y: Floats, mentor: Integers, penalty: Floats) -> _Clusters:
    order = np.argsort(mentor, kind="stable")
    rows = np.column_stack([X, y])[order]
    starts = np.flatnonzero(np.diff(mentor[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(rows))).astype(float)
    gram = rows.T @ rows
    steady = STEADY * np.trace(gram[:-1, :-1]) / len(penalty)
    return _Clusters(rows, starts, sizes, np.add.reduceat(rows, starts), gram, penalty + steady)


def _ratio(clusters: _Clusters) -> float:
    """ρ at the smallest restricted −2 log likelihood."""
    free = len(clusters.rows) - len(clusters.penalty)

    def deviance(log_ratio: float) -> float:
        ratio = float(np.exp(log_ratio))
        system = clusters.system(ratio)
        factor = cho_factor(system[:-1, :-1], lower=True)
        left = system[-1, -1] - system[:-1, -1] @ cho_solve(factor, system[:-1, -1])
        logs = 2.0 * np.log(np.diag(factor[0])).sum() + np.log1p(clusters.sizes * ratio).sum()
        return float(free * np.log(max(left, 1e-300)) + logs)

    found = minimize_scalar(deviance, bounds=_LOG_RATIO, method="bounded", options={"xatol": 1e-3})
    return float(np.exp(found.x))


def _noise(clusters: _Clusters, ratio: float, system: Floats, blur: Blur) -> Floats:
    """(M, T, T) noise to be taken out, mentor by mentor."""
    noise = blur.of(ratio / (1.0 + clusters.sizes * ratio))
    inverse: Floats = np.linalg.inv(system[:-1, :-1])[-noise.shape[1] :, -noise.shape[1] :].astype(np.float64)
    allowed: Floats = noise * limited(noise.sum(axis=0), inverse)
    return allowed


def _jackknife(clusters: _Clusters, ratio: float, fitted: tuple[Floats, Floats | None], coefficients: Floats) -> Floats:
    """Σ_m (β₍₋m₎ − β)(β₍₋m₎ − β)ᵀ · (M − 1)/M, each β₍₋m₎ without mentor m, at the same ρ."""
    system, noise = fitted
    mentors = len(clusters.starts)
    steps = np.empty((mentors, len(coefficients)))
    ends = np.append(clusters.starts[1:], len(clusters.rows))
    for m, (start, end) in enumerate(zip(clusters.starts, ends, strict=True)):
        block = clusters.rows[start:end]
        shrink = ratio / (1.0 + (end - start) * ratio)
        own = block.T @ block - shrink * np.outer(clusters.sums[m], clusters.sums[m])
        if noise is not None:
            scores = slice(len(coefficients) - noise.shape[1], len(coefficients))
            own[scores, scores] -= noise[m]
        left = system[:-1, :-1] - own[:-1, :-1]
        score = own[:-1, -1] - own[:-1, :-1] @ coefficients
        steps[m] = -cho_solve(cho_factor(left, lower=True), score)
    scaled: Floats = steps * np.sqrt((mentors - 1) / mentors)
    return scaled
