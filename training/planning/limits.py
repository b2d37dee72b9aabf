"""Hours per mentor, floors per district and caps per area: what cannot be asked of them is refused by name."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from model.planning.plan_form import PlanForm
from model.refusals import NotFound, PlanRefused
from model.sentences import Number, Rupiah, Sentence, sentence
from training.planning.plan import PlanRequest
from training.planning.plan_tables import Pair, PlanTables

Counts = Sequence[tuple[str, int]]


def check_limits(request: PlanRequest) -> None:
    """Refuse limits that are no limits, before anything is read.

    Raises:
        PlanRefused: hours that are not above 0, a count below 0, a district or area named twice.
    """
    hours = request.hours_per_mentor
    if hours is not None and not (math.isfinite(hours) and hours > 0):
        _refuse(
            "hours-per-mentor",
            sentence("The hours for each mentor must be more than 0."),
            sentence("Give the most JP of courses that one mentor may take, for example 32."),
        )
    for option, counts in (("floor", request.floors), ("area-cap", request.area_caps)):
        for name, places in counts:
            if places < 0:
                _refuse(
                    option,
                    sentence("%(name)s cannot have %(count)s places.", name=name, count=Number(places)),
                    sentence("Give a whole number from 0."),
                )
        twice = [name for name, count in Counter(name for name, _ in counts).items() if count > 1]
        if twice:
            _refuse(
                option,
                sentence("%(name)s is named more than once.", name=twice[0]),
                sentence("Name it once, with the number that holds."),
            )


def check_places(request: PlanRequest, tables: PlanTables) -> None:
    """Refuse a district without mentors, and an area that the programme does not have.

    Raises:
        PlanRefused: no mentor works in the district of a floor.
        NotFound: no such area.
    """
    known = sorted(set(tables.districts))
    for district, _ in request.floors:
        if district not in known:
            _refuse(
                "floor",
                sentence("No mentor works in the district %(district)s.", district=district),
                sentence("Name a district as it stands in the table mentors: %(known)s.", known=", ".join(known[:20])),
            )
    for area, _ in request.area_caps:
        if area not in tables.areas:
            raise NotFound(sentence("area"), area)


def refuse_dear(needed: int, budget: int, *, locks: bool, floors: bool) -> NoReturn:
    """Say what the locked places and floors cost at least.

    Raises:
        PlanRefused: always.
    """
    amounts = {"needed": Rupiah(needed), "budget": Rupiah(budget)}
    mend = sentence("Take a lock away, or give a budget of at least %(needed)s.", needed=Rupiah(needed))
    if not floors:
        _refuse(
            "lock", sentence("The locked choices cost at least %(needed)s; the budget is %(budget)s.", **amounts), mend
        )
    mend = sentence("Lower a floor, take a lock away, or give a budget of at least %(needed)s.", needed=Rupiah(needed))
    if locks:
        what = sentence(
            "The locked choices and the floors cost at least %(needed)s; the budget is %(budget)s.", **amounts
        )
    else:
        what = sentence("The floors cost at least %(needed)s; the budget is %(budget)s.", **amounts)
    _refuse("floor", what, mend)


def refuse_floors(form: PlanForm, locks: Sequence[Pair], request: PlanRequest, districts: Sequence[str]) -> NoReturn:
    """Name the floors that cannot be reached: the first one with too few candidates, else all that is asked together.

    Args:
        form: of the candidates worth anything.
        locks: the fewest that collide.
        request: what is asked.
        districts: names, by the number of the floor's group.

    Raises:
        PlanRefused: always.
    """
    limit = next(limit for limit in form.limits if limit.name == "floor")
    offered = np.bincount(limit.group, minlength=len(limit.low))
    short = np.flatnonzero(offered < limit.low)
    mend = sentence("Lower a floor, raise another limit, or take a lock away.")
    if len(short):
        _refuse(
            "floor",
            sentence(
                "%(district)s cannot get %(places)s places: only %(count)s choices there are worth anything.",
                district=districts[short[0]],
                places=Number(int(limit.low[short[0]])),
                count=Number(int(offered[short[0]])),
            ),
            mend,
        )
    told = {
        "floors": _listed(request.floors),
        "locks": ", ".join(f"{mentor}:{course}" for mentor, course in locks) or "–",
        "caps": _listed(request.area_caps),
    }
    _refuse(
        "floor",
        sentence(
            "These cannot all hold under seats, participants and courses per mentor: floors %(floors)s; "
            "locks %(locks)s; caps %(caps)s.",
            **told,
        ),
        mend,
    )


def _listed(counts: Counts) -> str:
    return ", ".join(f"{name}:{places}" for name, places in sorted(counts)) or "–"


def _refuse(option: str, what: Sentence, mend: Sentence) -> NoReturn:
    raise PlanRefused(what, where=sentence("the option %(option)s", option=f"--{option}"), mend=mend)
