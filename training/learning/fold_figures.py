"""The figures of a card reckoned anew from the rows behind them: of engagements, of mentors, of sums of many rows."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.learning.relation import r_squared
from training.learning.behind import BY, Behind
from training.learning.calibration import Grouping
from training.learning.fold_rows import LEARNERS, FoldRows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FEWEST = 3
"""Persons of every group that a row of sums must hold, so that no sum is one person's (as for sums of answers)."""


def figures_of(rows: pd.DataFrame) -> dict[str, Any]:
    """What the card tells of these engagements; None where it cannot be told.

    ``engagements``, ``mentors``, ``observed`` (mean outcome); where the folds' rows are kept also ``predicted`` (mean),
    ``error`` (mean of observed − predicted), ``rmse``, ``covered`` (share inside the range), ``covered_by_mentor`` (the
    same, every mentor weighing alike), ``r2`` and ``mse`` by learner.
    """
    known = rows["outcome"].dropna()
    found: dict[str, Any] = {
        "engagements": len(rows),
        "mentors": int(rows["mentor_id"].nunique()),
        "observed": float(known.mean()) if len(known) else None,
    }
    if "predicted" not in rows or not len(rows):
        return found
    observed, inside = rows["outcome"].to_numpy(dtype=np.float64), rows["inside"].to_numpy(dtype=np.float64)
    errors = observed - rows["predicted"].to_numpy(dtype=np.float64)
    by_learner = {name: rows[BY + name].to_numpy(dtype=np.float64) for name in LEARNERS}
    return found | {
        "predicted": float((observed - errors).mean()),
        "error": float(errors.mean()),
        "rmse": float(np.sqrt((errors**2).mean())),
        "covered": float(inside.mean()),
        "covered_by_mentor": float(rows.groupby("mentor_id")["inside"].mean().mean()),
        "r2": {name: r_squared(observed, predicted) for name, predicted in by_learner.items()},
        "mse": {name: float(((observed - predicted) ** 2).mean()) for name, predicted in by_learner.items()},
    }


def mentor_rows(rows: pd.DataFrame, kept: FoldRows) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A row for each mentor, and the share of mentors' means inside their range.

    Returns:
        mentor_id, fold, engagements, error (mean of observed − predicted), reach (half width of the range of a mean of
        so many engagements, from the other folds) and inside; {"engagements", "mentors", "means_covered"}.
    """
    errors = rows.assign(error=rows["outcome"] - rows["predicted"])
    found = errors.groupby("mentor_id", sort=True).agg(
        fold=("fold", "first"), engagements=("error", "size"), error=("error", "mean")
    )
    reach = [
        kept.ranges[fold - 1].reach(count) for fold, count in zip(found["fold"], found["engagements"], strict=True)
    ]
    found = found.assign(reach=reach, inside=found["error"].abs() <= np.array(reach)).reset_index()
    covered = float(found["inside"].mean()) if len(found) else None
    return found, {"engagements": len(rows), "mentors": len(found), "means_covered": covered}


def sum_rows(behind: Behind, by: str, group: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Sums over many persons' engagements of a group by who somebody is, and the card's figures from them.

    Folds are put together until each row of sums holds at least 3 persons of every group of that grouping, so that
    neither a row nor a difference of rows is of fewer.

    Returns:
        folds, engagements, error_sum, square_sum (of observed − predicted), inside; {"engagements", "error", "rmse",
        "covered"}.
    """
    rows, chosen = behind.rows, behind.of(by, group)
    errors = (rows["outcome"] - rows["predicted"]).to_numpy(dtype=np.float64)
    persons = rows["mentor_id" if by.startswith("mentor_") else "business_id"]
    parts = _parts(persons, behind.groupings[by], rows["fold"].to_numpy(dtype=np.int64))
    found = pd.DataFrame(
        [
            {
                "folds": ", ".join(map(str, folds)),
                "engagements": int(own.sum()),
                "error_sum": float(errors[own].sum()),
                "square_sum": float((errors[own] ** 2).sum()),
                "inside": int(rows["inside"][own].sum()),
            }
            for folds in parts
            for own in [chosen & rows["fold"].isin(folds).to_numpy()]
        ]
    )
    count = int(found["engagements"].sum())
    return found, {
        "engagements": count,
        "error": float(found["error_sum"].sum()) / count,
        "rmse": float(np.sqrt(found["square_sum"].sum() / count)),
        "covered": float(found["inside"].sum()) / count,
    }


def _parts(persons: pd.Series, grouping: Grouping, fold: Integers) -> list[list[int]]:
    """Folds in as many parts as hold enough persons of every group, those whose group is not known among them."""
    table = pd.DataFrame({"person": persons.to_numpy(), "group": grouping.place, "fold": fold})
    parts, open_ = [], []
    for number in sorted(set(fold.tolist())):
        open_.append(number)
        if _enough(table, open_):
            parts.append(open_)
            open_ = []
    if open_ and parts:
        parts[-1] += open_
    return parts or [open_]


def _enough(table: pd.DataFrame, folds: list[int]) -> bool:
    inside = table[table["fold"].isin(folds)]
    counts = inside.groupby("group")["person"].nunique().reindex(table["group"].unique(), fill_value=0)
    return bool((counts >= FEWEST).all())
