"""Keeps an answer as JSON without losing its sentences, so that what was stored once reads in every language.

A sentence, label, number or amount of rupiah becomes an object with one name that begins with ``$``; everything else is
as :func:`service.rendering.render` makes it.
"""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from model.sentences import Label, Number, Rupiah, Sentence
from service.language import Language
from service.rendering import fields_of, render

_PLAIN = Language("en")
_CLOSE, _NOUGHT = 1e-9, 1e-12  # relative and absolute; two processes add the same figures up to some 1e-16


def keep(value: Any) -> Any:  # noqa: PLR0911 - one return per kind of value
    """JSON values that :func:`thaw` turns back into an answer that renders the same in every language."""
    match value:
        case Sentence():
            return {"$say": value.text, "$with": {name: keep(item) for name, item in value.values.items()}}
        case Label():
            return {"$label": [value.id, value.en]}
        case Number():
            return {"$number": [render(value.value, _PLAIN), value.decimals]}
        case Rupiah():
            return {"$rupiah": int(value.amount)}
        case date():
            return {"$day": value.isoformat()} if value == value else None  # noqa: PLR0124 - NaT differs from itself
        case Mapping():
            return {str(key): keep(item) for key, item in value.items()}
        case list() | tuple():
            return [keep(item) for item in value]
    found = fields_of(value)
    return keep(found) if found is not None else render(value, _PLAIN)


def thaw(kept: Any) -> Any:  # noqa: PLR0911 - one return per kind of value
    """The answer that was kept."""
    match kept:
        case {"$say": text, "$with": values}:
            return Sentence(text, {name: thaw(item) for name, item in values.items()})
        case {"$label": [id_, en]}:
            return Label(id_, en)
        case {"$number": [value, decimals]}:
            return Number(float("nan") if value is None else value, decimals)
        case {"$rupiah": amount}:
            return Rupiah(amount)
        case {"$day": day}:
            return date.fromisoformat(day[:10])
        case dict():
            return {name: thaw(item) for name, item in kept.items()}
        case list():
            return [thaw(item) for item in kept]
    return kept


def kept_text(answer: Any) -> str:
    """An answer as the JSON text that is stored of it."""
    return json.dumps(keep(answer), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def comes_out_alike(first: str, second: str) -> bool:
    """Whether two stored texts come to the same: ids, words and whole numbers, and every other figure to nine places.

    The last bit of a sum depends on where in memory and on how many threads a library added it up. Sentences may be
    worded otherwise, by a later version: what they say is said by the figures beside them.
    """
    return first == second or _alike(json.loads(first), json.loads(second))


def _worded(value: Any) -> bool:
    """Whether a stored value is a sentence or a list of sentences."""
    return "$say" in value if isinstance(value, dict) else isinstance(value, list) and all(map(_worded, value))


def _alike(first: Any, second: Any) -> bool:
    if _worded(first) and _worded(second):
        return True
    match first, second:
        case dict(), dict():
            return first.keys() == second.keys() and all(_alike(value, second[name]) for name, value in first.items())
        case list(), list():
            return len(first) == len(second) and all(map(_alike, first, second))
        case (float(), float() | int()) | (int(), float()):
            return math.isclose(first, second, rel_tol=_CLOSE, abs_tol=_NOUGHT)
    return type(first) is type(second) and bool(first == second)
