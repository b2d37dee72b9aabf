"""The prices of a plan that is made: what its last rupiah and its last seats are worth, given the courses it holds."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.planning.blocks import Blocks, list_blocks
from model.planning.plan_form import PlanForm
from model.planning.prices import CLOSED, HELD, Pricing, shared_rows
from model.planning.selection import Solution

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS = 60


@dataclass(frozen=True)
class PlanPrices:
    """``budget``: value per rupiah; ``course``: (C) of one more participant; ``further``: of the limits mentors share.

    ``state``: (C) which courses are held; ``bound``: what the prices prove. All NaN where bundles are too many.
    """

    budget: float
    course: Floats
    further: tuple[Floats, ...]
    state: Ints
    bound: float

    def charged(self, form: PlanForm) -> Floats:
        """What a place is charged (n) at these prices; infinite in a course that is not held."""
        charge = form.cost * self.budget + self.course[form.course]
        for prices, limit in zip(self.further, (limit for limit in form.limits if not limit.within), strict=True):
            charge = charge + prices[limit.group] * limit.weight
        charged: Floats = np.where(self.state[form.course] == HELD, charge, np.inf)
        return charged


def held(form: PlanForm, solution: Solution) -> Ints:
    """State (C) of the courses in a plan: held or not."""
    taken = np.bincount(form.course[solution.chosen], minlength=len(form.fixed))
    return np.where(taken > 0, HELD, CLOSED)


def prices_of(form: PlanForm, solution: Solution, *, budget: int, blocks: Blocks | None = None) -> PlanPrices:
    """Prices given the courses that a plan holds, for a budget; locks bind no more than in the plan."""
    form = replace(form, budget=budget)
    listed = blocks or list_blocks(form)
    state, courses = held(form, solution), len(form.fixed)
    sizes = [len(limit.low) for limit in form.limits if not limit.within]
    if listed is None:
        unknown = tuple(np.full(size, np.nan) for size in sizes)
        return PlanPrices(float("nan"), np.full(courses, np.nan), unknown, state, float("nan"))
    pricing = Pricing(form, listed, shared_rows(form))
    priced = pricing.descend(pricing.hull(state), state, _STEPS)
    ends = 1 + courses + np.cumsum([0, *sizes])
    further = tuple(priced.prices[first:last] for first, last in pairwise(ends))
    budget_price = float(priced.prices[0]) / pricing.shared.unit
    return PlanPrices(budget_price, priced.prices[1 : 1 + courses], further, state, priced.bound)
