import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.batch import Dataset
from data.reading.batches import read_batch
from data.snapshot import snapshot_of
from model.learning.conformal import residuals_of
from model.refusals import DataMissing, InputRefused, ModelRefused
from service.language import Language
from service.printing import models as printed
from service.rendering import as_json, render
from tests.command_line import suluh
from tests.learning_office import SINCE, day, office, seen
from training.learning import training, validating
from training.learning.training import train
from training.publishing import save


@pytest.fixture(scope="module")
def learned(framework):
    return train(seen(office(mentors=40, slope=0.09, seed=1)), framework)


@pytest.mark.parametrize(
    ("best", "says"), [(-0.01, "no prediction is better than the mean"), (0.2, "improve the pred")]
)
def test_a_gain_beside_predictions_worse_than_the_mean_is_told_with_that(framework, best, says, monkeypatch):
    real = validating.validate
    monkeypatch.setattr(
        training,
        "validate",
        lambda *given: replace(real(*given), linear=(best, -0.1), pairs=(best, -0.1), mean_only=0.0),
    )
    answer = train(seen(office(mentors=40, slope=0.09, seed=1)), framework).answer
    assert answer["supported_gain"] is True
    assert says in str(answer["verdict"])


def test_a_clear_effect_is_found_where_it_is(learned):
    answer = learned.answer
    assert answer["supported_gain"] is True
    assert answer["r2_unseen_mentors"] > answer["r2_without_mentor_traits"]
    rows = {(row["area"], row["need"]): row for row in answer["effects"]}
    assert set(rows) == {(a, n) for a in ("finance", "legal") for n in (False, True)}
    assert rows["finance", False]["low"] <= 0.09 <= rows["finance", False]["high"]
    assert rows["finance", True]["low"] <= 0.18 <= rows["finance", True]["high"]
    assert rows["finance", True]["z"] > 2.6
    assert 30 <= rows["finance", True]["mentors_near"] < 50
    assert rows["finance", True]["evidence"] == "moderate"  # strong by z, but too few mentors near the score
    for row in rows.values():
        assert row["low"] < row["mean"] < row["high"]
        assert row["per_points"] == 10


def test_the_answer_says_what_the_contract_names_and_is_plain(learned):
    answer = learned.answer
    assert {"engagements", "mentors", "p_shuffle", "p_folds", "left_out", "areas_left_out", "trend"} <= set(answer)
    assert answer["p_shuffle"] == pytest.approx(1 / 1000)
    assert {row["area"] for row in answer["areas_left_out"]} >= {"management", "marketing_digital"}
    assert sum(row["count"] for row in answer["left_out"]) + answer["engagements"] == 40 * 12
    json.loads(as_json(answer, Language("id")))
    learners = [str(row["learner"]) for row in answer["validation"]]
    assert learners == ["linear relation", "boosted trees", "monotone boosted trees of pairs", "mean only"]
    assert answer["validation"][2]["r2_without_mentor_traits"] <= 0
    assert {row["prior"] for row in answer["prior"]["sensitivity"]} == {"half", "double", "flat"}


def test_without_effect_nothing_is_claimed(framework):
    answer = train(seen(office(mentors=40, slope=0.0, seed=3)), framework).answer
    assert answer["supported_gain"] is False
    assert "standard" in str(answer["verdict"])


def test_the_same_seed_gives_the_same_answer_and_the_same_bytes(framework, tmp_path):
    snapshot = seen(office(mentors=12, each=6))
    first, second = (train(snapshot, framework, seed=4) for _ in range(2))
    assert as_json(first.answer, Language("en")) == as_json(second.answer, Language("en"))
    assert save(first, tmp_path / "a", "m1").sha256 == save(second, tmp_path / "b", "m1").sha256
    other = train(snapshot, framework, seed=5)
    assert as_json(first.answer, Language("en")) != as_json(other.answer, Language("en"))


def test_another_process_with_other_hashes_gives_the_same_bytes(tmp_path):
    folder = tmp_path / "city"
    suluh("sample", folder, "--mentors", 12, "--businesses", 150, "--months", 24, "--seed", 1)
    digests = set()
    for hashes in ("1", "2"):
        home = tmp_path / hashes
        suluh("import", folder, home=home)
        command = [sys.executable, "-m", "service", "train", "--home", str(home), "--json"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": hashes})
        (file,) = home.rglob("*.npz")
        digests.add(hashlib.sha256(file.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_trend_is_that_of_the_never_mentored(framework):
    tables = office(mentors=16)
    away = tables["engagements"]["engagement_id"] < "E0100"
    tables["engagements"] = tables["engagements"][away].reset_index(drop=True)
    months = tables["reports"]["month"]
    tables["reports"]["turnover_idr"] = np.rint(1e7 * np.exp(0.01 * (months - SINCE)))
    never = tables["reports"]["business_id"] >= "B0100"
    tables["reports"].loc[~never, "turnover_idr"] = np.rint(1e7 * np.exp(0.03 * (months - SINCE)))[~never]
    tables["reports"].loc[tables["reports"]["business_id"] == "B0001", "turnover_idr"] *= 1.5
    jitter = 1 + 0.001 * (pd.factorize(tables["reports"]["business_id"])[0] % 5) * (months % 3)
    tables["reports"]["turnover_idr"] *= jitter
    answer = train(seen(tables), framework).answer
    # newest three of months 6..12 are centred on 11, of -5..0 on -1: 12 months
    assert answer["trend"]["mean"] == pytest.approx(0.12, abs=0.01)
    assert answer["naive_before_after"] == pytest.approx(0.36, abs=0.01)
    assert answer["trend"]["businesses"] == 16 * 12 - 100


def test_an_area_whose_scores_never_differ_is_named_as_left_out_on_the_terminal(framework):
    tables = office(mentors=24)
    tables["assessments"].loc[tables["assessments"]["area"] == "legal", "score"] = 60.0
    answer = train(seen(tables), framework).answer
    answer = render(answer | {"model": "m", "areas": {"legal": {"label": "Law"}}}, Language("en"))
    told = printed.train(answer, Language("en"))
    assert "Law is left out: " in told
    assert "finance is left out" not in told


def refusal(kind, snapshot, framework, **options):
    with pytest.raises(kind) as caught:
        train(snapshot, framework, **options)
    said = caught.value
    assert all(str(part) for part in (said.what, said.where, said.mend))
    return str(said.what)


def test_refusals_say_what_is_missing(framework):
    tables = office(mentors=8, each=4)
    few = tables | {"engagements": tables["engagements"][lambda e: e["mentor_id"] < "007"]}
    assert "learn from: 7;" in refusal(ModelRefused, seen(few), framework)
    one = tables | {"engagements": tables["engagements"][lambda e: e["mentor_id"] == "000"]}
    assert "learn from: 1;" in refusal(ModelRefused, seen(one), framework)
    none = tables | {"mentors": tables["mentors"][:0], "engagements": tables["engagements"][:0]}
    assert "no mentor ids" in refusal(DataMissing, seen(none), framework)
    assert "32 businesses" in refusal(DataMissing, seen(none), framework)
    unassessed = tables | {"assessments": tables["assessments"][:0]}
    assert "assessed" in refusal(DataMissing, seen(unassessed), framework)
    late = tables | {"assessments": tables["assessments"].assign(assessed_on=day(SINCE + 35))}
    assert "not assessed by the start" in refusal(DataMissing, seen(late), framework)
    silent = tables | {"reports": tables["reports"][:0]}
    assert "no turnover report" in refusal(DataMissing, seen(silent, date(2025, 12, 31)), framework)
    same = tables | {"assessments": tables["assessments"].assign(score=50.0)}
    assert "No area" in refusal(ModelRefused, seen(same), framework)
    flat = tables | {"reports": tables["reports"].assign(turnover_idr=1e6)}
    assert "same for every" in refusal(ModelRefused, seen(flat), framework)


def test_an_unknown_outcome_is_refused_naming_the_known(framework):
    snapshot = seen(office(mentors=8, each=4), dataset=Dataset(outcome="points"))
    with pytest.raises(InputRefused) as caught:
        train(snapshot, framework, outcome="jobs")
    assert "growth, points" in str(caught.value.mend)


def test_growth_is_asked_for_by_name_beside_a_ready_outcome(framework):
    tables = office(mentors=10, each=6)
    tables["engagements"]["outcome"] = np.arange(60.0)
    snapshot = seen(tables, dataset=Dataset(outcome="points", unit="pts"))
    assert train(snapshot, framework).answer["engagements"] == 60
    grown = train(snapshot, framework, outcome="growth").answer
    assert grown["outcome"] == "growth"
    assert grown["engagements"] < 60


def test_eight_mentors_are_enough_and_missing_scores_are_counted(framework):
    tables = office(mentors=9, each=8)
    gone = (tables["assessments"]["mentor_id"] == "003") & (tables["assessments"]["area"] == "legal")
    tables["assessments"] = tables["assessments"][~gone]
    answer = train(seen(tables), framework).answer
    assert answer["mentors"] == 9
    assert [row["area"] for row in answer["scores_missing"]] == ["legal"]
    assert all(np.isfinite(row[part]) for row in answer["effects"] for part in ("mean", "low", "high"))


def test_residuals_of_unseen_mentors_are_split_into_between_and_within():
    rng = np.random.default_rng(0)
    mentor = np.repeat(np.arange(3000), rng.integers(2, 6, 3000))
    errors = rng.normal(0, 0.3, 3000)[mentor] + rng.normal(0, 0.5, len(mentor))
    found = residuals_of(errors, mentor)
    assert found.between == pytest.approx(0.09, rel=0.1)
    assert found.within == pytest.approx(0.25, rel=0.1)
    assert found.high == pytest.approx(1.645 * 0.34**0.5, rel=0.06)
    assert found.reach(4) == pytest.approx(1.645 * (found.between + found.within / 4) ** 0.5, rel=0.03)


def real(shared, framework, file, mapping):
    batch = read_batch([shared / "realdata" / file], framework, mapping=mapping)
    assert not batch.faults
    return snapshot_of(batch.tables, 1, batch.dataset or Dataset(), None)


def test_teachers_of_star_have_no_supported_gain(shared, framework, request):
    mapping = request.config.rootpath / "data" / "mappings" / "star.toml"
    snapshot = real(shared, framework, "B_star_teachers/star.csv", mapping)
    answer = train(snapshot, framework, seed=1).answer
    assert answer["supported_gain"] is False
    boosted = answer["validation"][1]
    assert boosted["r2_unseen_mentors"] == pytest.approx(0.27, abs=0.02)
    assert boosted["r2_without_mentor_traits"] == pytest.approx(0.28, abs=0.02)
    assert answer["mentors"] == pytest.approx(1010, abs=10)


def test_mentors_without_any_engagement_are_not_called_missing(framework):
    tables = office()
    tables["engagements"] = tables["engagements"].iloc[:0]
    said = refusal(DataMissing, seen(tables), framework)
    assert "There are no engagements" in said
    assert "no mentor ids" not in said


def test_kenya_has_growth_but_no_mentor_ids(shared, framework, request):
    mapping = request.config.rootpath / "data" / "mappings" / "kenya.toml"
    snapshot = real(shared, framework, "A_kenya_mentors/panel.csv", mapping)
    assert "There are no mentor ids: no engagement links a business to a mentor." in refusal(
        DataMissing, snapshot, framework
    )


def test_a_competency_never_seen_low_says_that_nothing_is_known_below(framework):
    tables = office(mentors=24, each=10)
    high = tables["assessments"]["area"] == "finance"
    tables["assessments"].loc[high, "score"] = 60 + 0.4 * tables["assessments"].loc[high, "score"]
    answer = train(seen(tables), framework).answer
    told = next(row for row in answer["scores_seen"] if row["area"] == "finance")
    assert told["lowest"] >= 60
    said = [str(limit) for limit in answer["limits"] if "no score below" in str(limit)]
    assert len(said) == 1
    assert f"{told['lowest']:.1f}" in said[0]
    assert not [s for s in train(seen(office(mentors=24)), framework).answer["limits"] if "no score below" in str(s)]


def test_an_outcome_beyond_reason_is_left_out_and_counted(framework):
    tables = office(mentors=12, each=8)
    wild = tables["reports"]["business_id"].isin(["B0003", "B0040"]) & (tables["reports"]["month"] > SINCE + 20)
    tables["reports"].loc[wild, "turnover_idr"] *= 1e6
    answer = train(seen(tables), framework).answer
    counted = sum(left["count"] for left in answer["left_out"] if "148-fold" in str(left["reason"]))
    assert counted >= 1
    assert all(abs(row["mean"]) < 1 for row in answer["effects"])


@pytest.mark.parametrize(("mentors", "told"), [(79, True), (80, False)])
def test_a_small_office_is_told_that_plans_promise_too_much(mentors, told):
    limits = map(str, training._limits(growth=True, noise=True, mentors=mentors))
    assert any("With few mentors read the range" in limit for limit in limits) is told
