"""Which learner predicts: the linear relation, unless monotone trees of pairs beat it on mentors never seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.sentences import Sentence, sentence

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LINEAR, PAIRS = "linear", "boosted"
NAMES = {LINEAR: sentence("linear relation"), PAIRS: sentence("monotone boosted trees of pairs")}


@dataclass(frozen=True)
class Champion:
    """``learner`` that predicts; mean squared ``errors`` for unseen mentors of both, every engagement alike.

    ``tested``: whether the trees found a split without each of the folds.
    """

    learner: str
    errors: dict[str, float]
    tested: bool = True

    def as_answer(self) -> dict[str, Any]:
        """{"learner", "said", "errors"}."""
        return {"learner": self.learner, "said": self._said(), "errors": self.errors}

    def _said(self) -> Sentence:
        if self.learner == PAIRS:
            return sentence(
                "Monotone boosted trees of pairs predict: for mentors never seen they err less than the linear "
                "relation, by more than a standard error."
            )
        if not self.tested:
            return sentence(
                "The linear relation predicts: on so few engagements monotone boosted trees of pairs found nothing to "
                "split by in the test on mentors never seen, so what they would predict is not tested."
            )
        return sentence(
            "The linear relation predicts: for mentors never seen, monotone boosted trees of pairs do not err less by "
            "more than a standard error."
        )


def choose(outcome: Floats, linear: Floats, pairs: Floats, mentor: Integers, fold: Integers) -> Champion:
    """The trees where they err less by more than a standard error over mentors; else the relation, which is simpler.

    Trees that found no split without one of the folds were the mean there, and what they are with all rows was not
    tested: they do not predict.

    Args:
        outcome: (n).
        linear: (n) out-of-fold prediction of the relation.
        pairs: (n) the same of the trees.
        mentor: (n) codes 0..M−1.
        fold: (n) the fold that each row was held out in.
    """
    squares = {LINEAR: (outcome - linear) ** 2, PAIRS: (outcome - pairs) ** 2}
    gain = np.bincount(mentor, squares[LINEAR] - squares[PAIRS])
    spread = float(gain.std(ddof=1)) * np.sqrt(len(gain))
    tested = all(np.ptp(pairs[fold == k]) > 0 for k in np.unique(fold))
    learner = PAIRS if tested and gain.sum() > spread else LINEAR
    return Champion(learner, {name: float(square.mean()) for name, square in squares.items()}, tested=tested)
