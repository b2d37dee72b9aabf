"""Loevinger's/Mokken's H of a set of yes/no items and of each item, with standard errors; KR-20.

H = 1 − F/E: F the observed pair errors (yes to the less popular, no to the more popular of two items), E those expected
if the items were independent. Standard errors by the delta method on the multinomial of answer patterns (Kuijpers, Van
der Ark & Croon 2013), written as the variance of each respondent's influence on H.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.index.bits import Answers, Words, ones, packed, yes_by_item
from model.index.guttman import popularity_order

Floats = NDArray[np.float64]
_ROWS = 8192


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its standard error (None where it cannot be had)."""

    value: float
    se: float | None


@dataclass(frozen=True)
class _Pairs:
    """What the item shares say of all pairs: ``place`` of each item, 0 = most popular, and sums over easier and harder.

    ``misses``: Σ over easier items of 1 − p. ``harder``: Σ over harder items of p. ``usable``: items of which a pair
    error can be expected, that is, those that vary, if two do.
    """

    p: Floats
    place: NDArray[np.int64]
    misses: Floats
    harder: Floats
    usable: NDArray[np.bool_]

    @classmethod
    def of(cls, yes: NDArray[np.int64], n: int) -> "_Pairs":
        order = popularity_order(yes)
        ranked = yes[order]
        sums = np.zeros((3, len(yes)), dtype=np.int64)
        sums[0, order] = np.arange(len(yes))
        sums[1, order] = np.cumsum(n - ranked) - (n - ranked)
        sums[2, order] = ranked.sum() - np.cumsum(ranked)
        varies = (yes > 0) & (yes < n)
        return cls(yes / n, sums[0], sums[1] / n, sums[2] / n, varies & (varies.sum() > 1))


def scale_h(answers: Answers) -> Coefficient | None:
    """H of the whole set; None with fewer than two items or where no pair error can be expected.

    The observed pair errors need no pair counts: with s a respondent's score they are
    Σ_j y_j · (number of easier items) − Σ s(s − 1)/2.
    """
    n, k = answers.shape
    if n == 0 or k < 2:
        return None
    pairs = _Pairs.of(yes_by_item(answers), n)
    if not pairs.usable.any():
        return None
    expected = float(pairs.p @ pairs.misses)
    chunks = [*packed(answers)]
    counts = sum((np.bincount(ones(words), minlength=k + 1) for words in chunks), np.zeros(k + 1, dtype=np.int64))
    together = np.arange(k + 1) * np.arange(-1, k) / 2
    both = float(counts @ together) / n
    ratio = (float(pairs.p @ pairs.place) - both) / expected
    weights = (ratio * (pairs.misses - pairs.harder) - pairs.place) / expected
    centre = float(weights @ pairs.p) + both / expected
    squares = sum(float(v @ v) for v in _weighted(chunks, weights, together / expected - centre))
    return Coefficient(1 - ratio, math.sqrt(squares) / n if n > 1 else None)


def _weighted(chunks: Iterable[Words], weights: Floats, by_score: Floats) -> Iterator[Floats]:
    """Σ_j weight_j · answer_j + by_score[s] per respondent: the sums of a byte's 256 patterns are looked up."""
    padded = np.zeros(-(-len(weights) // 8) * 8)
    padded[: len(weights)] = weights
    patterns = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    tables = padded.reshape(-1, 8) @ patterns.T
    for words in chunks:
        octets = words.view(np.uint8)[:, : len(tables)]
        values = by_score.take(ones(words))
        for column, table in zip(octets.T, tables, strict=True):
            values += table.take(column)
        yield values


def item_h(answers: Answers) -> tuple[Coefficient | None, ...]:
    """H of each item with the others; None where no pair error can be expected of it (a constant item)."""
    n, k = answers.shape
    if n == 0 or k < 2:
        return tuple(None for _ in range(k))
    pairs = _Pairs.of(yes_by_item(answers), n)
    with_score = sum((x.T @ x.sum(axis=1) for x in _chunks(answers)), np.zeros(k)) / n
    observed = pairs.p * (pairs.place + 1) + pairs.harder - with_score
    expected = pairs.p * pairs.misses + pairs.harder * (1 - pairs.p)
    safe = np.where(pairs.usable, expected, 1.0)
    ratio = observed / safe
    weights = _item_weights(pairs, ratio) / safe
    mean = pairs.p @ weights + with_score / safe
    squares = np.zeros(k)
    for x in _chunks(answers):
        influence = x @ weights + x * (x.sum(axis=1, keepdims=True) / safe) - mean
        squares += np.einsum("ij,ij->j", influence, influence)
    errors = np.sqrt(squares) / n
    found = (
        Coefficient(float(1 - r), float(se) if n > 1 else None) if use else None
        for r, se, use in zip(ratio, errors, pairs.usable, strict=True)
    )
    return tuple(found)


def _chunks(answers: Answers) -> Iterator[Floats]:
    for start in range(0, len(answers), _ROWS):
        yield answers[start : start + _ROWS].astype(np.float64)


def _item_weights(pairs: _Pairs, ratio: Floats) -> Floats:
    """Weight of answer i (row) in a respondent's influence on H of item j (column), before division by E_j."""
    p, place = pairs.p, pairs.place
    harder = place[:, None] > place[None, :]
    easier = place[:, None] < place[None, :]
    weights: Floats = harder * (ratio * (1 - p) - 1) - easier * (ratio * p)
    np.fill_diagonal(weights, ratio * (pairs.misses - pairs.harder) - place - 1)
    return weights


def kr20(answers: Answers) -> float | None:
    """Kuder–Richardson formula 20, population variances; None with fewer than two items or equal scores throughout."""
    n, k = answers.shape
    if n < 2 or k < 2:
        return None
    counts = sum((np.bincount(ones(words), minlength=k + 1) for words in packed(answers)), np.zeros(k + 1, dtype=int))
    total = int(counts @ np.arange(k + 1))
    spread = n * int(counts @ np.arange(k + 1) ** 2) - total**2
    if spread == 0:
        return None
    within = sum(yes * (n - yes) for yes in yes_by_item(answers).tolist())
    return float(k / (k - 1) * (1 - within / spread))
