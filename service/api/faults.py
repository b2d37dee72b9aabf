"""What is wrong with a request, field by field, in sentences of our own: pydantic's messages are English alone."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from model.sentences import Number, Sentence, sentence

TWICE = sentence("The name is given more than once.")
_OTHER = sentence("The value is not of the form described.")
_SAID: Mapping[str, Sentence] = {
    "missing": sentence("The field is missing."),
    "extra_forbidden": sentence("There is no field of this name."),
    "string_type": sentence("A text is needed."),
    "int_type": sentence("A whole number is needed."),
    "int_parsing": sentence("A whole number is needed."),
    "int_from_float": sentence("A whole number is needed."),
    "whole": sentence("A whole number in digits is needed."),
    "float_type": sentence("A number is needed."),
    "float_parsing": sentence("A number is needed."),
    "finite_number": sentence("A number is needed."),
    "bool_type": sentence("true or false is needed."),
    "list_type": sentence("A list is needed."),
    "dict_type": sentence("An object is needed."),
    "model_type": sentence("An object is needed."),
    "model_attributes_type": sentence("An object is needed."),
    "string_pattern_mismatch": sentence("The text does not have the form described."),
    "day": sentence("A day of the calendar as year-month-day is needed, for example 2026-12-31."),
    "file": sentence("A file is needed, no text."),
}
"""Kind of fault, as pydantic or our own checks name it → what to say; those with a limit stand below."""


def faults_of(fault: ValidationError) -> tuple[dict[str, Any], ...]:
    """Where each fault is (``at``: names and places, parted by /) and what it is (``message``: a sentence)."""
    found = fault.errors(include_url=False, include_input=False)
    return tuple({"at": "/".join(str(part) for part in one["loc"]), "message": said(one)} for one in found)


def said(one: Mapping[str, Any]) -> Sentence:  # noqa: PLR0911 - one return per kind of fault
    """One fault of pydantic's in a sentence."""
    kind, limits = str(one["type"]), one.get("ctx", {})
    match kind, limits:
        case "value_error", {"error": ValueError(args=[Sentence() as own])}:
            return own
        case "greater_than_equal", {"ge": limit}:
            return sentence("The number must be at least %(limit)s.", limit=_number(limit))
        case "less_than_equal", {"le": limit}:
            return sentence("The number must be at most %(limit)s.", limit=_number(limit))
        case "greater_than", {"gt": limit}:
            return sentence("The number must be more than %(limit)s.", limit=_number(limit))
        case "less_than", {"lt": limit}:
            return sentence("The number must be less than %(limit)s.", limit=_number(limit))
        case (("string_too_short" | "too_short"), {"min_length": limit}):
            return sentence("At least %(limit)s letters or entries are needed.", limit=_number(limit))
        case (("string_too_long" | "too_long"), {"max_length": limit}):
            return sentence("At most %(limit)s letters or entries are allowed.", limit=_number(limit))
        case "literal_error", {"expected": known}:
            return sentence("Choose from: %(known)s.", known=str(known).replace(" or ", ", ").replace("'", ""))
    return _SAID.get(kind, _OTHER)


def _number(limit: Any) -> Number:
    return Number(limit, 0 if float(limit).is_integer() else 2)


def needed(kind: str) -> ValueError:
    """The error by which a check of our own says what is needed: whole, day or file."""
    return ValueError(_SAID[kind])
