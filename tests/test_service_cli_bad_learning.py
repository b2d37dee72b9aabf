"""What ``train`` is given that cannot be learned from: refused, or left out with the count and the reason."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from service.cli import cli
from tests.command_line import suluh


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    suluh("sample", folder, "--mentors", 14, "--businesses", 200, "--months", 26, "--seed", 5)
    return folder


@pytest.fixture
def trained(city, tmp_path):
    """Exit code and answer of ``train`` on the city with some tables changed."""

    def run(**changed):
        folder = tmp_path / "files"
        folder.mkdir()
        for file in sorted(city.glob("*.csv")):
            if file.stem not in {"items", "responses"}:
                table = pd.read_csv(file, dtype=str, keep_default_na=False)
                changed.get(file.stem, lambda same: same)(table).to_csv(folder / file.name, index=False)
        suluh("import", folder, home=tmp_path / "home")
        done = CliRunner().invoke(cli, ["train", "--home", str(tmp_path / "home"), "--lang", "en", "--json"])
        return done.exit_code, json.loads(done.stdout)

    return run


def areas(answer):
    return {row["area"] for row in answer["effects"]}


def reasons(answer):
    return {row["area"]: row["reason"] for row in answer["areas_left_out"]}


def test_fewer_than_eight_mentors_are_refused_and_the_plan_goes_by_the_standard(trained, tmp_path):
    def few(table):
        return table[table["mentor_id"].isin([f"M{m:03d}" for m in range(1, 8)])]

    code, answer = trained(mentors=few, assessments=few, engagements=few, trainings=few)
    assert code == 2
    assert "7; at least 8" in answer["error"]["what"]
    assert "standard" in answer["error"]["mend"]
    plan = suluh("plan", "--budget", 20_000_000, home=tmp_path / "home")
    assert {choice["basis"] for choice in plan["choices"]} == {"standard"}


def test_engagements_without_any_outcome_are_refused_with_the_count_of_each_reason(trained, city):
    code, answer = trained(reports=lambda table: table.drop_duplicates("business_id"))
    count = len(pd.read_csv(city / "engagements.csv"))
    assert code == 2
    assert answer["error"]["what"].startswith("No engagement can be learned from: ")
    counts = [
        int(part.split(":")[0].replace(",", "")) for part in answer["error"]["what"].split(": ", 1)[1].split("; ")
    ]
    assert sum(counts) == count


def test_a_constant_area_and_one_that_repeats_another_are_left_out_with_the_reason(trained):
    def spoilt(table):
        table.loc[table["area"] == "finance", "score"] = "55.5"
        own = table[table["area"] == "legal"].set_index(["mentor_id", "assessed_on"])["score"]
        rest = table[table["area"] != "partnership"]
        copied = own.reset_index().assign(area="partnership", assessor="")
        return pd.concat([rest, copied[rest.columns]])

    code, answer = trained(assessments=spoilt)
    assert code == 0
    assert "same score in it, 55.5" in reasons(answer)["finance"]
    assert "follow wholly from those in Legal" in reasons(answer)["partnership"]
    assert areas(answer) == {"entrepreneurship", "management", "legal", "marketing_digital", "core_mentoring"}
    for row in answer["effects"]:
        assert all(np.isfinite(row[name]) for name in ("mean", "low", "high"))


def test_a_competency_never_seen_below_60_says_what_is_not_known(trained):
    def high(table):
        own = table["area"] == "management"
        table.loc[own, "score"] = (60 + 0.4 * table.loc[own, "score"].astype(float)).round(1).astype(str)
        return table

    code, answer = trained(assessments=high)
    assert code == 0
    (seen,) = (row for row in answer["scores_seen"] if row["area"] == "management")
    assert seen["lowest"] >= 60
    assert any(word.startswith("In Management no score below 6") for word in answer["limits"])


def test_absurd_growth_is_left_out_and_counted_and_infinite_amounts_never_come_in(trained, city):
    engagements = pd.read_csv(city / "engagements.csv").drop_duplicates("business_id", keep=False)
    absurd = set(engagements.sort_values("started_on")["business_id"].head(3))

    def spoilt(table):
        late = table["business_id"].isin(absurd) & (table["month"] >= "2025-08")
        table.loc[late, "turnover_idr"] = "9000000000000"
        return table

    code, answer = trained(reports=spoilt)
    assert code == 0
    (row,) = (row for row in answer["left_out"] if "148" in row["reason"])
    assert row["count"] == len(absurd)
    for name in ("mean", "low", "high"):
        assert all(abs(effect[name]) < 1 for effect in answer["effects"])


@pytest.mark.parametrize("amount", ["inf", "1e400", "nan", "-5000000"])
def test_an_infinite_or_negative_amount_is_refused_at_the_door(city, tmp_path, amount):
    reports = pd.read_csv(city / "reports.csv", dtype=str, keep_default_na=False).head(30)
    reports.loc[3, "turnover_idr"] = amount
    reports.to_csv(tmp_path / "reports.csv", index=False)
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "reports.csv"), "--home", str(tmp_path / "h"), "--json"])
    assert done.exit_code == 2
    assert any(row["row"] == 5 and row["column"] == "turnover_idr" for row in json.loads(done.stdout)["refused"])
