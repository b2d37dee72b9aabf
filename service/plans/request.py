"""What is asked of a plan: options as they are typed to a request, and a request to what is stored with its plan."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from data.reading.numbers import readings
from model.refusals import InputRefused
from model.sentences import Rupiah, sentence
from service.plans import MOST_BUDGET
from training.planning.plan import PlanRequest

Pair = tuple[str, str]


def request(
    budget: int | str,
    *,
    seed: int,
    most: int | str = 2,
    risk: Literal["mean", "cautious"] = "mean",
    lock: Sequence[str] = (),
    forbid: Sequence[str] = (),
    **limits: Any,
) -> PlanRequest:
    """A request from options as they are typed.

    Args:
        budget: whole rupiah.
        seed: of everything drawn.
        most: courses per mentor.
        risk: mean or cautious.
        lock: MENTOR:COURSE pairs that must be bought.
        forbid: MENTOR:COURSE pairs that must not be.
        limits: further ones, see :func:`further`.

    Raises:
        InputRefused: the budget is no whole amount, or a pair is no pair.
    """
    return PlanRequest(
        budget_idr=rupiah(budget),
        max_courses_per_mentor=whole(most),
        risk=risk,
        locks=tuple(pair_of(text, "--lock") for text in lock),
        forbids=tuple(pair_of(text, "--forbid") for text in forbid),
        seed=seed,
        **further(**limits),
    )


def further(
    *, hours: float | str | None = None, floor: Sequence[str] = (), area_cap: Sequence[str] = ()
) -> dict[str, Any]:
    """Further limits of a request as they are typed.

    Args:
        hours: most JP of courses for one mentor.
        floor: DISTRICT:N, at least N places for mentors of the district.
        area_cap: AREA:N, at most N places in the area.

    Raises:
        InputRefused: no number where one is needed.
    """
    return {
        "hours_per_mentor": _hours(hours),
        "floors": tuple(counted(text, "--floor") for text in floor),
        "area_caps": tuple(counted(text, "--area-cap") for text in area_cap),
    }


def _hours(hours: float | str | None) -> float | None:
    if hours is None or isinstance(hours, (int, float)):
        return hours
    read = readings(hours)
    found = {float(value) for value in (read.id, read.en) if value is not None}
    if len(found) != 1:
        raise InputRefused(
            sentence("%(hours)s is no number of hours.", hours=hours),
            where=sentence("the option %(option)s", option="--hours-per-mentor"),
            mend=sentence("Give the most JP of courses that one mentor may take, for example 32."),
        )
    return found.pop()


def counted(text: str, option: str) -> tuple[str, int]:
    """Name and whole number from NAME:N.

    Raises:
        InputRefused: it is no such pair.
    """
    name, colon, places = text.rpartition(":")
    if not (name.strip() and colon and places.strip().isdecimal()):
        raise InputRefused(
            sentence("%(text)s names no number of places.", text=text),
            where=sentence("the option %(option)s", option=option),
            mend=sentence("Write the name as it stands in the tables, a colon and a whole number: NAME:3."),
        )
    return name.strip(), int(places)


def rupiah(budget: int | str) -> int:
    """Whole rupiah from an amount as it is typed.

    Raises:
        InputRefused: it is no whole amount, can be read in two ways, or is more than any budget.
    """
    amount = budget if isinstance(budget, int) else _amount(budget)
    if amount > MOST_BUDGET:
        raise InputRefused(
            sentence("%(budget)s is too much to be meant as a budget.", budget=Rupiah(amount)),
            where=sentence("the option %(option)s", option="--budget"),
            mend=sentence("Count its zeros, and write at most %(most)s.", most=Rupiah(MOST_BUDGET)),
        )
    return amount


def _amount(budget: str) -> int:
    if not budget.strip():
        raise InputRefused(
            sentence("Fill in the budget."),
            where=sentence("the option %(option)s", option="--budget"),
            mend=sentence("Write the budget in digits, for example 250000000."),
        )
    read = readings(budget)
    found = {value for value in (read.id, read.en) if value is not None and value == value.to_integral_value()}
    if len(found) == 2:
        less, more = (Rupiah(int(value)) for value in sorted(found))
        raise InputRefused(
            sentence("%(budget)s can be read as %(less)s or as %(more)s.", budget=budget, less=less, more=more),
            where=sentence("the option %(option)s", option="--budget"),
            mend=sentence("Write the budget in digits without a point or comma, for example 250000000."),
        )
    if not found:
        raise InputRefused(
            sentence("%(budget)s is no whole amount of rupiah.", budget=budget),
            where=sentence("the option %(option)s", option="--budget"),
            mend=sentence("Write the budget in digits, for example 250000000."),
        )
    return int(found.pop())


def whole(most: int | str) -> int:
    """Whole number of courses from an option as it is typed.

    Raises:
        InputRefused: it is none.
    """
    try:
        return int(most)
    except ValueError as fault:
        raise InputRefused(
            sentence("%(most)s is no whole number.", most=str(most)),
            where=sentence("the option %(option)s", option="--max-courses-per-mentor"),
            mend=sentence("Give a whole number of 1 or more."),
        ) from fault


def pair_of(text: str, option: str) -> Pair:
    """Mentor id and course id from MENTOR:COURSE.

    Raises:
        InputRefused: it is no such pair.
    """
    mentor, colon, course = text.partition(":")
    if not (mentor and colon and course):
        raise InputRefused(
            sentence("%(pair)s names no mentor and course.", pair=text),
            where=sentence("the option %(option)s", option=option),
            mend=sentence("Write MENTOR:COURSE with the ids as they stand in the tables."),
        )
    return mentor.strip(), course.strip()


_PAIRS = ("locks", "forbids", "floors", "area_caps")


def as_kept(asked: PlanRequest) -> dict[str, Any]:
    """A request as it is stored with its plan."""
    return {**vars(asked), **{name: [list(pair) for pair in getattr(asked, name)] for name in _PAIRS}}


def as_asked(kept: Mapping[str, Any]) -> PlanRequest:
    """The request of a stored plan; one kept before there were further limits is of edition 1."""
    pairs = {name: tuple((first, second) for first, second in kept.get(name, ())) for name in _PAIRS}
    return PlanRequest(**{"edition": 1, **kept, **pairs})
