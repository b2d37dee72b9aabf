"""Goodenough–Edwards errors when every item's answers are dealt out at random: mean and spread without a shuffle.

One respondent's answers are then independent with the items' shares of yes, so the mean is exact. All respondents
together share each item's fixed number of yes, which takes away what the errors owe to those numbers: the variance is
that of independent rows less the part explained by the answers to each item (Hájek's projection), exact as n grows.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def dealt_errors(yes: NDArray[np.int64], n: int) -> tuple[float, float]:
    """Mean and standard deviation of the errors of n respondents; ``yes`` (k) in order of popularity.

    With d the yes answers outside the top s of a respondent with score s, the errors are 2 Σ d.
    """
    p = yes / n
    k = len(p)
    given = np.vstack([p, np.where(np.eye(k, dtype=np.bool_), 1.0, p)])
    first, second = _outside(given)
    shared = p * (first[1:] - first[0])
    free = p * (1 - p)
    explained = np.divide(shared**2, free, out=np.zeros(k), where=free > 0).sum()
    variance = second[0] - first[0] ** 2 - explained
    return float(2 * n * first[0]), float(2 * np.sqrt(max(n * variance, 0.0)))


def _outside(p: Floats) -> tuple[Floats, Floats]:
    """First and second moment of d for each row of shares (m, k).

    Score s with b yes outside the top s means s − b yes among the first s items and b among the others.
    """
    m, k = p.shape
    before, after = _sums(p), _sums(p[:, ::-1])[::-1]
    first, second = np.zeros(m), np.zeros(m)
    for s in range(k + 1):
        b = np.arange(min(s, k - s) + 1)
        together = before[s][:, s - b] * after[s][:, b]
        first += together @ b
        second += together @ (b * b)
    return first, second


def _sums(p: Floats) -> Floats:
    """P(the first t items have c yes): (k + 1, m, k + 1) over t, rows of p and c."""
    m, k = p.shape
    chances = np.zeros((k + 1, m, k + 1))
    chances[0, :, 0] = 1.0
    for t in range(k):
        share = p[:, t : t + 1]
        chances[t + 1] = chances[t] * (1 - share)
        chances[t + 1, :, 1:] += chances[t, :, :-1] * share
    return chances
