"""The engagements: who guided whom, when; better businesses tend to get better mentors."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.sample.businesses import Businesses
from data.sample.facts import Bools, Floats, Ints
from data.sample.mentors import Mentors, standing
from data.sample.recipe import FIRST_START, Recipe, day_text, identifiers

AGAIN_AFTER = 13
"""Months between two starts of one business, so that the second's "before" is clear of the first's "after"."""


@dataclass(frozen=True)
class Engagements:
    """Engagements in order of start: places of mentor and business, start month place, active at the end, table."""

    mentor: Ints
    business: Ints
    month: Ints
    active: Bools
    table: pd.DataFrame


@dataclass(frozen=True)
class _Openings:
    """Places that fall free: mentor, district, month of the start, its day, months it lasts, days beyond."""

    mentor: Ints
    district: Ints
    month: Ints
    day: Ints
    length: Ints


def make_engagements(recipe: Recipe, mentors: Mentors, businesses: Businesses) -> Engagements:
    """Fill the mentors' free places month by month with businesses of the district that are free.

    Those in a bad spell come first (so turnover recovers by itself afterwards); within a district and month businesses
    of better promise go to mentors of better standing, as far as the recipe's sorting says.
    """
    rng = recipe.stream(8)
    openings = _openings(recipe, mentors, rng)
    taken = np.full(len(openings.mentor), -1)
    free_from = np.where(businesses.seeks, 0, recipe.months + 1)
    here = [np.flatnonzero(businesses.district == d) for d in range(int(businesses.district.max()) + 1)]
    for month in range(FIRST_START, recipe.months):
        known = standing(mentors, month)
        for district, locals_ in enumerate(here):
            places = np.flatnonzero((openings.month == month) & (openings.district == district))
            able = locals_[free_from[locals_] <= month]
            if not len(places) or not len(able):
                continue
            need = 0.8 * businesses.shocks[able, month] / max(recipe.shock_sd, 1e-9) + rng.standard_normal(len(able))
            chosen = able[np.argsort(need, kind="stable")[: len(places)]]
            places = rng.permutation(places)[: len(chosen)]
            strength = np.sqrt(recipe.sorting)
            by_mentor = _ranked(known[openings.mentor[places]], strength, rng)
            by_business = _ranked(businesses.promise[chosen], strength, rng)
            filled, guided = places[by_mentor], chosen[by_business]
            taken[filled] = guided
            free_from[guided] = month + np.maximum(AGAIN_AFTER, openings.length[filled] + 1)
    return _finish(recipe, mentors, businesses, openings, taken, rng)


def _ranked(values: Floats, strength: float, rng: np.random.Generator) -> Ints:
    """Order by a value blurred so that its correlation with the blurred one is ``strength``."""
    blurred = strength * values + np.sqrt(1 - strength**2) * rng.standard_normal(len(values))
    return np.argsort(blurred, kind="stable")


def _openings(recipe: Recipe, mentors: Mentors, rng: np.random.Generator) -> _Openings:
    """Every slot of a mentor opens within the first year, then again nought to two months after an engagement ends."""
    slot = np.repeat(np.arange(recipe.mentors), mentors.slots)
    start = FIRST_START + rng.integers(0, 12, len(slot))
    found = []
    while len(slot):
        length = rng.integers(9, 15, len(slot))
        found.append((slot, start, length))
        start = start + length + 1 + rng.integers(0, 3, len(slot))
        slot, start = slot[start < recipe.months], start[start < recipe.months]
    mentor, month, lasting = (np.concatenate(part) for part in zip(*found, strict=True))
    away = (mentors.second[mentor] >= 0) & (rng.random(len(mentor)) < 0.25)
    district = np.where(away, mentors.second[mentor], mentors.district[mentor])
    return _Openings(mentor, district, month, rng.integers(0, 28, len(mentor)), lasting)


def _finish(
    recipe: Recipe,
    mentors: Mentors,
    businesses: Businesses,
    openings: _Openings,
    taken: Ints,
    rng: np.random.Generator,
) -> Engagements:
    filled = np.flatnonzero(taken >= 0)
    filled = filled[np.lexsort((openings.mentor[filled], openings.day[filled], openings.month[filled]))]
    mentor, business, month = openings.mentor[filled], taken[filled], openings.month[filled]
    started = recipe.month_days[month] + openings.day[filled]
    ended = started + (30.4 * openings.length[filled]).astype(np.int64)
    active = ended >= recipe.month_days[-1]
    months_so_far = np.minimum(openings.length[filled], recipe.months - month)
    visits = rng.poisson(1.5 * months_so_far)
    table = pd.DataFrame({"engagement_id": identifiers("E", len(filled), 5)})
    table["mentor_id"], table["business_id"] = mentors.ids[mentor], businesses.ids[business]
    table["started_on"] = day_text(started)
    table["ended_on"] = day_text(np.where(active, np.datetime64("NaT"), ended))
    table["visits"] = visits
    table["hours"] = np.round(visits * rng.uniform(1.2, 2.5, len(filled)), 1)
    return Engagements(mentor, business, month, active, table)
