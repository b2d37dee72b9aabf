"""What a request may ask: budget, limits, locked and forbidden pairs; a conflict is refused by name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import numpy as np

from model.planning.plan_form import PlanForm, least_spending
from model.refusals import NotFound, PlanRefused
from model.sentences import Number, Rupiah, Sentence, sentence
from training.planning.candidates import Candidates
from training.planning.limits import check_limits, check_places, refuse_dear, refuse_floors
from training.planning.plan import PlanRequest
from training.planning.plan_tables import Pair, PlanTables


def check_request(request: PlanRequest) -> None:
    """Refuse what cannot be asked, before anything is read.

    Raises:
        PlanRefused: budget 0 or below, no courses allowed, unknown risk, seed below 0, a pair locked and forbidden.
    """
    if not request.budget_idr > 0:
        raise PlanRefused(
            sentence("The budget must be more than 0 rupiah; it is %(budget)s.", budget=_amount(request.budget_idr)),
            where=_option("budget"),
            mend=sentence("Give the budget in whole rupiah, for example 50000000."),
        )
    if request.max_courses_per_mentor < 1:
        raise PlanRefused(
            sentence("With fewer than one course per mentor there is nothing to plan."),
            where=_option("max-courses-per-mentor"),
            mend=sentence("Give a whole number of 1 or more."),
        )
    if request.risk not in {"mean", "cautious"}:
        raise PlanRefused(
            sentence("The risk %(risk)s is not known.", risk=request.risk),
            where=_option("risk"),
            mend=sentence("Choose mean or cautious."),
        )
    if request.seed < 0:
        raise PlanRefused(
            sentence("The seed must be 0 or more."), where=_option("seed"), mend=sentence("Give a whole number from 0.")
        )
    both = sorted(set(request.locks) & set(request.forbids))
    if both:
        _refuse_lock(both[0], sentence("it is forbidden in the same request"))
    check_limits(request)


def _amount(budget: float) -> Sentence | Rupiah:
    return Rupiah(int(budget)) if np.isfinite(budget) else sentence("not a number")


def _option(name: str) -> Sentence:
    return sentence("the option %(option)s", option=f"--{name}")


def _refuse_lock(pair: Pair, why: Sentence) -> NoReturn:
    mentor, course = pair
    raise PlanRefused(
        sentence("%(mentor)s cannot be locked to %(course)s: %(why)s", mentor=mentor, course=course, why=why),
        where=_option("lock"),
        mend=sentence("Take this lock away, or mend what stands against it."),
    )


def check_ids(request: PlanRequest, tables: PlanTables) -> None:
    """Refuse a lock, forbid, floor or cap that names nobody.

    Raises:
        NotFound: a mentor, course, district or area that no row has.
    """
    for mentor, course in (*request.locks, *request.forbids):
        if mentor not in tables.names:
            raise NotFound(sentence("mentor"), mentor)
        if course not in tables.courses:
            raise NotFound(sentence("course"), course)
    check_places(request, tables)


def check_locks(request: PlanRequest, tables: PlanTables, candidates: Candidates) -> None:
    """Refuse locks that are not on offer, or that stand against each other, one rule after the other.

    Raises:
        PlanRefused: with the locks and the rule that collide.
    """
    locks = sorted(set(request.locks))
    on_offer = set(candidates.pairs)
    for mentor, course in locks:
        if (mentor, course) not in on_offer:
            _refuse_lock((mentor, course), candidates.why_not(mentor, course) or sentence("it is not on offer."))
    _check_areas(locks, tables)
    for mentor, count in Counter(mentor for mentor, _ in locks).items():
        if count > request.max_courses_per_mentor:
            _refuse_locks(
                sentence(
                    "%(mentor)s is locked to %(count)s courses, but at most %(most)s per mentor are allowed.",
                    mentor=mentor,
                    count=Number(count),
                    most=Number(request.max_courses_per_mentor),
                )
            )
    for course, count in Counter(course for _, course in locks).items():
        _check_seats(tables, candidates, course, count)


def _check_areas(locks: list[Pair], tables: PlanTables) -> None:
    first: dict[Pair, str] = {}
    for mentor, course in locks:
        area = tables.courses[course].area
        if (mentor, area) in first:
            _refuse_locks(
                sentence(
                    "%(mentor)s is locked to both %(first)s and %(second)s in %(area)s; "
                    "a plan holds one course per area and mentor.",
                    mentor=mentor,
                    first=first[mentor, area],
                    second=course,
                    area=tables.areas[area].label,
                )
            )
        first[mentor, area] = course


def _check_seats(tables: PlanTables, candidates: Candidates, course: str, locked: int) -> None:
    seats, least = tables.courses[course].seats, tables.courses[course].least
    if seats is not None and locked > seats:
        _refuse_locks(
            sentence(
                "%(count)s mentors are locked to %(course)s, which has %(seats)s seats.",
                count=Number(locked),
                course=course,
                seats=Number(seats),
            )
        )
    offered = sum(1 for _, other in candidates.pairs if other == course)
    if offered < least:
        _refuse_locks(
            sentence(
                "%(course)s needs at least %(least)s participants and only %(count)s can be sent.",
                course=course,
                least=Number(least),
                count=Number(offered),
            )
        )


def _refuse_locks(what: Sentence) -> NoReturn:
    raise PlanRefused(what, where=_option("lock"), mend=sentence("Take one of these locks away."))


def refuse_infeasible(
    form: PlanForm, pairs: tuple[Pair, ...], request: PlanRequest, districts: Sequence[str]
) -> NoReturn:
    """Name why the locked places and floors cannot all be had: the money they need, or the fewest that collide.

    Raises:
        PlanRefused: always.
    """
    needed = least_spending(form)
    if needed is not None:
        refuse_dear(needed, form.budget, locks=bool(form.locked.any()), floors=bool(request.floors))
    kept = form.locked.copy()
    for row in np.flatnonzero(form.locked):
        without = kept & (np.arange(len(kept)) != row)
        if (without.any() or request.floors) and least_spending(replace(form, locked=without)) is None:
            kept = without
    if request.floors:
        refuse_floors(form, [pairs[row] for row in np.flatnonzero(kept)], request, districts)
    named = ", ".join(f"{mentor}:{course}" for mentor, course in (pairs[row] for row in np.flatnonzero(kept)))
    _refuse_locks(sentence("These locks cannot all hold under seats, participants and limits: %(locks)s.", locks=named))


def refuse_empty(form: PlanForm) -> NoReturn:
    """Say why nothing can be bought: the budget is below the cheapest place of value, or a rule forbids every one.

    Raises:
        PlanRefused: always.
    """
    needed = least_spending(form)
    if needed is not None and needed > form.budget:
        raise PlanRefused(
            sentence(
                "The budget of %(budget)s buys nothing: the cheapest plan costs %(needed)s.",
                budget=Rupiah(form.budget),
                needed=Rupiah(needed),
            ),
            where=_option("budget"),
            mend=sentence("Give at least %(needed)s.", needed=Rupiah(needed)),
        )
    if form.limits:
        raise PlanRefused(
            sentence("The limits on hours, districts and areas leave no place to buy."),
            where=sentence("the limits of the request"),
            mend=sentence("Make a limit wider, and ask again."),
        )
    raise PlanRefused(
        sentence("No course can be held: too few mentors can be sent for its least number of participants."),
        where=sentence("table courses, column min_participants"),
        mend=sentence("Lower min_participants, or allow more courses per mentor."),
    )
