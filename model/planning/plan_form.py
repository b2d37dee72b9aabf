"""The training plan as a selection: mentor × course under budget, seats, least participants, areas, prerequisites."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from model.planning.branching import Selection
from model.planning.selection import Infeasible, Rows, solve, whole_rupiah_limit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Limit:
    """A further limit on groups of candidates: low ≤ Σ weight of the chosen ≤ high, for each of G groups.

    ``name``: what it is called where it is broken; ``group``: (n) from 0; ``weight``: (n) of 0 or more; ``low``,
    ``high``: (G), 0 and infinite where open. ``within``: every group holds candidates of one mentor only.
    """

    name: str
    group: Ints
    weight: Floats
    low: Floats
    high: Floats
    within: bool = False

    def used(self, chosen: Bools) -> Floats:
        """Σ weight (G) of the chosen."""
        total: Floats = np.bincount(self.group[chosen], self.weight[chosen], minlength=len(self.low)).astype(np.float64)
        return total

    def take(self, rows: Ints) -> "Limit":
        """The limit on these candidates only."""
        return replace(self, group=self.group[rows], weight=self.weight[rows])


@dataclass(frozen=True)
class PlanForm:
    """Candidates (n, one mentor × course each) and courses (C) as arrays.

    ``mentor``, ``course``, ``area``: (n) numbers from 0; ``value``: (n); ``cost``: (n) whole rupiah a place costs.
    ``requires``: (n) row of the candidate that must be bought too, −1 for none. ``locked``: (n).
    ``fixed``: (C) whole rupiah once if the course is held; ``seats``: (C), at most n where there is no limit;
    ``least``: (C) participants if it is held. ``budget``: whole rupiah. ``per_mentor``: most courses for one mentor.
    ``limits``: further ones, by name.
    """

    mentor: Ints
    course: Ints
    area: Ints
    value: Floats
    cost: Ints
    requires: Ints
    locked: Bools
    fixed: Ints
    seats: Ints
    least: Ints
    budget: int
    per_mentor: int
    limits: tuple[Limit, ...] = ()

    def take(self, rows: Ints) -> "PlanForm":
        """The form of these candidates only; what requires one that is not among them requires nothing."""
        position = np.full(len(self.mentor) + 1, -1)
        position[rows] = np.arange(len(rows))
        each = ("mentor", "course", "area", "value", "cost", "locked")
        taken: Mapping[str, NDArray[np.generic]] = {name: getattr(self, name)[rows] for name in each}
        rest = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in each}
        limits = tuple(limit.take(rows) for limit in self.limits)
        return PlanForm(**{**rest, **taken, "requires": position[self.requires[rows]], "limits": limits})


def spent(form: PlanForm, chosen: Bools) -> int:
    """Whole rupiah a choice costs: places, and each held course's fixed cost once."""
    held = np.unique(form.course[chosen])
    return sum(map(int, form.cost[chosen])) + sum(map(int, form.fixed[held]))


def broken_rules(form: PlanForm, chosen: Bools) -> set[str]:
    """Names of the rules a choice breaks, counted one by one and without the solver's rows; empty when it is good.

    Rules: budget, seats, least, mentor, area, prerequisite, locked, and the names of the further limits.
    """
    rows = np.flatnonzero(chosen)
    per_course: dict[int, int] = {}
    per_mentor: dict[int, int] = {}
    areas: set[tuple[int, int]] = set()
    broken: set[str] = set()
    for row in rows:
        course, mentor = int(form.course[row]), int(form.mentor[row])
        per_course[course] = per_course.get(course, 0) + 1
        per_mentor[mentor] = per_mentor.get(mentor, 0) + 1
        areas.add((mentor, int(form.area[row])))
        if form.requires[row] >= 0 and not chosen[form.requires[row]]:
            broken.add("prerequisite")
    checks = {
        "budget": spent(form, chosen) > form.budget,
        "seats": any(count > form.seats[course] for course, count in per_course.items()),
        "least": any(count < form.least[course] for course, count in per_course.items()),
        "mentor": any(count > form.per_mentor for count in per_mentor.values()),
        "area": len(areas) < len(rows),
        "locked": bool(np.any(form.locked & ~chosen)),
        **{limit.name: _breaks(limit, chosen) for limit in form.limits},
    }
    return broken | {rule for rule, is_broken in checks.items() if is_broken}


def _breaks(limit: Limit, chosen: Bools) -> bool:
    used = limit.used(chosen)
    return bool(np.any(used < limit.low - _TOLERANCE) or np.any(used > limit.high + _TOLERANCE))


def as_selection(form: PlanForm) -> Selection:
    """The plan as a selection: n places, then one option per course that costs or asks something to be held."""
    rows, held = _rules(form)
    amounts, limit = whole_rupiah_limit(np.r_[form.cost, form.fixed[held]], form.budget)
    rows.add(np.arange(rows.n), amounts, high=limit)
    option = np.full(len(form.fixed), -1)
    option[held] = len(form.mentor) + np.arange(len(held))
    inside = np.flatnonzero(option[form.course] >= 0)
    _less_or_equal(rows, inside, option[form.course[inside]])
    selection = _selection(form, rows, np.r_[form.value, np.zeros(len(held))])
    return replace(selection, first=option[held])


def _selection(form: PlanForm, rows: Rows, value: Floats) -> Selection:
    lower = np.zeros(rows.n)
    lower[: len(form.locked)] = form.locked
    return rows.selection(value, lower, np.ones(rows.n))


def _rules(form: PlanForm) -> tuple[Rows, Ints]:
    """All rules but the budget, and the courses that have an option of their own."""
    n = len(form.mentor)
    held = np.flatnonzero((form.fixed > 0) | (form.least > 1))
    option = np.full(len(form.fixed), -1)
    option[held] = n + np.arange(len(held))
    rows = Rows(n + len(held))
    _limit_groups(rows, form.mentor * (int(form.area.max(initial=0)) + 1) + form.area, 1)
    _limit_groups(rows, form.mentor, form.per_mentor)
    for course in range(len(form.fixed)):
        _course_rows(rows, form, course, int(option[course]))
    later = np.flatnonzero(form.requires >= 0)
    _less_or_equal(rows, later, form.requires[later])
    for limit in form.limits:
        _further(rows, limit)
    return rows, held


def _further(rows: Rows, limit: Limit) -> None:
    """A row per group of a further limit that could bind; one that asks something of nobody stays, and cannot hold."""
    there = np.bincount(limit.group, limit.weight, minlength=len(limit.low))
    binding = np.flatnonzero((limit.low > 0) | (limit.high < there))
    number = np.full(len(limit.low), -1)
    number[binding] = np.arange(len(binding))
    inside = np.flatnonzero(number[limit.group] >= 0)
    if len(binding):
        ends = np.where(limit.low > 0, limit.low, -np.inf)[binding]
        filled = np.r_[number[limit.group[inside]], np.arange(len(binding))]
        columns, weights = np.r_[inside, np.zeros(len(binding), dtype=int)], np.r_[limit.weight[inside], binding * 0.0]
        rows.add_groups(filled, columns, weights, low=ends, high=limit.high[binding])


def _limit_groups(rows: Rows, group: Ints, most: int) -> None:
    """At most ``most`` of the places of each group that has more of them."""
    _, member, size = np.unique(group, return_inverse=True, return_counts=True)
    inside = np.flatnonzero(size[member] > most)
    _, dense = np.unique(member[inside], return_inverse=True)
    rows.add_groups(dense, inside, np.ones(len(inside)), high=float(most))


def _less_or_equal(rows: Rows, left: Ints, right: Ints) -> None:
    """Option left[k] only with option right[k]."""
    group = np.tile(np.arange(len(left)), 2)
    rows.add_groups(group, np.r_[left, right], np.r_[np.ones(len(left)), -np.ones(len(left))], high=0.0)


def _course_rows(rows: Rows, form: PlanForm, course: int, option: int) -> None:
    """Seats and, where holding the course costs or asks something, its yes/no option.

    One row joins all places to the option; where places are chosen, :func:`as_selection` adds a row per place, whose
    linear programme bounds the value far more tightly.
    """
    places = np.flatnonzero(form.course == course)
    if len(places) == 0:
        return
    seats = min(int(form.seats[course]), len(places))
    ones = np.ones(len(places))
    if option < 0:
        if seats < len(places):
            rows.add(places, ones, high=float(seats))
        return
    rows.add(np.r_[places, option], np.r_[ones, -float(seats)], high=0.0)
    rows.add(np.r_[places, option], np.r_[ones, -float(form.least[course])], low=0.0)


def least_spending(form: PlanForm) -> int | None:
    """The least that a plan with all locked places, and at least one of value, costs; None if there is none at all."""
    n = len(form.mentor)
    rows, held = _rules(form)
    wanted = np.flatnonzero((form.value > 0) | form.locked)
    if len(wanted) == 0:
        return None
    rows.add(wanted, np.ones(len(wanted)), low=1.0)
    costs = np.r_[form.cost, form.fixed[held]].astype(np.float64)
    try:
        return spent(form, solve(_selection(form, rows, -costs), prove=False).chosen[:n])
    except Infeasible:
        return None
