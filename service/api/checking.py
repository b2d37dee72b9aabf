"""Looks at a request before any operation does: its size, its media type, a body that is JSON, no name given twice."""

import json
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from model.sentences import sentence
from service.api.faults import TWICE
from service.api.problems import TooLarge, WrongMedia, bad_body, malformed
from service.api.room import JSON

LARGEST_BODY = 1_000_000
FORMS = frozenset({"api.import_tables"})
"""Operations that take a form with files and look at it themselves."""


def check_request() -> None:
    """Refuse what no operation would take.

    Raises:
        Malformed: the body is no JSON object, or a parameter is given twice.
        WrongMedia: the body is of another media type than JSON.
        TooLarge: it is larger than a body of the API ever is.
    """
    for name, values in request.args.lists():
        if len(values) > 1:
            raise malformed(({"at": name, "message": TWICE},))
    if request.method != "POST":
        return
    if request.endpoint in FORMS:
        _check_form()
        return
    if request.mimetype != JSON:
        raise WrongMedia(
            sentence("The body is not JSON."),
            where=sentence("the header %(header)s", header="Content-Type"),
            mend=sentence("Send the body as application/json."),
        )
    _keep_json(_body())


def _check_form() -> None:
    if request.mimetype != "multipart/form-data":
        raise WrongMedia(
            sentence("The body is no form with files."),
            where=sentence("the header %(header)s", header="Content-Type"),
            mend=sentence("Send the files as multipart/form-data."),
        )
    try:
        parts = [(name, len(values)) for name, values in request.form.lists()]
        parts += [(name, len(files)) for name, files in request.files.lists() if name != "files"]
    except RequestEntityTooLarge as fault:
        raise too_large(request.max_content_length or 0) from fault
    for name, count in parts:
        if count > 1:
            raise malformed(({"at": name, "message": TWICE},))


def _body() -> bytes:
    request.max_content_length = LARGEST_BODY
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge as fault:
        raise too_large(LARGEST_BODY) from fault


def too_large(most: int) -> TooLarge:
    """That a request is larger than may be sent."""
    return TooLarge(
        sentence("The request is larger than %(most)s bytes.", most=str(most)),
        where=sentence("the body of the request"),
        mend=sentence("Send less at a time, or use the command on the machine itself."),
    )


def _keep_json(body: bytes) -> None:
    """Read the body once, strictly, and leave it where flask-openapi takes it from."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once)
        if b"\\u" in body:
            _storable(found)
    except (ValueError, RecursionError) as fault:
        raise bad_body(sentence("The body cannot be read as JSON.")) from fault
    if not isinstance(found, dict):
        raise bad_body(sentence("The body is no JSON object."))
    request._cached_json = (found, found)  # noqa: SLF001 - the one place where werkzeug keeps what it has read


def _storable(found: Any) -> None:
    """Refuse half a surrogate pair and the character nought, which no database takes for text."""
    text = json.dumps(found, ensure_ascii=False)
    text.encode("utf-8")
    if "\\u0000" in text:
        raise ValueError("the character nought is no text")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice")
    return found
