"""Calibration: predictions for mentors never seen beside what came, in every size of business and every district."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.business_size import SIZES, size_of
from model.sentences import Label
from training.learning.engagements import Cases
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FEWEST_TOLD = 20
"""Groups of fewer engagements are counted only: a mean of so few says little, and may say it of one business (ours)."""


@dataclass(frozen=True)
class Grouping:
    """Groups of n engagements: ``names`` (G) and ``place`` (n) among them, −1 where it is not known."""

    names: Sequence[str | Label]
    place: Integers

    def members(self) -> list[tuple[str | Label, NDArray[np.bool_]]]:
        """Each group that has any engagement, with its rows (n)."""
        return [(name, self.place == g) for g, name in enumerate(self.names) if (self.place == g).any()]

    def named(self) -> NDArray[np.object_]:
        """(n) name of each engagement's group, None where it is not known."""
        known = np.empty(len(self.names) + 1, dtype=object)
        known[:-1] = self.names
        return known[self.place]


def by_text(values: pd.Series) -> Grouping:
    """Groups by a text or an id, in order of the text."""
    codes, names = pd.factorize(values, sort=True)
    return Grouping([str(name) for name in names], codes.astype(np.int64))


def by_size(cases: Cases) -> Grouping:
    """Groups by the law's size classes, of turnover before the start, else of what the businesses table says."""
    stated = cases.businesses["turnover_month_idr"].to_numpy(dtype=np.float64)
    turnover = np.where(np.isnan(cases.before), stated, cases.before)
    return Grouping([size.label for size in SIZES], size_of(turnover))


def calibration(prepared: Prepared, errors: Floats, covered: NDArray[np.bool_]) -> dict[str, list[dict[str, Any]]]:
    """Mean prediction, mean outcome and share inside the 90 % range, by size and by district of the business.

    Args:
        prepared: the n rows.
        errors: (n) outcome − out-of-fold prediction.
        covered: (n) whether the outcome is inside the prediction's 90 % range.

    Returns:
        {"size", "district"}: rows {"group", "engagements", "mentors", "predicted", "observed", "covered"}, the last
        three None in groups of fewer than 20 engagements; engagements whose group is not known are in no row.
    """
    cases = prepared.rows.cases
    groupings = {"size": by_size(cases), "district": by_text(cases.businesses["district"])}
    return {
        name: [_row(prepared, group, rows, errors, covered) for group, rows in grouping.members()]
        for name, grouping in groupings.items()
    }


def _row(
    prepared: Prepared, group: str | Label, rows: NDArray[np.bool_], errors: Floats, covered: NDArray[np.bool_]
) -> dict[str, Any]:
    basis = prepared.basis
    told = int(rows.sum()) >= FEWEST_TOLD
    observed = basis.outcome[rows]
    return {
        "group": group,
        "engagements": int(rows.sum()),
        "mentors": len(np.unique(basis.mentor[rows])),
        "predicted": float((observed - errors[rows]).mean()) if told else None,
        "observed": float(observed.mean()) if told else None,
        "covered": float(covered[rows].mean()) if told else None,
    }
