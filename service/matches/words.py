"""Words of a pair that the terminal, the letter and the pages have in common."""

from collections.abc import Mapping
from typing import Any

from service.language import Language
from service.words import ranged

Plain = Mapping[str, Any]
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
    return [
        lang.text(
            "Equal within noise for this business: %(count)s mentors (%(first)s).",
            count=pair["equals_count"],
            first=", ".join(pair["equals"]),
        )
    ]
