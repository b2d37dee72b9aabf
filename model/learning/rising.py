"""The relation with slopes that never fall: more points of a mentor never predict less growth.

The ridge's least squares under the bounds: a score's slope is not below nought, without the need and with it. The
controls, which have no bounds, are eliminated exactly; what is left is non-negative least squares in a score's slope
without the need and in its slope with it (Lawson & Hanson 1995, Solving Least Squares Problems, ch. 23). How much the
slopes are drawn towards nought is chosen by what predicts mentors never seen; the relation that supported_gain is
decided on keeps its fixed one (model/learning/relation.py).
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from model.learning.relation import SCORE_PENALTY, STEADY, Basis, Fit, Sums, penalties, spread

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


PENALTIES = (30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0)
"""Ridges of the scores' slopes that are looked at.

On 32 sample cities (seeds 0 to 7) the chosen one predicted unseen mentors better than a fixed 1,000 in every kind: with
effects R² rose by .001 to .007, without any by .001 to .002."""


def fit_rising(sums: Sums, basis: Basis, penalty: float = SCORE_PENALTY) -> Fit:
    """Fit on these sums; ``basis`` tells the layout and the controls' penalties only."""
    fill = sums.fill()
    wide = spread(basis, fill, traits=True)
    gram = wide.T @ sums.gram[:-1, :-1] @ wide
    steady = STEADY * max(float(np.trace(gram)) / len(gram), 1e-12)
    gram[np.diag_indices(len(gram))] += penalties(basis, penalty) + steady
    slopes = _slopes(basis)
    return Fit(_bounded(gram, wide.T @ sums.gram[:-1, -1], slopes), fill, traits=True)


def fit_chosen(basis: Basis, fold: Integers) -> tuple[Fit, float]:
    """Fit on all rows with the ridge that the folds (n) choose; gives that too."""
    parts = _parts(basis, fold)
    penalty = chosen_penalty(parts, basis)
    return _fit(parts, basis, penalty), penalty


def out_of_fold_rising(basis: Basis, fold: Integers) -> Floats:
    """Prediction of every row by the rising relation fitted on the other folds (n), which choose its ridge too."""
    parts, predicted = _parts(basis, fold), np.empty(len(fold))
    for k in range(len(parts)):
        others, test = [*parts[:k], *parts[k + 1 :]], fold == k
        predicted[test] = _fit(others, basis, chosen_penalty(others, basis)).predict(basis.take(test))
    return predicted


def chosen_penalty(parts: Sequence[Sums], basis: Basis) -> float:
    """Of :data:`PENALTIES` that whose fits on all parts but one err least on that one; the fixed one for one part."""
    if len(parts) < 2:
        return SCORE_PENALTY

    def error(penalty: float) -> float:
        return sum(
            part.rows * part.squared_error(_fit([*parts[:k], *parts[k + 1 :]], basis, penalty), basis)
            for k, part in enumerate(parts)
        )

    return min(PENALTIES, key=error)


def _parts(basis: Basis, fold: Integers) -> list[Sums]:
    return [Sums.of(basis.take(fold == k)) for k in range(int(fold.max()) + 1)]


def _fit(parts: Sequence[Sums], basis: Basis, penalty: float) -> Fit:
    return fit_rising(reduce(Sums.__add__, parts), basis, penalty)


def _slopes(basis: Basis) -> Floats:
    """Matrix from slopes without and with the need to a score's coefficient and what the need adds to it."""
    areas, crossed = basis.scores.shape[1], np.flatnonzero(basis.with_need)
    slopes = np.eye(areas + len(crossed))
    slopes[areas + np.arange(len(crossed)), crossed] = -1.0
    return slopes


def _bounded(gram: Floats, right: Floats, slopes: Floats) -> Floats:
    """Coefficients β of least ½βᵀ·gram·β − rightᵀβ, the last of them being ``slopes`` times what is not negative."""
    from scipy.linalg import cho_factor, cho_solve, solve_triangular  # noqa: PLC0415 - only training fits
    from scipy.optimize import nnls  # noqa: PLC0415 - the same

    q = len(gram) - len(slopes)
    controls = cho_factor(gram[:q, :q], lower=True)
    taken = cho_solve(controls, np.column_stack([gram[:q, q:], right[:q]]))
    left = slopes.T @ (gram[q:, q:] - gram[q:, :q] @ taken[:, :-1]) @ slopes
    asked = slopes.T @ (right[q:] - gram[q:, :q] @ taken[:, -1])
    root = np.linalg.cholesky(0.5 * (left + left.T))
    scores = slopes @ nnls(root.T, solve_triangular(root, asked, lower=True))[0]
    found: Floats = np.append(taken[:, -1] - taken[:, :-1] @ scores, scores)
    return found
