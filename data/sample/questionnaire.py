"""What owners say of their mentor: yes/no answers that follow one latent quality, with some disorder and gaps."""

import numpy as np
import pandas as pd

from data.sample.businesses import Businesses
from data.sample.engagements import Engagements
from data.sample.facts import Facts
from data.sample.mentors import Mentors
from data.sample.recipe import Recipe, day_text
from data.sample.shapes import SCORE_MEAN, SCORE_SD

SHARPNESS = 2.2
"""How strongly an answer follows quality less difficulty."""


def items_table(facts: Facts) -> pd.DataFrame:
    """The items table, in the questionnaire's order."""
    return pd.DataFrame([{name: item[name] for name in _COLUMNS} | {"item_id": item["id"]} for item in facts.items])[
        ["item_id", *_COLUMNS]
    ]


_COLUMNS = ("text_id", "text_en", "area")


def responses_table(
    recipe: Recipe, facts: Facts, mentors: Mentors, businesses: Businesses, engagements: Engagements
) -> pd.DataFrame:
    """Answers in the last six months of owners mentored in the last fourteen: about 8 owners a mentor."""
    rng = recipe.stream(12)
    recent = np.flatnonzero(engagements.month >= recipe.months - 14)
    recent = recent[engagements.month[recent] < recipe.months - 1]
    asked = recent[rng.random(len(recent)) < min(1.0, 8 * recipe.mentors / max(len(recent), 1))]
    mentor = engagements.mentor[asked]
    area = np.array([facts.areas.index(item["area"]) for item in facts.items])
    ease = np.array([float(item["ease"]) for item in facts.items])
    scores = (mentors.now[mentor] - SCORE_MEAN) / SCORE_SD
    liking = rng.normal(0, 0.8, len(asked))
    quality = 0.6 * scores.mean(axis=1)[:, None] + 0.3 * scores[:, area] + liking[:, None]
    yes = rng.random(quality.shape) < 1 / (1 + np.exp(-SHARPNESS * (quality + ease)))
    who, item = np.nonzero(rng.random(quality.shape) >= 0.03)
    started = np.maximum(recipe.months - 6, engagements.month[asked] + 1)
    day = recipe.month_days[started] + rng.integers(0, 28, len(asked))
    respondent = np.array([f"R{ident[1:]}" for ident in businesses.ids], dtype=object)
    return pd.DataFrame(
        {
            "respondent_id": respondent[engagements.business[asked]][who],
            "mentor_id": mentors.ids[mentor][who],
            "item_id": np.array([i["id"] for i in facts.items], dtype=object)[item],
            "answer": np.where(yes[who, item], "ya", "tidak"),
            "answered_on": day_text(day)[who],
        }
    )
