"""The API's plain reading answers, the same JSON as the commands give."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, g, request

from service.rendering import as_json
from service.usecases import Programme

api = Blueprint("api", __name__, url_prefix="/api/v1")


def reply(answer: Any) -> Response:
    """An answer as JSON in the reader's language."""
    return Response(as_json(answer, g.lang) + "\n", mimetype="application/json")


def _programme() -> Programme:
    return cast("Programme", current_app.extensions["programme"])


@api.get("/health")
def health() -> Response:
    """Whether the store answers, and its data version."""
    return reply(_programme().health())


@api.get("/index")
def index() -> Response:
    """The index and its companions; ``by`` is program, district or mentor."""
    return reply(_programme().index(by=request.args.get("by", "program"), as_of=request.args.get("as_of")))


@api.get("/mentors")
def mentors() -> Response:
    """Where every mentor stands."""
    return reply(_programme().score(as_of=request.args.get("as_of")))


@api.get("/mentors/<mentor_id>/score")
def mentor_score(mentor_id: str) -> Response:
    """Where one mentor stands."""
    return reply(_programme().score(mentor=mentor_id, as_of=request.args.get("as_of")))


@api.get("/plans")
def plans() -> Response:
    """The stored plans, newest first."""
    return reply(_programme().plans())


@api.get("/plans/<plan_id>")
def plan(plan_id: str) -> Response:
    """A stored plan."""
    return reply(_programme().stored_plan(plan_id))


@api.get("/explain/mentor/<mentor_id>")
def explain_mentor(mentor_id: str) -> Response:
    """The reasons behind a mentor's expected growth."""
    return reply(_programme().explain_mentor(mentor_id, as_of=request.args.get("as_of")))


@api.get("/explain/engagement/<engagement_id>")
def explain_engagement(engagement_id: str) -> Response:
    """The reasons behind an engagement's expected growth."""
    return reply(_programme().explain_engagement(engagement_id, as_of=request.args.get("as_of")))


@api.get("/models")
def models() -> Response:
    """The published models, newest first."""
    return reply(_programme().models())


@api.get("/models/<name>")
def model(name: str) -> Response:
    """What training answered for a version."""
    return reply(_programme().model(name))


@api.get("/models/<name>/card")
def model_card(name: str) -> Response:
    """The card of a version."""
    return reply(_programme().model_card(name, lang=g.lang.code))
