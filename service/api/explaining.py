"""The reasons behind a number."""

from flask import Response

from service.api.answers.index import Explanation
from service.api.asking import Beside, EngagementPath, MentorPath
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, told, user
from service.guard import reach
from service.reach import check_ids


@api.get("/explain/mentor/<mentor_id>", **told("Reasons", Explanation, 404, 409))
@needs(Permission.SEE_MENTORS)
def explain_mentor(path: MentorPath, query: Beside) -> Response:
    """The reasons behind a mentor's expected growth, or its difference from another's: base + contributions = value."""
    _in_reach(mentor_id=query.against)
    return answered(
        lambda: programme().explain_mentor(path.mentor_id, against=query.against, as_of=query.as_of),
    )


@api.get("/explain/engagement/<engagement_id>", **told("Reasons", Explanation, 404, 409))
@needs(Permission.SEE_BUSINESSES)
def explain_engagement(path: EngagementPath, query: Beside) -> Response:
    """The reasons behind an engagement's growth, or its difference from another's: base + contributions = value."""
    _in_reach(engagement_id=query.against)
    return answered(
        lambda: programme().explain_engagement(path.engagement_id, against=query.against, as_of=query.as_of),
    )


def _in_reach(**ids: str | None) -> None:
    """Refuse to compare with somebody whoever asks may not see, in the words for an id that is not there."""
    if user().limited:
        check_ids(reach(), {name: value for name, value in ids.items() if value is not None}, programme())
