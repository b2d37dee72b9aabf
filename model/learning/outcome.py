"""Growth of an engagement from monthly turnover (contract, section 2), on arrays of months.

A month is a whole number, year · 12 + month − 1, so that windows are plain differences.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BEFORE = (-5, 0)
AFTER = (6, 12)
NEWEST = 3
ABSURD = 5.0
"""|growth| above this (a factor of about 150 in a year) is taken for a fault in the reports, not for growth."""

_SPAN = 1 << 20


class Lack(IntEnum):
    """Why an engagement has no growth; the first that applies."""

    NONE = 0
    BEFORE = 1
    AFTER = 2
    ZERO = 3
    ABSURD = 4


@dataclass(frozen=True)
class Growth:
    """``value`` (n) growth in log points, NaN where ``lack`` (n) is not NONE; ``before`` (n) mean turnover, NaN."""

    value: Floats
    before: Floats
    lack: NDArray[np.int64]


@dataclass(frozen=True)
class Ledger:
    """Monthly amounts of many businesses, sorted so that a window is found by bisection."""

    keys: Integers
    amounts: Floats

    @classmethod
    def of(cls, business: Integers, month: Integers, amount: Floats) -> "Ledger":
        """Sort reports; ``business`` codes from 0, ``month`` as above, one report per business and month."""
        keys = business * _SPAN + month
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], amount[order])

    def mean(self, business: Integers, first: Integers, last: Integers) -> Floats:
        """Mean of the newest up to three amounts from month ``first`` to ``last`` (both in); NaN where none."""
        low = np.searchsorted(self.keys, business * _SPAN + first, side="left")
        high = np.searchsorted(self.keys, business * _SPAN + last, side="right")
        total, count = np.zeros(len(business)), np.zeros(len(business))
        for back in range(1, NEWEST + 1):
            there = high - back >= low
            total[there] += self.amounts[high[there] - back]
            count += there
        means: Floats = np.divide(total, count, out=np.full(len(business), np.nan), where=count > 0)
        return means

    def level(self, business: Integers, first: Integers, last: Integers) -> tuple[Floats, Floats]:
        """Mean log of finite amounts above 0 from month ``first`` to ``last`` (both in), and their mean month.

        Both (n), NaN where none.
        """
        above = (self.amounts > 0) & np.isfinite(self.amounts)
        keys = self.keys[above]
        low = np.searchsorted(keys, business * _SPAN + first, side="left")
        high = np.searchsorted(keys, business * _SPAN + last, side="right")
        logs = np.append(0.0, np.cumsum(np.log(self.amounts[above])))
        months = np.append(0.0, np.cumsum(keys % _SPAN, dtype=np.float64))
        count, none = high - low, np.full(len(business), np.nan)
        level = np.divide(logs[high] - logs[low], count, out=none.copy(), where=count > 0)
        return level, np.divide(months[high] - months[low], count, out=none, where=count > 0)


def growth(ledger: Ledger, business: Integers, start: Integers) -> Growth:
    """Growth of each engagement: ln(mean after) − ln(mean before), each over the newest up to three reports.

    Args:
        ledger: all reports.
        business: (n) code of the engagement's business, −1 for one without any report.
        start: (n) month of the start.
    """
    before = ledger.mean(business, start + BEFORE[0], start + BEFORE[1])
    after = ledger.mean(business, start + AFTER[0], start + AFTER[1])
    usable = (before > 0) & (after > 0)
    value = np.full(len(start), np.nan)
    with np.errstate(invalid="ignore"):
        value[usable] = np.log(after[usable]) - np.log(before[usable])
    lack = np.select(
        [np.isnan(before), np.isnan(after), ~usable, ~(np.abs(value) <= ABSURD)],
        [Lack.BEFORE, Lack.AFTER, Lack.ZERO, Lack.ABSURD],
        Lack.NONE,
    ).astype(np.int64)
    value[lack != Lack.NONE] = np.nan
    return Growth(value, before, lack)
