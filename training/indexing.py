"""The index from the stored tables: respondent × mentor rows, by programme, district or mentor."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Framework
from model.index.assessing import MISSING, GroupAnswers, IndexGroup, assess
from model.progress import Progress, silent
from model.refusals import DataMissing
from model.sentences import Number, sentence

By = Literal["program", "district", "mentor"]
PROGRAM = "program"


def index_groups(
    snapshot: Snapshot, framework: Framework, by: By = "program", *, seed: int = 0, progress: Progress = silent
) -> list[IndexGroup]:
    """The index and its companions for the whole programme, each district or each mentor.

    A district's answers are those about its mentors. Every district (by name) and every mentor (in the mentors table's
    order) is listed, those without answers too; the order never follows the index. Items are those of the items table
    that somebody in the programme answered.

    Raises:
        DataMissing: nobody has answered anything.
    """
    if snapshot["responses"].empty:
        raise DataMissing(
            sentence("There are no answers to count."),
            where=sentence("the responses table on %(day)s", day=snapshot.as_of),
            mend=sentence("Import the table of responses, or give a later as-of day."),
        )
    whole = answer_matrix(snapshot)
    found = []
    names = _names(snapshot, by)
    for done, about in enumerate(_groups(snapshot, whole, by, names)):
        doing = sentence("index %(done)s of %(all)s", done=Number(done + 1), all=Number(len(names)))
        progress(done / len(names), doing)
        found.append(assess(about, framework.index, seed=seed, measure_persons=by == PROGRAM))
    return found


def mentor_verdicts(snapshot: Snapshot, framework: Framework, mentor: str | None = None) -> list[IndexGroup]:
    """The index, its verdict and the delivery rate of every mentor (or one), without their resampled companions.

    The same figures as :func:`index_groups` by mentor gives, in the same order; empty where nobody has answered.
    """
    if snapshot["responses"].empty:
        return []
    about = _groups(snapshot, answer_matrix(snapshot), "mentor", _names(snapshot, "mentor"))
    return [assess(one, framework.index, seed=0, companions=False) for one in about if mentor in {None, one.group}]


def answer_matrix(snapshot: Snapshot) -> GroupAnswers:
    """All answers of the programme: the newest of each respondent × mentor × item, an undated one counting as oldest.

    Rows stand by mentor (order of the mentors table) and respondent; ``mentors`` are positions in the mentors table.
    """
    responses = snapshot["responses"]
    known = pd.Index(snapshot["items"]["item_id"])
    asked = responses["item_id"].unique()
    items = known[known.isin(asked)]
    mentor = pd.Index(snapshot["mentors"]["mentor_id"]).get_indexer(pd.Index(responses["mentor_id"]))
    column = items.get_indexer(pd.Index(responses["item_id"]))
    respondent, people = pd.factorize(responses["respondent_id"], sort=True)
    rows, place = np.unique(mentor.astype(np.int64) * len(people) + respondent, return_inverse=True)
    oldest_first = np.argsort(_days(responses["answered_on"]), kind="stable")
    cells = np.full((len(rows), len(items)), MISSING, dtype=np.int8)
    cells[place[oldest_first], column[oldest_first]] = responses["answer"].to_numpy()[oldest_first]
    return GroupAnswers(PROGRAM, tuple(items), cells, (rows // len(people)).astype(np.intp))


def _days(column: pd.Series) -> NDArray[np.int64]:
    """Days as sortable integers; a missing one is the smallest."""
    return column.to_numpy(dtype="datetime64[ns]").view(np.int64)


def _names(snapshot: Snapshot, by: By) -> list[str]:
    match by:
        case "program":
            return [PROGRAM]
        case "district":
            return sorted(snapshot["mentors"]["district"].unique())
        case "mentor":
            return snapshot["mentors"]["mentor_id"].tolist()


def _groups(snapshot: Snapshot, whole: GroupAnswers, by: By, names: list[str]) -> Iterator[GroupAnswers]:
    if by == PROGRAM:
        yield whole
        return
    numbers = np.arange(len(names))
    if by == "district":
        numbers = pd.Index(names).get_indexer(pd.Index(snapshot["mentors"]["district"]))
    group = numbers[whole.mentors]
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(names) + 1))
    for name, start, end in zip(names, starts[:-1], starts[1:], strict=True):
        rows = order[start:end]
        yield GroupAnswers(name, whole.items, whole.cells[rows], whole.mentors[rows])
