"""A matching by effect against its own draws, and the intake desk: advice whole, and what would change it."""

import numpy as np
import pytest

from model.evidence import WORDS
from model.forms import shaped
from model.refusals import Refused
from model.sentences import sentence
from service.language import Language
from service.rendering import render
from tests.planning_office import AREAS, FRAMEWORK, learned
from tests.test_training_matching import seen
from training.matching.candidates import list_candidates
from training.matching.desk import desk_of
from training.matching.desk_advice import Advice
from training.matching.match_tables import needs_of, read_match_tables
from training.matching.matching import MatchRequest
from training.matching.worth import worth_of
from training.planning.plan import Range


def by_effect(**changed):
    tables = read_match_tables(seen(**changed), FRAMEWORK, "new")
    return tables, worth_of(tables, learned(), 1)


def test_by_effect_a_pair_is_worth_the_mentor_dependent_part_of_growth():
    tables, worth = by_effect()
    assert worth.basis == "effect"
    candidates = list_candidates(tables, MatchRequest())
    values = worth.values(candidates.business, candidates.mentor)
    for k, (b, m) in enumerate(zip(candidates.business, candidates.mentor, strict=True)):
        wanted = 0.0
        for a, _ in enumerate(AREAS):
            score = tables.mentors.true[m, a]
            score = 50.0 if np.isnan(score) else score  # the mean of the mentors learned from
            wanted += float(shaped(score, 1.5)) * (0.0005 + 0.001 * (tables.businesses.needs[b, a] > 0))
        assert values[k] == pytest.approx(wanted, abs=1e-12)


def test_ends_hold_ninety_percent_of_fresh_draws():
    tables, worth = by_effect()
    one, two = np.array([0]), np.array([1])
    business = np.array([tables.businesses.number["B1"]])
    low, high = worth.ends(business, one, two)
    rng = np.random.default_rng(2001)
    thetas, bends = worth.model.effects.draws(4000, 2002)
    scores, doubt = tables.mentors.true[:2], tables.mentors.doubt[:2]
    noise = rng.standard_normal((4000, *scores.shape)) * doubt
    there = np.isfinite(tables.mentors.true)
    off = np.where(there, tables.mentors.true - 50.0, 0.0)
    usual = np.sqrt((off**2).sum(axis=0) / np.maximum(there.sum(axis=0), 1))
    never = 50.0 + usual * rng.standard_normal((4000, *scores.shape))
    true = np.clip(np.where(np.isnan(scores), never, scores + noise), 0, 100)
    shapes = shaped(true, bends[:, None, None])
    slopes = thetas[:, : len(AREAS)] + thetas[:, len(AREAS) :] * (worth.needs[business[0]] > 0)
    drawn = ((shapes[:, 0] - shapes[:, 1]) * slopes).sum(axis=1)
    assert np.mean((drawn >= low[0]) & (drawn <= high[0])) == pytest.approx(0.9, abs=0.04)


def test_the_desk_names_the_best_mentor_with_a_free_place():
    tables, _ = by_effect()
    desk = desk_of(tables, FRAMEWORK, worth_of(tables, None, 1), None, None)
    told = desk.best("serpong", ["capital"])
    assert [row["mentor_id"] for row in told["best"]] == ["M2", "M1"]
    stored = {"mentors": [{"mentor_id": "M2", "assigned": 1, "price": {"serves": 1, "value": 0.4}}]}
    later = desk_of(tables, FRAMEWORK, worth_of(tables, None, 1), stored, 7).best("Serpong", ["capital"])
    assert [row["mentor_id"] for row in later["best"]] == ["M1"]
    assert [(row["mentor_id"], row["price"]) for row in later["full"]] == [("M2", 0.4)]
    gone = desk_of(tables, FRAMEWORK, worth_of(tables, None, 1), {"without": ["M2"]}, 7).best("Serpong", ["capital"])
    assert ([row["mentor_id"] for row in gone["best"]], gone["full"]) == (["M1"], [])
    assert desk.best("Nowhere", [])["best"] == []
    with pytest.raises(Refused, match="no problem code"):
        desk.best("Serpong", ["flying"])


@pytest.mark.parametrize("effect", [True, False])
def test_every_advice_of_the_desk_carries_all_that_a_reader_is_owed(effect):
    tables, worth = by_effect()
    worth = worth if effect else worth_of(tables, None, 1)
    desk = desk_of(tables, FRAMEWORK, worth, None, None)
    best = desk.best("serpong", ["capital"])["best"]
    assert len(best) > 1
    for row, after in zip(best, [*best[1:], None], strict=True):
        assert row["reasons"]
        assert row["evidence"] in WORDS
        assert (row["mentor_part"] is None) != effect
        assert (row["fit"] is None) == effect
        assert row["runner_up"]["mentor_id"] == (after and after["mentor_id"])
        assert str(row["what_would_change"])
        assert str(row["decides"])
    told = best[0]["mentor_part"] if effect else best[0]["fit_range"]
    assert told["low"] <= told["high"]
    with pytest.raises(ValueError, match="evidence"):
        Advice(
            {},
            True,
            None,
            Range(1.0, 0.9, 1.0),
            "sure",
            (sentence("x"),),
            {"note": sentence("x")},
            sentence("x"),
            sentence("x"),
        )


def test_what_would_change_an_advice_of_the_desk_does():
    """The first falls behind the second at the score named, and the second passes the first at the one named."""
    tables, _ = by_effect()
    worth = worth_of(tables, None, 1)
    best = desk_of(tables, FRAMEWORK, worth, None, None).best("serpong", ["capital"])["best"]
    flags = needs_of("capital", FRAMEWORK, tuple(tables.areas))
    at = [tables.mentors.number[mentor] for mentor in (best[0]["mentor_id"], best[1]["mentor_id"])]
    values = worth.sums(worth.shape(worth.at[at]), worth.slopes(flags[None]))[:, 0]
    for mentor, change in ((at[0], values[1] - values[0]), (at[1], values[0] - values[1])):
        area, score = worth.turning_score(flags, mentor, float(change))
        moved = worth.scores.copy()
        moved[mentor, area] = score
        value = worth.sums(worth.shape(moved[[mentor]]), worth.slopes(flags[None]))[0, 0]
        other = values[0] if mentor == at[1] else values[1]
        assert value == pytest.approx(other, abs=1e-9)
    assert worth.turning_score(flags, at[0], 99.0) is None


@pytest.mark.parametrize(
    ("gap", "first", "second"),
    [
        (3.0, "below 40.0 in Finance (now 43.0)", "above 43.0 in Finance (now 40.0)"),
        (0.03, "below 40.00 in Finance (now 40.03)", "above 40.03 in Finance (now 40.00)"),
        (0.0004, "below 40.0000 in Finance (now 40.0004)", "above 40.0004 in Finance (now 40.0000)"),
        (
            2e-6,
            "It stands at the edge: with the smallest fall of the score in Finance (now 40.0)",
            "Nothing need change: this mentor is as good as Budi.",
        ),
    ],
)
def test_a_threshold_never_reads_like_the_score_beside_it(gap, first, second):
    tables, _ = by_effect()
    area = list(tables.areas).index("finance")
    order = [tables.mentors.number[mentor] for mentor in ("M2", "M1")]
    tables.mentors.scores[order, area] = 40.0 + gap, 40.0
    desk = desk_of(tables, FRAMEWORK, worth_of(tables, None, 1), None, None)
    told = render(desk.best("serpong", ["capital"])["best"], Language("en"))
    assert first in told[0]["what_would_change"]
    assert second in told[1]["what_would_change"]
