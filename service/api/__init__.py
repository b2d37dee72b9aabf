"""The REST API: the use cases over HTTP, described by OpenAPI, with the same JSON as the commands give."""

from typing import Any, cast

from flask import Flask

from service.api import (  # noqa: F401 - each hangs its operations on the room
    desk,
    explaining,
    importing,
    index,
    jobs,
    matches,
    mentors,
    models,
    plans,
    reports,
    score,
)
from service.api.checking import check_request
from service.api.document import document
from service.api.problems import refuse_invalid
from service.api.reading import KEPT
from service.api.repeating import after_write, before_write
from service.api.room import PREFIX, api
from service.cache import Cache

__all__ = ["PREFIX", "api", "join"]

api.before_request(check_request)
api.before_request(before_write)
api.after_request(after_write)


def join(app: Flask) -> None:
    """Hang the API and its description on the application."""
    library = cast("Any", app)  # flask-openapi's operations look for these two on the application
    library.validation_error_callback, library.validate_response = refuse_invalid, None
    app.extensions["answers"] = Cache(KEPT)
    app.register_blueprint(api)
    app.register_blueprint(document)
