"""How strongly scores saturate in the effects: every bend counts by how well it predicts mentors never seen.

The effects of ten points are estimated with one bend that all areas share (training/learning/own_forms.py then tells
where on the scale they help); every bend tried is increasing, so that more points never help less. Which bend it is
cannot be told for sure. So none is chosen: the effects are averaged over the bends, and their ranges hold what is not
known of the shape.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.forms import shaped
from model.learning.conformal import Residuals, residuals_of
from model.learning.folds import mentor_folds
from model.learning.relation import BEND, Basis, out_of_fold
from model.learning.supported import FOLDS
from training.learning.estimates import WIDE
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BENDS = (0.0, BEND, 2.0, 3.0, 4.0)
"""Straight, and saturating more and more: with a bend of 4 the last ten points help a thirtieth of the first ten."""

REPEATS = 3
RESAMPLES = 1000


@dataclass(frozen=True)
class Shape:
    """The ``weights`` of ``BENDS`` (K), and the mean squared ``errors`` for unseen mentors of each (K)."""

    weights: Floats
    errors: tuple[float, ...]

    def as_answer(self) -> dict[str, Any]:
        """{"bend": the likeliest, "tried": [{"bend", "error", "weight"}]}."""
        rows = zip(BENDS, self.errors, self.weights.tolist(), strict=True)
        tried = [{"bend": bend, "error": error, "weight": weight} for bend, error, weight in rows]
        return {"bend": BENDS[int(self.weights.argmax())], "tried": tried}


def reshaped(prepared: Prepared, bend: float) -> Prepared:
    """The same rows with scores shaped by another bend."""
    basis = prepared.basis
    scores = np.where(basis.missing, 0.0, shaped(np.nan_to_num(prepared.scores), bend) / 10.0)
    return replace(prepared, basis=replace(basis, scores=scores))


def weigh_shapes(prepared: Prepared, seed: int) -> Shape:
    """Weights of all bends over repeated mentor folds, the same deals for all."""
    mentor = prepared.basis.mentor
    deals = [mentor_folds(mentor, FOLDS, np.random.default_rng([seed, 6, k])) for k in range(REPEATS)]
    errors = np.array([_errors(reshaped(prepared, bend).basis, deals) for bend in BENDS])
    spread = residuals_of(errors[BENDS.index(BEND), 0], mentor)
    logs = np.array([[log_density(own, mentor, spread) for own in bend] for bend in errors]).mean(axis=1)
    weights = stacked(logs, np.random.default_rng([seed, 7]))
    return Shape(weights, tuple(float((bend**2).mean()) for bend in errors))


def _errors(basis: Basis, deals: list[Integers]) -> Floats:
    """(REPEATS, n) outcome − prediction out of fold."""
    return np.array([basis.outcome - out_of_fold(basis, fold, score_penalty=WIDE) for fold in deals])


def log_density(errors: Floats, mentor: Integers, spread: Residuals) -> Floats:
    """Log density (M), up to a constant, of each mentor's errors together: N(0, within · I + between · 11ᵀ).

    Args:
        errors: (n) outcome − prediction.
        mentor: (n) codes 0..M−1.
        spread: variance components.
    """
    sizes, sums = np.bincount(mentor), np.bincount(mentor, errors)
    within = max(spread.within, 1e-300)
    shared = spread.between / (within + sizes * spread.between)
    logs: Floats = -0.5 * (np.bincount(mentor, errors**2) - shared * sums**2) / within
    return logs


def stacked(logs: Floats, rng: np.random.Generator) -> Floats:
    """Weights (K) of models by the log densities (K, M) of mentors they have not seen: pseudo-BMA+.

    Mean over Bayesian bootstraps of the mentors (Dirichlet weights) of exp(Σ log density), normalised, so that what
    chance decided does not decide (Yao, Vehtari, Simpson & Gelman 2018, Bayesian Analysis 13, 917–1003, section 3.4).
    """
    mentors = logs.shape[1]
    totals = rng.dirichlet(np.ones(mentors), RESAMPLES) * mentors @ logs.T
    odds = np.exp(totals - totals.max(axis=1, keepdims=True))
    weights: Floats = (odds / odds.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights
