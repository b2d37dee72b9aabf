"""One engagement told in plain values: prediction and reasons out."""

import json
from typing import Any

from flask import Response, g

from service.api.answers.index import Prediction
from service.api.asking import ScoreBody, Spoken
from service.api.room import JSON, Permission, api, needs, programme, told
from service.language import Language
from service.rendering import render


@api.post("/score", **told("Mentors", Prediction, 409, 413, 415))
@needs(Permission.SEE_PROGRAMME)
def score(query: Spoken, body: ScoreBody) -> Response:
    """What growth to expect of an engagement, in which range, and why: base + contributions = expected_growth.

    Nothing is stored, so this needs no Idempotency-Key. Nobody is named in it, so nothing need be cut from it.
    """
    del query
    answer = programme().score_one(body.scores, body.needs, body.facts)
    return Response(_text(answer, g.lang), mimetype=JSON)


def _text(answer: dict[str, Any], lang: Language) -> str:
    """The same JSON as everywhere, written in one pass: only what is no plain value is rendered."""
    try:
        return json.dumps(answer, ensure_ascii=False, allow_nan=False, default=lambda value: render(value, lang))
    except ValueError:  # something undefined, which is null
        return json.dumps(render(answer, lang), ensure_ascii=False, allow_nan=False)
