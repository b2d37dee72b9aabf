"""The ladder of the plan: prices first, then ever larger whole problems, until the gap proven by the prices is closed.

Rungs for settled courses: prices by the budget's hull and a descent of the bound; a search (model/planning/levels.py)
over the bundles nearest to each mentor's best one; last the same search over every bundle whose loss is within the gap,
which are all that a better plan could hold. In larger cities, and where the first search finds nothing, a solver's own
search gives the first plan. Around it, courses that cost something to be held are settled one after the other, the best
bound first. Limits are counted in nodes and never in seconds, so that the same form gives the same plan.
"""

import heapq

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from model.planning.blocks import Blocks
from model.planning.levels import MOST_LEVELS, Levels
from model.planning.near import Near, near, no_further, reach, some_near
from model.planning.plan_form import PlanForm, broken_rules
from model.planning.prices import CLOSED, HELD, OPEN, Priced, Pricing, shared_rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_STEPS = 60  # of the descent at the root; a third of them further down
_NEAREST = (60, 240, 1000)  # bundles beside the picks on the rungs of the whole problem; the first search has the first
_NODES = 100  # of a rung's whole problem
_FEW = 400  # linear programmes of the search over the nearest bundles
_PROGRAMMES = (800, 3000)  # of the exact search, at first and after a long look for a better plan
_LONG = 300  # nodes of the whole problem where the exact search came to no end
_LAST = 4000  # bundles within the gap up to which the last rung is climbed
_MOST_STATES = 400
_FIRST = 5e-3  # gap of the first plan where an exact search follows
_EXACT = 1e-10  # share of the value within which a bound is met
EXACT_UP_TO = 400  # mentors; beyond them the gap asked for falls with their number
_GAP = 0.1  # ÷ mentors: the gap at which the ladder stops beyond that


class Ladder:
    """The rungs for one form whose courses are settled, and the best plan over all that were climbed.

    ``searching``: whether a city of at most ``EXACT_UP_TO`` mentors gets its first plan from the search over the
    nearest bundles; else it is the solver's, which among plans worth the same may be another one.
    """

    def __init__(self, form: PlanForm, blocks: Blocks, *, searching: bool = True) -> None:
        self.form = form
        self.pricing = Pricing(form, blocks, shared_rows(form))
        self.value = -np.inf
        self.chosen: Bools | None = None
        self._climbed: dict[tuple[bytes, bool], float] = {}
        mentors = len(blocks.starts)
        self._rung_gap = _FIRST if mentors <= EXACT_UP_TO else _GAP / mentors / 4
        self._gap = _EXACT if mentors <= EXACT_UP_TO else _GAP / mentors
        self._searching = searching and mentors <= EXACT_UP_TO

    def better(self, bound: float) -> bool:
        """Whether a bound leaves room for a plan worth looking for."""
        if self.chosen is None:
            return bound > self.pricing.hopeless
        return bound > self.value + self._gap * abs(self.value)

    def settle(self, state: Ints, start: Floats | None = None, *, last: bool = True) -> float:
        """Climb for courses that stand as ``state`` (C) says, from prices if there are any; gives the bound left.

        Without ``last`` the last rung is left out. What was climbed before is remembered.
        """
        key = (state.tobytes(), last)
        if key not in self._climbed:
            self._climbed[key] = self._settle(state, start, last=last)
        return self._climbed[key]

    def _settle(self, state: Ints, start: Floats | None, *, last: bool) -> float:
        priced = self.pricing.descend(self.pricing.hull(state) if start is None else start, state, _STEPS)
        bound = self._by_nearest(priced, state) if self._searching and self.better(priced.bound) else priced.bound
        if self.chosen is None or not self._searching:
            self._by_solver(priced, state, once=last)
        return min(bound, self._last_rung(priced, state)) if last and self.better(bound) else bound

    def _by_nearest(self, priced: Priced, state: Ints) -> float:
        """The search over the bundles nearest to the picks; gives the bound that is left over all bundles.

        A plan with a bundle further off is worth less than the prices' bound by that bundle's loss.
        """
        loss = min(reach(self.pricing, priced, _NEAREST[0]), self._room(priced))
        programme = near(self.pricing, state, no_further(self.pricing, priced, loss))
        return min(priced.bound, max(self._searched(programme, _FEW), priced.bound - loss))

    def _by_solver(self, priced: Priced, state: Ints, *, once: bool) -> None:
        """Look for a plan by the solver's own search over ever more bundles; ``once``: until there is any."""
        for most in _NEAREST:
            if not self.better(priced.bound):
                return
            kept = no_further(self.pricing, priced, reach(self.pricing, priced, most))
            bundles = some_near(near(self.pricing, state, kept), _NODES, self._rung_gap)
            if bundles is not None:
                self._keep(bundles)
            if self.chosen is not None and once:
                return

    def _last_rung(self, priced: Priced, state: Ints) -> float:
        """The search over all that a better plan could hold, a second time after a long look for a better one."""
        bound = self._over_all(priced, state, 0, _PROGRAMMES[0])
        if self.chosen is not None and self.better(bound):
            bound = min(bound, self._over_all(priced, state, _LONG, _PROGRAMMES[1]))
        return bound

    def _over_all(self, priced: Priced, state: Ints, before: int, most: int) -> float:
        """Search once; gives the bound that is left.

        ``before``: nodes of the solver's own search ahead of it; ``most``: linear programmes of ours.
        """
        programme = self._within(priced, state)
        if programme is not None and before:
            bundles = some_near(programme, before, 0.0)
            if bundles is not None and self._keep(bundles):
                programme = self._within(priced, state)
        return priced.bound if programme is None else min(priced.bound, self._searched(programme, most))

    def _searched(self, programme: Near, most: int) -> float:
        """Search a programme, keeping what is better; gives the bound that is left of it."""
        if not len(programme.value):
            return programme.base if self._keep(programme.settled) else -np.inf
        _, level = np.unique(self.form.cost, return_inverse=True)
        width = int(level.max(initial=0)) + 1 if level.max(initial=0) < MOST_LEVELS else 0
        every = csr_array((np.ones(len(level)), (level, np.arange(len(level)))))[:width]
        holds = self.pricing.blocks.incidence(programme.bundles)
        return Levels(programme, holds, csr_array(every @ holds.T), self._keep, self.better, most).run()

    def _room(self, priced: Priced) -> float:
        """The loss beyond which no bundle can be in a better plan; ∞ before there is any plan."""
        return priced.bound - self.value + _EXACT * abs(priced.bound) if self.chosen is not None else np.inf

    def _within(self, priced: Priced, state: Ints) -> Near | None:
        """The programme over all bundles that a better plan could hold; None where they are too many."""
        kept = no_further(self.pricing, priced, self._room(priced))
        too_many = len(kept) - len(priced.picks) > _LAST and self.chosen is not None
        return None if too_many else near(self.pricing, state, kept)

    def _keep(self, bundles: Ints) -> bool:
        """Keep a plan if it is better than all before, and breaks no rule; tells whether it breaks none."""
        chosen = self.pricing.blocks.chosen(bundles)
        if broken_rules(self.form, chosen):
            return False
        value = float(self.form.value[chosen].sum())
        if value > self.value:
            self.value, self.chosen = value, chosen
        return True


def climb_states(ladder: Ladder) -> float:
    """Settle the courses that cost or ask something one after the other, the best bound first; gives the bound left."""
    form, pricing = ladder.form, ladder.pricing
    state = np.where((form.fixed > 0) | (form.least > 1), OPEN, HELD)
    root = _priced(pricing, pricing.hull(state), state, _STEPS)
    ladder.settle(_likely(pricing, root, state), root.prices, last=False)
    waiting, looked, left = [(-root.bound, 0, state, root)], 0, -np.inf
    while waiting and ladder.better(-waiting[0][0]) and looked < _MOST_STATES:
        above, _, state, priced = heapq.heappop(waiting)
        if not np.any(state == OPEN):
            left = max(left, min(-above, ladder.settle(state, priced.prices)))
            continue
        for settled in _halves(pricing, priced, state):
            looked += 1
            found = _priced(pricing, priced.prices, settled, _STEPS // 3)
            bound = min(found.bound, -above)
            if ladder.better(bound):
                heapq.heappush(waiting, (-bound, looked, settled, found))
    return max([left, *(-entry[0] for entry in waiting)])


def _priced(pricing: Pricing, start: Floats, state: Ints, steps: int) -> Priced:
    """The best bound found for a state, open courses free at first, then at the cost of those that are worth it."""
    best = pricing.descend(start, state, steps)
    if np.any(state == OPEN):
        held = pricing.descend(best.prices, _likely(pricing, best, state), steps)
        found = pricing.at(held.prices, state)
        best = min(best, found, key=lambda priced: priced.bound)
    return best


def _likely(pricing: Pricing, priced: Priced, state: Ints) -> Ints:
    """The state with open courses held where their participants gain more by them than they cost."""
    gain, cost = pricing.surplus(priced.prices, state)
    likely: Ints = np.where(state == OPEN, np.where(gain > cost, HELD, CLOSED), state)
    return likely


def _halves(pricing: Pricing, priced: Priced, state: Ints) -> list[Ints]:
    """The state with one more course settled either way: the one of which the prices say least clearly."""
    open_ = np.flatnonzero(state == OPEN)
    gain, cost = (np.maximum(each[open_], 1e-12) for each in pricing.surplus(priced.prices, state))
    course = open_[int(np.argmin(np.abs(np.log(gain / cost))))]
    return [np.where(np.arange(len(state)) == course, how, state) for how in (HELD, CLOSED)]
