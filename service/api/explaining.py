"""The reasons behind a number."""

from flask import Response

from service.api.answers.index import Explanation
from service.api.asking import EngagementPath, MentorPath, Seen
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, told


@api.get("/explain/mentor/<mentor_id>", **told("Reasons", Explanation, 404, 409))
@needs(Permission.SEE_MENTORS)
def explain_mentor(path: MentorPath, query: Seen) -> Response:
    """The reasons behind a mentor's expected growth: base + contributions = value."""
    return answered(lambda: programme().explain_mentor(path.mentor_id, as_of=query.as_of))


@api.get("/explain/engagement/<engagement_id>", **told("Reasons", Explanation, 404, 409))
@needs(Permission.SEE_BUSINESSES)
def explain_engagement(path: EngagementPath, query: Seen) -> Response:
    """The reasons behind an engagement's expected growth: base + contributions = value."""
    return answered(lambda: programme().explain_engagement(path.engagement_id, as_of=query.as_of))
