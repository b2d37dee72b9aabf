"""Turns an answer of the rooms below into plain JSON values in one language."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

from model.refusals import Refused
from model.sentences import Label, Number, Rupiah, Sentence
from model.unseen import visible
from service.language import Language


def render(value: Any, lang: Language) -> Any:  # noqa: PLR0911 - one return per kind of value
    """Plain JSON values of any answer.

    Mappings, sequences and dataclasses are walked; a Sentence or Label becomes text in ``lang``; Number, Rupiah,
    Fraction and numpy scalars become numbers; a day becomes ISO text; what is not finite becomes None. Signs in a text
    that nobody sees, which earlier versions took in, are written out.
    """
    match value:
        case Enum():
            return render(value.value, lang)
        case str():
            return visible(value)
        case None | bool() | int():
            return value
        case float():
            return float(value) if math.isfinite(value) else None
        case Sentence() | Label():
            return visible(lang.show(value))
        case Number():
            return render(value.value, lang)
        case Rupiah():
            return int(value.amount)
        case Mapping():
            return {_key(key): render(item, lang) for key, item in value.items()}
        case _:
            return _other(value, lang)


def _other(value: Any, lang: Language) -> Any:
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, Path):
        return value.as_posix()
    named = fields_of(value)
    if named is not None:
        return render(named, lang)
    if hasattr(value, "tolist"):
        return render(value.tolist(), lang)
    if isinstance(value, Iterable):
        return [render(item, lang) for item in value]
    raise TypeError(f"an answer holds a {type(value).__name__}, which has no plain form")


def fields_of(value: Any) -> dict[str, Any] | None:
    """The fields of a dataclass by name; None for anything else."""
    if not is_dataclass(value) or isinstance(value, type):
        return None
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _day(value: date) -> str | None:
    if value != value:  # noqa: PLR0124 - pandas' NaT is the one day that differs from itself
        return None
    if isinstance(value, datetime) and value.tzinfo is None and value.time() == time.min:
        return value.date().isoformat()
    return value.isoformat()


def _key(key: Any) -> str:
    return str(key.value) if isinstance(key, Enum) else str(key)


def as_json(value: Any, lang: Language) -> str:
    """An answer as JSON text, the same for every face: indented, UTF-8, without NaN."""
    return json.dumps(render(value, lang), ensure_ascii=False, indent=2, allow_nan=False)


def refusal(fault: Refused, lang: Language) -> dict[str, dict[str, str]]:
    """A refusal as every face gives it: {"error": {"what", "where", "mend"}}."""
    told = {"what": fault.what, "where": fault.where, "mend": fault.mend}
    return {"error": {name: visible(lang.say(said)) for name, said in told.items()}}
