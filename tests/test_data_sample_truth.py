"""The truth beside the sample city: planted effects are in the tables, in the contract's own units."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.sample import KINDS, make_city, write_city
from data.sample.city import city_of, make_world
from data.sample.facts import shipped_facts
from data.sample.recipe import recipe_for
from data.sample.shapes import Shape, draw_shapes, total_effect
from data.sample.truth import outcome

STILL = {"mentor_sd": 0.0, "shock_sd": 0.0, "noise_sd": 0.0, "gaps": 0.0}


def months_of(text):
    return text.str[:4].astype(int) * 12 + text.str[5:7].astype(int) - 1


def growth_by_hand(tables):
    """The contract's outcome, engagement by engagement, from the tables alone."""
    reports = tables["reports"].assign(place=months_of(tables["reports"]["month"]))
    sold = {b: dict(zip(f["place"], f["turnover_idr"], strict=True)) for b, f in reports.groupby("business_id")}
    newest = reports["place"].max()
    found = []
    for business, start in zip(
        tables["engagements"]["business_id"], months_of(tables["engagements"]["started_on"]), strict=True
    ):
        seen = sold.get(business, {})
        before = [seen[m] for m in range(start - 5, start + 1) if m in seen][-3:]
        after = [seen[m] for m in range(start + 6, start + 13) if m in seen][-3:]
        known = before and after and start + 12 <= newest
        found.append(np.log(np.mean(after)) - np.log(np.mean(before)) if known else np.nan)
    return np.array(found)


def f_by_hand(shape, score, *, need):
    """f from truth.json's own words."""
    s = np.asarray(score, dtype=float)
    form = {
        "zero": lambda: 0 * s,
        "linear": lambda: s / 100,
        "saturating": lambda: (1 - np.exp(-shape["bend"] * s / 100)) / (1 - np.exp(-shape["bend"])),
        "threshold": lambda: 1 / (1 + np.exp(-(s - shape["centre"]) / shape["width"])),
    }[shape["form"]]()
    return shape["scale"] * form * (1 if need else shape["without_need"])


def needs_of(city):
    facts = shipped_facts()
    area = {p: facts.areas[facts.area_of(p)] for p in facts.problems}
    return {
        b: {area[p] for p in n.split(";")}
        for b, n in zip(city.tables["businesses"]["business_id"], city.tables["businesses"]["needs"], strict=True)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_outcome_is_the_contracts_formula(kind):
    city_world = make_world(recipe_for(kind, {"mentors": 20, "businesses": 400, "seed": 6}, alike=False))
    city = city_of(city_world)
    by_hand = growth_by_hand(city.tables)
    engagements = city_world.engagements
    by_sample = outcome(city_world.growth.turnover, engagements.business, engagements.month)
    np.testing.assert_allclose(by_sample, by_hand, atol=1e-12)
    assert city.truth["naive_before_after"] == pytest.approx(np.nanmean(by_hand))
    assert city.truth["engagements_with_outcome"] == np.isfinite(by_hand).sum()


@pytest.mark.parametrize(("kind", "alike"), [("plain", False), ("plain", True), ("confounded", False)])
def test_without_noise_the_tables_hold_exactly_trend_and_effect(kind, alike):
    recipe = replace(recipe_for(kind, {"seed": 9}, alike=alike), **STILL, pull=0.0, hidden_sd=0.0)
    world = make_world(recipe)
    city = city_of(world)
    grown = growth_by_hand(city.tables)
    known = np.isfinite(grown)
    assert known.sum() > 3000
    engagements, needs = city.tables["engagements"][known], needs_of(city)
    scores = world.mentors.scores[world.engagements.mentor, :, world.engagements.month][known]
    planted = np.zeros(known.sum())
    for a, shape in enumerate(city.truth["shapes"]):
        has = np.array([shape["area"] in needs[b] for b in engagements["business_id"]])
        for need in (True, False):
            worth = f_by_hand(shape, scores[:, a], need=need) - f_by_hand(shape, 57.0, need=need)
            planted += np.where(has == need, worth, 0)
    left = grown[known] - city.truth["trend"] - planted
    assert left.mean() == pytest.approx(0.046, abs=1e-3)
    big = city.tables["businesses"].set_index("business_id")["turnover_month_idr"][engagements["business_id"]] > 1e7
    assert np.abs(left[big] - 0.046).max() < 1e-3


def test_regression_on_the_true_features_finds_every_planted_slope():
    recipe = replace(recipe_for("plain", {"seed": 21}, alike=False), **STILL, pull=0.0, hidden_sd=0.0)
    world = make_world(recipe)
    grown = outcome(world.growth.turnover, world.engagements.business, world.engagements.month)
    known = np.isfinite(grown)
    scores = world.mentors.scores[world.engagements.mentor, :, world.engagements.month][known]
    needing = world.businesses.needing[world.engagements.business][known]
    columns, planted = [np.ones(known.sum())], [0.0]
    for a, shape in enumerate(world.shapes):
        for group, share in ((needing[:, a], 1.0), (1 - needing[:, a], shape.without_need)):
            if shape.scale > 0 and group.any():
                columns += [group * shape.raw(scores[:, a]), group]
                planted += [shape.scale * share, np.nan]
    found = np.linalg.lstsq(np.column_stack(columns), grown[known], rcond=None)[0]
    wanted = np.array(planted)[1:]
    np.testing.assert_allclose(found[1:][np.isfinite(wanted)], wanted[np.isfinite(wanted)], atol=0.004)


@pytest.mark.parametrize("kind", KINDS)
def test_effects_are_the_contracts_mean_over_mentors(kind):
    truth = make_city(kind, seed=5).truth
    scores = np.array(list(truth["scores"].values()))
    up, down = np.minimum(scores + 5, 100), np.maximum(scores - 5, 0)
    listed = {(row["area"], row["need"]): row["mean"] for row in truth["effects"]}
    assert all(row["per_points"] == 10 for row in truth["effects"])
    answered = {shipped_facts().areas[shipped_facts().area_of(p)] for p in shipped_facts().problems}
    assert set(listed) == {(a, False) for a in truth["areas"]} | {(a, True) for a in answered}
    for a, shape in enumerate(truth["shapes"]):
        for need in (True, False):
            step = f_by_hand(shape, up[:, a], need=need) - f_by_hand(shape, down[:, a], need=need)
            if (shape["area"], need) in listed:
                assert listed[shape["area"], need] == pytest.approx(step.mean(), abs=1e-6)


def test_benefit_sums_the_active_businesses_of_the_mentor():
    city = make_city("small", seed=13)
    truth, needs = city.truth, needs_of(city)
    area = city.tables["courses"].set_index("course_id")["area"]
    active = city.tables["engagements"].query("ended_on == ''").groupby("mentor_id")["business_id"].apply(list)
    reports = city.tables["reports"].groupby("business_id")["turnover_idr"]
    sold = reports.apply(lambda t: t.tail(3).mean())
    gains = {(g["mentor_id"], g["course_id"]): g["gain"] for g in truth["gains"]}
    shapes = {shape["area"]: shape for shape in truth["shapes"]}
    taken = set(zip(city.tables["trainings"]["mentor_id"], city.tables["trainings"]["course_id"], strict=True))
    assert len(gains) == 40 * 12 - len(taken)
    assert not taken & set(gains)
    assert {(b["mentor_id"], b["course_id"]) for b in truth["benefits"]} == set(gains)
    for row in truth["benefits"]:
        mentor, name = row["mentor_id"], area[row["course_id"]]
        now = truth["scores"][mentor][truth["areas"].index(name)]
        after = now + gains[mentor, row["course_id"]]
        assert after <= 98 + 1e-3
        extra = dict.fromkeys(active.get(mentor, []), 0.0)
        for business in extra:
            need = name in needs[business]
            extra[business] = float(f_by_hand(shapes[name], after, need=need) - f_by_hand(shapes[name], now, need=need))
        assert row["benefit"] == pytest.approx(sum(extra.values()), abs=1e-4)
        rupiah = sum(12 * sold.get(b, 0.0) * np.expm1(e) for b, e in extra.items())
        assert row["benefit_idr"] == pytest.approx(rupiah, rel=0.01, abs=20_000)


def test_no_effect_is_exactly_none():
    for seed in range(3):
        truth = make_city("no_effect", mentors=40, businesses=1000, seed=seed).truth
        assert {row["mean"] for row in truth["effects"]} == {0.0}
        assert {row["benefit"] for row in truth["benefits"]} == {0.0}
        assert {row["benefit_idr"] for row in truth["benefits"]} == {0}
        assert any(row["gain"] > 1 for row in truth["gains"])
        assert abs(truth["average_mentor_effect"]) < 0.03
        assert np.std(list(truth["mentor_effects"].values())) == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "no_effect"])
def test_a_naive_before_after_overstates_several_times(kind):
    ratios = []
    for seed in range(4):
        truth = make_city(kind, mentors=160, businesses=4000, seed=seed).truth
        ratios.append(truth["naive_before_after"] / truth["average_mentor_effect"])
    assert min(ratios) >= 3, ratios


def test_one_sd_more_in_everything_is_worth_what_trials_allow():
    for seed in range(6):
        city = make_city(mentors=160, businesses=1000, seed=seed)
        truth, has = city.truth, pd.Series(needs_of(city))
        mean = {(row["area"], row["need"]): row["mean"] for row in truth["effects"]}
        worth = 0.0
        for area in truth["areas"]:
            share = has.map(lambda areas, area=area: area in areas).mean()
            worth += 1.5 * (mean.get((area, True), 0) * share + mean[area, False] * (1 - share))
            if (area, True) in mean:
                assert mean[area, False] == pytest.approx(0.1 * mean[area, True])
        assert 0.05 < np.expm1(worth) < 0.13


def test_shapes_and_slopes_differ_from_seed_to_seed_so_that_no_fixed_rule_fits():
    cities = [make_city(mentors=10, businesses=100, seed=seed).truth for seed in range(40)]
    forms = pd.DataFrame([[shape["form"] for shape in truth["shapes"]] for truth in cities])
    for area in forms:
        assert set(forms[area]) == {"linear", "saturating", "threshold", "zero"}
    nought = (forms == "zero").sum(axis=1)
    assert set(nought) == {2, 3, 4}
    best = [max(truth["effects"], key=lambda row: row["mean"])["area"] for truth in cities]
    assert len(set(best)) >= 6


def test_alike_makes_every_area_saturating_with_one_slope():
    truth = make_city(alike=True, seed=3).truth
    assert {shape["form"] for shape in truth["shapes"]} == {"saturating"}
    assert len({round(shape["scale"], 12) for shape in truth["shapes"]}) == 1


def test_selection_sends_better_businesses_to_better_mentors():
    kept = {}
    for kind in ("plain", "confounded", "hidden_selection"):
        world = make_world(recipe_for(kind, {"seed": 2}, alike=False))
        standing = world.mentors.scores[world.engagements.mentor, :, world.engagements.month].mean(axis=1)
        guided = world.engagements.business
        kept[kind] = (
            np.corrcoef(standing, world.businesses.promise[guided])[0, 1],
            np.corrcoef(standing, world.businesses.log_size[guided])[0, 1],
            np.corrcoef(standing, world.businesses.growth[guided])[0, 1],
        )
    assert 0.2 < kept["plain"][0] < 0.5
    assert kept["plain"][1] > 0.1
    assert kept["confounded"][0] > kept["plain"][0] + 0.15
    assert kept["hidden_selection"][2] > kept["plain"][2] + 0.1


def test_hidden_selection_moves_what_no_table_shows():
    def leaning(kind):
        world = make_world(recipe_for(kind, {"seed": 4}, alike=False))
        seen = make_world(replace(world.recipe, hidden_sd=0.0))
        unseen = (world.businesses.growth - seen.businesses.growth)[world.engagements.business]
        standing = world.mentors.scores[world.engagements.mentor, :, world.engagements.month].mean(axis=1)
        return np.corrcoef(standing, unseen)[0, 1]

    assert abs(leaning("plain")) < 0.08
    assert leaning("hidden_selection") > 0.2


def test_assessments_are_off_by_what_the_kind_says():
    for kind, sd in (("plain", 4.0), ("noisy", 10.0)):
        world = make_world(recipe_for(kind, {"seed": 7}, alike=False))
        table = world.mentors.assessments
        month = months_of(table["assessed_on"]).to_numpy() - world.recipe.first_month
        mentor = table["mentor_id"].str[1:].astype(int).to_numpy() - 1
        area = table["area"].map({a: i for i, a in enumerate(world.facts.areas)}).to_numpy()
        off = table["score"].to_numpy() - world.mentors.scores[mentor, area, month]
        inside = table["score"].between(1, 99).to_numpy()
        assert off[inside].std() == pytest.approx(sd, rel=0.06)


def test_gains_fall_for_high_scorers_and_are_in_the_scores_afterwards():
    world = make_world(recipe_for("plain", {"seed": 1}, alike=False))
    for course in range(len(world.courses.area)):
        gain = world.courses.gain(course, np.array([20.0, 50.0, 70.0, 90.0, 97.9]))
        assert gain[1] == pytest.approx(world.courses.level[course])
        assert (np.diff(gain) < 0).all()
        assert gain[-1] <= 0.1 + 1e-9
    t = world.mentors.trainings
    before = world.mentors.scores[t.mentor, t.area, t.month]
    after = world.mentors.scores[t.mentor, t.area, t.month + 1]
    open_ = after < 97.9
    assert np.corrcoef(t.lift[open_], (after - before)[open_])[0, 1] > 0.95
    untrained = np.ones(world.mentors.scores.shape[:2], dtype=bool)
    untrained[t.mentor, t.area] = False
    drift = (world.mentors.scores[:, :, -1] - world.mentors.scores[:, :, 0])[untrained].mean()
    assert 1.0 < drift < 4.0


def test_the_truth_file_is_compact_and_has_no_nan(tmp_path):
    write_city(make_city(seed=2), tmp_path / "city")
    text = (tmp_path / "city" / "truth.json").read_text("utf-8")
    assert len(text) < 400_000
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} in truth.json"))


@pytest.mark.parametrize("areas", [1, 2, 3, 7, 12])
def test_any_number_of_areas_gets_shapes_with_an_effect(areas):
    for seed in range(10):
        shapes = draw_shapes("differ", tuple("abcdefghijkl"[:areas]), np.full(areas, 0.4), np.random.default_rng(seed))
        assert any(shape.scale > 0 for shape in shapes)
        grid = np.linspace(0, 100, 101)
        assert all((np.diff(shape.raw(grid)) >= 0).all() for shape in shapes)


def test_a_mentor_at_the_mean_adds_nothing_beyond_the_average():
    shapes = [Shape("a", "linear", 0.3, 0.1), Shape("b", "threshold", 0.2, 0.1)]
    needing = np.array([[1.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(total_effect(shapes, np.full((2, 2), 57.0), needing), 0.0, atol=1e-15)
    one_more = total_effect(shapes, np.array([[67.0, 57.0], [67.0, 57.0]]), needing)
    np.testing.assert_allclose(one_more, [0.03, 0.003], atol=1e-12)
