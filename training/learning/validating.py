"""Validation on mentors never seen: every learner on the same mentor folds, and the two tests of supported_gain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.learning.folds import mentor_folds
from model.learning.relation import out_of_fold, r_squared
from model.learning.supported import FOLDS, Support, folds_p, shuffle_p
from model.progress import Progress
from model.sentences import sentence
from training.learning.boosted import boosted_r2
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Validation:
    """Out-of-fold R² of each learner, the relation's out-of-fold errors with their (n) fold, and the two tests."""

    linear: tuple[float | None, float | None]
    boosted: tuple[float | None, float | None]
    mean_only: float | None
    errors: Floats
    fold: Integers
    support: Support


def validate(prepared: Prepared, seed: int, progress: Progress) -> Validation:
    """Both learners with and without mentor traits on the same mentor folds, the mean beside them, and the tests."""
    basis = prepared.basis
    fold = mentor_folds(basis.mentor, FOLDS, np.random.default_rng([seed, 1]))
    progress(0.05, sentence("Testing on mentors never seen"))
    with_traits = out_of_fold(basis, fold)
    without = out_of_fold(basis, fold, traits=False)
    p_folds = folds_p(basis, np.random.default_rng([seed, 2]))
    progress(0.15, sentence("Boosted trees beside it"))
    boosted = boosted_r2(prepared.values, prepared.scores, basis.outcome, fold, seed)
    p_shuffle = shuffle_p(
        basis,
        prepared.profiles,
        np.random.default_rng([seed, 3]),
        told=lambda share: progress(0.3 + 0.6 * share, sentence("Shuffling score profiles among mentors")),
    )
    return Validation(
        (r_squared(basis.outcome, with_traits), r_squared(basis.outcome, without)),
        boosted,
        r_squared(basis.outcome, _mean_only(basis.outcome, fold)),
        basis.outcome - with_traits,
        fold,
        Support(p_shuffle, p_folds),
    )


def _mean_only(outcome: Floats, fold: Integers) -> Floats:
    """Every row predicted by the mean of the other folds."""
    predicted = np.empty(len(outcome))
    for k in range(int(fold.max()) + 1):
        predicted[fold == k] = outcome[fold != k].mean()
    return predicted
