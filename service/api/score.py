"""One engagement told in plain values: prediction and reasons out."""

from typing import Any

from flask import Response, g
from pydantic_core import to_json

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
    answer = programme().score_one(body.scores, body.needs, body.facts, lang=g.lang)
    return Response(_text(answer, g.lang), mimetype=JSON)


def _text(answer: dict[str, Any], lang: Language) -> bytes:
    """The same JSON as everywhere, written in one pass: only what can hold sentences is rendered; undefined is null."""
    plain = {**answer, "unusual": render(answer["unusual"], lang), "reasons": [*map(lang.say, answer["reasons"])]}
    return to_json(plain, inf_nan_mode="null")
