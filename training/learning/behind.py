"""The engagements behind figures of a model's card: those learned from, those left out, those of one group."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.snapshot import Snapshot
from model.framework import Framework
from model.refusals import NotFound
from model.sentences import Label, Sentence, sentence
from training.learning.calibration import by_size, by_text
from training.learning.engagements import Bools, Cases, assessed, cases, learning_rows, left_out_rows, outcomes

GROUPS = ("size", "district", "mentor_district")


@dataclass(frozen=True)
class Learned:
    """``rows``: engagement_id, mentor_id, business_id, started_on, outcome (NaN unknown); ``reason``: why left out."""

    rows: pd.DataFrame
    reason: Sentence | None


def engagements_behind(
    snapshot: Snapshot, framework: Framework, outcome: str, *, left: int | None = None, by: str = "", group: str = ""
) -> Learned:
    """The engagements that a figure of the card rests on.

    Args:
        snapshot: the tables that the model was learned from.
        framework: areas and problems.
        outcome: name of what was learned.
        left: number of a reason in the card's list, for the engagements it leaves out; None for those learned from.
        by: size or district of the business, or mentor_district; empty for all.
        group: the group, as the card names it in either language.

    Raises:
        NotFound: there is no such reason or group.
    """
    known, every = assessed(snapshot, framework), cases(snapshot, framework)
    value, _ = outcomes(snapshot, every, outcome)
    if left is not None:
        reasons = left_out_rows(snapshot, every, known, outcome)
        if not 0 <= left < len(reasons):
            raise NotFound(sentence("rows of this card"), str(left))
        return Learned(_table(every, value, reasons[left][0]), reasons[left][1])
    enters = learning_rows(snapshot, every, known, outcome).enters
    if by:
        enters = enters.copy()
        enters[np.flatnonzero(enters)] = _of_group(snapshot, every.take(enters), by, group)
    return Learned(_table(every, value, enters), None)


def _of_group(snapshot: Snapshot, learned: Cases, by: str, group: str) -> Bools:
    if by == "size":
        grouping = by_size(learned)
    elif by == "district":
        grouping = by_text(learned.businesses["district"])
    elif by == "mentor_district":
        mentors = snapshot["mentors"].set_index("mentor_id")["district"]
        grouping = by_text(learned.table["mentor_id"].map(mentors))
    else:
        raise NotFound(sentence("rows of this card"), by)
    found = next((rows for name, rows in grouping.members() if group in _names(name)), None)
    if found is None:
        raise NotFound(sentence("rows of this card"), group)
    return found


def _names(name: str | Label) -> set[str]:
    return {name.id, name.en} if isinstance(name, Label) else {name}


def _table(every: Cases, value: np.ndarray, rows: Bools) -> pd.DataFrame:
    names = ["engagement_id", "mentor_id", "business_id", "started_on"]
    return every.table.loc[rows, names].assign(outcome=value[rows])
