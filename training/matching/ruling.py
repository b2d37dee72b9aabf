"""Rules of sector and language on the tables of one matching: whom they keep from whom, and names nobody has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.framework import fold
from model.matching.rules import MatchRules
from model.refusals import MatchRefused
from model.sentences import Sentence, sentence
from training.matching.match_tables import MatchTables

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Ruling:
    """Rules read on tables."""

    rules: MatchRules
    tables: MatchTables

    def needed(self, business: int) -> str | None:
        """Language that a business to be served needs, as the office wrote it; None for any."""
        businesses = self.tables.businesses
        return self.needed_by(businesses.ids[business], businesses.districts[business])

    def needed_by(self, business: str | None, district: str) -> str | None:
        """The same by a business's id, if it has one, and its district."""
        own = self._languages.get(business) if business is not None else None
        return own or self._by_district.get(fold(district))

    def allowed(self, sector: str | None, language: str | None) -> Bools:
        """Mentors (M) who serve a sector and speak a language; None: whichever."""
        key = sector, language
        if key not in self._seen:
            within, spoken_there = (None if name is None else fold(name) for name in key)
            self._seen[key] = np.array(
                [
                    (within is None or served is None or within in served)
                    and (spoken_there is None or spoken_there in spoken)
                    for served, spoken in zip(self._served, self._spoken, strict=True)
                ],
                dtype=bool,
            )
        return self._seen[key]

    def within(self, business: int) -> Bools:
        """Mentors (M) whom the rules let serve a business."""
        return self.allowed(self.tables.businesses.sectors[business], self.needed(business))

    def sectors_of(self, mentor: int) -> tuple[str, ...] | None:
        """Sectors a mentor serves, as the office wrote them; None for all."""
        return self._sectors.get(self.tables.mentors.ids[mentor])

    @cached_property
    def _seen(self) -> dict[tuple[str | None, str | None], Bools]:
        return {}

    @cached_property
    def _sectors(self) -> dict[str, tuple[str, ...]]:
        return dict(self.rules.sectors)

    @cached_property
    def _languages(self) -> dict[str, str]:
        return dict(self.rules.needs_language)

    @cached_property
    def _by_district(self) -> dict[str, str]:
        """Language by folded district; an entry that is a business's id is none of a district."""
        named = self.rules.needs_language
        return {fold(name): language for name, language in named if name not in self.tables.known}

    @cached_property
    def _served(self) -> list[frozenset[str] | None]:
        named = {mentor: frozenset(map(fold, sectors)) for mentor, sectors in self.rules.sectors}
        return [named.get(mentor) for mentor in self.tables.mentors.ids]

    @cached_property
    def _spoken(self) -> list[frozenset[str]]:
        named = {mentor: frozenset(map(fold, spoken)) for mentor, spoken in self.rules.languages}
        return [named.get(mentor, frozenset()) for mentor in self.tables.mentors.ids]


def check_rules(rules: MatchRules, tables: MatchTables) -> None:
    """Refuse rules that name what the tables do not have.

    Raises:
        MatchRefused: naming the mentor, sector, or district or business that is not there.
    """
    mentors: Callable[[str], bool] = tables.mentors.number.__contains__
    for entry, named in (("sectors", rules.sectors), ("languages", rules.languages)):
        for mentor, _ in named:
            if not mentors(mentor):
                _refuse(entry, sentence("%(name)s is no mentor's id.", name=mentor))
    strange = next((s for _, served in rules.sectors for s in served if fold(s) not in tables.sectors), None)
    if strange is not None:
        _refuse("sectors", sentence("No business is in the sector %(sector)s, which a rule names.", sector=strange))
    for place, _ in rules.needs_language:
        if place not in tables.known and fold(place) not in tables.districts:
            what = sentence("%(name)s is neither a district of businesses nor a business's id.", name=place)
            _refuse("needs_language", what)


def _refuse(entry: str, what: Sentence) -> None:
    raise MatchRefused(
        what,
        where=sentence("the rules of the matching, entry %(entry)s", entry=entry),
        mend=sentence("Write it as it stands in the tables, or take the entry away."),
    )
