"""What comes next to a plan: the runner-up of each place, and why every other candidate is not bought."""

import numpy as np
from numpy.typing import NDArray

from model.sentences import Number, Rupiah, Sentence, sentence
from training.planning.candidates import LeftOut
from training.planning.plan import RunnerUp
from training.planning.reasons import Scene
from training.planning.values import HIGH, LOW

Floats = NDArray[np.float64]


def rival_of(scene: Scene, row: int) -> int | None:
    """The most valuable candidate that could stand in a place bought, the earlier of equals; None if nothing fits."""
    others = scene.standing.replacements(row)
    return int(others[np.argmax(scene.values.objective[others])]) if len(others) else None


def runner_up(scene: Scene, row: int, rival: int | None, difference: Floats | None) -> RunnerUp:
    """The runner-up in words; ``difference``: joint draws (D) of the choice's value less the rival's."""
    if rival is None or difference is None:
        return RunnerUp(None, None, None, None, None, None, _nothing_fits(scene, row))
    low, high = np.quantile(difference, (LOW, HIGH))
    within = bool(low <= 0.0 <= high)
    mentor, course = scene.candidates.pairs[rival]
    return RunnerUp(
        mentor_id=mentor,
        mentor_name=scene.name(rival),
        course_id=course,
        title=scene.course(rival).title,
        value=float(scene.values.objective[rival]),
        within_noise=within,
        note=_note(scene, row, rival, within=within),
    )


def _nothing_fits(scene: Scene, row: int) -> Sentence:
    if not scene.barely_held(row):
        return sentence("Nothing else on offer fits in its place.")
    return sentence(
        "With the other places as they are nobody else can take this one; the course would fall below the %(least)s "
        "participants that it needs.",
        least=Number(scene.course(row).least),
    )


def _note(scene: Scene, row: int, rival: int, *, within: bool) -> Sentence:
    who = {"mentor": scene.name(rival), "course": scene.course(rival).title}
    if within:
        return sentence("Next: %(mentor)s, %(course)s; the difference is within noise, either may be right.", **who)
    own, other = float(scene.values.objective[row]), float(scene.values.objective[rival])
    if other >= own:
        return sentence("Without your lock %(mentor)s, %(course)s would be worth more here.", **who)
    less = 100 * min((own - other) / own, 1.0)
    return sentence("Next: %(mentor)s, %(course)s, worth %(less)s percent less here.", less=Number(less), **who)


def not_bought(scene: Scene) -> list[LeftOut]:
    """Why each candidate that is not in the plan stays out: the first rule it meets."""
    rules = scene.standing.hindrances()
    found = []
    for row in np.flatnonzero(~scene.standing.chosen):
        rule = next((name for name, rows in rules.items() if rows[row]), None)
        found.append(LeftOut(*scene.candidates.pairs[row], _why(scene, int(row), rule)))
    return found


def _why(scene: Scene, row: int, rule: str | None) -> Sentence:  # noqa: PLR0911 - one sentence per rule
    course = scene.course(row)
    match rule:
        case "area":
            same = scene.standing.chosen & (scene.standing.cell == scene.standing.cell[row])
            taken = scene.course(int(np.flatnonzero(same)[0])).title
            return sentence(
                "The plan gives this mentor %(course)s in the same area; one course per area and mentor.", course=taken
            )
        case "mentor":
            return sentence(
                "The mentor has %(count)s courses in this plan already, the most allowed.",
                count=Number(scene.form.per_mentor),
            )
        case "seats":
            return sentence(
                "All %(seats)s seats of the course go to mentors for whom it is worth more.",
                seats=Number(int(scene.form.seats[scene.form.course[row]])),
            )
        case "prerequisite":
            return sentence(
                "The course %(first)s must come first, and this plan does not buy it.", first=str(course.prerequisite)
            )
        case "least":
            return sentence(
                "The course is not held in this plan: it needs at least %(least)s participants.",
                least=Number(course.least),
            )
        case "hours":
            limit = next(limit for limit in scene.form.limits if limit.name == rule)
            group = limit.group[row]
            return sentence(
                "The course takes %(hours)s JP; this plan gives the mentor %(used)s JP already, of %(most)s at most.",
                hours=Number(float(limit.weight[row])),
                used=Number(float(limit.used(scene.standing.chosen)[group])),
                most=Number(float(limit.high[group])),
            )
        case "cap":
            limit = next(limit for limit in scene.form.limits if limit.name == rule)
            return sentence(
                "The plan buys %(count)s places in %(area)s, the most you allow.",
                count=Number(float(limit.high[limit.group[row]])),
                area=scene.tables.areas[course.area].label,
            )
        case "budget":
            return sentence(
                "The money brings more elsewhere: a place costs %(cost)s, and %(left)s of the budget is left.",
                cost=Rupiah(course.cost),
                left=Rupiah(scene.standing.left),
            )
        case _:
            return sentence("It would add nothing to this plan.")
