"""How strongly scores saturate in the effects: one bend for all areas, chosen by mentor folds.

A city's mentors cannot tell a bend of each area apart, so all areas share one; every bend tried is increasing, so that
more points never help less. The bend of the relation (model/learning/relation.py) is fixed beforehand and stays unless
another one predicts unseen mentors better by more than one standard error.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.effects import shaped
from model.learning.folds import mentor_folds
from model.learning.relation import BEND, Basis, out_of_fold
from model.learning.supported import FOLDS
from training.learning.estimates import WIDE
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]

BENDS = (0.0, BEND, 2.0, 3.0)
"""Straight, and saturating more and more: with a bend of 3 the last ten points help a fifteenth of the first ten."""

REPEATS = 3


@dataclass(frozen=True)
class Shape:
    """The ``bend`` chosen, and the mean squared ``errors`` for unseen mentors of each of ``BENDS``."""

    bend: float
    errors: tuple[float, ...]

    def as_answer(self) -> dict[str, Any]:
        """{"bend", "tried": [{"bend", "error"}]}."""
        return {"bend": self.bend, "tried": [{"bend": b, "error": e} for b, e in zip(BENDS, self.errors, strict=True)]}


def reshaped(prepared: Prepared, bend: float) -> Prepared:
    """The same rows with scores shaped by another bend."""
    basis = prepared.basis
    scores = np.where(basis.missing, 0.0, shaped(np.nan_to_num(prepared.scores), bend) / 10.0)
    return replace(prepared, basis=replace(basis, scores=scores))


def choose_shape(prepared: Prepared, seed: int) -> Shape:
    """Errors of every bend over repeated mentor folds, the same deals for all, and the bend they speak for."""
    mentor = prepared.basis.mentor
    deals = [mentor_folds(mentor, FOLDS, np.random.default_rng([seed, 6, k])) for k in range(REPEATS)]
    squares = np.array([_squares(reshaped(prepared, bend).basis, deals) for bend in BENDS])
    return Shape(best_bend(squares, mentor), tuple(float(row.mean()) for row in squares))


def best_bend(squares: Floats, mentor: NDArray[np.int64]) -> float:
    """The bend of least error, where it beats the fixed one by more than a standard error over mentors; else that.

    Args:
        squares: (bends, n) squared errors out of fold of each of ``BENDS``.
        mentor: (n) codes 0..M−1.
    """
    best, usual = int(squares.mean(axis=1).argmin()), BENDS.index(BEND)
    gain = np.bincount(mentor, squares[usual] - squares[best])
    spread = float(gain.std(ddof=1)) * np.sqrt(len(gain))
    return BENDS[best] if gain.sum() > spread else BEND


def _squares(basis: Basis, deals: list[NDArray[np.int64]]) -> Floats:
    """(n) squared error out of fold, mean over the deals."""
    predicted = [out_of_fold(basis, fold, score_penalty=WIDE) for fold in deals]
    errors: Floats = np.mean([(basis.outcome - found) ** 2 for found in predicted], axis=0)
    return errors
