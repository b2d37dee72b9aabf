"""The commands end to end on a small city, as a program calls them; what they refuse: test_service_cli_refusals.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli
from tests.command_line import ROOT, run, suluh, told


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    counts = suluh("sample", folder, "--mentors", 40, "--businesses", 500, "--months", 30, "--seed", 3)
    assert counts["mentors"] == 40
    assert counts["businesses"] == 500
    assert (folder / "truth.json").is_file()
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory, city) -> Path:
    """A home into which the city was checked, imported and learned from."""
    place = tmp_path_factory.mktemp("office") / "home"
    tried = suluh("check", city, home=place)
    assert tried["refused"] == []
    assert not place.exists()
    taken = suluh("import", city, home=place)
    assert taken["new"] == tried["new"]
    assert taken["new"]["mentors"] == 40
    assert set(taken["changed"].values()) == {0}
    trained = suluh("train", home=place)
    assert trained["mentors"] <= 40
    assert isinstance(trained["supported_gain"], bool)
    return place


def test_the_same_files_again_change_nothing_and_that_is_done(home, city):
    again = suluh("import", city, home=home)
    assert set(again["new"].values()) == set(again["changed"].values()) == {0}
    assert again["unchanged"]["mentors"] == 40
    assert again["refused"] == []


@pytest.mark.parametrize("by", ["program", "district", "mentor"])
def test_index(home, by):
    groups = suluh("index", "--by", by, home=home)["groups"]
    assert groups
    for group in groups:
        assert {"ks", "kr", "x", "mmr", "cs", "h", "kr20", "band", "verdict", "reason", "delivery_rate"} <= set(group)
        assert group["caveat"]
    if by == "mentor":
        assert [group["group"] for group in groups] == [f"M{number:03d}" for number in range(1, 41)]


def test_score_and_explain_tell_the_same(home):
    answer = suluh("score", "--mentor", "M002", home=home)
    (row,) = answer["mentors"]
    assert 1 <= len(row["reasons"]) <= 5
    assert {"respondents", "ks", "band", "verdict", "reason", "warnings", "caveat"} <= set(row["index"])
    assert row["index"]["respondents"] < 50
    assert "fewer than 50" in row["index"]["warnings"][0] or "kurang dari 50" in row["index"]["warnings"][0]
    explained = suluh("explain", "mentor", "M002", home=home)
    total = explained["base"] + sum(part["contribution"] for part in explained["contributions"])
    assert total == pytest.approx(explained["value"], abs=1e-9)
    assert explained["value"] == pytest.approx(row["expected_growth"], abs=1e-9)


def test_explain_an_engagement(home, city):
    first = (city / "engagements.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    explained = suluh("explain", "engagement", first, home=home)
    total = explained["base"] + sum(part["contribution"] for part in explained["contributions"])
    assert total == pytest.approx(explained["value"], abs=1e-9)
    assert "E0" in suluh("explain", "engagement", "E0", home=home, code=2)["error"]["what"]


def test_explain_one_mentor_or_engagement_against_another(home, city):
    alone = {ident: suluh("explain", "mentor", ident, home=home)["value"] for ident in ("M002", "M003")}
    found = suluh("explain", "mentor", "M002", "--against", "M003", home=home)
    assert (found["base"], found["value"], found["against"]) == (alone["M003"], alone["M002"], "M003")
    total = found["base"] + sum(part["contribution"] for part in found["contributions"])
    assert total == pytest.approx(found["value"], abs=1e-9)
    lines = (city / "engagements.csv").read_text(encoding="utf-8").splitlines()
    first, second = (lines[row].split(",")[0] for row in (1, 2))
    found = suluh("explain", "engagement", first, "--against", second, home=home)
    assert found["base"] == suluh("explain", "engagement", second, home=home)["value"]
    assert "M003" in told("explain", "mentor", "M002", "--against", "M003", "--home", home)
    assert suluh("explain", "mentor", "M002", "--against", "M002", home=home, code=2)["error"]["where"]


def test_a_plan_made_again_gives_the_same_bytes(home, tmp_path):
    files = [tmp_path / f"plan{ending}" for ending in (".json", ".xlsx", ".pdf")]
    first = CliRunner().invoke(
        cli, ["plan", "--budget", "30 jt", "--out", str(files[0]), "--json", "--home", str(home)]
    )
    assert first.exit_code == 0, first.output
    answer = json.loads(first.stdout)
    assert answer["cost_idr"] <= answer["budget_idr"] == 30_000_000
    assert answer["choices"]
    again = CliRunner().invoke(cli, ["plan", "rerun", str(answer["plan"]), "--json", "--home", str(home)])
    assert again.stdout == first.stdout
    assert files[0].read_text(encoding="utf-8") == first.stdout
    for file in files[1:]:
        assert suluh("plan", "--budget", "30000000", "--out", file, home=home)["plan"] == answer["plan"]
        assert file.stat().st_size > 3000


def test_a_plan_stays_what_it_was_when_data_and_model_move_on(home, city, tmp_path):
    made = suluh("plan", "--budget", 20_000_000, home=home)
    more = tmp_path / "mentors.csv"
    more.write_text("mentor_id,name,district\nX1,Baru,Serpong\n", encoding="utf-8")
    assert suluh("import", more, home=home)["new"] == {"mentors": 1}
    suluh("train", home=home)
    assert suluh("plan", "rerun", made["plan"], home=home) == made
    assert suluh("plan", "--budget", 20_000_000, home=home)["plan"] != made["plan"]


def test_a_plan_that_comes_out_otherwise_is_refused(home, monkeypatch):
    made = suluh("plan", "--budget", 10_000_000, home=home)
    monkeypatch.setattr("service.plans.stored.made", lambda *_: {"budget_idr": 0})
    assert "otherwise" in suluh("plan", "rerun", made["plan"], home=home, code=2)["error"]["what"]


def test_a_damaged_model_is_refused_by_commands(tmp_path, city):
    place = tmp_path / "home"
    suluh("import", city, home=place)
    suluh("train", home=place)
    (file,) = (place / "models").glob("*.npz")
    file.write_bytes(file.read_bytes()[:-7] + b"damaged")
    for question in (["plan", "--budget", 10_000_000], ["score"], ["explain", "mentor", "M001"]):
        assert "digest" in suluh(*question, home=place, code=2)["error"]["what"]
    checks = {line["name"]: line["state"] for line in suluh("doctor", home=place, code=2)["checks"]}
    assert checks["Model"] == "bad"
    assert checks["Database"] == "ok"


def test_a_doctor_on_a_whole_home(home):
    checks = suluh("doctor", home=home)["checks"]
    assert {line["state"] for line in checks} == {"ok"}
    assert all(line["mend"] is None for line in checks)


def test_answers_come_in_without_a_list_of_items(tmp_path):
    header = "respondent_id,mentor_id,item_id,answer\n"
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\nM1,Ayu,Serpong\n", encoding="utf-8")
    answers = tmp_path / "responses.csv"
    answers.write_text(header + "R1,M1,Z,ya\nR1,M1,A,tidak\nR2,M1,A,ya\nR2,M1,Z,ya\n", encoding="utf-8")
    files, place = [tmp_path / "mentors.csv", answers], tmp_path / "home"
    assert suluh("check", *files, home=place)["new"] == {"mentors": 1, "items": 2, "responses": 4}
    assert suluh("import", *files, home=place)["new"]["items"] == 2
    assert suluh("import", *files, home=place)["new"] == {"mentors": 0, "responses": 0}
    assert suluh("index", home=place)["groups"][0]["items"] == 2
    answers.write_text(header + "R1,M1,ZZ,ya\n", encoding="utf-8")
    (fault,) = suluh("import", answers, home=place, code=2)["refused"]
    assert (fault["column"], fault["value"]) == ("item_id", "ZZ")


def test_a_fault_of_ours_is_one_line_and_exit_1(home, monkeypatch):
    monkeypatch.setattr("service.usecases.Programme.index", lambda *_, **__: 1 / 0)
    monkeypatch.delenv("SULUH_DEBUG", raising=False)
    done = CliRunner().invoke(cli, ["index", "--home", str(home), "--lang", "en"])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert "ZeroDivisionError" in done.stderr


def test_answers_for_people_are_in_their_language(home):
    assert "no ranking" in told("index", "--home", home).replace("\n", " ")
    assert "bukan peringkat" in told("index", "--home", home, lang="id").replace("\n", " ")
    assert "Perkiraan pertumbuhan" in told("score", "--home", home, lang="id")
    assert "Rp30.000.000" in told("plan", "--budget", "30000000", "--home", home, lang="id")
    assert "Effect of 10 points" in told("train", "--home", home)
    assert "Contribution" in told("explain", "mentor", "M002", "--home", home)
    assert "Free space" in told("doctor", "--home", home)


def test_the_home_and_language_come_from_the_environment_too(home):
    done = run("score", "--mentor", "0", SULUH_HOME=str(home), SULUH_LANG="id")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Tidak ada pendamping" in done.stderr
    assert run("doctor", SULUH_LANG="fr").returncode == 2


@pytest.mark.parametrize("command", ["", "demo", "sample", "check", "import", "train", "plan rerun", "explain mentor"])
def test_help_is_there_without_the_heavy_libraries(command):
    code = (
        "import sys\nfrom service.cli import cli\n"
        f"try:\n cli.main({[*command.split(), '--help']!r})\nexcept SystemExit as done:\n assert done.code == 0\n"
        "heavy = {'numpy', 'pandas', 'scipy', 'sklearn', 'sqlalchemy', 'flask', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "--help" in done.stdout


def test_a_demo_does_not_mix_with_an_offices_data(home):
    assert "--home" in suluh("demo", "--no-serve", home=home, code=2)["error"]["mend"]


def test_common_options_may_stand_before_the_command(home):
    asked = subprocess.run(
        [sys.executable, "-m", "service", "--json", "--home", str(home), "--lang=en", "score"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["mentors"]


def test_a_model_that_has_seen_later_than_the_day_says_so(home):
    now, then = suluh("score", home=home), suluh("score", "--as-of", "2026-01-31", home=home)
    assert now["hindsight"] is None
    assert "31 January 2026" in then["hindsight"]
    plan = suluh("plan", "--budget", 90_000_000, "--as-of", "2026-01-31", home=home)
    assert plan["hindsight"] == then["hindsight"]
    assert suluh("plan", "rerun", plan["plan"], home=home) == plan
