"""A teacher trait of known effect, planted in the real pupils and classes of STAR."""

from dataclasses import replace

import numpy as np
import pytest

from tests.test_training_learning_training import real
from training.learning.training import train


def planted(snapshot, slope, seed):
    """Teachers' whole profiles dealt anew among them; ``slope`` points a ten years of experience added to the gain."""
    assessments = snapshot["assessments"].copy()
    ids = np.array(sorted(assessments["mentor_id"].unique()), dtype=object)
    dealt = dict(zip(ids, np.random.default_rng(seed).permutation(ids), strict=True))
    assessments["mentor_id"] = assessments["mentor_id"].map(dealt)
    years = assessments.query("area == 'experience'").set_index("mentor_id")["score"]
    engagements = snapshot["engagements"].copy()
    added = slope * (engagements["mentor_id"].map(years) - 10) / 10
    engagements["outcome"] = engagements["outcome"] + added.fillna(0.0)
    return replace(snapshot, tables={**snapshot.tables, "assessments": assessments, "engagements": engagements})


def true_effect(snapshot, slope):
    """The contract's effect of ten points of a straight slope: the ends of the scale cut the ten short."""
    newest = snapshot["assessments"].query("area == 'experience'")["score"].dropna()
    return slope * float((np.minimum(newest + 5, 100) - np.maximum(newest - 5, 0)).mean()) / 10


@pytest.fixture
def star(shared, framework, request):
    mapping = request.config.rootpath / "data" / "mappings" / "star.toml"
    return real(shared, framework, "B_star_teachers/star.csv", mapping)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_effect_is_found_with_its_slope_inside_the_range(star, framework, seed):
    snapshot = planted(star, 5.0, seed)
    answer = train(snapshot, framework, seed=1).answer
    assert answer["supported_gain"] is True
    row = next(row for row in answer["effects"] if row["area"] == "experience")
    assert row["low"] <= true_effect(snapshot, 5.0) <= row["high"]
    assert row["evidence"] in {"strong", "moderate"}
    assert answer["r2_unseen_mentors"] > answer["r2_without_mentor_traits"]


def test_profiles_dealt_anew_without_a_planted_effect_support_nothing(star, framework):
    assert train(planted(star, 0.0, 1), framework, seed=1).answer["supported_gain"] is False
