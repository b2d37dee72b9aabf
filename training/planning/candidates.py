"""Who could be sent on what: every mentor × course that may be offered, and why each other one may not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.planning.uplift import Places
from model.sentences import Number, Sentence, sentence
from training.planning.plan_tables import Course, Pair, PlanTables
from training.planning.portfolios import PAST_DAYS


@dataclass(frozen=True)
class LeftOut:
    """What is not in the plan, and why; ``mentor_id`` None for a course closed to all, ``course_id`` None likewise."""

    mentor_id: str | None
    course_id: str | None
    reason: Sentence


@dataclass(frozen=True)
class Candidates:
    """Places on offer: ``pairs`` (mentor id, course id) in order, their ``mentor`` numbers and their ``places``.

    ``requires``: (n) row of the candidate that must be bought too, −1 for none. ``left_out``: the others.
    """

    pairs: tuple[Pair, ...]
    mentor: NDArray[np.int64]
    places: Places
    requires: NDArray[np.int64]
    left_out: tuple[LeftOut, ...]

    def why_not(self, mentor: str, course: str) -> Sentence | None:
        """Reason why a pair is not on offer; None if it is."""
        return next(
            (o.reason for o in self.left_out if o.mentor_id in {mentor, None} and o.course_id in {course, None}), None
        )


def _course_bar(
    tables: PlanTables, course: Course, learned: tuple[str, ...] | None, hours: float | None
) -> Sentence | None:
    """Why nobody can be sent on a course; ``learned``: areas the effects are known of, None where they do not count."""
    if course.area not in tables.areas:
        return sentence("The course's area %(area)s is not one of the programme's areas.", area=course.area)
    if learned is not None and course.area not in learned:
        return sentence(
            "The model learned nothing of %(area)s, so what the course would bring is not known, and a plan never "
            "mixes effects with the standard; what train says of the areas left out tells why.",
            area=tables.areas[course.area].label,
        )
    if course.starts_on is not None and course.starts_on <= tables.as_of:
        return sentence("The course has already started, on %(day)s.", day=course.starts_on)
    if course.seats is not None and course.seats < course.least:
        return sentence(
            "The course has %(seats)s seats but is held from %(least)s participants on.",
            seats=Number(course.seats),
            least=Number(course.least),
        )
    if np.isnan(tables.gains.posterior.mean[tables.gains.number(course.id)]):
        return sentence("No gain is known for the course: give expected_gain, or scores before and after it.")
    return None if hours is None else _hours_bar(course, hours)


def _hours_bar(course: Course, most: float) -> Sentence | None:
    if course.hours is None:
        return sentence("The hours of the course are not known (hours_jp), and you limit them.")
    if course.hours > most:
        return sentence(
            "The course takes %(hours)s JP; you allow %(most)s for each mentor.",
            hours=Number(course.hours),
            most=Number(most),
        )
    return None


def _mentor_bar(tables: PlanTables, number: int) -> Sentence | None:
    """Why a mentor can be sent on nothing."""
    if np.all(np.isnan(tables.scores[number])):
        return sentence("The mentor has no score: assess the mentor first.")
    if tables.reach.businesses[number] == 0:
        return sentence(
            "The mentor has no active business, and started none in the past %(days)s days.", days=Number(PAST_DAYS)
        )
    return None


def _pair_bar(tables: PlanTables, number: int, course: Course, forbidden: frozenset[Pair]) -> Sentence | None:
    mentor = tables.reach.mentors[number]
    if (mentor, course.id) in forbidden:
        return sentence("You forbade this choice.")
    if (mentor, course.id) in tables.completed:
        return sentence("The mentor has completed this course.")
    if np.isnan(tables.scores[number, list(tables.areas).index(course.area)]):
        return sentence("The mentor has no score in %(area)s: assess first.", area=tables.areas[course.area].label)
    return None


def list_candidates(
    tables: PlanTables,
    forbids: tuple[Pair, ...],
    learned: tuple[str, ...] | None = None,
    hours: float | None = None,
) -> Candidates:
    """Every mentor × course on offer, in order of mentor and course id.

    Args:
        tables: what is known.
        forbids: pairs that are not to be offered.
        learned: areas whose effects the model knows, where the plan is valued by them; None for the standard.
        hours: most JP of courses for one mentor; None without a limit.
    """
    forbidden = frozenset(forbids)
    courses = {c: _course_bar(tables, course, learned, hours) for c, course in tables.courses.items()}
    left = [LeftOut(None, c, reason) for c, reason in courses.items() if reason is not None]
    offered: list[tuple[int, Course]] = []
    for number, mentor in enumerate(tables.reach.mentors):
        reason = _mentor_bar(tables, number)
        if reason is not None:
            left.append(LeftOut(mentor, None, reason))
            continue
        for course in (tables.courses[c] for c, bar in courses.items() if bar is None):
            reason = _pair_bar(tables, number, course, forbidden)
            if reason is None:
                offered.append((number, course))
            else:
                left.append(LeftOut(mentor, course.id, reason))
    kept, dropped = _with_prerequisites(tables, offered)
    return _candidates(tables, kept, tuple(left + dropped))


def _with_prerequisites(
    tables: PlanTables, offered: list[tuple[int, Course]]
) -> tuple[list[tuple[int, Course]], list[LeftOut]]:
    """Drops what needs a course the mentor neither has nor could buy with it, until nothing more falls."""
    dropped: list[LeftOut] = []
    while True:
        ids = {(number, course.id) for number, course in offered}
        kept = [(number, course) for number, course in offered if _reachable(tables, number, course, ids)]
        if len(kept) == len(offered):
            return kept, dropped
        for number, course in offered:
            if not _reachable(tables, number, course, ids):
                reason = sentence("The course %(first)s must come first.", first=str(course.prerequisite))
                dropped.append(LeftOut(tables.reach.mentors[number], course.id, reason))
        offered = kept


def _reachable(tables: PlanTables, number: int, course: Course, ids: set[tuple[int, str]]) -> bool:
    """No prerequisite, or it is completed, or could be bought too (in another area: one course per area)."""
    first = course.prerequisite
    if first is None or (tables.reach.mentors[number], first) in tables.completed:
        return True
    return (number, first) in ids and tables.courses[first].area != course.area


def _candidates(tables: PlanTables, kept: list[tuple[int, Course]], left: tuple[LeftOut, ...]) -> Candidates:
    codes = list(tables.areas)
    mentor = np.array([number for number, _ in kept], dtype=np.int64)
    area = np.array([codes.index(course.area) for _, course in kept], dtype=np.int64)
    reach = tables.reach
    pairs = tuple((reach.mentors[number], course.id) for number, course in kept)
    row = {pair: k for k, pair in enumerate(pairs)}
    owned = tables.completed
    places = Places(
        course=np.array([tables.gains.number(course.id) for _, course in kept], dtype=np.int64),
        area=area,
        cell=mentor * len(codes) + area,
        score=tables.scores[mentor, area],
        true=tables.gains.now[mentor, area],
        doubt=tables.gains.now_sd[mentor, area],
        standard=np.array([tables.areas[course.area].standard for _, course in kept], dtype=np.float64),
        needing=reach.needing[mentor, area],
        others=reach.businesses[mentor] - reach.needing[mentor, area],
        yearly_needing=reach.yearly_needing[mentor, area],
        yearly_others=reach.yearly[mentor] - reach.yearly_needing[mentor, area],
    )
    requires = [
        -1 if c.prerequisite is None or (m, c.prerequisite) in owned else row[m, c.prerequisite]
        for (m, _), (_, c) in zip(pairs, kept, strict=True)
    ]
    return Candidates(pairs, mentor, places, np.array(requires, dtype=np.int64), left)
