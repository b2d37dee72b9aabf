"""The truth beside the tables: effects, gains and benefits as the contract measures them, and what misleads."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from data.sample.businesses import Businesses
from data.sample.courses import Courses
from data.sample.engagements import Engagements
from data.sample.facts import Facts, Floats, Ints
from data.sample.growth import Growth
from data.sample.mentors import Mentors
from data.sample.recipe import Recipe
from data.sample.shapes import Shape


@dataclass(frozen=True)
class World:
    """Everything a city was made from."""

    recipe: Recipe
    facts: Facts
    courses: Courses
    mentors: Mentors
    businesses: Businesses
    engagements: Engagements
    shapes: list[Shape]
    growth: Growth


def last_mean(turnover: Floats, rows: Ints, first: Ints, width: int, most: int = 3) -> Floats:
    """Mean of the last up to ``most`` reports in the ``width`` months from ``first`` (place), NaN without any."""
    months = first[:, None] + np.arange(width)
    inside = (months >= 0) & (months < turnover.shape[1])
    seen = np.where(inside, turnover[rows[:, None], np.clip(months, 0, turnover.shape[1] - 1)], np.nan)
    known = ~np.isnan(seen)
    last = known & (known[:, ::-1].cumsum(axis=1)[:, ::-1] <= most)
    count = last.sum(axis=1)
    total: Floats = np.where(last, seen, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(count > 0, total, np.nan)


def outcome(turnover: Floats, rows: Ints, start: Ints) -> Floats:
    """(E) growth by the contract's formula; NaN where a side is missing or month 12 is not past."""
    after = last_mean(turnover, rows, start + 6, 7)
    before = last_mean(turnover, rows, start - 5, 6)
    over = start + 12 < turnover.shape[1]
    return np.where(over, np.log(after) - np.log(before), np.nan)


def truth_of(world: World) -> dict[str, Any]:
    """The content of truth.json."""
    recipe, facts, mentors, engagements = world.recipe, world.facts, world.mentors, world.engagements
    grown = outcome(world.growth.turnover, engagements.business, engagements.month)
    known = ~np.isnan(grown)
    ids = [str(ident) for ident in mentors.ids]
    gains, benefits = _advice(world)
    return {
        "kind": recipe.kind,
        "seed": recipe.seed,
        "as_of": recipe.as_of.isoformat(),
        "areas": list(facts.areas),
        "effects": _effects(world),
        "shapes": [_shape(shape) for shape in world.shapes],
        "trend": facts.figure("trend_year"),
        "engagements_with_outcome": int(known.sum()),
        "naive_before_after": _mean(grown[known]),
        "average_mentor_effect": _mean(world.growth.effect[known]),
        "scores": {ident: _rounded(row, 3) for ident, row in zip(ids, mentors.now, strict=True)},
        "mentor_effects": dict(zip(ids, _rounded(mentors.own, 5), strict=True)),
        "course_levels": _course_levels(world),
        "gain_decay": world.courses.decay,
        "gains": gains,
        "benefits": benefits,
    }


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def _rounded(values: Floats, decimals: int) -> list[float]:
    return [round(float(value), decimals) for value in values]


def _course_levels(world: World) -> dict[str, float]:
    return dict(zip(world.courses.table["course_id"], _rounded(world.courses.level, 4), strict=True))


def _shape(shape: Shape) -> dict[str, Any]:
    parameters = {"saturating": ("bend",), "threshold": ("centre", "width")}.get(shape.form, ())
    return {
        "area": shape.area,
        "form": shape.form,
        "scale": shape.scale,
        "without_need": shape.without_need,
        **{name: getattr(shape, name) for name in parameters},
    }


def _effects(world: World) -> list[dict[str, Any]]:
    """Mean over mentors of f(min(s+5, 100)) − f(max(s−5, 0)) at their scores now; with need only where one exists."""
    rows = []
    for a, shape in enumerate(world.shapes):
        with_need = shape.per_ten(world.mentors.now[:, a])
        rows.append(_effect_row(shape.area, need=False, mean=with_need * shape.without_need))
        if world.facts.answered[a]:
            rows.append(_effect_row(shape.area, need=True, mean=with_need))
    return rows


def _effect_row(area: str, *, need: bool, mean: float) -> dict[str, Any]:
    return {"area": area, "need": need, "per_points": 10, "mean": mean}


def _advice(world: World) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """True gain and benefit of every mentor and course not yet taken.

    Benefit: Σ over the mentor's active engagements of f(score after) − f(score now). ``benefit_idr``: Σ of 12 × mean
    of the last up to three monthly turnovers × (exp(extra) − 1), whole rupiah.
    """
    count = len(world.mentors.ids)
    taken = np.zeros((count, len(world.courses.area)), dtype=np.bool_)
    taken[world.mentors.trainings.mentor, world.mentors.trainings.course] = True
    active = np.flatnonzero(world.engagements.active)
    guide, guided = world.engagements.mentor[active], world.engagements.business[active]
    months = world.growth.turnover.shape[1]
    sold = np.nan_to_num(last_mean(world.growth.turnover, guided, np.zeros(len(guided), dtype=np.int64), months))
    gains, benefits = [], []
    for course, (name, area) in enumerate(zip(world.courses.table["course_id"], world.courses.area, strict=True)):
        now = world.mentors.now[:, area]
        gain = world.courses.gain(course, now)
        needing = world.businesses.needing[guided, area]
        extra = world.shapes[area].effect((now + gain)[guide], needing) - world.shapes[area].effect(now[guide], needing)
        benefit = np.bincount(guide, weights=extra, minlength=count)
        rupiah = np.bincount(guide, weights=12 * sold * np.expm1(extra), minlength=count)
        for mentor in np.flatnonzero(~taken[:, course]):
            pair = {"mentor_id": str(world.mentors.ids[mentor]), "course_id": str(name)}
            gains.append(pair | {"gain": round(float(gain[mentor]), 4)})
            worth = {"benefit": round(float(benefit[mentor]), 7), "benefit_idr": round(float(rupiah[mentor]))}
            benefits.append(pair | worth)
    return gains, benefits
