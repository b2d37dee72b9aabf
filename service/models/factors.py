"""What a prediction is made of, as a reader takes it: each factor's name, own value and reference in their own unit."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.language import UNKNOWN, Language, mark


@dataclass(frozen=True)
class Factor:
    """A factor in words: turnover in rupiah and age in years, which are learned as logarithms; a need as a share."""

    name: str
    own: str
    reference: str


def factor(row: Mapping[str, Any], lang: Language) -> Factor:
    """A row of contributions (``feature``, ``label``, ``level``, ``reference_level``), rendered to plain values."""
    code = str(row["feature"])
    name, show = _NATURAL.get(code, ("", _needed if code.startswith("need:") else _plain))
    if code.startswith("score:"):
        show = _score
    said = [show(row[end], lang) for end in ("level", "reference_level")]
    return Factor(lang.text(name) if name else str(row["label"] or code), *said)


def _plain(value: Any, lang: Language) -> str:
    return lang.number(value, 2) if isinstance(value, float) else lang.show(value) or UNKNOWN


def _score(value: Any, lang: Language) -> str:
    return lang.number(value, 1) if isinstance(value, int | float) else UNKNOWN


def _needed(value: Any, lang: Language) -> str:
    if not isinstance(value, int | float):
        return UNKNOWN
    return lang.show(bool(value)) if value in {0, 1} else lang.percent(value)


def _rupiah(value: Any, lang: Language) -> str:
    return lang.about(math.exp(value)) if isinstance(value, int | float) else UNKNOWN


def _years(value: Any, lang: Language) -> str:
    return lang.number(math.expm1(value), 1) if isinstance(value, int | float) else UNKNOWN


_NATURAL: Mapping[str, tuple[str, Callable[[Any, Language], str]]] = {
    "turnover": (mark("Monthly turnover before the start"), _rupiah),
    "mentor_turnover": (mark("Typical monthly turnover of the mentor's businesses"), _rupiah),
    "business_age": (mark("Age of the business in years"), _years),
}
