"""How much an assessment is off: from repeated assessments of a mentor without a training between them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from training.learning.engagements import Assessed, whole_days

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FEWEST_PAIRS = 30
LONGEST = 550
"""Days between two assessments that are compared; over longer times mentors themselves change."""


@dataclass(frozen=True)
class Noise:
    """``variance`` of one assessment in squared points, from ``pairs`` of assessments."""

    variance: float
    pairs: int


def assessment_noise(snapshot: Snapshot, known: Assessed) -> Noise | None:
    """Half the variance of the change between two assessments, common drift per year taken out.

    None where fewer than 30 pairs without a training in the area between them are there.
    """
    courses = snapshot["courses"].set_index("course_id")["area"]
    trained = snapshot["trainings"].assign(area=snapshot["trainings"]["course_id"].map(courses))
    steps, years = [], []
    for area, history in zip(known.areas, known.histories, strict=True):
        own = trained[trained["area"] == area]
        done = np.sort(_keys(known.mentors.get_indexer(pd.Index(own["mentor_id"])), whole_days(own["completed_on"])))
        same = (np.diff(history.owners) == 0) & (np.diff(history.days) <= LONGEST)
        first, last = np.flatnonzero(same), np.flatnonzero(same) + 1
        owner = history.owners[first]
        before = np.searchsorted(done, _keys(owner, history.days[first]), side="left")
        free = before == np.searchsorted(done, _keys(owner, history.days[last]), side="right")
        steps.append((history.held[last] - history.held[first])[free])
        years.append((history.days[last] - history.days[first])[free] / 365.25)
    step, year = np.concatenate(steps), np.concatenate(years)
    if len(step) < FEWEST_PAIRS or not year.any():
        return None
    drift = float(step @ year / (year @ year))
    return Noise(float(((step - drift * year) ** 2).mean() / 2), len(step))


def _keys(owner: Integers, day: Integers) -> Integers:
    """Owner and day as one number that sorts by owner, then day."""
    keys: Integers = owner.astype(np.int64) * (1 << 24) + day
    return keys
