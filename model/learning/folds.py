"""Folds by mentor: the mentors of a test fold are never in its training folds."""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def mentor_folds(mentor: Integers, folds: int, rng: np.random.Generator) -> Integers:
    """Fold (0..folds−1) of every row; whole mentors are dealt at random, as evenly in number as can be.

    Args:
        mentor: (n) code of each row's mentor, 0..M−1, every code present.
        folds: number of folds; at most M.
        rng: source of the deal.
    """
    mentors = int(mentor.max()) + 1
    dealt = np.empty(mentors, dtype=np.int64)
    dealt[rng.permutation(mentors)] = np.arange(mentors) % folds
    return dealt[mentor]
