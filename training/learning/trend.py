"""What growth is without mentors: never-mentored businesses over the same windows, beside the naive before-after."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.learning.outcome import Lack, growth
from training.learning.engagements import ledger

Integers = NDArray[np.int64]


def trend(snapshot: Snapshot, starts: Integers) -> dict[str, Any] | None:
    """Mean growth of never-mentored businesses followed from the quarters in which learned engagements started.

    Args:
        snapshot: the tables.
        starts: (n) start months of the engagements learned from.

    Returns:
        {"businesses", "mean", "quarters"}; quarters weigh as the engagements do. None where no such business reports.
    """
    businesses, books = ledger(snapshot)
    never = np.flatnonzero(~businesses.isin(snapshot["engagements"]["business_id"])).astype(np.int64)
    quarters, weights = np.unique(starts // 3, return_counts=True)
    means, counted, seen = [], [], np.zeros(len(businesses), dtype=bool)
    for quarter, weight in zip(quarters, weights, strict=True):
        found = growth(books, never, np.full(len(never), quarter * 3 + 1))
        grown = found.lack == Lack.NONE
        if grown.any():
            means.append(float(found.value[grown].mean()))
            counted.append(int(weight))
            seen[never[grown]] = True
    if not means:
        return None
    return {"businesses": int(seen.sum()), "mean": float(np.average(means, weights=counted)), "quarters": len(means)}
