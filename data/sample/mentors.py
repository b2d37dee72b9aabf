"""The mentors: where they work, how much they can take on, and their true scores month by month."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.sample.courses import Courses, Training, first_noise, train
from data.sample.facts import Bools, Facts, Floats, Ints, Texts
from data.sample.recipe import Recipe, day_text, identifiers, pick, standard
from data.sample.shapes import SCORE_HIGH, SCORE_LOW, SCORE_MEAN, SCORE_SD

COMMON = 0.4
"""Share of a score's variance that is common to all areas of a mentor."""

DRIFT_MEAN, DRIFT_SD = 0.8, 0.5
"""Score points a year without training."""

ROUND_MONTHS = 12
"""Every mentor is assessed at the start; later rounds follow each year."""


@dataclass(frozen=True)
class Mentors:
    """Mentors as they truly are.

    ``district``: (M) place; ``second``: (M) place of an extra district, −1 for none; ``slots``: (M) businesses a
    mentor guides side by side; ``scores``: (M, areas, months + 1) true scores at the start of every month, the last
    now; ``own``: (M) part of growth that is the mentor's but not the scores'.
    """

    ids: Texts
    table: pd.DataFrame
    district: Ints
    second: Ints
    slots: Ints
    scores: Floats
    own: Floats
    trainings: Training
    assessments: pd.DataFrame

    @property
    def now(self) -> Floats:
        """(M, areas) true scores now."""
        latest: Floats = self.scores[:, :, -1]
        return latest


def make_mentors(recipe: Recipe, facts: Facts, courses: Courses) -> Mentors:
    """Draw the mentors, their trainings and their assessments."""
    rng = recipe.stream(1)
    count, areas = recipe.mentors, len(facts.areas)
    first = _first_scores(rng, count, areas)
    drift = rng.normal(DRIFT_MEAN, DRIFT_SD, (count, areas)) / 12
    ids = identifiers("M", count, 3)
    trainings = train(recipe, courses, first, ids)
    scores = _score_path(recipe, first, drift, trainings)
    shares = np.array([float(s) for s in facts.raw["districts"].values()])
    district = pick(rng, shares, count)
    second = np.where(rng.random(count) < 0.35, (district + rng.integers(1, len(shares), count)) % len(shares), -1)
    slots = _slots(recipe, rng)
    own = standard(rng.standard_normal(count)) * recipe.mentor_sd
    table = _table(recipe, facts, rng, ids=ids, places=(district, second), slots=slots)
    noise = recipe.stream(2)
    assessments = _assessments(recipe, facts, scores, trainings, ids, noise)
    return Mentors(ids, table, district, second, slots, scores, own, trainings, assessments)


def _first_scores(rng: np.random.Generator, count: int, areas: int) -> Floats:
    common = rng.standard_normal((count, 1))
    own = rng.standard_normal((count, areas))
    score = SCORE_MEAN + SCORE_SD * (np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * own)
    drawn: Floats = np.clip(score, SCORE_LOW, SCORE_HIGH)
    return drawn


def _slots(recipe: Recipe, rng: np.random.Generator) -> Ints:
    """Side-by-side businesses of a mentor: about 15 where there are 25 businesses per mentor, at most about 24."""
    usual = min(0.62 * recipe.businesses / recipe.mentors, 24.0)
    drawn: Ints = np.rint(usual * rng.uniform(0.75, 1.25, recipe.mentors)).astype(np.int64)
    return np.maximum(drawn, 1)


def _score_path(recipe: Recipe, first: Floats, drift: Floats, trainings: Training) -> Floats:
    """True scores month by month: start, drift, and a lift from the month after a training."""
    months = np.arange(recipe.months + 1)
    path: Floats = np.clip(first[:, :, None] + drift[:, :, None] * months, SCORE_LOW, SCORE_HIGH)
    for mentor, area, month, lift in zip(
        trainings.mentor, trainings.area, trainings.month, trainings.lift, strict=True
    ):
        path[mentor, area, month + 1 :] += lift
    return np.clip(path, SCORE_LOW, SCORE_HIGH)


def _table(
    recipe: Recipe,
    facts: Facts,
    rng: np.random.Generator,
    *,
    ids: Texts,
    places: tuple[Ints, Ints],
    slots: Ints,
) -> pd.DataFrame:
    count = recipe.mentors
    districts = np.array([*facts.names("districts"), ""], dtype=object)
    woman = rng.random(count) < 0.5
    frame = pd.DataFrame({"mentor_id": ids, "name": person_names(facts, rng, woman)})
    frame["district"] = districts[places[0]]
    frame["capacity"] = slots + rng.integers(4, 12, count)
    frame["start_year"] = recipe.first_month // 12 - rng.integers(0, 12, count)
    frame["extra_districts"] = districts[places[1]]
    frame["gender"] = np.where(woman, "P", "L")
    frame["birth_year"] = rng.integers(1968, 2000, count)
    frame["disability"] = np.where(rng.random(count) < 0.03, "yes", "no")
    return frame


def person_names(facts: Facts, rng: np.random.Generator, woman: Bools) -> Texts:
    """Made-up names, a first one by gender and a family one."""
    names = facts.raw["names"]
    women, men, family = (np.array(names[kind], dtype=object) for kind in ("women", "men", "family"))
    count = len(woman)
    given = np.where(woman, women[rng.integers(0, len(women), count)], men[rng.integers(0, len(men), count)])
    full: Texts = given + " " + family[rng.integers(0, len(family), count)]
    return full


def _assessments(
    recipe: Recipe,
    facts: Facts,
    scores: Floats,
    trainings: Training,
    ids: Texts,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Yearly rounds over all areas, and a pair around every training in its area; the noise is the assessor's."""
    rows = [*_rounds(recipe, len(ids), len(facts.areas), rng), *_pairs(recipe, trainings, rng)]
    mentor, area, month, day = (np.concatenate(part) for part in zip(*rows, strict=True))
    noise = rng.normal(0, 1, len(mentor)) * recipe.assessment_sd
    first = first_noise(recipe, (len(ids), len(facts.areas)))
    noise[: first.size] = first.ravel()
    observed = scores[mentor, area, month] + noise
    frame = pd.DataFrame({"mentor_id": ids[mentor], "area": np.array(facts.areas, dtype=object)[area]})
    frame["score"] = np.round(np.clip(observed, 0, 100), 1)
    frame["assessed_on"] = day_text(recipe.month_days[month] + day)
    frame["assessor"] = np.where(rng.random(len(mentor)) < 0.5, "supervisor", "LSP")
    order = np.lexsort((day, month, area, mentor))
    return frame.iloc[order].drop_duplicates(["mentor_id", "area", "assessed_on"], ignore_index=True)


def _rounds(recipe: Recipe, count: int, areas: int, rng: np.random.Generator) -> list[tuple[Ints, Ints, Ints, Ints]]:
    """The first round takes everyone, before any engagement; a later one nine in ten, all in the same month."""
    found = []
    for start in range(0, recipe.months - 1, ROUND_MONTHS):
        present = np.flatnonzero(rng.random(count) < (1.0 if start == 0 else 0.9))
        month = start + rng.integers(0, 2, len(present))
        day = rng.integers(0, 28, len(present))
        found.append(
            (
                np.repeat(present, areas),
                np.tile(np.arange(areas), len(present)),
                np.repeat(month, areas),
                np.repeat(day, areas),
            )
        )
    return found


def _pairs(recipe: Recipe, trainings: Training, rng: np.random.Generator) -> list[tuple[Ints, Ints, Ints, Ints]]:
    """Before: earlier in the month of the training (seven in ten; the others have the yearly round). After: later."""
    count = len(trainings.mentor)
    fresh = rng.random(count) < 0.7
    before = (rng.random(count) * trainings.day).astype(np.int64)
    later = trainings.month + rng.integers(1, 3, count)
    return [
        (trainings.mentor[fresh], trainings.area[fresh], trainings.month[fresh], before[fresh]),
        (trainings.mentor, trainings.area, np.minimum(later, recipe.months - 1), rng.integers(0, 28, count)),
    ]


def standing(mentors: Mentors, month: int) -> Floats:
    """(M) how good a mentor is known to be in a month: the mean true score over the areas, standardised."""
    return standard(mentors.scores[:, :, month].mean(axis=1))
