"""Businesses to mentors: matchings made, looked at, approved, published, declined."""

from flask import Response, url_for

from service.api.answers.matches import (
    Match,
    MatchApproved,
    MatchList,
    MatchPublished,
    MatchStanding,
    Rematched,
)
from service.api.answers.work import Job
from service.api.asking import (
    DeclineBody,
    LongHeader,
    MatchBody,
    MatchPath,
    Nothing,
    Paging,
    Spoken,
    WriteHeader,
)
from service.api.jobs import taken_on
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, reply, signed, told
from service.guard import check_match_pair, user
from service.matches.words import PAIR_NAMES
from service.plans.words import part_of


@api.get("/matches", **told("Matching", MatchList))
@needs(Permission.SEE_PLANS)
def matches(query: Paging) -> Response:
    """The stored matchings, the newest first."""
    return answered(lambda: programme().matches(), page=("matches", query))


@api.post("/matches", **told("Matching", Match, writes=True, status=201, also={202: Job}))
@needs(Permission.MAKE_PLANS)
def make_match(header: LongHeader, query: Spoken, body: MatchBody) -> Response:
    """Make and store a matching of businesses to mentors."""
    del query
    if header.later:
        return taken_on("match", **body.model_dump())
    answer = programme().match(**body.model_dump())
    made = reply(answer, 201)
    if answer["match"] is not None:
        made.headers["Location"] = url_for("api.match", match_id=answer["match"])
    return made


@api.get("/matches/<match_id>", **told("Matching", MatchStanding, 404))
@needs(Permission.SEE_PLANS)
def match(path: MatchPath, query: Spoken) -> Response:
    """A stored matching with its status and every decision on it."""
    del query
    return answered(lambda: part_of(programme().show_match(path.match_id), user().districts), also=PAIR_NAMES)


@api.post("/matches/<match_id>/approval", **told("Matching", MatchApproved, writes=True, status=201))
@needs(Permission.APPROVE)
def approve_match(header: WriteHeader, path: MatchPath, query: Spoken, body: Nothing) -> Response:
    """Approve a matching: it never changes again, and its predictions are kept."""
    del header, query, body
    return reply(programme().approve_match(path.match_id, **signed()), 201)


@api.post("/matches/<match_id>/publication", **told("Matching", MatchPublished, writes=True, status=201))
@needs(Permission.APPROVE)
def publish_match(header: WriteHeader, path: MatchPath, query: Spoken, body: Nothing) -> Response:
    """Make an approved matching known: the mentors may be told."""
    del header, query, body
    return reply(programme().publish_match(path.match_id, **signed()), 201)


@api.post("/matches/<match_id>/declined", **told("Matching", Rematched, writes=True, status=201))
@needs(Permission.DECIDE)
def decline_pair(header: WriteHeader, path: MatchPath, query: Spoken, body: DeclineBody) -> Response:
    """Decline pairs, or all of a mentor who leaves; the rest is matched anew, moving as few others as possible."""
    del header, query
    for pair in body.pairs:
        check_match_pair(pair)
    answer = programme().decline_pair(path.match_id, *body.pairs, reason=body.reason, **signed())
    made = reply(answer, 201)
    made.headers["Location"] = url_for("api.match", match_id=answer["match"])
    return made
