"""The commands end to end on a small city, as a program calls them; what is wrong is refused and nothing is changed."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from data.sample import KINDS
from data.store.store import Store
from service.cli import KINDS_OF_CITY, cli
from service.settings import settings
from service.usecases import Programme

ROOT = Path(__file__).parents[1]
SMALL_CITY = {"mentors": 40, "businesses": 400, "months": 30, "seed": 3}


def suluh(*arguments: object, home: Path | None = None, code: int | None = 0) -> dict:
    """Run one command in this process and read its JSON; stdout must hold nothing else."""
    given = [str(argument) for argument in arguments]
    given += ["--home", str(home)] if home else []
    done = CliRunner().invoke(cli, [*given, "--lang", "en", "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def told(*arguments: object, lang: str = "en", code: int = 0) -> str:
    done = CliRunner().invoke(cli, [*map(str, arguments), "--lang", lang])
    assert done.exit_code == code, done.output
    return done.output


def rows_of(home: Path) -> tuple[int, dict[str, int]]:
    store = Store(settings(home=home).url)
    store.prepare()
    seen = store.snapshot()
    store.close()
    return seen.version, {name: len(frame) for name, frame in seen.tables.items()}


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
    assert {"respondents", "ks", "band", "verdict", "reason", "caveat"} <= set(row["index"])
    explained = suluh("explain", "mentor", "M002", home=home)
    total = explained["base"] + sum(part["contribution"] for part in explained["contributions"])
    assert total == pytest.approx(explained["value"], abs=1e-9)
    assert explained["value"] == pytest.approx(row["expected_growth"], abs=1e-9)


def test_explain_an_engagement(home, city):
    first = (city / "engagements.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    explained = suluh("explain", "engagement", first, home=home)
    total = explained["base"] + sum(part["contribution"] for part in explained["contributions"])
    assert total == pytest.approx(explained["value"], abs=1e-9)


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


def test_a_doctor_makes_nothing(tmp_path):
    checks = suluh("doctor", home=tmp_path / "none")["checks"]
    assert not (tmp_path / "none").exists()
    assert {line["name"]: line["state"] for line in checks}["Database"] == "warn"


def test_a_doctor_finds_a_bad_framework_and_a_torn_database(tmp_path):
    (tmp_path / "framework.toml").write_text("name = 3", encoding="utf-8")
    (tmp_path / "suluh.db").write_bytes(b"this is no database" * 100)
    checks = {line["name"]: line for line in suluh("doctor", home=tmp_path, code=2)["checks"]}
    assert checks["Framework file"]["state"] == checks["Database"]["state"] == "bad"
    assert checks["Database"]["mend"]


MENTORS = "mentor_id,name,district\nM001,Ayu,Serpong\n"
AREA = "finance"
BAD = {
    "empty file": {"mentors.csv": ""},
    "header only": {"mentors.csv": "mentor_id,name,district\n"},
    "wrong name": {"apa_ini.csv": "kolom,lain\n1,2\n"},
    "duplicate headers": {"mentors.csv": "mentor_id,name,name,district\nM1,a,b,c\n"},
    "unknown mentor": {"assessments.csv": f"mentor_id,area,score,assessed_on\nM999,{AREA},50,2026-01-01\n"},
    "score 130": {"assessments.csv": f"mentor_id,area,score,assessed_on\nM001,{AREA},130,2026-01-01\n"},
    "month 13": {"reports.csv": "business_id,month,turnover_idr\nB00001,2024-13,5000\n"},
    "negative turnover": {"reports.csv": "business_id,month,turnover_idr\nB00001,2024-12,-5000\n"},
    "mungkin": {"responses.csv": "respondent_id,mentor_id,item_id,answer\nR1,M001,B01,mungkin\n"},
    "impossible date": {"assessments.csv": f"mentor_id,area,score,assessed_on\nM001,{AREA},50,2026-02-30\n"},
    "the same id twice": {"mentors.csv": MENTORS + "M001,Budi,Serpong\n"},
    "one good table, one bad": {"mentors.csv": MENTORS, "reports.csv": "business_id,month,turnover_idr\nB1,x,y\n"},
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("command", ["check", "import"])
def test_bad_input_is_refused_in_words_and_changes_nothing(home, tmp_path, kind, command):
    before = rows_of(home)
    for name, text in BAD[kind].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    answer = suluh(command, tmp_path, home=home, code=2)
    assert answer["refused"]
    for fault in answer["refused"]:
        assert set(fault) == {"file", "sheet", "row", "column", "value", "message"}
        assert fault["message"].endswith((".", "?"))
    assert set(answer["new"].values()) <= {0}
    assert rows_of(home) == before
    spoken = told(command, tmp_path, "--home", home, lang="id", code=2)
    assert "Tidak ada yang disimpan" in spoken


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (["plan", "--budget", "0"], "budget"),
        (["plan", "--budget", "-5"], "budget"),
        (["plan", "--budget", "banyak"], "banyak"),
        (["plan"], "budget"),
        (["plan", "--budget", "1000000", "--lock", "M001"], "M001"),
        (["plan", "--budget", "1000000", "--out", "plan.docx"], "docx"),
        (["plan", "rerun", "99999"], "99999"),
        (["plan", "rerun", "satu"], "satu"),
        (["score", "--mentor", "7"], "7"),
        (["score", "--as-of", "2026-02-30"], "2026-02-30"),
        (["index", "--by", "colour"], "colour"),
        (["index", "--nope"], "--nope"),
        (["nothing"], "nothing"),
        (["explain", "mentor"], "mentor"),
        (["explain", "engagement", "E0"], "E0"),
        (["check"], "paths"),
        (["sample", "x", "--kind", "paris"], "paris"),
        (["sample", "x", "--months", "3"], "from 18 to 240"),
        (["sample", "x", "--seed", "satu"], "satu"),
        (["sample", "tests/test_service_cli.py"], "folder is needed"),
        (["plan", "--budget", "1", "--max-courses-per-mentor", "0"], "at least 1"),
        (["index", "lebih"], "lebih"),
    ],
)
def test_what_cannot_be_answered_says_what_where_and_how_to_mend(home, question, says):
    error = suluh(*question, home=home, code=2)["error"]
    assert set(error) == {"what", "where", "mend"}
    assert all(error.values())
    assert says.lower() in " ".join(error.values()).lower()


@pytest.mark.parametrize(
    "wrong",
    [
        ["index", "--by", "warna"],
        ["plan", "--budget", "1", "--max-courses-per-mentor", "0"],
        ["sample", "x", "--months", "3"],
        ["sample", "x", "--kind", "paris"],
        ["sample", "tests/test_service_cli.py"],
        ["index", "lebih"],
        ["check", "x.csv", "--mapping", "nope.toml"],
        ["check", "x.csv", "--mapping", "."],
    ],
)
def test_a_refusal_in_indonesian_holds_no_english(tmp_path, monkeypatch, wrong):
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli, [*wrong, "--home", str(tmp_path), "--lang", "id", "--json"])
    assert done.exit_code == 2, done.output
    said = " ".join(json.loads(done.stdout)["error"].values())
    assert not {"is", "not", "the", "of", "range", "one", "Errno", "file", "requires", "Got"} & set(said.split()), said


def test_an_option_without_its_value_is_named():
    done = CliRunner().invoke(cli, ["index", "--lang", "id", "--json", "--by"])
    assert done.exit_code == 2
    assert "Opsi --by diberikan tanpa nilainya" in json.loads(done.stdout)["error"]["what"]


def test_the_kinds_of_city_named_on_the_command_line_are_those_there_are():
    assert KINDS_OF_CITY == KINDS


def test_a_small_city_is_small(tmp_path):
    counts = suluh("sample", tmp_path / "city", "--kind", "small", "--months", 18)
    assert (counts["mentors"], counts["businesses"]) == (40, 1000)


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


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    command = [sys.executable, "-m", "service", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)


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


def test_a_demo_marks_its_home_and_is_made_once(tmp_path, monkeypatch, city):
    monkeypatch.setattr("service.usecases.DEMO_CITY", SMALL_CITY)
    first = suluh("demo", "--no-serve", home=tmp_path)
    assert set(first) == {"sample", "import", "train", "index", "plan"}
    digest = hashlib.sha256((tmp_path / "sample" / "reports.csv").read_bytes()).hexdigest()
    second = suluh("demo", "--no-serve", home=tmp_path)
    assert second == first
    assert hashlib.sha256((tmp_path / "sample" / "reports.csv").read_bytes()).hexdigest() == digest
    before = rows_of(tmp_path)
    error = suluh("import", city, home=tmp_path, code=2)["error"]
    assert "--home" in error["mend"]
    assert rows_of(tmp_path) == before


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


def test_a_demo_killed_while_importing_is_taken_up_again(tmp_path, monkeypatch):
    monkeypatch.setattr("service.usecases.DEMO_CITY", SMALL_CITY)
    first = Programme(settings(home=tmp_path))
    keep = first.store.put

    def killed_at_the_end(key, value):
        if "import" in value:
            raise KeyboardInterrupt
        keep(key, value)

    monkeypatch.setattr(first.store, "put", killed_at_the_end)
    with pytest.raises(KeyboardInterrupt):
        first.demo()
    assert first.store.version() == 1
    assert Programme(settings(home=tmp_path)).demo()["plan"]["choices"]


def test_a_model_that_has_seen_later_than_the_day_says_so(home):
    now, then = suluh("score", home=home), suluh("score", "--as-of", "2026-01-31", home=home)
    assert now["hindsight"] is None
    assert "31 January 2026" in then["hindsight"]
    plan = suluh("plan", "--budget", 90_000_000, "--as-of", "2026-01-31", home=home)
    assert plan["hindsight"] == then["hindsight"]
    assert suluh("plan", "rerun", plan["plan"], home=home) == plan
