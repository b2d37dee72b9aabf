"""Secondary outcomes of an engagement: what else changed beside turnover, and one index of it all.

The windows are those of growth (model/learning/outcome.py): the newest up to three reports in the months −5..0 and in
the months 6..12, here as their means. A yes/no report is 1 or 0, so a mean above 0 is a yes in one of the three.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from model.learning.outcome import ABSURD

Floats = NDArray[np.float64]


class Lack(IntEnum):
    """Why an engagement has no such outcome; the first that applies."""

    NONE = 0
    EARLY = 1  # month 12 after the start is not past
    BEFORE = 2
    AFTER = 3
    ALREADY = 4
    ABSURD = 5


@dataclass(frozen=True)
class Change:
    """``value`` (n) of the outcome, NaN where ``lack`` (n) is not NONE."""

    value: Floats
    lack: NDArray[np.int64]

    def when(self, over: NDArray[np.bool_]) -> "Change":
        """The same, EARLY where the months after are not ``over`` (n)."""
        return Change(np.where(over, self.value, np.nan), np.where(over, self.lack, Lack.EARLY))


@dataclass(frozen=True)
class Scale:
    """What an outcome is standardised by: ``mean`` and standard deviation ``sd`` of a comparison group."""

    mean: float
    sd: float


def more(before: Floats, after: Floats) -> Change:
    """Change of a count (n), after − before.

    A count and not its logarithm: none is a proper report of which no logarithm can be taken, and programmes count
    jobs added. One that rose or fell more than 148-fold (on count + 1) is taken for a fault in the reports.
    """
    factor = np.abs(np.log1p(after) - np.log1p(before))
    return _change(after - before, [(factor > ABSURD, Lack.ABSURD)], before, after)


def newly(before: Floats, after: Floats) -> Change:
    """1.0 where a yes is reported after, 0.0 where none is; only for those without any yes before (n)."""
    return _change((after > 0).astype(np.float64), [(before > 0, Lack.ALREADY)], before, after)


def _change(value: Floats, further: list[tuple[NDArray[np.bool_], Lack]], before: Floats, after: Floats) -> Change:
    reasons = [(np.isnan(before), Lack.BEFORE), (np.isnan(after), Lack.AFTER), *further]
    lack = np.select([lacking for lacking, _ in reasons], [reason for _, reason in reasons], Lack.NONE)
    return Change(np.where(lack == Lack.NONE, value, np.nan), lack.astype(np.int64))


def scale_of(values: Floats, weights: Floats) -> Scale:
    """Weighted mean and standard deviation of known values (n ≥ 1), weights of any sum."""
    mean = float(np.average(values, weights=weights))
    return Scale(mean, float(np.sqrt(np.average((values - mean) ** 2, weights=weights))))


def summary_index(components: Floats, scales: list[Scale]) -> Floats:
    """Equally weighted mean of standardised outcomes (n), NaN where no outcome of the row is known.

    After Kling, Liebman & Katz 2007 (Econometrica 75, 83–119, section 4): each outcome less the comparison group's
    mean over its standard deviation; where at least one is known, one that is missing stands at the mean of its group.
    All engagements have a mentor and so are one group. What is imputed does not differ by mentor, which draws effects
    on the index towards nought and never away from it.

    Args:
        components: (n, K) outcomes, more being better, NaN missing; each known in some row.
        scales: K, of positive sd.
    """
    z = (components - [scale.mean for scale in scales]) / [scale.sd for scale in scales]
    known = ~np.isnan(z)
    filled = np.where(known, z, np.nanmean(z, axis=0))
    index: Floats = np.where(known.any(axis=1), filled.mean(axis=1), np.nan)
    return index
