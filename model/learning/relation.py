"""The relation fixed beforehand: outcome = controls + shaped scores + shaped scores × need, by ridge.

It is what ``supported_gain`` is decided on and what predicts. All it needs of the rows are sums of products, which add
over mentors, so that a fit in any fold costs a solve and not a pass over the rows. The intercept, numbers and need
flags among the controls are not shrunk, so that their centre and scale do not matter; scores have one absolute unit,
ten shaped points. So no centring or scaling is learned from rows at all. A score that is missing stands at the mean
of the training rows' mentors, which is learned in the training folds only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.forms import shaped

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BEND = 1.0
"""Shape of a score: the last ten points of a hundred help about two fifths of what the first ten do.

Between a straight line and strong saturation: on ten sample cities whose true shapes are straight, saturating or steps
(assessed without noise), the mean effect of ten points (0.021) was low by 0.003 with a bend of 2 and by 0.002 with 1.
"""

SCORE_PENALTY = 1000.0
"""Ridge on each score coefficient: residual variance / prior variance. Mentors being the sample, residuals weigh two to
three times their own variance, so it stands for ten points moving the outcome by about 5 % of its residual deviation.
On ten sample cities of each kind, 300, 1,000 and 3,000 found a gain in 10, 10, 10 (160 mentors), 6, 8, 7 (40 mentors)
and 0, 0, 0 (no effect)."""

STEADY = 1e-9
"""Share of the mean diagonal added to every diagonal, so that controls that repeat each other can be solved."""


@dataclass(frozen=True)
class Basis:
    """Rows as the relation sees them.

    ``controls``: (n, q), the first column ones; ``penalty``: (q) their ridge. ``scores``: (n, A) shaped score / 10,
    0.0 where ``missing``: (n, A). ``needs``: (n, A) 1.0 where the business has a need in the area. ``gaps``: (A) True
    where any score of the whole learning may be missing. ``with_need``: (A) False where score × need is not learned.
    ``outcome``: (n). ``mentor``: (n) codes 0..M−1.
    """

    controls: Floats
    penalty: Floats
    scores: Floats
    missing: NDArray[np.bool_]
    needs: Floats
    gaps: NDArray[np.bool_]
    with_need: NDArray[np.bool_]
    outcome: Floats
    mentor: Integers

    def take(self, rows: NDArray[np.bool_]) -> "Basis":
        """The rows chosen; mentor codes stay as they are."""
        return Basis(
            self.controls[rows],
            self.penalty,
            self.scores[rows],
            self.missing[rows],
            self.needs[rows],
            self.gaps,
            self.with_need,
            self.outcome[rows],
            self.mentor[rows],
        )


def tens(score: Floats) -> Floats:
    """Shaped score in units of ten points, the unit of the relation's score columns."""
    return shaped(score, BEND) / 10.0


def columns(basis: Basis, fill: Floats) -> Floats:
    """Design matrix: controls, the A scores, the score × need columns that are learned."""
    scores = np.where(basis.missing, fill, basis.scores)
    return np.hstack([basis.controls, scores, (scores * basis.needs)[:, basis.with_need]])


def penalties(basis: Basis, score_penalty: float = SCORE_PENALTY) -> Floats:
    """Ridge of every column of :func:`columns`."""
    terms = basis.scores.shape[1] + int(basis.with_need.sum())
    return np.concatenate([basis.penalty, np.full(terms, score_penalty)])


def solve(gram: Floats, right: Floats, penalty: Floats) -> Floats:
    """Ridge coefficients from sums of products: (XᵀX + diag(penalty) + small)⁻¹ Xᵀy."""
    from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415 - scores and explanations only read a relation

    steady = STEADY * max(float(np.trace(gram)) / len(gram), 1e-12)
    found: Floats = cho_solve(cho_factor(gram + np.diag(penalty + steady), lower=True), right)
    return found


@dataclass(frozen=True)
class Fit:
    """A fitted relation: ``coefficients`` over :func:`columns` (over the controls alone where not ``traits``)."""

    coefficients: Floats
    fill: Floats
    traits: bool

    def predict(self, basis: Basis) -> Floats:
        """Predicted outcome of rows (n)."""
        X = columns(basis, self.fill) if self.traits else basis.controls
        predicted: Floats = X @ self.coefficients
        return predicted


@dataclass(frozen=True)
class Sums:
    """Sums of products over whole mentors, of which every fit and every squared error follow.

    ``gram``: of controls, scores, scores × need, the flags of missing scores (plain and × need) and the outcome last.
    ``levels``, ``owners``: (A) sum over mentors of their mean shaped score / 10, and how many mentors have one.
    """

    gram: Floats
    levels: Floats
    owners: Floats
    rows: int

    @classmethod
    def of(cls, basis: Basis) -> "Sums":
        """Sums over all rows of ``basis``; a mentor's rows must not be split between two of them."""
        flags = basis.missing[:, basis.gaps].astype(float)
        flagged = (basis.missing * basis.needs)[:, basis.gaps & basis.with_need]
        crossed = (basis.scores * basis.needs)[:, basis.with_need]
        wide = np.hstack([basis.controls, basis.scores, crossed, flags, flagged, basis.outcome[:, None]])
        size = int(basis.mentor.max(initial=-1)) + 1
        counts = np.stack([np.bincount(basis.mentor, ~m, size) for m in basis.missing.T], axis=1)
        totals = np.stack([np.bincount(basis.mentor, s, size) for s in basis.scores.T], axis=1)
        means = np.divide(totals, counts, out=np.zeros_like(totals), where=counts > 0)
        return cls(wide.T @ wide, means.sum(axis=0), (counts > 0).sum(axis=0).astype(float), len(wide))

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.gram + other.gram, self.levels + other.levels, self.owners + other.owners, self.rows + other.rows
        )

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(
            self.gram - other.gram, self.levels - other.levels, self.owners - other.owners, self.rows - other.rows
        )

    def fill(self) -> Floats:
        """What a missing score stands at: the mean over mentors, each alike (A)."""
        return self.levels / np.maximum(self.owners, 1.0)

    def fit(self, basis: Basis, *, traits: bool = True, score_penalty: float = SCORE_PENALTY) -> Fit:
        """Fit on these sums; ``basis`` tells the layout and the controls' penalties only."""
        fill = self.fill()
        T = spread(basis, fill, traits=traits)
        gram = T.T @ self.gram[:-1, :-1] @ T
        penalty = penalties(basis, score_penalty) if traits else basis.penalty
        return Fit(solve(gram, T.T @ self.gram[:-1, -1], penalty), fill, traits)

    def squared_error(self, fitted: Fit, basis: Basis) -> float:
        """Mean squared error over these rows of a relation fitted elsewhere."""
        weights = np.append(spread(basis, fitted.fill, traits=fitted.traits) @ fitted.coefficients, -1.0)
        return float(weights @ self.gram @ weights) / max(self.rows, 1)


def spread(basis: Basis, fill: Floats, *, traits: bool) -> Floats:
    """Matrix T from the columns of :class:`Sums` (without the outcome) to those of :func:`columns`: wide · T."""
    q, areas = basis.controls.shape[1], basis.scores.shape[1]
    crossed = np.flatnonzero(basis.with_need)
    gaps, crossed_gaps = np.flatnonzero(basis.gaps), np.flatnonzero(basis.gaps & basis.with_need)
    inner = q + areas + len(crossed)
    T = np.zeros((inner + len(gaps) + len(crossed_gaps), inner if traits else q))
    np.fill_diagonal(T[:inner], 1.0)
    if traits:
        T[inner + np.arange(len(gaps)), q + gaps] = fill[gaps]
        rows = inner + len(gaps) + np.arange(len(crossed_gaps))
        T[rows, q + areas + np.searchsorted(crossed, crossed_gaps)] = fill[crossed_gaps]
    return T


def fit(basis: Basis, *, traits: bool = True, score_penalty: float = SCORE_PENALTY) -> Fit:
    """Fit the relation on all rows given."""
    return Sums.of(basis).fit(basis, traits=traits, score_penalty=score_penalty)


def out_of_fold(basis: Basis, fold: Integers, *, traits: bool = True, score_penalty: float = SCORE_PENALTY) -> Floats:
    """Prediction of every row by the relation fitted on the other folds (n)."""
    predicted = np.empty(len(fold))
    for k in range(int(fold.max()) + 1):
        test = fold == k
        learned = fit(basis.take(~test), traits=traits, score_penalty=score_penalty)
        predicted[test] = learned.predict(basis.take(test))
    return predicted


def r_squared(outcome: Floats, predicted: Floats) -> float | None:
    """1 − squared error / squared error of the mean; None where the outcome does not vary."""
    spread = float(((outcome - outcome.mean()) ** 2).sum())
    return 1.0 - float(((outcome - predicted) ** 2).sum()) / spread if spread > 0 else None
