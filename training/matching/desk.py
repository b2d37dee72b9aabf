"""The intake desk: one business that comes in now, and the mentors who suit it best, from the prices of a run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from model.framework import Framework, fold
from model.matching.rules import NO_RULES, MatchRules
from model.refusals import InputRefused
from model.sentences import Number, Sentence, sentence
from training.matching.desk_advice import MOST, Asked, about, advise, reasons
from training.matching.match import PairIds
from training.matching.match_tables import MatchTables, needs_of
from training.matching.ruling import Ruling, check_rules
from training.matching.worth import Floats, Ints, Worth
from training.planning.plan import decides


@dataclass(frozen=True)
class Desk:
    """All that stays the same from one business to the next, so that an answer takes milliseconds.

    ``worth``: how pairs are valued (its own businesses do not matter). ``assigned``: places that a matching or this
    desk has given away to businesses whose engagement is not in the tables yet (M). ``price``: what a place is worth
    in that matching to those who have it (M), NaN unknown. ``match``: its number, None without one. ``rules``: of
    sector and language. ``unit``: of the outcome, None for growth. ``away``: mentors who take nobody there, or leave.
    """

    tables: MatchTables
    framework: Framework
    worth: Worth
    assigned: Ints
    price: Floats
    match: int | None
    rules: MatchRules = NO_RULES
    unit: str | None = None
    away: frozenset[int] = frozenset()

    @cached_property
    def free(self) -> Ints:
        """Places left (M)."""
        mentors = self.tables.mentors
        free: Ints = np.maximum(mentors.capacity - mentors.active - self.assigned, 0)
        return free

    @cached_property
    def _reaching(self) -> Mapping[str, Ints]:
        found: dict[str, list[int]] = {}
        for number, districts in enumerate(self.tables.mentors.reach):
            for district in districts if number not in self.away else ():
                found.setdefault(district, []).append(number)
        return {district: np.array(who, dtype=np.int64) for district, who in found.items()}

    @cached_property
    def _ruling(self) -> Ruling:
        return Ruling(self.rules, self.tables)

    def best(self, district: str, needs: Sequence[str], sector: str | None = None) -> dict[str, Any]:
        """The mentors with a free place who suit a business best, and those who would if they had one.

        Args:
            district: of the business.
            needs: problem codes of the framework.
            sector: of the business; without it rules of sector say nothing.

        Raises:
            InputRefused: a code that the framework does not have.
        """
        self._known(needs)
        who = self._reaching.get(fold(district), np.zeros(0, dtype=np.int64))
        language = self._ruling.needed_by(None, district)
        if self.rules:
            who = who[self._ruling.allowed(sector, language)[who]]
        flags = needs_of(";".join(needs), self.framework, tuple(self.tables.areas))
        value = self.worth.sums(self.worth.shape(self.worth.at[who]), self.worth.slopes(flags[None]))[:, 0]
        order = np.lexsort((who, -value))
        free = self.free[who] > 0
        best = order[free[order]][:MOST]
        first = float(value[best[0]]) if len(best) else -np.inf
        full = [k for k in order[~free[order]] if value[k] > first][:MOST]
        asked = Asked(self, district, flags, who, value)
        return {
            "district": district,
            "needs": list(needs),
            "basis": self.worth.basis,
            "match": self.match,
            "unit": self.unit,
            **({"language": language, "sector": sector} if self.rules else {}),
            "best": [advice.answer() for advice in advise(asked, order[free[order]][: MOST + 1])],
            "full": [
                {**about(asked, int(k)), "within_noise_of_best": None, "reasons": list(reasons(asked, int(k)))}
                for k in full
            ],
            "note": self._note(district, len(who), len(best)),
            "decides": decides(),
        }

    def _known(self, needs: Sequence[str]) -> None:
        unknown = [code for code in needs if code not in self.framework.problems]
        if unknown:
            raise InputRefused(
                sentence("%(code)s is no problem code of the framework.", code=unknown[0]),
                where=sentence("the needs of the business"),
                mend=sentence("Choose from: %(codes)s.", codes=", ".join(self.framework.problems)),
            )

    def _note(self, district: str, reach: int, free: int) -> Sentence:
        if not reach and self._reaching.get(fold(district)) is not None:
            return sentence("Rules of sector or language leave no mentor for it in %(district)s.", district=district)
        if not reach:
            return sentence("No mentor works in %(district)s.", district=district)
        if not free:
            return sentence(
                "All %(count)s mentors who can serve %(district)s are full.", count=Number(reach), district=district
            )
        return sentence(
            "Mentors with a free place who can serve %(district)s, the most suitable first; those alike within noise "
            "are equal.",
            district=district,
        )


def desk_of(
    tables: MatchTables,
    framework: Framework,
    worth: Worth,
    stored: Mapping[str, Any] | None,
    match: int | None,
    unit: str | None = None,
    taken: Sequence[PairIds] = (),
) -> Desk:
    """A desk beside a stored matching (its answer), whose rules hold here too, or without one, by the office's own.

    ``taken``: pairs that this desk made before; they count once, also where the matching has the business elsewhere.

    Raises:
        MatchRefused: the rules name what the tables do not have.
    """
    told = (stored or {}).get("rules") if stored else None
    rules = framework.matching if stored is None else MatchRules.from_json(told) if told else NO_RULES
    check_rules(rules, tables)
    ids = tables.mentors.number
    assigned, price = np.zeros(len(ids), dtype=np.int64), np.full(len(ids), np.nan)
    given = {business for business, _ in taken}
    moved = Counter(pair["mentor_id"] for pair in (stored or {}).get("pairs", ()) if pair["business_id"] in given)
    held = Counter(mentor for _, mentor in taken)
    for row in (stored or {}).get("mentors", ()):
        if row["mentor_id"] in ids:
            number = ids[row["mentor_id"]]
            assigned[number] = row["assigned"] - moved[row["mentor_id"]]
            price[number] = row["price"]["value"] if row["price"] else np.nan
    assigned += np.array([held[code] for code in ids], dtype=np.int64)
    away = frozenset(ids[code] for code in (stored or {}).get("without", ()) if code in ids)
    return Desk(tables, framework, worth, assigned, price, match, rules, unit, away)
