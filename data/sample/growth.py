"""What happens to turnover: trend, season, own growth, shocks and the mentors' effects; and the monthly reports."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.sample.businesses import Businesses
from data.sample.engagements import Engagements
from data.sample.facts import Bools, Facts, Floats, Texts
from data.sample.mentors import Mentors
from data.sample.recipe import FULL_AFTER, Recipe
from data.sample.shapes import SCORE_MEAN, SCORE_SD, Shape, any_effect, total_effect

SEASON = 0.06
"""Highest and lowest month of the year against the mean, in log turnover."""

WORDS = np.array(["no", "yes"], dtype=object)


@dataclass(frozen=True)
class Growth:
    """``effect``: (E) full true effect of each engagement on log turnover; ``turnover``: (B, months), NaN unreported.

    ``registered``: (B) "yes" or "no", whether the business had a registration number at the first report month.
    """

    effect: Floats
    turnover: Floats
    registered: Texts
    reports: pd.DataFrame


def make_growth(
    recipe: Recipe,
    facts: Facts,
    people: tuple[Mentors, Businesses],
    engagements: Engagements,
    shapes: list[Shape],
) -> Growth:
    """Follow every business month by month, then write down what it reports."""
    mentors, businesses = people
    scores = mentors.scores[engagements.mentor, :, engagements.month]
    needing = businesses.needing[engagements.business]
    effect = total_effect(shapes, scores, needing) + mentors.own[engagements.mentor]
    if any_effect(shapes):
        effect += facts.figure("mentoring_effect")
    level = _level(recipe, facts, businesses, engagements, effect)
    rng = recipe.stream(9)
    noise = rng.standard_normal(level.shape, dtype=np.float32) * np.float32(recipe.noise_sd)
    turnover = np.maximum(np.rint(np.exp(level + noise) / 1000) * 1000, 1000)
    turnover[~_reported(recipe, rng)] = np.nan
    states = _states(recipe, facts, people, engagements, helps=any_effect(shapes))
    registered = WORDS[states["has_nib"][:, 0].astype(np.int64)]
    return Growth(effect, turnover, registered, _reports(recipe, businesses, level, turnover, states))


def _level(recipe: Recipe, facts: Facts, businesses: Businesses, engagements: Engagements, effect: Floats) -> Floats:
    """(B, months) log turnover without the noise of a month; an effect builds up evenly until it is full, and stays."""
    months = np.arange(recipe.months)
    calendar = (recipe.first_month + months) % 12
    common = facts.figure("trend_year") / 12 * months - SEASON * np.cos(2 * np.pi * (calendar - 5) / 12)
    gained = np.zeros(businesses.shocks.shape)
    for later in range(1, FULL_AFTER + 1):
        seen = engagements.month + later < recipe.months
        np.add.at(gained, (engagements.business[seen], engagements.month[seen] + later), effect[seen] / FULL_AFTER)
    own = businesses.growth[:, None] / 12 * months
    path: Floats = businesses.log_size[:, None] + common + own + businesses.shocks + gained.cumsum(axis=1)
    return path


def _reported(recipe: Recipe, rng: np.random.Generator) -> Bools:
    """(B, months) which months are reported: gaps at random, and one business in 25 stops for good."""
    shape = (recipe.businesses, recipe.months)
    if recipe.gaps == 0:
        return np.ones(shape, dtype=np.bool_)
    seen = rng.random(shape, dtype=np.float32) >= recipe.gaps
    stops = np.where(
        rng.random(recipe.businesses) < 0.04, rng.integers(6, recipe.months, recipe.businesses), recipe.months
    )
    kept: Bools = seen & (np.arange(recipe.months) < stops[:, None])
    return kept


def _states(
    recipe: Recipe, facts: Facts, people: tuple[Mentors, Businesses], engagements: Engagements, *, helps: bool
) -> dict[str, Bools]:
    """State → (B, months) whether a business has it by then; a mentor good in the area speeds it up (if any helps)."""
    mentors, businesses = people
    rng = recipe.stream(10)
    shape, states = (recipe.businesses, recipe.months), {}
    for name, state in facts.raw["states"].items():
        area = facts.area_of(state["problem"])
        chance = np.full(shape, state["chance"], dtype=np.float32)
        if helps:
            score = mentors.scores[engagements.mentor, area, engagements.month]
            faster = (
                np.exp(0.5 + 0.4 * (score - SCORE_MEAN) / SCORE_SD) * businesses.needing[engagements.business, area]
            )
            for later in range(1, 13):
                seen = engagements.month + later < recipe.months
                place = engagements.business[seen], engagements.month[seen] + later
                chance[place] = state["chance"] * (1 + faster[seen])
        gained = rng.random(shape, dtype=np.float32) < chance
        gained[:, 0] |= rng.random(recipe.businesses) < state["share"]
        states[name] = np.logical_or.accumulate(gained, axis=1)
    return states


def _reports(
    recipe: Recipe, businesses: Businesses, level: Floats, turnover: Floats, states: dict[str, Bools]
) -> pd.DataFrame:
    """The reports table: one row per business and reported month, in that order."""
    rng = recipe.stream(11)
    row, month = np.nonzero(~np.isnan(turnover))
    sold = turnover[row, month]
    margin = rng.uniform(0.10, 0.35, recipe.businesses)[row] + rng.normal(0, 0.05, len(row))
    workers = np.maximum(np.rint(businesses.workers[row] * np.exp(0.3 * (level[row, month] - level[row, 0]))), 1)
    months = np.array(
        [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(recipe.first_month, recipe.first_month + recipe.months)],
        dtype=object,
    )
    profit = np.where(rng.random(len(row)) < 0.1, np.nan, np.rint(sold * margin / 1000) * 1000)
    columns = {
        "business_id": businesses.ids[row],
        "month": months[month],
        "turnover_idr": sold.astype(np.int64),
        "profit_idr": profit,
        "workers": workers.astype(np.int64),
    }
    return pd.DataFrame(columns | {name: WORDS[state[row, month].astype(np.int64)] for name, state in states.items()})
