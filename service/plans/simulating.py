"""What if: a stored plan's request with changes, answered from the same data and model; nothing is stored."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from data.store.records import PlanRecord
from model.progress import Progress
from model.refusals import NotFound
from model.sentences import sentence
from service.models.shelf import Shelf
from service.plans import comparing, stored
from service.plans.request import Pair, as_asked, counted, further, pair_of, rupiah, whole
from training.planning.plan import PlanRequest
from training.planning.preparing import Prepared


def what_if(
    record: PlanRecord,
    prepared: Prepared,
    shelf: Shelf,
    progress: Progress,
    *,
    seats: Sequence[str] = (),
    **changes: Any,
) -> dict[str, Any]:
    """The plan that a stored one's request would give with changes, beside the stored one.

    Args:
        record: the stored plan.
        prepared: of its data version, day and model.
        shelf: its model.
        progress: told how far the work is.
        seats: COURSE:N, seats that a course would have.
        changes: see :func:`changed`.

    Raises:
        Refused: an option that cannot be taken, or a plan that cannot be made so.
    """
    asked = changed(as_asked(record.request), **changes)
    told = stored.made(_with_seats(prepared, seats), shelf, asked, progress)
    return {
        "simulation": True,
        "plan": None,
        "base": record.id,
        "note": sentence("A simulation: nothing is stored, and no plan is changed."),
        "seats": [{"course_id": course, "seats": count} for course, count in _seats(seats)],
        **told,
        "compare": comparing.compare(stored.as_stored(record), {"plan": None, **told}),
    }


def changed(
    asked: PlanRequest,
    *,
    budget: int | str | None = None,
    most: int | str | None = None,
    risk: Any = None,
    lock: Sequence[str] = (),
    forbid: Sequence[str] = (),
    free: Sequence[str] = (),
    **limits: Any,
) -> PlanRequest:
    """A request with some of it changed; what is not given stays.

    Args:
        asked: the request.
        budget: whole rupiah.
        most: courses per mentor.
        risk: mean or cautious.
        lock: MENTOR:COURSE pairs locked too, and no longer forbidden.
        forbid: the same the other way round.
        free: MENTOR:COURSE pairs neither locked nor forbidden any more.
        limits: hours, floor, area_cap; each given one stands in place of the request's own.
    """
    locked, forbidden, freed = (
        {pair_of(text, option) for text in texts}
        for texts, option in ((lock, "--lock"), (forbid, "--forbid"), (free, "--free"))
    )
    given = {name: value for name, value in limits.items() if value not in (None, (), [])}
    read = further(**given)
    names = {"hours": "hours_per_mentor", "floor": "floors", "area_cap": "area_caps"}
    return replace(
        asked,
        edition=PlanRequest(1).edition,
        budget_idr=asked.budget_idr if budget is None else rupiah(budget),
        max_courses_per_mentor=asked.max_courses_per_mentor if most is None else whole(most),
        risk=asked.risk if risk is None else risk,
        locks=_pairs(asked.locks, locked, forbidden | freed),
        forbids=_pairs(asked.forbids, forbidden, locked | freed),
        **{names[name]: read[names[name]] for name in given},
    )


def _pairs(standing: Sequence[Pair], added: set[Pair], removed: set[Pair]) -> tuple[Pair, ...]:
    """The pairs that stand; one both added and removed stays, so that the conflict is named."""
    return tuple(sorted(({*standing} - removed) | added))


def _seats(seats: Sequence[str]) -> list[tuple[str, int]]:
    return [counted(text, "--seats") for text in seats]


def _with_seats(prepared: Prepared, seats: Sequence[str]) -> Prepared:
    courses = dict(prepared.tables.courses)
    for course, count in _seats(seats):
        if course not in courses:
            raise NotFound(sentence("course"), course)
        courses[course] = replace(courses[course], seats=count)
    return replace(prepared, tables=replace(prepared.tables, courses=courses)) if seats else prepared
