"""Validation on mentors never seen: every learner on the same mentor folds, and the two tests of supported_gain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.learning.folds import mentor_folds
from model.learning.relation import out_of_fold, r_squared
from model.learning.rising import out_of_fold_rising
from model.learning.supported import FOLDS, Support, folds_p, shuffle_p
from model.progress import Progress, silent
from model.sentences import sentence
from training.learning import pairs
from training.learning.boosted import boosted_out_of_fold
from training.learning.champion import LINEAR, Champion, choose
from training.learning.features import Rows
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


Scores = tuple[float | None, float | None]
"""R² for unseen mentors, with and without mentor traits."""


@dataclass(frozen=True)
class Validation:
    """Out-of-fold R² of each learner, the ``champion``'s out-of-fold errors with their (n) fold, and the two tests.

    ``predicted``: (n, L) out-of-fold predictions of :data:`training.learning.fold_rows.LEARNERS`.
    """

    linear: Scores
    pairs: Scores
    boosted: Scores
    mean_only: float | None
    champion: Champion
    errors: Floats
    fold: Integers
    predicted: Floats
    support: Support

    @property
    def scores(self) -> Scores:
        """Those of the champion."""
        return self.linear if self.champion.learner == LINEAR else self.pairs


def rows_of(prepared: Prepared) -> Rows:
    """What the trees of pairs read."""
    return Rows(prepared.values, prepared.controls.areas, prepared.scores, prepared.areas)


def crossed_of(prepared: Prepared) -> frozenset[str]:
    """Areas whose score × need is learned."""
    return frozenset(area for area, having in zip(prepared.areas, prepared.basis.with_need, strict=True) if having)


def validate(prepared: Prepared, seed: int, progress: Progress) -> Validation:
    """Every learner with and without mentor traits on the same mentor folds, the mean beside them, and the tests."""
    basis, outcome = prepared.basis, prepared.basis.outcome
    fold = mentor_folds(basis.mentor, FOLDS, np.random.default_rng([seed, 1]))
    progress(0.05, sentence("Testing on mentors never seen"))
    linear = [out_of_fold_rising(basis, fold), out_of_fold(basis, fold, traits=False)]
    progress(0.15, sentence("Boosted trees beside it"))
    every = rows_of(prepared)
    traitless = Rows(every.facts, every.flags, every.scores[:, :0], ())
    paired = [pairs.out_of_fold(rows, outcome, crossed_of(prepared), fold, seed) for rows in (every, traitless)]
    champion = choose(outcome, linear[0], paired[0], basis.mentor, fold)
    boosted = boosted_out_of_fold(prepared.values, prepared.scores, outcome, fold, seed)
    mean = _mean_only(outcome, fold)
    return Validation(
        (r_squared(outcome, linear[0]), r_squared(outcome, linear[1])),
        (r_squared(outcome, paired[0]), r_squared(outcome, paired[1])),
        (r_squared(outcome, boosted[0]), r_squared(outcome, boosted[1])),
        r_squared(outcome, mean),
        champion,
        outcome - (linear if champion.learner == LINEAR else paired)[0],
        fold,
        np.stack([*linear, *boosted, *paired, mean], axis=1),
        support_of(prepared, seed, progress),
    )


def support_of(prepared: Prepared, seed: int, progress: Progress = silent) -> Support:
    """Both tests of supported_gain."""
    p_shuffle = shuffle_p(
        prepared.basis,
        prepared.profiles,
        np.random.default_rng([seed, 3]),
        told=lambda share: progress(0.3 + 0.6 * share, sentence("Shuffling score profiles among mentors")),
    )
    return Support(p_shuffle, folds_p(prepared.basis, np.random.default_rng([seed, 2])))


def _mean_only(outcome: Floats, fold: Integers) -> Floats:
    """Every row predicted by the mean of the other folds."""
    predicted = np.empty(len(outcome))
    for k in range(int(fold.max()) + 1):
        predicted[fold == k] = outcome[fold != k].mean()
    return predicted
