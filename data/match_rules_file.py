"""Reads the rules of a matching (TOML), from a file of their own or the table [matching] of the framework file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.toml_faults import unreadable, wrong_entry
from model.matching.rules import MatchRules
from model.refusals import InputRefused
from model.sentences import Sentence, sentence

_Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
_Some = Annotated[tuple[_Text, ...], Field(min_length=1, max_length=100)]


class RulesEntry(BaseModel):
    """The rules as they are written: ids and names as keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sectors: dict[str, _Some] = {}
    languages: dict[str, _Some] = {}
    needs_language: dict[str, _Text] = {}

    def rules(self) -> MatchRules:
        """The rules in order of name."""
        return MatchRules.from_json(self.model_dump())


def match_rules(given: Mapping[str, Any]) -> MatchRules:
    """Rules from plain values of the form of a file.

    Raises:
        InputRefused: an entry has the wrong form.
    """
    return _checked(given, sentence("the rules of the matching"))


def _checked(given: Mapping[str, Any], whole: Sentence) -> MatchRules:
    try:
        return RulesEntry.model_validate(given).rules()
    except ValidationError as fault:
        first = fault.errors()[0]
        entry = ".".join(map(str, first["loc"]))
        raise _refused(wrong_entry(first), sentence("%(file)s, entry %(entry)s", file=whole, entry=entry)) from fault


def read_match_rules(path: Path) -> MatchRules:
    """Read a file of rules.

    Raises:
        InputRefused: it cannot be read, is no TOML, or an entry has the wrong form.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise _refused(unreadable(fault), sentence("%(file)s", file=str(path))) from fault
    return _checked(given, sentence("%(file)s", file=str(path)))


def _refused(what: Sentence, where: Sentence) -> InputRefused:
    return InputRefused(
        sentence("The rules of the matching cannot be used: %(fault)s", fault=what),
        where=where,
        mend=sentence(
            "Write the tables sectors and languages (mentor id = a list of names) and needs_language (district or "
            "business id = a language)."
        ),
    )
