"""Keeps an answer as JSON without losing its sentences, so that what was stored once reads in every language.

A sentence, label, number or amount of rupiah becomes an object with one name that begins with ``$``; everything else is
as :func:`service.rendering.render` makes it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from model.sentences import Label, Number, Rupiah, Sentence
from service.language import Language
from service.rendering import fields_of, render

_PLAIN = Language("en")


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
