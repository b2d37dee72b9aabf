"""How far Ks would move: bootstrap over respondents or mentors, and the Ks that chance alone gives.

Ks depends on the answers only through the table t[s, j] = number of yes to item j among respondents with score s: its
sums give the item order, and the errors are 2 (Σ t − Σ of t[s, j] over the s most popular items). A resample is a
weighted sum of such tables, one per unit drawn, so that a thousand resamples are a few matrix products.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from model.framework import IndexRules
from model.index.bits import Answers, yes_by_item
from model.index.dealing import dealt_errors
from model.index.guttman import GuttmanCount, count_errors, popularity_order
from model.index.intervals import Z90
from model.sentences import Label, Sentence, sentence

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
RESAMPLES = 1000
LEAST_RESAMPLES = 200
_WORK = 100_000_000
_BATCH_CELLS = 2_000_000


@dataclass(frozen=True)
class BandShare:
    """Share of the resamples that fall in a band."""

    band: Label
    share: float


@dataclass(frozen=True)
class Bootstrap:
    """90 % percentile interval of Ks and the share of resamples per band, the bands from low to high.

    ``unit``: what was drawn with replacement, ``units`` of them; ``nested`` if those are mentors. ``undefined``: share
    of the ``resamples`` in which every answer is yes, so that Ks does not exist; the interval is over the others, the
    band shares over all.
    """

    low: float | None
    high: float | None
    bands: tuple[BandShare, ...]
    undefined: float
    unit: Sentence
    units: int
    nested: bool
    resamples: int


@dataclass(frozen=True)
class Chance:
    """Ks when the answers to every item are dealt out anew among the respondents: a staircase by chance only.

    ``low``, ``high``: 90 % of the shuffles. ``at_least``: share of them, the data counted as one more, with a Ks of at
    least the data's. ``shuffles`` is 0 for answers too many to shuffle: the mean is then exact and the spread that of
    the normal limit (model/index/dealing.py).
    """

    mean: float
    low: float
    high: float
    at_least: float
    shuffles: int


def affordable(work: int) -> int:
    """Resamples for a given work per resample: 1,000, or fewer (200 at least) where the data are very large."""
    return int(np.clip(_WORK // max(work, 1), LEAST_RESAMPLES, RESAMPLES))


def bootstrap(answers: Answers, mentors: NDArray[np.intp], rules: IndexRules, seed: Sequence[int]) -> Bootstrap:
    """Draw whole mentors with replacement, or respondents where all rows are about one mentor.

    Args:
        answers: (n, k) complete rows, n ≥ 1.
        mentors: (n) number of the mentor each row is about.
        rules: the bands of Ks.
        seed: integers that make the random stream this group's own.
    """
    _, codes = np.unique(mentors, return_inverse=True)
    nested = bool(codes.max() > 0)
    if not nested:
        codes = np.arange(len(answers))
    units = int(codes.max()) + 1
    parts = _Parts.of(answers, codes, units)
    count = affordable(parts.work)
    rng = np.random.default_rng([*seed, 1])
    done = [parts.resampled(weights) for weights in _draws(rng, units, count, max(units, parts.k * (parts.k + 1)))]
    errors, noes = (np.concatenate(column) for column in zip(*done, strict=True))
    low, high = _middle_90(errors, noes)
    shares, undefined = _band_shares(errors, noes, rules)
    unit = sentence("mentors") if nested else sentence("respondents")
    return Bootstrap(low, high, shares, undefined, unit, units, nested, count)


def _draws(rng: np.random.Generator, units: int, count: int, size: int) -> Iterator[Floats]:
    """How often each unit is drawn in each resample (batch, units), in batches of a bounded number of cells."""
    batch = max(1, _BATCH_CELLS // size)
    for start in range(0, count, batch):
        here = min(batch, count - start)
        drawn = rng.integers(0, units, size=(here, units)) + np.arange(here)[:, None] * units
        yield np.bincount(drawn.ravel(), minlength=here * units).reshape(here, units).astype(np.float64)


@dataclass(frozen=True)
class _Parts:
    """Score × item tables of the units, by score: units that have rows of the score, and their yes per item.

    ``sizes``: number of answers of each unit.
    """

    k: int
    sizes: Floats
    by_score: tuple[tuple[int, NDArray[np.intp], Floats], ...]

    @classmethod
    def of(cls, answers: Answers, codes: NDArray[np.intp], units: int) -> "_Parts":
        k = answers.shape[1]
        scores = answers.sum(axis=1, dtype=np.intp)
        parts: list[tuple[int, NDArray[np.intp], Floats]] = []
        for score in range(1, k + 1):
            rows = np.flatnonzero(scores == score)
            if len(rows):
                members, place = np.unique(codes[rows], return_inverse=True)
                cells = (place[:, None] * k + np.arange(k)).ravel()
                sums = np.bincount(cells, weights=answers[rows].ravel(), minlength=len(members) * k)
                parts.append((score, members.astype(np.intp), sums.reshape(-1, k).astype(np.float64)))
        sizes = np.bincount(codes, minlength=units).astype(np.float64) * k
        return cls(k, sizes, tuple(parts))

    @property
    def work(self) -> int:
        """Multiplications per resample."""
        return len(self.sizes) + sum(sums.size for _, _, sums in self.by_score)

    def resampled(self, weights: Floats) -> tuple[Integers, Integers]:
        """Errors and number of no in each resample; ``weights`` (batch, units) as drawn. Whole numbers, so exact."""
        table = np.zeros((len(weights), self.k + 1, self.k))
        for score, members, sums in self.by_score:
            table[:, score] = weights[:, members] @ sums
        yes = table.sum(axis=1)
        rank = np.argsort(np.argsort(-yes, axis=1, kind="stable"), axis=1, kind="stable")
        outside = rank[:, None, :] >= np.arange(self.k + 1)[:, None]
        missed = np.einsum("bsj,bsj->b", table, outside)
        noes = weights @ self.sizes - yes.sum(axis=1)
        return (2 * missed).astype(np.int64), noes.astype(np.int64)


def _middle_90(errors: Integers, noes: Integers) -> tuple[float | None, float | None]:
    known = noes > 0
    if not known.any():
        return None, None
    low, high = np.quantile(1 - 2 * errors[known] / noes[known], (0.05, 0.95))
    return float(low), float(high)


def _band_shares(errors: Integers, noes: Integers, rules: IndexRules) -> tuple[tuple[BandShare, ...], float]:
    """Share of the resamples per band, compared in whole numbers, and of those without a Ks."""
    known = noes > 0
    reached = np.zeros(len(errors), dtype=np.intp)
    for band in rules.bands:
        low = band.low
        reached += (noes - 2 * errors) * low.denominator >= low.numerator * noes
    counts = np.bincount(reached[known], minlength=len(rules.bands) + 1)
    labels = (rules.below_table, *(band.label for band in rules.bands))
    shares = (BandShare(label, int(c) / len(errors)) for label, c in zip(labels, counts, strict=True))
    return tuple(shares), float(1 - known.mean())


def chance(answers: Answers, seed: Sequence[int]) -> Chance | None:
    """Shuffle the answers within every item and count again; None if every answer is yes.

    The number of yes per item stays, so the item order and x stay, and only the errors move.
    """
    n, k = answers.shape
    yes = yes_by_item(answers)
    noes = n * k - int(yes.sum())
    if noes == 0:
        return None
    order = popularity_order(yes)
    if n * k * LEAST_RESAMPLES > _WORK:
        return _by_the_limit(count_errors(answers), yes[order])
    ranked = np.ascontiguousarray(answers[:, order].T, dtype=np.uint8)
    errors = np.concatenate([*_shuffled_errors(ranked, affordable(n * k), np.random.default_rng([*seed, 2]))])
    ks = 1 - 2 * errors / noes
    low, high = np.quantile(ks, (0.05, 0.95))
    beyond = int((errors <= _errors(ranked[None])[0]).sum())
    return Chance(float(ks.mean()), float(low), float(high), (1 + beyond) / (1 + len(ks)), len(ks))


def _by_the_limit(count: GuttmanCount, yes: Integers) -> Chance:
    mean, sd = dealt_errors(yes, count.respondents)
    middle, half = 1 - 2 * mean / count.noes, 2 * Z90 * sd / count.noes
    beyond = float(ndtr((count.errors - mean) / sd)) if sd > 0 else float(count.errors <= mean)
    return Chance(middle, middle - half, middle + half, beyond, 0)


def _shuffled_errors(ranked: NDArray[np.uint8], count: int, rng: np.random.Generator) -> Iterator[Integers]:
    """Errors after shuffling, in batches; the most popular item stays, since only relative places matter."""
    batch = max(1, _BATCH_CELLS // ranked.size)
    for start in range(0, count, batch):
        dealt = np.repeat(ranked[None], min(batch, count - start), axis=0)
        rng.permuted(dealt[:, 1:], axis=2, out=dealt[:, 1:])
        yield _errors(dealt)


def _errors(ranked: NDArray[np.uint8]) -> Integers:
    """Goodenough–Edwards errors of each set of answers (sets, k, n) whose items stand in order of popularity."""
    scores = ranked.sum(axis=1, dtype=np.uint16)
    total: Integers = scores.sum(axis=1, dtype=np.int64)
    for place in range(ranked.shape[1]):
        total -= (ranked[:, place] & (scores > place)).sum(axis=1, dtype=np.int64)
    total *= 2
    return total
