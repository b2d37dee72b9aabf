"""Which sectors a mentor serves, which languages a mentor speaks, and where a language is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MatchRules:
    """Rules that an office gives; empty ones rule nothing out.

    ``sectors``: (mentor id, sectors served); a mentor not named serves every sector. ``languages``: (mentor id,
    languages spoken). ``needs_language``: (business id or district, language that a mentor must speak there); a
    business's own entry counts before its district's.
    """

    sectors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    languages: tuple[tuple[str, tuple[str, ...]], ...] = ()
    needs_language: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sectors or self.languages or self.needs_language)

    def as_json(self) -> dict[str, Any]:
        """Plain values, as they are stored with a matching and answered."""
        return {
            "sectors": {mentor: list(served) for mentor, served in self.sectors},
            "languages": {mentor: list(spoken) for mentor, spoken in self.languages},
            "needs_language": dict(self.needs_language),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "MatchRules":
        """Back from :meth:`as_json`; in order of name, so that equal rules are equal."""
        return cls(
            tuple(sorted((mentor, tuple(served)) for mentor, served in plain["sectors"].items())),
            tuple(sorted((mentor, tuple(spoken)) for mentor, spoken in plain["languages"].items())),
            tuple(sorted(plain["needs_language"].items())),
        )


NO_RULES = MatchRules()
