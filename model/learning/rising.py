"""The relation with slopes that never fall: more points of a mentor never predict less growth.

The ridge's least squares under the bounds: a score's slope is not below nought, without the need and with it. The
controls, which have no bounds, are eliminated exactly; what is left is non-negative least squares in a score's slope
without the need and in its slope with it (Lawson & Hanson 1995, Solving Least Squares Problems, ch. 23).
"""

import numpy as np
from numpy.typing import NDArray

from model.learning.relation import STEADY, Basis, Fit, Sums, penalties, spread

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def fit_rising(sums: Sums, basis: Basis) -> Fit:
    """Fit on these sums; ``basis`` tells the layout and the controls' penalties only."""
    fill = sums.fill()
    wide = spread(basis, fill, traits=True)
    gram = wide.T @ sums.gram[:-1, :-1] @ wide
    steady = STEADY * max(float(np.trace(gram)) / len(gram), 1e-12)
    gram[np.diag_indices(len(gram))] += penalties(basis) + steady
    slopes = _slopes(basis)
    return Fit(_bounded(gram, wide.T @ sums.gram[:-1, -1], slopes), fill, traits=True)


def out_of_fold_rising(basis: Basis, fold: Integers) -> Floats:
    """Prediction of every row by the rising relation fitted on the other folds (n)."""
    predicted = np.empty(len(fold))
    for k in range(int(fold.max()) + 1):
        test = fold == k
        predicted[test] = fit_rising(Sums.of(basis.take(~test)), basis).predict(basis.take(test))
    return predicted


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
