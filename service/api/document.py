"""The description of the API: OpenAPI 3.1 as JSON, and the same as a page that needs no script."""

import functools
import json
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask_openapi import OpenAPI, SecurityScheme
from flask_openapi.models import Info
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.api.answers.common import Problem
from service.api.room import ANSWERS, JSON, PREFIX, SCHEMAS, Permission, api, needs

document = Blueprint("document", __name__)

_ABOUT = (
    "The answers are those of the commands with --json. Everything that changes something may be sent with an "
    "Idempotency-Key: the same key with the same body gives the same answer once more. What is undefined is null. "
    "Every range is 90 %. Whoever is limited to districts is shown mentors and businesses there; figures that name "
    "nobody, such as totals, the index and the model, are of the whole programme."
)

_WHO: dict[str, SecurityScheme | dict[str, Any]] = {
    "token": SecurityScheme(type="http", scheme="bearer", description="Made by the command token add."),
    "session": SecurityScheme.model_validate(
        {
            "type": "apiKey",
            "in": "cookie",
            "name": "suluh_session",
            "description": "Of a log-in; whatever changes something then needs the form's token in X-CSRFToken.",
        }
    ),
}


@document.get("/openapi.json")
@needs(Permission.ANYONE)
def as_json() -> Response:
    """The description as JSON."""
    return Response(_text(), mimetype=JSON)


@document.get("/openapi")
@needs(Permission.ANYONE)
def as_page() -> str:
    """The description as a page."""
    spec = described()
    return render_template("openapi.html", spec=spec, operations=_operations(spec))


@functools.cache
def _text() -> str:
    return json.dumps(described(), ensure_ascii=False, indent=1) + "\n"


@functools.cache
def described() -> dict[str, Any]:
    """The OpenAPI 3.1 description of every operation."""
    maker = OpenAPI(
        current_app.import_name,
        info=Info(title="Suluh", version="1", description=_ABOUT),
        security_schemes=_WHO,
        doc_ui=False,
        validation_error_status=400,
    )
    maker.openapi_version = "3.1.0"
    maker.paths, maker.tags = api.paths, sorted(api.tags, key=lambda tag: tag.name)
    maker.components_schemas = dict(api.components_schemas)
    spec = dict(maker.api_doc)
    models: list[type[BaseModel]] = [Problem, *ANSWERS]
    _, found = models_json_schema([(model, "serialization") for model in models], ref_template=SCHEMAS + "{model}")
    schemas = {**spec["components"]["schemas"], **found["$defs"]}
    schemas.pop("ValidationErrorModel", None)
    spec["components"]["schemas"] = dict(sorted(schemas.items()))
    spec["security"] = [{name: []} for name in _WHO]
    spec["paths"][f"{PREFIX}/health"]["get"]["security"] = []
    return spec


def _operations(spec: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
    ]
    return sorted(found, key=lambda one: (one["tags"][0], one["path"], one["method"]))
