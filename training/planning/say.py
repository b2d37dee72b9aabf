"""How much say the office's standard has in a plan by effects: as much as most surely leaves it no worse.

Effects are uncertain, and whoever picks the best of them picks errors too. So plans made with more and less say of the
standard are held against the plan by the standard alone, in the same joint draws: the say counts that has the largest
lower quartile of the difference, which three draws in four exceed. Where effects tell areas apart they decide alone;
where what they add is within their doubt the plan stays near the standard's (the baseline regret of Ghavamzadeh,
Petrik & Chow 2016, Advances in Neural Information Processing Systems 29).

The plans compared are quick ones: places by value per rupiah within budget, seats and courses per mentor, of at most
``MENTORS`` mentors with their part of the money. Only the say is taken from them.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.planning.standard import standard_value
from training.planning.plan import PlanRequest
from training.planning.plan_tables import PlanTables
from training.planning.preparing import Prepared
from training.planning.values import EffectValues, blended

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SAYS = tuple(tenth / 10 for tenth in range(11))
"""Shares that are tried; the last is the plan by the standard alone."""

QUANTILE = 0.25
"""Of the difference, that is to be as large as can be (ours)."""

SURE = 5
"""Edition from which on the say is chosen so; before, it was by signal and noise of the values."""

MENTORS = 200


def with_say(prepared: Prepared, request: PlanRequest) -> Prepared:
    """The same, its values blended as suits the request; by the standard, and before edition 5, as they are."""
    values = prepared.values
    if not isinstance(values, EffectValues) or request.edition < SURE or not len(values.places):
        return prepared
    rule = _rule(prepared.tables, values)
    share = _best_share(Offer.of(prepared, request), values, rule)
    blend = blended(values.mean, rule, share)
    return replace(prepared, values=replace(values, objective=blend, standard_share=share))


def _rule(tables: PlanTables, values: EffectValues) -> Floats:
    places = values.places
    gain, _ = tables.gains.posterior.at(places.course, places.score)
    return standard_value(places.score, places.standard, places.needing, gain)


def _best_share(offer: "Offer", values: EffectValues, rule: Floats) -> float:
    """The share whose quick plan is most surely above the standard's; of equals the smallest."""
    plans = [offer.quick(blended(values.mean, rule, share)) for share in SAYS]
    used = np.unique(np.concatenate(plans))
    draws = values.draws(used)
    totals = np.array([draws[np.searchsorted(used, plan)].sum(axis=0) for plan in plans])
    least = np.quantile(totals - totals[-1], QUANTILE, axis=1)
    return SAYS[int(np.argmax(least))]


@dataclass(frozen=True)
class Offer:
    """Rows of the places that a quick plan may take; ``price`` (n) with its part of the course's fixed cost."""

    rows: Ints
    mentor: Ints
    course: Ints
    area: Ints
    requires: Ints
    price: Floats
    seats: Ints
    budget: float
    per_mentor: int

    @classmethod
    def of(cls, prepared: Prepared, request: PlanRequest) -> "Offer":
        """All that is on offer, or that of evenly many mentors with their part of budget and seats."""
        everything, places = prepared.everything, prepared.values.places
        present = np.unique(everything.mentor)
        some = present[np.unique(np.linspace(0, len(present) - 1, min(len(present), MENTORS)).astype(np.int64))]
        part = len(some) / len(present)
        forbidden = set(request.forbids)
        allowed = np.array([pair not in forbidden for pair in everything.pairs])
        courses = [prepared.tables.courses[code] for code in prepared.tables.gains.courses]
        seats = np.array([len(present) if course.seats is None else course.seats for course in courses])
        costs = np.array([course.cost + course.fixed / max(n, 1) for course, n in zip(courses, seats, strict=True)])
        return cls(
            rows=np.flatnonzero(np.isin(everything.mentor, some) & allowed),
            mentor=everything.mentor,
            course=places.course,
            area=places.area,
            requires=everything.requires,
            price=costs[places.course],
            seats=np.ceil(seats * part).astype(np.int64),
            budget=request.budget_idr * part,
            per_mentor=request.max_courses_per_mentor,
        )

    def quick(self, value: Floats) -> Ints:
        """Rows, in order, of the places taken one by one by value (n) per rupiah, while they fit."""
        order = self.rows[np.argsort(-value[self.rows] / np.maximum(self.price[self.rows], 1.0), kind="stable")]
        left, seats = self.budget, self.seats.copy()
        taken: set[int] = set()
        areas: set[tuple[int, int]] = set()
        held: Counter[int] = Counter()
        for row in order[value[order] > 0].tolist():
            mentor, course, first = int(self.mentor[row]), self.course[row], int(self.requires[row])
            own = (mentor, int(self.area[row]))
            fits = self.price[row] <= left and seats[course] > 0 and held[mentor] < self.per_mentor
            if fits and own not in areas and (first < 0 or first in taken):
                taken.add(row)
                areas.add(own)
                held[mentor] += 1
                seats[course] -= 1
                left -= self.price[row]
        return np.array(sorted(taken), dtype=np.int64)
