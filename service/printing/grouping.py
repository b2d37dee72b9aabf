"""Groups what a plan left out by its reason, so that thousands of pairs read as a few lines."""

from collections.abc import Iterable, Mapping
from typing import Any

from model.sentences import Sentence

Row = Mapping[str, Any]


def by_reason(left_out: Iterable[Row]) -> list[dict[str, Any]]:
    """Groups of pairs left out for the same reason, the largest first.

    Args:
        left_out: rows of mentor_id, course_id and reason. Reasons that differ in their figures only are one group
            while they are sentences, and several once they are text.

    Returns:
        For each group: count, reason (the first one's) and lines, which join the mentors of one course and one reason
        in its own figures: course_id, reason, mentors.
    """
    groups: dict[str, list[Row]] = {}
    for row in left_out:
        groups.setdefault(_kind(row["reason"]), []).append(row)
    ordered = sorted(groups.values(), key=len, reverse=True)
    return [{"count": len(rows), "reason": rows[0]["reason"], "lines": _lines(rows)} for rows in ordered]


def _kind(reason: Sentence | str) -> str:
    return reason.text if isinstance(reason, Sentence) else reason


def _lines(rows: list[Row]) -> list[dict[str, Any]]:
    lines: dict[tuple[Any, str], dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(
            (row["course_id"], repr(row["reason"])),
            {"course_id": row["course_id"], "reason": row["reason"], "mentors": []},
        )
        line["mentors"] += [row["mentor_id"]] if row["mentor_id"] else []
    return list(lines.values())
