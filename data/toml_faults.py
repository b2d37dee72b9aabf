"""What is wrong with one of our TOML files, in sentences: that it cannot be read, or that an entry has a wrong form."""

import re
from collections.abc import Mapping
from typing import Any

from model.sentences import Sentence, sentence

_PLACE = re.compile(r"line (\d+), column (\d+)")


def unreadable(fault: Exception) -> Sentence:
    """Why a file could not be read as TOML; ``fault``: OSError, UnicodeDecodeError or TOMLDecodeError."""
    match fault:
        case FileNotFoundError():
            return sentence("There is no such file.")
        case OSError():
            return sentence("The file cannot be opened.")
        case UnicodeDecodeError():
            return sentence("The file is not UTF-8 text.")
    place = _PLACE.search(str(fault))
    if place is None:
        return sentence("The file is not TOML: it ends in the middle of an entry.")
    return sentence("The file is not TOML from line %(line)s, column %(column)s on.", line=place[1], column=place[2])


def wrong_entry(fault: Mapping[str, Any]) -> Sentence:
    """What is wrong with an entry; ``fault``: one of pydantic's errors, with its type, ctx and msg."""
    kind, known = fault["type"], fault.get("ctx", {})
    if kind in _KINDS:
        return _KINDS[kind]
    match known:
        case {"expected": expected}:
            return sentence("The entry must be one of %(expected)s.", expected=str(expected).replace(" or ", ", "))
        case {"ge": low} | {"gt": low}:
            return sentence("The entry must not be below %(low)s.", low=f"{low:g}")
        case {"le": high} | {"lt": high}:
            return sentence("The entry must not be above %(high)s.", high=f"{high:g}")
    return sentence("The entry has the wrong form: %(fault)s", fault=fault["msg"])


_KINDS = {
    "extra_forbidden": sentence("The entry is not known."),
    "missing": sentence("The entry is missing."),
    "string_type": sentence("The entry must be a text in quotation marks."),
    "string_too_long": sentence("The entry is too long."),
    "string_too_short": sentence("The entry must not be empty."),
    "too_short": sentence("The entry must not be empty."),
    "float_type": sentence("The entry must be a number."),
    "float_parsing": sentence("The entry must be a number."),
    "tuple_type": sentence("The entry must be a list in square brackets."),
    "dict_type": sentence("The entry must be a table of its own, with a name and a value in every line."),
    "model_type": sentence("The entry must be a table of its own, with a name and a value in every line."),
}
