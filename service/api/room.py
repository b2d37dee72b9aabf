"""The blueprint that every resource hangs its operations on, and what the document says of their answers."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g
from flask_openapi import APIBlueprint
from pydantic import BaseModel

from service.guard import needs, programme, seen, user
from service.people.roles import Permission
from service.rendering import as_json, render

__all__ = ["PREFIX", "Permission", "api", "needs", "programme", "reply", "shown", "signed", "told", "told_file", "user"]

PREFIX = "/api/v1"
SCHEMAS = "#/components/schemas/"
JSON, PROBLEM = "application/json", "application/problem+json"

TROUBLES = {
    400: "A parameter, header or body that does not have the form described here.",
    401: "No valid token or session.",
    403: "The role may not do this, or not for this district.",
    404: "There is nothing of that id.",
    409: "What is stored does not allow it: data or a model are missing, or the key was used for another request.",
    412: "Sent on the condition of a state (If-Match); writes add and never overwrite, so nothing was done.",
    413: "The request is too large.",
    415: "The body is of another media type than described here.",
    422: "Understood, but it cannot be done as asked.",
    429: "Too many requests; wait as long as Retry-After says.",
    503: "The database or the home folder cannot be used at present.",
}
ALWAYS = (400, 401, 403, 429, 503)
WRITING = (404, 409, 412, 413, 415, 422)
"""Statuses that any operation, and any operation that changes something, may answer with beside its own."""

ANSWERS: set[type[BaseModel]] = set()
"""Every model named as an answer; the document describes them when it is asked for, so start-up need not wait."""


def _named(*, name: str, path: str, method: str) -> str:
    del path, method
    return name


api = APIBlueprint("api", __name__, url_prefix=PREFIX, operation_id_callback=_named)


def reply(answer: Any, status: int = 200) -> Response:
    """An answer as JSON in the reader's language, cut to what whoever asks may see."""
    return Response(as_json(shown(answer), g.lang) + "\n", status, mimetype=JSON)


def signed() -> dict[str, str]:
    """Name and role of whoever asks, as a decision keeps them."""
    who = user()
    return {"name": who.name or who.key, "role": str(who.role)}


def shown(answer: Any, *also: str) -> Any:
    """An answer as plain values, cut to what whoever asks may see (see :func:`service.guard.seen`)."""
    return seen(render(answer, g.lang), *also)


def told(
    tag: str,
    answer: type[BaseModel],
    *troubles: int,
    writes: bool = False,
    also: dict[int, type[BaseModel]] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the document says of an operation's answers.

    Args:
        tag: heading it stands under.
        answer: model of the body with ``status``.
        troubles: statuses of problems beside :data:`ALWAYS`.
        writes: it changes something (:data:`WRITING` as well).
        also: further bodies by status.
        status: of the answer.
        headers: further ones of what is read, and what each says.
    """
    good = {status: answer, **(also or {})}
    ANSWERS.update(good.values())
    bad = {*ALWAYS, *troubles, *(WRITING if writes else ())} - good.keys()
    responses = {code: _body(model, JSON) | {"description": _GOOD[code]} for code, model in good.items()}
    responses |= {code: _problem(code) for code in bad}
    if writes:
        responses[status]["headers"] = _MADE
    elif 415 not in troubles:  # what is asked with a body has no ETag
        more = {name: {"description": said, "schema": {"type": "string"}} for name, said in (headers or {}).items()}
        responses[200]["headers"] = {**_HEADERS, **more}
        responses[304] = {"description": "Unchanged since the answer whose ETag was sent in If-None-Match."}
    return {"tags": [{"name": tag}], "responses": dict(sorted(responses.items()))}


def told_file(tag: str, *kinds: str) -> dict[str, Any]:
    """The same for an operation that answers with a file of one of these media types."""
    responses: dict[int, dict[str, Any]] = {code: _problem(code) for code in (*ALWAYS, 404)}
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    responses[200] = {"description": _GOOD[200], "content": content}
    return {"tags": [{"name": tag}], "responses": dict(sorted(responses.items()))}


_GOOD = {
    200: "Done.",
    201: "Made; Location names it.",
    202: "Taken on as a job; Location names it.",
    422: "Refused: the answer says why, row by row.",
}
_MADE = {
    "Location": {"description": "Address of what was made.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {"description": "true where this was answered before.", "schema": {"type": "string"}},
}
_HEADERS = {
    "ETag": {"description": "Mark of this state of the answer.", "schema": {"type": "string"}},
    "Link": {"description": "Other pages of a list (RFC 8288).", "schema": {"type": "string"}},
    "X-Total-Count": {"description": "Length of the whole list.", "schema": {"type": "integer"}},
}


def _body(model: type[BaseModel], kind: str) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"$ref": SCHEMAS + model.__name__}}}}


def _problem(code: int) -> dict[str, Any]:
    return {"description": TROUBLES[code], "content": {PROBLEM: {"schema": {"$ref": SCHEMAS + "Problem"}}}}
