"""Whether mentor traits improve the prediction for mentors never seen, beyond noise (contract, section 2).

Two tests on the one relation of model/learning/relation.py, both must agree: shuffles of whole score profiles among
mentors, and repeated mentor folds whose variance is corrected for folds sharing training rows (Nadeau & Bengio 2003,
Machine Learning 52, 239–281).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.stats import t as student

from model.learning.folds import mentor_folds
from model.learning.relation import SCORE_PENALTY, STEADY, Basis, Sums, solve

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SHUFFLES = 999
REPEATS = 10
FOLDS = 5
SHUFFLE_CUT = 0.01
FOLDS_CUT = 0.05


@dataclass(frozen=True)
class Support:
    """Both p-values and what they say."""

    p_shuffle: float
    p_folds: float

    @property
    def supported(self) -> bool:
        """supported_gain of the contract."""
        return self.p_shuffle <= SHUFFLE_CUT and self.p_folds <= FOLDS_CUT


@dataclass(frozen=True)
class Profiles:
    """Every mentor's whole assessment history, as each start day would see it.

    ``tens``: (M, S, A) shaped score / 10 of mentor m at start slot s: its first where none was so early, the mean of
    the other mentors where it was never assessed. ``slot``: (n) start slot of each row.
    """

    tens: Floats
    slot: Integers


def shuffle_p(
    basis: Basis,
    profiles: Profiles,
    rng: np.random.Generator,
    count: int = SHUFFLES,
    told: Callable[[float], None] | None = None,
) -> float:
    """Probability of the penalised fit the scores bring, among ``count`` shuffles of whole profiles between mentors.

    Statistic, the same for the real and every shuffled arrangement: bᵀ(G + λ)⁻¹b with b = XᵀMy and G = XᵀMX, M taking
    out the controls by their ridge: the drop of the penalised squared error. p = (1 + number ≥ real) / (1 + count).
    """
    statistic = _Statistic(basis, profiles)
    mentors = len(profiles.tens)
    least = statistic.of(np.arange(mentors)) * (1 - 1e-9)
    beaten = 0
    for done in range(count):
        beaten += statistic.of(rng.permutation(mentors)) >= least
        if told is not None:
            told(done / count)
    return (1 + beaten) / (1 + count)


class _Statistic:
    """The drop in penalised squared error that scores bring, for any arrangement of profiles among mentors."""

    def __init__(self, basis: Basis, profiles: Profiles) -> None:
        order = np.lexsort((profiles.slot, basis.mentor))
        self.tens, self.mentor, self.slot = profiles.tens, basis.mentor[order], profiles.slot[order]
        self.crossed = np.flatnonzero(basis.with_need)
        self.needs = basis.needs[order][:, self.crossed]
        controls, outcome = basis.controls[order], basis.outcome[order]
        gram = controls.T @ controls
        root = np.linalg.cholesky(gram + np.diag(basis.penalty + STEADY * np.trace(gram) / len(gram)))
        self.taken = solve_triangular(root, controls.T, lower=True)
        self.residual = outcome - self.taken.T @ (self.taken @ outcome)

    def of(self, order: Integers) -> float:
        """Statistic where mentor m has the profile of mentor order[m]."""
        scores = self.tens[order[self.mentor], self.slot]
        X = np.hstack([scores, scores[:, self.crossed] * self.needs])
        inside = self.taken @ X
        right = X.T @ self.residual
        gram = X.T @ X - inside.T @ inside
        return float(right @ solve(gram, right, np.full(len(gram), SCORE_PENALTY)))


def folds_p(basis: Basis, rng: np.random.Generator) -> float:
    """One-sided p that the relation without mentor traits errs more, over 10 × 5 mentor folds.

    Per fold the difference of mean squared errors without − with traits, all fitted in the other folds; its mean over
    J folds has variance (1/J + n_test/n_train) · s² (Nadeau & Bengio), Student t with J − 1 degrees of freedom.
    """
    gains: list[float] = []
    for _ in range(REPEATS):
        fold = mentor_folds(basis.mentor, FOLDS, rng)
        parts = [Sums.of(basis.take(fold == k)) for k in range(FOLDS)]
        whole = Sums.of(basis)
        for test in parts:
            train = whole - test
            errors = [test.squared_error(train.fit(basis, traits=traits), basis) for traits in (False, True)]
            gains.append(errors[0] - errors[1])
    return corrected_p(np.array(gains), 1.0 / (FOLDS - 1))


def corrected_p(gains: Floats, ratio: float) -> float:
    """One-sided p of mean gain > 0 with the variance (1/J + ``ratio``) · s² of J dependent folds."""
    count = len(gains)
    spread = float(gains.var(ddof=1))
    if spread == 0:
        return 0.0 if gains.mean() > 0 else 1.0
    return float(student.sf(gains.mean() / np.sqrt((1.0 / count + ratio) * spread), count - 1))
