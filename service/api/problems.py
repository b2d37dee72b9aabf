"""Refusals as problem details (RFC 9457) that carry the commands' {"error": {what, where, mend}} too."""

import json
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Response, g, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from model.refusals import InputRefused, Refused
from model.sentences import Sentence, sentence
from service.api.faults import faults_of
from service.api.room import PROBLEM
from service.rendering import refusal


class Malformed(InputRefused):
    """A request whose parameters or body do not have the form the document describes; ``faults`` says where."""

    faults: tuple[dict[str, Any], ...] = ()


class TooLarge(InputRefused):
    """A request that is larger than may be sent."""


class WrongMedia(InputRefused):
    """A body of another media type than the operation takes."""


def problem(fault: Refused, code: int) -> Response:
    """A refusal as problem+json in the reader's language."""
    said = refusal(fault, g.lang)
    body = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": f"{said['error']['what']} {said['error']['mend']}",
        "instance": request.path,
        **said,
    }
    if isinstance(fault, Malformed) and fault.faults:
        body["faults"] = [{"at": one["at"], "message": g.lang.say(one["message"])} for one in fault.faults]
    answer = Response(json.dumps(body, ensure_ascii=False, indent=2) + "\n", code, mimetype=PROBLEM)
    if code == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="suluh"'
    return answer


def http_problem(fault: HTTPException, said: Refused) -> Response:
    """A fault of the web library's own (no such address, no such method) as a problem, with the headers it names."""
    answer = problem(said, fault.code or 500)
    allowed = getattr(fault, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def refuse_invalid(fault: ValidationError) -> NoReturn:
    """Refuse what pydantic found wrong with a request.

    Raises:
        Malformed: always.
    """
    raise malformed(faults_of(fault))


def malformed(faults: tuple[dict[str, Any], ...]) -> Malformed:
    """That a request does not have the form described."""
    first = faults[0]
    said = Malformed(
        sentence("The request does not have the form described."),
        where=sentence("the field %(field)s", field=first["at"] or "body"),
        mend=sentence("See the description of the API at /openapi."),
    )
    said.faults = faults
    return said


def bad_body(what: Sentence) -> Malformed:
    """That a body cannot be read at all."""
    return Malformed(
        what, where=sentence("the body of the request"), mend=sentence("See the description of the API at /openapi.")
    )
