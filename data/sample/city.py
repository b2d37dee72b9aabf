"""One city: its tables and its truth, the same for the same kind, sizes and seed."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.sample.businesses import make_businesses
from data.sample.courses import make_courses
from data.sample.engagements import make_engagements
from data.sample.facts import shipped_facts
from data.sample.growth import make_growth
from data.sample.mentors import make_mentors
from data.sample.questionnaire import items_table, responses_table
from data.sample.recipe import KINDS, Recipe, recipe_for
from data.sample.shapes import draw_shapes
from data.sample.truth import World, truth_of

__all__ = ["KINDS", "City", "city_of", "make_city", "make_world"]


@dataclass(frozen=True)
class City:
    """``tables``: table → frame with the contract's columns as they are written to CSV; ``truth``: truth.json."""

    tables: dict[str, pd.DataFrame]
    truth: dict[str, Any]


def make_city(
    kind: str = "plain",
    *,
    mentors: int | None = None,
    businesses: int | None = None,
    months: int | None = None,
    seed: int = 0,
    alike: bool = False,
) -> City:
    """Make a city.

    Args:
        kind: one of KINDS. "plain": areas differ, shapes and slopes drawn by the seed; "confounded": stronger sorting
            of better businesses to better mentors; "no_effect": scores change nothing; "small": 40 mentors and 1,000
            businesses; "noisy": assessments off by 10 points instead of 4; "hidden_selection": sorting also by what
            no table shows.
        mentors: 1 or more (default 160; small 40).
        businesses: 1 or more (default 4,000; small 1,000).
        months: months of reports up to September 2026, 18 or more (default 36).
        seed: 0 or more; the same arguments give the same bytes.
        alike: every area matters alike, with one saturating shape.

    Raises:
        ValueError: an unknown kind or a size out of range; the message is a sentence for the user.
    """
    sizes = {"mentors": mentors, "businesses": businesses, "months": months, "seed": seed}
    return city_of(make_world(recipe_for(kind, sizes, alike=alike)))


def make_world(recipe: Recipe) -> World:
    """Draw everything a city is made from."""
    facts = shipped_facts()
    courses = make_courses(recipe, facts)
    mentors = make_mentors(recipe, facts, courses)
    businesses = make_businesses(recipe, facts)
    engagements = make_engagements(recipe, mentors, businesses)
    shapes = draw_shapes(recipe.shapes, facts.areas, businesses.needing.mean(axis=0), recipe.stream(0))
    growth = make_growth(recipe, facts, (mentors, businesses), engagements, shapes)
    return World(recipe, facts, courses, mentors, businesses, engagements, shapes, growth)


def city_of(world: World) -> City:
    """The tables and the truth of a world."""
    mentors, businesses, engagements = world.mentors, world.businesses, world.engagements
    tables = {
        "mentors": mentors.table,
        "assessments": mentors.assessments,
        "businesses": businesses.table.assign(has_nib=world.growth.registered),
        "engagements": engagements.table,
        "reports": world.growth.reports,
        "items": items_table(world.facts),
        "responses": responses_table(world.recipe, world.facts, mentors, businesses, engagements),
        "courses": world.courses.table,
        "trainings": mentors.trainings.table,
    }
    return City(tables, truth_of(world))
