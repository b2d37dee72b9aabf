"""The words of a plan: why a place is bought, and what comes next to it."""

from dataclasses import dataclass

import numpy as np

from model.planning.plan_form import PlanForm
from model.planning.swaps import Standing
from model.sentences import Number, Rupiah, Sentence, sentence
from training.planning.candidates import Candidates
from training.planning.plan import MOST_REASONS
from training.planning.plan_tables import Course, PlanTables
from training.planning.values import EffectValues, StandardValues


@dataclass(frozen=True)
class Scene:
    """All that the words about one plan speak of."""

    tables: PlanTables
    candidates: Candidates
    values: StandardValues | EffectValues
    form: PlanForm
    standing: Standing
    caution: float = 0.0

    def gain(self, row: int, score: float) -> float:
        """Points a candidate's course would add at a score, before the ceiling, ``caution`` sds below the mean."""
        mean, sd = self.tables.gains.posterior.at(self.candidates.places.course[[row]], np.array([score]))
        return float(mean[0] - self.caution * sd[0])

    def course(self, row: int) -> Course:
        """Course of a candidate."""
        return self.tables.courses[self.candidates.pairs[row][1]]

    def name(self, row: int) -> str:
        """Mentor's name of a candidate."""
        return self.tables.names[self.candidates.pairs[row][0]]

    def barely_held(self, row: int) -> bool:
        """Whether the course of a place bought has just the participants that it needs at least."""
        least = self.course(row).least
        return least > 1 and int(self.standing.per_course[self.form.course[row]]) == least

    def dependants(self, row: int) -> list[int]:
        """Chosen rows that need this one bought too."""
        return [int(k) for k in np.flatnonzero(self.standing.chosen & (self.form.requires == row))]


def reasons(scene: Scene, row: int) -> tuple[Sentence, ...]:
    """At most five reasons, each with the mentor's own value beside a reference."""
    held, first = _held(scene, row), _least_worth(scene, row)
    said = [
        *_special(scene, row),
        *(held if first else []),
        _score(scene, row),
        _reached(scene, row),
        _gain(scene, row),
        _price(scene, row),
        *([] if first else held),
        *_turnover(scene, row),
    ]
    return tuple(said[:MOST_REASONS])


def _held(scene: Scene, row: int) -> list[Sentence]:
    """That the course would not be held without this place."""
    if not scene.barely_held(row):
        return []
    return [
        sentence(
            "The course is held from %(least)s participants on, and this plan gives it just so many: with the other "
            "places as they are, it stands or falls with this one.",
            least=Number(scene.course(row).least),
        )
    ]


def _least_worth(scene: Scene, row: int) -> bool:
    """Whether no place in the same course is worth less, so that what holds the course is the first reason for it."""
    value, same = scene.values.objective, scene.form.course == scene.form.course[row]
    return bool(value[row] <= value[scene.standing.chosen & same].min())


def _special(scene: Scene, row: int) -> list[Sentence]:
    locked = [sentence("You locked this choice.")] if scene.form.locked[row] else []
    return [*locked, *_floor(scene, row)] + [
        sentence("It must come before %(course)s, which this plan buys too.", course=scene.course(other).title)
        for other in scene.dependants(row)[:1]
    ]


def _floor(scene: Scene, row: int) -> list[Sentence]:
    """That the place counts for its district's floor, where the plan reaches the floor and no more."""
    limit = next((limit for limit in scene.form.limits if limit.name == "floor"), None)
    if limit is None or limit.used(scene.standing.chosen)[limit.group[row]] > limit.low[limit.group[row]]:
        return []
    return [
        sentence(
            "The district %(district)s must get at least %(count)s places; this is one of them.",
            district=scene.tables.districts[scene.candidates.mentor[row]],
            count=Number(float(limit.low[limit.group[row]])),
        )
    ]


def _score(scene: Scene, row: int) -> Sentence:
    places, area = scene.candidates.places, scene.tables.areas[scene.course(row).area].label
    values = {"area": area, "score": Number(places.score[row], 1), "standard": Number(places.standard[row], 1)}
    if places.score[row] < places.standard[row]:
        return sentence("Score in %(area)s: %(score)s; the office asks for %(standard)s.", **values)
    return sentence("Score in %(area)s: %(score)s, already at the %(standard)s the office asks for.", **values)


def _reached(scene: Scene, row: int) -> Sentence:
    places, reach = scene.candidates.places, scene.tables.reach
    number, area = int(scene.candidates.mentor[row]), int(scene.candidates.places.area[row])
    need, total = places.needing[row], places.needing[row] + places.others[row]
    label = scene.tables.areas[scene.course(row).area].label
    if reach.active[number] and not reach.needing[:, area].any():
        return sentence(
            "No active business has a recorded need in %(area)s; it concerns all %(total)s of this mentor's.",
            area=label,
            total=Number(total),
        )
    if reach.active[number]:
        usual = float(reach.needing[reach.active, area].mean())
        return sentence(
            "Active businesses that need help in %(area)s: %(need)s of %(total)s; the mean over mentors is %(usual)s.",
            area=label,
            need=Number(need),
            total=Number(total),
            usual=Number(usual, 1),
        )
    return sentence(
        "No active business now; %(total)s started in the past year, of which %(need)s are expected to need help in "
        "%(area)s (programme's share: %(share)s percent).",
        area=label,
        total=Number(total),
        need=Number(need, 1),
        share=Number(100 * reach.shares[area]),
    )


def _gain(scene: Scene, row: int) -> Sentence:
    gains, number = scene.tables.gains, int(scene.candidates.places.course[row])
    mean, low, high = gains.posterior.points(number, float(scene.candidates.places.score[row]))
    return sentence(
        "The course is expected to add %(mean)s points (%(low)s to %(high)s); the mean of all courses is %(usual)s. "
        "Mentors who took it: %(took)s.",
        mean=Number(mean, 1),
        low=Number(low, 1),
        high=Number(high, 1),
        usual=Number(float(np.nanmean(gains.posterior.mean)), 1),
        took=Number(int(gains.took[number])),
    )


def _price(scene: Scene, row: int) -> Sentence:
    offered = sorted({int(k) for k in scene.candidates.places.course})
    costs = [scene.tables.courses[scene.tables.gains.courses[k]].cost for k in offered]
    return sentence(
        "A place costs %(cost)s; the median of the courses on offer is %(median)s.",
        cost=Rupiah(scene.course(row).cost),
        median=Rupiah(round(float(np.median(costs)))),
    )


def _turnover(scene: Scene, row: int) -> list[Sentence]:
    number = int(scene.candidates.mentor[row])
    unknown = scene.tables.reach.unknown[number]
    if scene.values.basis == "standard" or unknown == 0:
        return []
    return [
        sentence("Businesses without any reported turnover, not counted in rupiah: %(count)s.", count=Number(unknown))
    ]
