"""Where the figures of a report come from: the page of the rows behind each, as ENDPOINT?ARGUMENTS."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from service.language import Language
from service.model_card.form import Piece, cut
from service.reports.conclusions import named

Told = Mapping[str, Any]
_FIGURE = re.compile(r"[+−]?(Rp)?\d[\d.,]*%?")


def businesses(told: Told, **more: str) -> str:
    """The businesses behind indicators of the period."""
    return _at("pages.report_rows", told, **more)


def behind(told: Told, of: str, **more: str) -> str:
    """The rows of another kind: scores, trainings, plans, desk, review or objections."""
    return _at("pages.report_behind", told, of=of, **more)


def answers(told: Told, **more: str) -> str:
    """The answers behind the index, as they stood on the report's day."""
    seen = {"report": str(told["report"])} if told.get("report") else {"as_of": told["as_of"].isoformat()}
    return f"pages.index_rows?{urlencode({**seen, **more})}"


def card(told: Told, place: str) -> str:
    """The part of the model's card that tells how an estimate was reckoned; empty without a model."""
    return f"pages.model_version?{urlencode({'name': told['model'], '_anchor': place})}" if told["model"] else ""


def plan(number: int, place: str = "") -> str:
    """A stored plan, or a part of its page."""
    return f"pages.plan?{urlencode({'plan_id': number, **({'_anchor': place} if place else {})})}"


def _at(endpoint: str, told: Told, **more: str) -> str:
    """``report``: number of a published report, whose rows are those it was made from."""
    of = {"report": str(told["report"])} if told.get("report") else {"period": told["period"]}
    return f"{endpoint}?{urlencode({**of, **more})}"


def _standards(told: Told) -> str:
    known = [row for row in told["standards"] if row["mentors"]]
    return behind(told, "scores", group=max(known, key=lambda row: row["share_below"])["area"]) if known else ""


_OPENS: Mapping[str, Callable[[Told, str], str]] = {
    "activity": lambda told, _: businesses(told),
    "turnover": lambda told, value: businesses(told, **({"of": "never"} if value in {"others", "trend"} else {})),
    "results": lambda told, _: businesses(told),
    "index": lambda told, _: answers(told, kind="complete"),
    "standards": lambda told, _: _standards(told),
    "training": lambda told, value: card(told, "support") if value == "verdict" else "",
    "plans": lambda told, value: behind(told, "plans" if told["plans"] and value != "done" else "trainings"),
    "desk": lambda told, _: behind(told, "desk"),
    "review": lambda told, value: behind(told, "review", group="scores" if value.startswith("score") else "growth"),
    "objections": lambda told, _: behind(told, "objections"),
}
"""Part of the conclusions → the rows behind one of its values."""


def pieces(told: Told, lang: Language) -> tuple[tuple[Piece, ...], ...]:
    """Each conclusion cut into (text, page of the rows behind it or empty)."""

    def opens(part: str, value: str, shown: str) -> str:
        return _OPENS[part](told, value) if _FIGURE.fullmatch(shown) or part == "training" else ""

    return tuple(cut(said, partial(opens, part), lang) for part, said in named(told))


def as_published(told: Told, lang: Language) -> list[list[Piece]]:
    """The conclusions that a published report told; one that would be worded otherwise today has no links."""
    said = [lang.show(one) for one in told["conclusions"]]
    try:
        cut = [list(one) for one in pieces(told, lang)]
    except KeyError:  # told by an earlier Suluh
        cut = []
    known = {"".join(text for text, _ in one): one for one in cut}
    return [known.get(text, [(text, "")]) for text in said]
