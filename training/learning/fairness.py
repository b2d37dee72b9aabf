"""Fairness: how far predictions miss by gender, birth year, disability, district and size, of business and of mentor.

Gender, birth year and disability are read here and nowhere else in learning: they are never features.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.sentences import Label
from training.learning.calibration import FEWEST_TOLD, Grouping, by_size, by_text
from training.learning.engagements import Cases
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]

_DECADE = 10
_NO_YES = (Label("tidak", "no"), Label("ya", "yes"))


def fairness(
    snapshot: Snapshot, prepared: Prepared, errors: Floats, covered: NDArray[np.bool_]
) -> list[dict[str, Any]]:
    """Out-of-fold error of every group that is known.

    Args:
        snapshot: the tables.
        prepared: the n rows.
        errors: (n) outcome − out-of-fold prediction.
        covered: (n) whether the outcome is inside the prediction's 90 % range.

    Returns:
        Rows {"of", "column", "group", "engagements", "error", "rmse", "covered"}: mean error (above 0 where the
        outcome was better than predicted) and its root mean square; the last three None in groups of fewer than 20
        engagements. Engagements whose group is not known are in no row.
    """
    return [
        {"of": of, "column": column, "group": group, **_errors(errors[rows], covered[rows])}
        for of, column, grouping in groupings_of(snapshot, prepared.rows.cases)
        for group, rows in grouping.members()
    ]


def groupings_of(snapshot: Snapshot, cases: Cases) -> list[tuple[str, str, Grouping]]:
    """Whose ("business" or "mentor"), which column, and the groups of the engagements by it."""
    mentors = snapshot["mentors"].set_index("mentor_id").reindex(cases.table["mentor_id"])
    return [
        *(("business", column, found) for column, found in _of_person(cases.businesses)),
        ("business", "size", by_size(cases)),
        *(("mentor", column, found) for column, found in _of_person(mentors)),
    ]


def _of_person(table: pd.DataFrame) -> list[tuple[str, Grouping]]:
    return [
        ("gender", by_text(table["gender"])),
        ("birth_year", _decades(table["birth_year"])),
        ("disability", Grouping(_NO_YES, table["disability"].fillna(-1).to_numpy().astype(np.int64))),
        ("district", by_text(table["district"])),
    ]


def _decades(years: pd.Series) -> Grouping:
    """Groups by decade, "1980–1989"."""
    codes, firsts = pd.factorize(years // _DECADE * _DECADE, sort=True)
    return Grouping([f"{int(first)}–{int(first) + _DECADE - 1}" for first in firsts], codes.astype(np.int64))


def _errors(errors: Floats, covered: NDArray[np.bool_]) -> dict[str, Any]:
    told = len(errors) >= FEWEST_TOLD
    return {
        "engagements": len(errors),
        "error": float(errors.mean()) if told else None,
        "rmse": float(np.sqrt((errors**2).mean())) if told else None,
        "covered": float(covered.mean()) if told else None,
    }
