"""The index from the stored tables: respondent × mentor rows, by programme, district or mentor."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

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
Every = Literal["half", "year"]
PROGRAM: Final = "program"
UNDATED = "undated"
"""Name of the period of answers without a day."""


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


def index_periods(snapshot: Snapshot, framework: Framework, every: Every = "half") -> list[IndexGroup]:
    """The index, its verdict and the delivery rate of each half-year or year of answers, the oldest first.

    A period holds the answers dated in it; those without a day stand last, as ``undated``. No resampled companions.
    """
    periods = periods_of(snapshot["responses"]["answered_on"], every)
    found = []
    for name in sorted(set(periods), key=lambda name: (name == UNDATED, name)):
        about = replace(answer_matrix(within(snapshot, every, name)), group=name)
        found.append(assess(about, framework.index, seed=0, companions=False))
    return found


def periods_of(days: pd.Series, every: Every) -> NDArray[np.object_]:
    """The name of each day's period: 2026-1 and 2026-2 for half-years, 2026 for years, ``undated``."""
    year = days.dt.year.fillna(0).astype(int).astype(str)
    half = np.where(days.dt.month <= 6, "-1", "-2") if every == "half" else ""
    return np.where(days.isna(), UNDATED, year + half).astype(object)


def within(snapshot: Snapshot, every: Every, period: str | None) -> Snapshot:
    """The snapshot with the answers of one period only; all of them for None."""
    if period is None:
        return snapshot
    responses = snapshot["responses"]
    kept = responses[periods_of(responses["answered_on"], every) == period].reset_index(drop=True)
    return replace(snapshot, tables={**snapshot.tables, "responses": kept})


def answer_rows(snapshot: Snapshot, by: By = PROGRAM, group: str = PROGRAM) -> pd.DataFrame:
    """The rows that the index of a group counts, one per respondent × mentor, in the index's own order.

    Columns: respondent_id, mentor_id, yes, answers, complete, errors. Errors are Goodenough and Edwards' of complete
    rows, ties between items in the items table's order; they sum up to the group's, and yes ÷ answers to its delivery
    rate. Empty where nobody has answered.
    """
    if snapshot["responses"].empty:
        return pd.DataFrame(columns=["respondent_id", "mentor_id", "yes", "answers", "complete", "errors"])
    whole = answer_matrix(snapshot)
    responses = snapshot["responses"]
    people = np.array(sorted(set(responses["respondent_id"])), dtype=object)
    mentor = pd.Index(snapshot["mentors"]["mentor_id"]).get_indexer(pd.Index(responses["mentor_id"]))
    person = pd.Index(people).get_indexer(pd.Index(responses["respondent_id"]))
    pairs = np.unique(mentor.astype(np.int64) * len(people) + person)
    own = _belongs(snapshot, whole, by, group)
    cells = whole.cells[own]
    complete = (cells != MISSING).all(axis=1)
    return pd.DataFrame(
        {
            "respondent_id": people[pairs[own] % len(people)],
            "mentor_id": snapshot["mentors"]["mentor_id"].to_numpy()[whole.mentors[own]],
            "yes": (cells == 1).sum(axis=1),
            "answers": (cells != MISSING).sum(axis=1),
            "complete": complete,
            "errors": _errors(cells, complete),
        }
    )


def item_sums(snapshot: Snapshot, by: By = PROGRAM, group: str = PROGRAM) -> pd.DataFrame:
    """What :func:`answer_rows` holds, by item instead of by respondent: item_id, yes, no, answers.

    Items of the items table's order that somebody answered about the group.
    """
    if snapshot["responses"].empty:
        return pd.DataFrame(columns=["item_id", "yes", "no", "answers"])
    whole = answer_matrix(snapshot)
    cells = whole.cells[_belongs(snapshot, whole, by, group)]
    yes, no = ((cells == said).sum(axis=0) for said in (1, 0))
    sums = pd.DataFrame({"item_id": whole.items, "yes": yes, "no": no, "answers": yes + no})
    return sums[sums["answers"] > 0].reset_index(drop=True)


def _belongs(snapshot: Snapshot, whole: GroupAnswers, by: By, group: str) -> NDArray[np.bool_]:
    if by == PROGRAM:
        return np.ones(len(whole.cells), dtype=np.bool_)
    named = snapshot["mentors"]["district" if by == "district" else "mentor_id"].to_numpy()
    return np.asarray(named[whole.mentors] == group, dtype=np.bool_)


def _errors(cells: NDArray[np.int8], complete: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Cells that differ from the perfect row of the same number of yes, items from the most to the fewest yes."""
    rows = cells[complete]
    order = np.argsort(-rows.sum(axis=0), kind="stable")
    perfect = np.arange(rows.shape[1]) < rows.sum(axis=1, keepdims=True)
    errors = np.zeros(len(cells), dtype=np.int64)
    errors[complete] = (rows[:, order] != perfect).sum(axis=1)
    return errors


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
