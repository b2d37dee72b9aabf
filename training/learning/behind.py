"""The engagements behind figures of a model's card: those learned from, those left out, those of one group.

Where the model's file keeps what was predicted without the mentor's fold, each row tells it with its range. Who is of
which gender, age or disability is listed nowhere: of such a group there are sums of many persons' rows only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.snapshot import Snapshot
from model.framework import Framework
from model.refusals import ModelRefused, NotFound
from model.sentences import Label, Sentence, sentence
from training.learning.calibration import Grouping, by_text
from training.learning.engagements import (
    Bools,
    Cases,
    assessed,
    cases,
    learning_rows,
    left_out_rows,
    outcomes,
)
from training.learning.fairness import groupings_of
from training.learning.fold_rows import LEARNERS, FoldRows

PERSONAL = frozenset({"gender", "birth_year", "disability"})
"""Columns that nobody's row is told by."""
BY = "by_"
"""Stands before a learner's name in the column of its predictions."""
_LISTED = ("size", "district", "sector", "mentor_district")


@dataclass(frozen=True)
class Behind:
    """Engagements and how they fall into groups.

    ``rows``: (n) engagement_id, mentor_id, business_id, started_on, size, district, sector, mentor_district, outcome
    (NaN unknown), and where the folds' rows are kept: fold (from 1), predicted, low, high, inside, unusual, and a
    column ``by_…`` for each learner. ``groupings``: name → groups of the n rows; ``reason``: why left out.
    """

    rows: pd.DataFrame
    groupings: Mapping[str, Grouping]
    kept: FoldRows | None
    reason: Sentence | None = None

    def groups(self) -> dict[str, list[str | Label]]:
        """Name of a grouping → its groups."""
        return {by: [name for name, _ in found.members()] for by, found in self.groupings.items()}

    def of(self, by: str, group: str) -> Bools:
        """(n) the rows of a group, named in either language.

        Raises:
            NotFound: there is no such grouping or group.
        """
        if by not in self.groupings:
            raise NotFound(sentence("rows of this card"), by[:40])
        found = next((rows for name, rows in self.groupings[by].members() if group in _names(name)), None)
        if found is None:
            raise NotFound(sentence("rows of this card"), group[:40])
        return found


def personal(by: str) -> bool:
    """Whether a grouping is by who somebody is."""
    return by.removeprefix("mentor_") in PERSONAL


def engagements_learned(snapshot: Snapshot, framework: Framework, outcome: str, kept: FoldRows | None) -> Behind:
    """The engagements that a model was learned from.

    Args:
        snapshot: the tables that the model was learned from.
        framework: areas and problems.
        outcome: name of what was learned.
        kept: the rows of the folds, None where they were not kept.

    Raises:
        ModelRefused: the rows kept are of other engagements than the tables hold.
    """
    known, every = assessed(snapshot, framework), cases(snapshot, framework)
    value, _ = outcomes(snapshot, every, outcome)
    if kept is None:
        enters = learning_rows(snapshot, every, known, outcome).enters
        groupings = _groupings(snapshot, every.take(enters))
        return Behind(_table(every, value, enters, groupings), groupings, None)
    place = pd.Index(every.table["engagement_id"].astype(str)).get_indexer(pd.Index(kept.engagements))
    if (place < 0).any() or (np.diff(place) <= 0).any():
        raise _others()
    chosen = np.zeros(len(every.table), dtype=np.bool_)
    chosen[place] = True
    groupings = _groupings(snapshot, every.take(chosen))
    rows = _table(every, value, chosen, groupings)
    groupings["fold"] = Grouping([str(k + 1) for k in range(len(kept.ranges))], kept.fold)
    groupings["unusual"] = Grouping(["yes"], np.where(kept.unusual, 0, -1).astype(np.int64))
    return Behind(_with_folds(rows, kept), groupings, kept)


def engagements_left_out(snapshot: Snapshot, framework: Framework, outcome: str, left: int) -> Behind:
    """The engagements that a reason of the card leaves out, by its number in the card's list.

    Raises:
        NotFound: there is no such reason.
    """
    known, every = assessed(snapshot, framework), cases(snapshot, framework)
    value, _ = outcomes(snapshot, every, outcome)
    reasons = left_out_rows(snapshot, every, known, outcome)
    if not 0 <= left < len(reasons):
        raise NotFound(sentence("rows of this card"), str(left))
    lacking, reason = reasons[left]
    groupings = _groupings(snapshot, every.take(lacking))
    return Behind(_table(every, value, lacking, groupings), groupings, None, reason)


def _groupings(snapshot: Snapshot, chosen: Cases) -> dict[str, Grouping]:
    found = {
        column if of == "business" else f"mentor_{column}": grouping
        for of, column, grouping in groupings_of(snapshot, chosen)
    }
    return found | {"sector": by_text(chosen.businesses["sector"])}


def _names(name: str | Label) -> set[str]:
    return {name.id, name.en} if isinstance(name, Label) else {name}


def _table(every: Cases, value: np.ndarray, rows: Bools, groupings: Mapping[str, Grouping]) -> pd.DataFrame:
    names = ["engagement_id", "mentor_id", "business_id", "started_on"]
    groups = {by: groupings[by].named() for by in _LISTED}
    return every.table.loc[rows, names].assign(**groups, outcome=value[rows]).reset_index(drop=True)


def _with_folds(rows: pd.DataFrame, kept: FoldRows) -> pd.DataFrame:
    low, high = kept.ends()
    return rows.assign(
        outcome=kept.observed,
        fold=kept.fold + 1,
        predicted=kept.of(kept.champion),
        low=low,
        high=high,
        inside=(low <= kept.observed) & (kept.observed <= high),
        unusual=kept.unusual,
        **{BY + learner: kept.of(learner) for learner in LEARNERS},
    )


def _others() -> ModelRefused:
    return ModelRefused(
        sentence("The model file keeps rows of engagements that the data it was learned from do not hold."),
        where=sentence("the rows of the folds"),
        mend=sentence("Run train to have a model of these data."),
    )
