"""Rules of a matching as lines of a form: NAME = WHAT, several with a comma between; the same rules as in a file."""

from collections.abc import Mapping
from typing import Any

from model.matching.rules import MatchRules
from model.refusals import InputRefused
from model.sentences import Number, sentence

FIELDS = {
    "sectors": sentence("Sectors a mentor serves"),
    "languages": sentence("Languages a mentor speaks"),
    "needs_language": sentence("Where a language is needed"),
}
"""Every kind of rule, and what its field of the form is called."""


def written(rules: MatchRules) -> dict[str, str]:
    """The lines that :func:`read` reads back as these rules."""
    return {
        name: "\n".join(f"{key} = {_joined(of)}" for key, of in entries.items())
        for name, entries in rules.as_json().items()
    }


def _joined(of: str | list[str]) -> str:
    if isinstance(of, str):
        return of
    if any("," in one for one in of):
        return "; ".join(of) + (";" if len(of) == 1 else "")
    return ", ".join(of)


def read(texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The entries of a file of rules that lines stand for, by kind.

    Raises:
        InputRefused: a line is no NAME = WHAT, or names one twice.
    """
    return {name: _entries(name, text) for name, text in texts.items()}


def _entries(name: str, text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        key, sign, said = (part.strip() for part in line.partition("="))
        many = [one.strip() for one in said.split(";" if ";" in said else ",") if one.strip()]
        if not (key and sign and many) or key in found:
            raise _refused(name, number)
        found[key] = said if name == "needs_language" else many
    return found


def _refused(name: str, number: int) -> InputRefused:
    return InputRefused(
        sentence("Line %(line)s is no rule, or its name stands there already.", line=Number(number)),
        where=sentence("the field %(field)s", field=FIELDS[name]),
        mend=sentence("Write a name, the sign = and what goes with it, such as M001 = G, C."),
    )
