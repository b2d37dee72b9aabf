"""Places of a plan that an approved one promises already: whoever approves is told, nothing is refused."""

from typing import Any

import pandas as pd

from data.snapshot import Snapshot
from data.store.decisions import Kept
from data.store.store import Store
from model.sentences import sentence
from training.planning.plan_tables import Pair
from training.planning.promises import SCORE


def repeated(store: Store, seen: Snapshot, plan: int, pairs: list[Pair]) -> list[dict[str, Any]]:
    """The pairs that an earlier approved plan holds too and that are not done yet, in the order of the plan.

    Args:
        store: holds the promises of the approved plans.
        seen: the tables as they stand now; a course completed since the earlier plan's day is done.
        plan: number of the plan; if it is approved itself, only promises older than its own count.
        pairs: (mentor id, course id) of the plan.

    Returns:
        ``mentor_id``, ``course_id``, ``plan`` (the earliest that promised it) and ``note`` of each.
    """
    held = [row for row in store.kept_predictions() if row.source == "plan" and row.kind == SCORE]
    own = min((row.id for row in held if row.source_id == plan), default=None)
    earlier = [row for row in held if row.source_id != plan and (own is None or row.id < own)]
    last = seen["trainings"].groupby(["mentor_id", "course_id"])["completed_on"].max().to_dict()
    waiting: dict[Pair, Kept] = {}
    for row in earlier:
        done = last.get((row.mentor_id, row.subject))
        if done is None or not done > pd.Timestamp(row.as_of):
            waiting.setdefault((row.mentor_id, row.subject), row)
    return [_said(waiting[pair]) for pair in pairs if pair in waiting]


def _said(row: Kept) -> dict[str, Any]:
    note = sentence(
        "%(pair)s is in the approved plan %(plan)s already and not done yet; review counts it once, there.",
        pair=f"{row.mentor_id}:{row.subject}",
        plan=str(row.source_id),
    )
    return {"mentor_id": row.mentor_id, "course_id": row.subject, "plan": row.source_id, "note": note}
