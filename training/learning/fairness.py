"""Fairness: how far predictions miss by gender, birth year, disability, district and size, of business and of mentor.

Gender, birth year and disability are read here and nowhere else in learning: they are never features. No row tells of
fewer than three mentors by who they are, nor can one be found as the difference of others.
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
FEWEST_PERSONS = 3
"""Mentors that a row by gender, birth year or disability tells of at least (ours)."""
_OTHERS = Label(
    "kelompok lain digabung (ada yang kurang dari tiga orang)",
    "other groups together (some of fewer than three persons)",
)
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
        engagements. Engagements whose group is not known are in no row, and a column that :func:`joined`
        empties has none.
    """
    return [
        {"of": of, "column": column, "group": group, **_errors(errors[rows], covered[rows])}
        for of, column, grouping in groupings_of(snapshot, prepared.rows.cases)
        for group, rows in grouping.members()
    ]


def groupings_of(snapshot: Snapshot, cases: Cases) -> list[tuple[str, str, Grouping]]:
    """Whose ("business" or "mentor"), which column, and the groups of the engagements by it, mentors' own joined."""
    mentors = snapshot["mentors"].set_index("mentor_id").reindex(cases.table["mentor_id"])
    persons = pd.factorize(cases.table["mentor_id"])[0].astype(np.int64)
    return [
        *(("business", column, found) for column, found in _of_person(cases.businesses)),
        ("business", "size", by_size(cases)),
        *(
            ("mentor", column, found if column == "district" else joined(found, persons))
            for column, found in _of_person(mentors)
        ),
    ]


def joined(grouping: Grouping, person: NDArray[np.int64]) -> Grouping:
    """Groups with those of fewer than three persons made one, with the next smallest where they are still too few.

    Args:
        grouping: of n engagements.
        person: (n) whose engagement each is, one group a person.

    Returns:
        The larger groups as they were and the joined one last; no group at all where that would be everybody's.
    """
    found = [(len(np.unique(person[rows])), name, rows) for name, rows in grouping.members()]
    by_persons = sorted(range(len(found)), key=lambda k: found[k][0])
    together: list[int] = []
    for k in by_persons:
        if found[k][0] >= FEWEST_PERSONS and (not together or sum(found[i][0] for i in together) >= FEWEST_PERSONS):
            break
        together.append(k)
    if not together:
        return grouping
    place = np.full_like(grouping.place, -1)
    if len(together) == len(found):
        return Grouping([], place)
    kept = [k for k in range(len(found)) if k not in together]
    for g, k in enumerate(kept):
        place[found[k][2]] = g
    for k in together:
        place[found[k][2]] = len(kept)
    return Grouping([*(found[k][1] for k in kept), _OTHERS], place)


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
