"""A request made into arrays and solved: what is left on offer → form → the best places."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.planning.best_plan import best_plan
from model.planning.blocks import Blocks, list_blocks
from model.planning.gains import Z90
from model.planning.plan_form import Limit, PlanForm
from model.planning.selection import Infeasible, Solution, Unsolved
from model.planning.swaps import Standing
from model.refusals import PlanRefused
from model.sentences import sentence
from training.planning.candidates import Candidates, LeftOut
from training.planning.caution import Caution, at_low_gains
from training.planning.locks import check_ids, check_locks, check_request, refuse_empty, refuse_infeasible
from training.planning.plan import PlanRequest
from training.planning.plan_tables import PlanTables
from training.planning.preparing import Prepared
from training.planning.reasons import Scene
from training.planning.rivals import not_bought
from training.planning.say import with_say
from training.planning.values import EffectValues, StandardValues
from training.planning.worth import Valued, worth_buying

Ints = NDArray[np.int64]

JOINT = 3
"""Edition from which on a plan by the standard is cautious as a whole."""
SEARCHED = 4
"""Edition from which on the first plan is found by our own search and not by the solver's."""
ROUNDS = 3
"""In which a cautious plan and the cases it is cautious about settle each other."""


@dataclass(frozen=True)
class Stage:
    """A request ready to be solved: what is on offer and worth anything, with its values, and why the rest is not.

    ``worst``: numbers of the draws that a cautious plan counts with, None where it counts with all.
    """

    request: PlanRequest
    tables: PlanTables
    candidates: Candidates
    values: Valued
    form: PlanForm
    left_out: tuple[LeftOut, ...]
    worst: Ints | None = None

    def solved(self, **changed: Any) -> Solution:
        """The best places; ``changed``: the budget, seats or values of the form to be solved with instead.

        Raises:
            PlanRefused: the locks and floors cannot be had, the budget buys nothing, or the search ended without a
                plan.
        """
        form = replace(self.form, **changed)
        try:
            found = self.best(form)
        except Infeasible:
            refuse_infeasible(form, self.candidates.pairs, self.request, sorted(set(self.tables.districts)))
        except Unsolved as fault:
            raise PlanRefused(
                sentence("No plan was found in the steps that the search may take."),
                where=sentence("the search for the best plan"),
                mend=sentence("Take locks away or make the limits wider, and ask again."),
            ) from fault
        if not found.chosen.any():
            refuse_empty(form)
        return found

    def best(self, form: PlanForm) -> Solution:
        """The best plan of a form with the bundles of this one, found as the request's edition has it."""
        return best_plan(form, self.blocks, searching=self.request.edition >= SEARCHED)

    @cached_property
    def blocks(self) -> Blocks | None:
        """Bundles of every mentor, None where they are too many."""
        return list_blocks(self.form)

    def scene(self, found: Solution) -> Scene:
        """What the words about a solution speak of."""
        caution = Z90 if _by_places(self.request, self.values) else 0.0
        return Scene(self.tables, self.candidates, self.values, self.form, Standing(self.form, found.chosen), caution)

    def all_left_out(self, scene: Scene) -> tuple[LeftOut, ...]:
        """Whoever is not in the plan, by mentor and course, with the reason."""
        everyone = (*self.left_out, *not_bought(scene))
        return tuple(sorted(everyone, key=lambda out: (out.mentor_id or "", out.course_id or "")))


def _by_places(request: PlanRequest, values: Valued) -> bool:
    """Whether caution is of single places, as it was in plans by the standard before edition 3."""
    return request.risk == "cautious" and values.basis == "standard" and request.edition < JOINT


def _cautious(ready: Stage) -> Stage:
    """The same, valued by what a plan brings in its own worst cases.

    The plan and its worst cases settle each other in a few rounds; the round whose plan does best in them counts, and
    none where the plan by the mean does better.
    """
    found, best, caution = ready.solved(), ready.values, Caution(ready.values)
    most, worst = caution.shortfall(found.chosen), caution.worst(found.chosen)
    used: Ints | None = None
    for _ in range(ROUNDS):
        values = caution.counted(worst)
        found = ready.best(replace(ready.form, value=values.objective))
        reached = caution.shortfall(found.chosen) if found.chosen.any() else 0.0
        if reached < most or (reached == most and used is not None):
            break
        best, most, used = values, reached, worst
        worst = caution.worst(found.chosen)
    candidates, worth, without_gain = worth_buying(ready.tables, ready.candidates, best, ready.request)
    form = plan_form(ready.tables, candidates, worth, ready.request)
    left_out = (*ready.left_out, *without_gain)
    return replace(ready, candidates=candidates, values=worth, form=form, left_out=left_out, worst=used)


def stage(prepared: Prepared, request: PlanRequest) -> Stage:
    """Check a request and make it ready.

    Raises:
        Refused: a budget, limit, lock or id that cannot be met, or nothing on offer is worth anything.
    """
    check_request(request)
    tables = prepared.tables
    check_ids(request, tables)
    everything, valued = with_say(prepared, request).narrowed(request)
    check_locks(request, tables, everything)
    single = _by_places(request, valued)
    valued = at_low_gains(valued, tables.gains.posterior) if single else valued
    candidates, values, without_gain = worth_buying(tables, everything, valued, request)
    form = plan_form(tables, candidates, values, request)
    ready = Stage(request, tables, candidates, values, form, (*candidates.left_out, *without_gain))
    return _cautious(ready) if request.risk == "cautious" and not single else ready


def plan_form(
    tables: PlanTables, candidates: Candidates, values: StandardValues | EffectValues, request: PlanRequest
) -> PlanForm:
    """The candidates as arrays for the solver; courses in the order of ``tables.gains.courses``."""
    courses = [tables.courses[code] for code in tables.gains.courses]
    number = candidates.places.course
    cost = np.array([course.cost for course in courses], dtype=np.int64)
    count = len(candidates.pairs)
    locks = set(request.locks)
    return PlanForm(
        mentor=candidates.mentor,
        course=number,
        area=candidates.places.area,
        value=values.objective,
        cost=cost[number],
        requires=candidates.requires,
        locked=np.array([pair in locks for pair in candidates.pairs], dtype=bool),
        fixed=np.array([course.fixed for course in courses], dtype=np.int64),
        seats=np.array([count if c.seats is None else min(c.seats, count) for c in courses], dtype=np.int64),
        least=np.array([course.least for course in courses], dtype=np.int64),
        budget=request.budget_idr,
        per_mentor=request.max_courses_per_mentor,
        limits=further_limits(tables, candidates, request),
    )


def further_limits(tables: PlanTables, candidates: Candidates, request: PlanRequest) -> tuple[Limit, ...]:
    """Hours per mentor, floors per district and caps per area, where they are asked for."""
    count, mentor = len(candidates.pairs), candidates.mentor
    limits = []
    if request.hours_per_mentor is not None:
        hours = np.array([tables.courses[course].hours or 0.0 for _, course in candidates.pairs])
        most = np.full(len(tables.districts), float(request.hours_per_mentor))
        limits.append(Limit("hours", mentor, hours, np.zeros(len(most)), most, within=True))
    if request.floors:
        names = sorted(set(tables.districts))
        number = {district: k for k, district in enumerate(names)}
        place = np.array([number[district] for district in tables.districts], dtype=np.int64)
        least = np.array([dict(request.floors).get(name, 0) for name in names], dtype=np.float64)
        limits.append(Limit("floor", place[mentor], np.ones(count), least, np.full(len(names), np.inf)))
    if request.area_caps:
        codes = list(tables.areas)
        own = np.array([codes.index(tables.courses[course].area) for _, course in candidates.pairs], dtype=np.int64)
        caps = np.array([dict(request.area_caps).get(code, count) for code in codes], dtype=np.float64)
        limits.append(Limit("cap", own, np.ones(count), np.zeros(len(codes)), caps))
    return tuple(limits)
