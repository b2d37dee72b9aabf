"""The newest value on or before a day, for many at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class History:
    """Dated values of many owners, sorted by owner and day.

    ``owners``: codes from 0. ``days``: whole days. ``held``: the values.
    """

    owners: Integers
    days: Integers
    held: Floats

    @classmethod
    def of(cls, owners: Integers, days: Integers, values: Floats) -> "History":
        """Sort the values; of several on one day of one owner the last given counts."""
        order = np.lexsort((days, owners))
        return cls(owners[order], days[order], values[order])

    def newest(self, owners: Integers, days: Integers) -> Floats:
        """Value of each owner on each day: its newest on or before it, NaN where there is none."""
        place = self._place(owners, days)
        found = np.full(len(place), np.nan)
        known = place >= 0
        known[known] = self.owners[place[known]] == owners[known]
        found[known] = self.held[place[known]]
        return found

    def newest_or_first(self, owners: Integers, days: Integers) -> Floats:
        """As :meth:`newest`, but the owner's first value where none is so early; NaN where it has none at all."""
        found = self.newest(owners, days)
        early = np.flatnonzero(np.isnan(found))
        place = np.searchsorted(self.owners, owners[early], side="left")
        inside = place < len(self.owners)
        inside[inside] = self.owners[place[inside]] == owners[early][inside]
        found[early[inside]] = self.held[place[inside]]
        return found

    def _place(self, owners: Integers, days: Integers) -> Integers:
        if not len(self.days):
            return np.full(len(days), -1, dtype=np.int64)
        first = min(int(self.days.min()), int(days.min(initial=0)))
        span = max(int(self.days.max()), int(days.max(initial=0))) - first + 1
        keys = self.owners * span + (self.days - first)
        return np.searchsorted(keys, owners * span + (days - first), side="right") - 1
