"""Where mentors stand."""

from typing import Any

from flask import Response

from service.api.answers.index import Scores
from service.api.asking import MentorPath, MentorsQuery, Seen
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, told


@api.get("/mentors", **told("Mentors", Scores, 409))
@needs(Permission.SEE_MENTORS)
def mentors(query: MentorsQuery) -> Response:
    """Where every mentor stands, in the order of their table: all, some of them, or page by page."""
    return answered(lambda: _chosen(query), page=("mentors", query))


def _chosen(query: MentorsQuery) -> dict[str, Any]:
    answer = programme().score(as_of=query.as_of)
    if query.district is not None:
        table = programme().snapshot(query.as_of)["mentors"]
        there = set(table["mentor_id"][table["district"] == query.district])
        answer = {**answer, "mentors": [row for row in answer["mentors"] if row["mentor_id"] in there]}
    if query.search is not None:
        sought = query.search.casefold()
        rows = answer["mentors"]
        found = [row for row in rows if sought in row["mentor_id"].casefold() or sought in row["name"].casefold()]
        answer = {**answer, "mentors": found}
    return answer


@api.get("/mentors/<mentor_id>/score", **told("Mentors", Scores, 404, 409))
@needs(Permission.SEE_MENTORS)
def mentor_score(path: MentorPath, query: Seen) -> Response:
    """Where one mentor stands: scores against the standard, index with its caveat, expected growth, reasons."""
    return answered(lambda: programme().score(mentor=path.mentor_id, as_of=query.as_of))
