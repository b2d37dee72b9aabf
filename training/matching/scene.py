"""All that the words about one matching speak of."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.matching.displacing import Displacements, displacements
from model.matching.matching import Matching
from model.matching.prices import FAR
from model.sentences import Label, Number, Sentence, sentence
from training.matching.candidates import Candidates
from training.matching.match import MatchRequest
from training.matching.match_tables import MatchTables
from training.matching.ruling import Ruling
from training.matching.worth import Floats, Worth

SAME = 5e-6
"""A difference of worth below this is none to a reader."""
_NEAR = 20
"""Candidates of a business that are looked at as equals within noise."""


@dataclass(frozen=True)
class Cost:
    """What a change of the matching comes to: fewer businesses ``served``, former pairs moved, ``value`` lost."""

    served: int
    moved: int
    value: float


@dataclass(frozen=True)
class Scene:
    """One matching with what it was made from; ``unit``: of the outcome, None for growth."""

    tables: MatchTables
    request: MatchRequest
    candidates: Candidates
    worth: Worth
    found: Matching
    unit: str | None

    @cached_property
    def displaced(self) -> Displacements:
        """Who would make way for whom."""
        return displacements(self.found)

    def leaver(self, business: int) -> str | None:
        """Name and id of the mentor who has an active business now, but leaves; None where nobody does."""
        code = self.tables.left.get(self.tables.businesses.ids[business])
        return None if code is None else self.mentor_name(self.tables.mentors.number[code])

    @cached_property
    def ruling(self) -> Ruling:
        """The rules on these tables."""
        return Ruling(self.request.rules, self.tables)

    @cached_property
    def chosen(self) -> NDArray[np.int64]:
        """Rows chosen."""
        return np.flatnonzero(self.found.chosen)

    @cached_property
    def noise(self) -> tuple[Floats, Floats]:
        """Ends (E) of the 90 % range of: the value of the business's chosen mentor less that of the candidate.

        Of a business with many candidates, for the runner-up and the 20 of most worth; NaN for the others.
        """
        business, mentor = self.candidates.business, self.candidates.mentor
        home = self.found.home[business]
        asked = (home >= 0) & ~self.found.chosen & self._near
        asked[self.displaced.rival[(self.displaced.rival >= 0) & (self.found.home >= 0)]] = True
        rows = np.flatnonzero(asked)
        ends = np.full((2, len(business)), np.nan)
        ends[:, rows] = self.worth.ends(business[rows], mentor[home[rows]], mentor[rows])
        return ends[0], ends[1]

    @property
    def _near(self) -> NDArray[np.bool_]:
        """The pairs of most worth of each business (E)."""
        business, worth = self.candidates.business, self.found.form.worth
        near = np.zeros(len(business), dtype=bool)
        order = np.lexsort((-worth, business))
        _, first, counts = np.unique(business, return_index=True, return_counts=True)
        near[order[np.arange(len(order)) - np.repeat(first, counts) < _NEAR]] = True
        return near

    def cost(self, steps: int) -> Cost | None:
        """Steps of the solver as ranks; None where there is no way."""
        if steps >= FAR // 4:
            return None
        form = self.found.form
        served = round(steps / form.served)
        rest = steps - served * form.served
        moved = round(rest / form.move) if form.move else 0
        return Cost(served, moved, (rest - moved * form.move) / form.steps)

    def mentor_name(self, mentor: int) -> str:
        """Name with id."""
        return f"{self.tables.mentors.names[mentor]} ({self.tables.mentors.ids[mentor]})"

    def sector_name(self, code: str) -> Sentence | str:
        """Name with code; the code alone where it has no name."""
        name = self.tables.sector_of(code)
        return sentence("%(name)s (%(code)s)", name=name, code=code) if isinstance(name, Label) else code

    def business_name(self, business: int) -> str:
        """Name with id."""
        return f"{self.tables.businesses.names[business]} ({self.tables.businesses.ids[business]})"

    def amount(self, value: float) -> Sentence:
        """A difference of worth in words: percent of growth, or points of fit."""
        if self.unit is not None:
            return sentence("%(amount)s %(unit)s", amount=Number(value, 3), unit=self.unit)
        if self.worth.basis == "effect":
            return sentence("%(percent)s percent of growth", percent=Number(100 * float(np.expm1(value)), 2))
        return sentence("%(points)s points of fit", points=Number(value, 2))
