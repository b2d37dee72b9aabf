"""The courses: what they cost, what they truly give, and who has taken them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.sample.facts import Facts, Floats, Ints, Texts
from data.sample.recipe import Recipe, day_text

CEILING = 98.0
"""No training lifts a score above this."""

FIRST_TRAINING = 5
"""Report months before the first training."""


@dataclass(frozen=True)
class Courses:
    """Courses with their truth: ``area``: (C) place; ``level``: (C) points at a score of 50; ``decay``: shared.

    True gain at score s = level · min(1.3, (100 − s)/50)^decay, never above 98 − s.
    """

    table: pd.DataFrame
    area: Ints
    level: Floats
    decay: float
    history: Floats
    asks: Ints
    started: Ints

    def gain(self, course: int, scores: Floats) -> Floats:
        """True expected gain (n) of a course for mentors at ``scores`` in its area."""
        room = np.minimum(1.3, np.maximum(100 - scores, 0) / 50)
        lifted: Floats = np.minimum(self.level[course] * room**self.decay, np.maximum(CEILING - scores, 0))
        return lifted


@dataclass(frozen=True)
class Training:
    """Trainings of the past: mentor, course and area places, month place, day of the month, true lift in points."""

    mentor: Ints
    course: Ints
    area: Ints
    month: Ints
    day: Ints
    lift: Floats
    table: pd.DataFrame


def make_courses(recipe: Recipe, facts: Facts) -> Courses:
    """The courses of facts.toml with a gain drawn for this city; the promised gain is the office's rough guess."""
    rng = recipe.stream(3)
    entries = facts.raw["courses"]
    ids = [entry["id"] for entry in entries]
    level = np.clip(rng.normal(facts.figure("gain_mean"), facts.figure("gain_sd"), len(ids)), 3.0, 16.0)
    decay = float(rng.uniform(0.6, 1.4))
    guess = np.clip(np.rint(level + rng.normal(1, 3, len(ids))), 2, 18)
    promised = np.array([entry["promised"] for entry in entries])
    table = pd.DataFrame(
        {"course_id": ids, "title": [e["title"] for e in entries], "area": [e["area"] for e in entries]}
    )
    table["cost_per_participant_idr"] = [e["cost"] for e in entries]
    table["fixed_cost_idr"] = [e["fixed"] for e in entries]
    table["seats"] = [e["seats"] for e in entries]
    table["min_participants"] = [e["minimum"] for e in entries]
    table["hours_jp"] = [e["hours"] for e in entries]
    table["starts_on"] = [e["starts_on"] for e in entries]
    table["expected_gain"] = np.where(promised, guess, np.nan)
    table["expected_gain_sd"] = np.where(promised, 4.0, np.nan)
    table["prerequisite"] = [e.get("prerequisite", "") for e in entries]
    place = [facts.areas.index(e["area"]) for e in entries]
    asks = [ids.index(e["prerequisite"]) if "prerequisite" in e else -1 for e in entries]
    return Courses(
        table,
        np.array(place, dtype=np.int64),
        level,
        decay,
        np.array([float(e["history"]) for e in entries]),
        np.array(asks, dtype=np.int64),
        np.array([_month_place(recipe, e["starts_on"]) for e in entries], dtype=np.int64),
    )


def _month_place(recipe: Recipe, day: str) -> int:
    """Place of a past start among the report months; −1 for none or one to come."""
    if not day or np.datetime64(day) >= recipe.month_days[-1]:
        return -1
    return max(int(np.searchsorted(recipe.month_days, np.datetime64(day), side="right")) - 1, FIRST_TRAINING)


def first_noise(recipe: Recipe, shape: tuple[int, int]) -> Floats:
    """What the first assessment of every mentor and area is off by (mentors, areas)."""
    return recipe.stream(5).normal(0, 1, shape) * recipe.assessment_sd


def train(recipe: Recipe, courses: Courses, first: Floats, ids: Texts) -> Training:
    """Who took which course when: the lower the first assessment, the likelier; a prerequisite comes before.

    What a mentor truly gains varies around the course's gain by 2 points.
    """
    rng, seen = recipe.stream(4), first + first_noise(recipe, (first.shape[0], first.shape[1]))
    last = recipe.months - 4
    score, taken, rows = first.copy(), np.full((len(first), len(courses.area)), -1), []
    for course in np.argsort(courses.asks, kind="stable"):
        area, asked = courses.area[course], courses.asks[course]
        able = np.flatnonzero(taken[:, asked] >= 0) if asked >= 0 else np.arange(len(first))
        keys = seen[able, area] / 15 - rng.gumbel(0, 1, len(able))
        chosen = able[np.argsort(keys, kind="stable")[: round(courses.history[course] * len(first))]]
        month = rng.integers(FIRST_TRAINING, last - 6 if asked < 0 else last, len(chosen))
        if courses.started[course] >= 0:
            month[:] = min(int(courses.started[course]), last - 1)
        if asked >= 0:
            month = np.maximum(month, taken[chosen, asked] + 3)
        taken[chosen, course] = month
        lift = courses.gain(int(course), score[chosen, area]) + rng.normal(0, 2, len(chosen))
        lift = np.clip(lift, 0, np.maximum(CEILING - score[chosen, area], 0))
        score[chosen, area] += lift
        rows.append((chosen, np.full(len(chosen), course), np.full(len(chosen), area), month, lift))
    mentor, course_of, area_of, month_of, lift_of = (np.concatenate(part) for part in zip(*rows, strict=True))
    day = rng.integers(10, 28, len(mentor))
    table = pd.DataFrame({"mentor_id": ids[mentor], "course_id": courses.table["course_id"].to_numpy()[course_of]})
    table["completed_on"] = day_text(recipe.month_days[month_of] + day)
    order = np.lexsort((mentor, course_of))
    return Training(mentor, course_of, area_of, month_of, day, lift_of, table.iloc[order].reset_index(drop=True))
