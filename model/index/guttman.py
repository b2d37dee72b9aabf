"""Guttman's scale coefficients by Goodenough–Edwards errors, exact: Kr, Ks, MMR, CS, and the range under ties.

Items are ordered by their number of yes; a respondent with score s should have said yes to the s most popular items,
and every cell that differs counts one error. Other counting rules (Cornell, minimum error, below-hardest-yes) give
other numbers. Source: Goodenough 1944, Edwards 1957; Ks after Sihombing & Hasan 2019 as we read it (our inference).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from model.index.bits import Answers, Words, masks, ones, packed, yes_by_item

COUNTING_RULE = "Goodenough-Edwards"


@dataclass(frozen=True)
class GuttmanCount:
    """All that the coefficients are made of, as whole numbers.

    ``yes``: number of yes per item. ``errors``: by the item order used. ``errors_least``, ``errors_most``: bounds over
    every order inside the ties; both ends need not be reached by one order, since each respondent takes its own best
    or worst.
    """

    respondents: int
    yes: tuple[int, ...]
    errors: int
    errors_least: int
    errors_most: int

    @property
    def items(self) -> int:
        """Number of items k."""
        return len(self.yes)

    @property
    def cells(self) -> int:
        """Number of answers n·k."""
        return self.respondents * self.items

    @property
    def noes(self) -> int:
        """Number of no, which is 2x: x = 0.5 (nk − number of yes)."""
        return self.cells - sum(self.yes)

    @property
    def modal(self) -> int:
        """Answers that agree with their item's more frequent answer: n·k·MMR."""
        return sum(max(yes, self.respondents - yes) for yes in self.yes)

    def kr(self, errors: int | None = None) -> Fraction | None:
        """Reproducibility 1 − e/(nk), exact; None without answers."""
        e = self.errors if errors is None else errors
        return 1 - Fraction(e, self.cells) if self.cells else None

    def ks(self, errors: int | None = None) -> Fraction | None:
        """Scalability 1 − e/x, exact and never cut at 0; None if every answer is yes (x = 0)."""
        e = self.errors if errors is None else errors
        return 1 - Fraction(2 * e, self.noes) if self.noes else None

    def mmr(self) -> Fraction | None:
        """Minimal marginal reproducibility: mean over items of max(p, 1 − p)."""
        return Fraction(self.modal, self.cells) if self.cells else None

    def cs(self) -> Fraction | None:
        """Menzel's coefficient of scalability (Kr − MMR)/(1 − MMR); None where every item is constant."""
        spread = self.cells - self.modal
        return 1 - Fraction(self.errors, spread) if spread else None


def popularity_order(yes: NDArray[np.int64], tie_order: Sequence[int] | None = None) -> NDArray[np.intp]:
    """Items from most to least yes; ties by column order, or as they follow each other in ``tie_order``."""
    place = np.arange(len(yes))
    if tie_order is not None:
        place = np.empty(len(yes), dtype=np.intp)
        place[np.asarray(tie_order, dtype=np.intp)] = np.arange(len(yes))
    return np.lexsort((place, -yes))


def count_errors(answers: Answers, tie_order: Sequence[int] | None = None) -> GuttmanCount:
    """Count Goodenough–Edwards errors and their bounds under ties.

    Args:
        answers: (n, k) zeros and ones without missing cells.
        tie_order: all columns in the order in which tied items follow each other; column order if None.
    """
    n, k = answers.shape
    yes = yes_by_item(answers)
    order = popularity_order(yes, tie_order)
    top = _top_masks(order, k)
    ties = _Ties.of(yes[order], order)
    total = hits = least = most = 0
    for words in packed(answers):
        scores = ones(words)
        total += int(scores.sum())
        here = int(np.bitwise_count(words & top.take(scores, axis=0)).sum())
        hits += here
        low, high = ties.hits(words, scores, top) if ties.any else (here, here)
        least, most = least + low, most + high
    return GuttmanCount(n, tuple(yes.tolist()), 2 * (total - hits), 2 * (total - most), 2 * (total - least))


def _top_masks(order: NDArray[np.intp], k: int) -> Words:
    """Row s: bits of the s most popular items, s = 0..k."""
    rank = np.empty(k, dtype=np.intp)
    rank[order] = np.arange(k)
    return masks(rank[None, :] < np.arange(k + 1)[:, None])


@dataclass(frozen=True)
class _Ties:
    """Per score s = 0..k the block of tied items that rank s cuts: its first rank, its size and its bits."""

    start: NDArray[np.intp]
    size: NDArray[np.intp]
    block: Words

    @classmethod
    def of(cls, sorted_yes: NDArray[np.int64], order: NDArray[np.intp]) -> "_Ties":
        k = len(order)
        start = np.searchsorted(-sorted_yes, -sorted_yes, side="left")
        end = np.searchsorted(-sorted_yes, -sorted_yes, side="right")
        start, end = np.append(start, k), np.append(end, k)
        member = np.zeros((k + 1, k), dtype=np.bool_)
        ranks = np.arange(k)
        member[:, order] = (ranks >= start[:, None]) & (ranks < end[:, None])
        return cls(start, end - start, masks(member))

    @property
    def any(self) -> bool:
        """Whether two items have the same number of yes."""
        return bool((self.size > 1).any())

    def hits(self, words: Words, scores: NDArray[np.intp], top: Words) -> tuple[int, int]:
        """Bounds of the yes answers inside the top s, summed over rows.

        A block of ``size`` tied items of which ``slots`` lie inside the top s gives between
        max(0, ones + slots − size) and min(ones, slots) hits; blocks wholly inside give all their ones.
        """
        start, size = self.start.take(scores), self.size.take(scores)
        inside = int(np.bitwise_count(words & top.take(start, axis=0)).sum())
        said, slots = ones(words & self.block.take(scores, axis=0)), scores - start
        low = np.maximum(0, said + slots - size).sum()
        high = np.minimum(said, slots).sum()
        return inside + int(low), inside + int(high)
