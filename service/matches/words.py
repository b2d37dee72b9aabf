"""Words of a pair that the terminal, the letter and the pages have in common."""

from collections.abc import Mapping
from typing import Any

from service.language import Language, mark
from service.words import ranged, role

Plain = Mapping[str, Any]
STATUS = {"draft": mark("draft"), "approved": mark("approved"), "published": mark("published")}
PAIR_NAMES = ("goes_to", "before", "after")
"""Further names under which a mentor's id stands in a matching."""


def growth(pair: Plain, unit: str | None, lang: Language) -> str:
    """What is expected of a pair: growth (or an outcome of the unit given) with its range, or the fit."""
    if pair["basis"] == "standard":
        return lang.text("fit %(fit)s", fit=lang.number(pair["fit"], 2))
    figures = ranged(
        lang.change if unit is None else lambda value: lang.signed(value, 2),
        *(pair[name] for name in ("expected_growth", "low", "high")),
    )
    return lang.text("expected growth %(growth)s", growth=figures)


def alike(pair: Plain, lang: Language) -> list[str]:
    """That others are as good within noise, if any."""
    if not pair["equals"]:
        return []
    told = {"count": pair["equals_count"], "first": ", ".join(pair["equals"])}
    if pair["equals_count"] > len(pair["equals"]):
        return [lang.text("Equal within noise for this business: %(count)s mentors, among them %(first)s.", **told)]
    return [lang.text("Equal within noise for this business: %(count)s mentors (%(first)s).", **told)]


def status(answer: Plain, lang: Language) -> list[str]:
    """How far a matching has come, then every decision on it; nothing is told of a matching as it was made."""
    if "status" not in answer:
        return []
    line = lang.text("Status: %(status)s.", status=lang.text(STATUS[answer["status"]]))
    return [line, *(_decision(row, lang) for row in answer["decisions"])]


def _decision(row: Plain, lang: Language) -> str:
    values = {"name": row["name"], "role": role(row["role"], lang), "moment": lang.moment(row["made_at"])}
    match row["event"]:
        case "approved":
            return lang.text("Approved by %(name)s (%(role)s), %(moment)s.", **values)
        case "published":
            return lang.text("Published by %(name)s (%(role)s), %(moment)s.", **values)
    pair = f"{row['business_id'] or '*'}:{row['mentor_id']}"
    return lang.text(
        "%(pair)s declined, recorded by %(name)s (%(role)s), %(moment)s: %(reason)s Matched anew in %(match)s.",
        pair=pair,
        reason=row["reason"],
        match=str(row["led_to"]),
        **values,
    )
