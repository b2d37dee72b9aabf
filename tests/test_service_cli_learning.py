"""What ``train --json`` says beside the main effects: secondary outcomes, calibration, fairness."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli
from tests.command_line import suluh

EFFECT = {"area", "need", "per_points", "mean", "low", "high", "evidence", "z", "mentors_near", "robustness"}
OUTCOME = {
    "outcome",
    "label",
    "unit",
    "engagements",
    "mentors",
    "mean",
    "effects",
    "left_out",
    "components",
    "p",
    "said",
}
CALIBRATION = {"group", "engagements", "mentors", "predicted", "observed", "covered"}
FAIRNESS = {"of", "column", "group", "engagements", "error", "rmse", "covered"}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder, place = tmp_path_factory.mktemp("city"), tmp_path_factory.mktemp("office") / "home"
    suluh("sample", folder, "--mentors", 40, "--businesses", 500, "--months", 30, "--seed", 3)
    suluh("import", folder, home=place)
    return place


@pytest.fixture(scope="module")
def trained(home) -> dict:
    return suluh("train", home=home)


def test_every_reported_outcome_has_effects_with_ranges_and_the_index_is_first(trained):
    rows = trained["secondary"]
    assert [row["outcome"] for row in rows] == ["summary_index", "workers", "new_nib", "cashbook", "credit", "partner"]
    for row in rows:
        assert set(row) >= OUTCOME
        assert row["engagements"] + sum(left["count"] for left in row["left_out"]) == trained["engagements"]
        assert 8 <= row["mentors"] <= trained["mentors"]
        assert [(effect["area"], effect["need"]) for effect in row["effects"]] == [
            (effect["area"], effect["need"]) for effect in trained["effects"]
        ]
        for effect in row["effects"]:
            assert set(effect) >= EFFECT
            assert effect["low"] < effect["mean"] < effect["high"]
    assert 0 <= rows[0]["p"] <= 1
    assert [part["outcome"] for part in rows[0]["components"]] == [row["outcome"] for row in rows[1:]]


def test_calibration_counts_every_engagement_once_by_size_and_once_by_district(trained):
    assert set(trained["calibration"]) == {"size", "district"}
    for rows in trained["calibration"].values():
        assert sum(row["engagements"] for row in rows) == trained["engagements"]
        for row in rows:
            assert set(row) == CALIBRATION
            few = row["engagements"] < 20
            assert all((row[part] is None) == few for part in ("predicted", "observed", "covered"))
        told = [row for row in rows if row["covered"] is not None]
        whole = sum(row["engagements"] for row in told)
        share = sum(row["covered"] * row["engagements"] for row in told) / whole
        assert share == pytest.approx(0.9, abs=0.05)
        miss = sum((row["observed"] - row["predicted"]) * row["engagements"] for row in told) / whole
        assert miss == pytest.approx(0.0, abs=0.05)


def test_fairness_tells_every_column_the_city_has(trained):
    rows = trained["fairness"]
    columns = {(of, c) for of in ("business", "mentor") for c in ("gender", "birth_year", "disability", "district")}
    assert {(row["of"], row["column"]) for row in rows} - {("business", "size")} == columns
    for row in rows:
        assert set(row) == FAIRNESS
        assert (row["rmse"] is None) == (row["engagements"] < 20)
    for of, column in columns:
        parts = [row["engagements"] for row in rows if (row["of"], row["column"]) == (of, column)]
        assert sum(parts) == trained["engagements"]


def test_they_are_told_in_indonesian_too(home):
    done = CliRunner().invoke(cli, ["train", "--home", str(home), "--lang", "id", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["secondary"][0]["label"] == "Indeks ringkas hasil sekunder"
    assert told["calibration"]["size"][0]["group"] == "Usaha mikro"
    assert {row["group"] for row in told["fairness"] if row["column"] == "disability"} == {"ya", "tidak"}


def test_teachers_and_pupils_without_reports_have_no_secondary_outcomes_and_no_sizes(shared, tmp_path, request):
    mapping = request.config.rootpath / "data" / "mappings" / "star.toml"
    suluh("import", shared / "realdata" / "B_star_teachers" / "star.csv", "--mapping", mapping, home=tmp_path / "star")
    trained = suluh("train", home=tmp_path / "star")
    assert trained["secondary"] == []
    assert trained["calibration"]["size"] == []
    assert [row["engagements"] for row in trained["calibration"]["district"]] == [trained["engagements"]]
    assert {(row["of"], row["column"]) for row in trained["fairness"]} == {
        ("business", "district"),
        ("mentor", "district"),
    }
