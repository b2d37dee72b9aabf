"""What commands refuse: bad files in words and nothing changed, what cannot be answered, in either language."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli
from tests.command_line import ROOT, rows_of, suluh, told

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


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home with a city that nothing was learned from."""
    place = tmp_path_factory.mktemp("refusing")
    suluh("sample", place / "city", "--mentors", 40, "--businesses", 120, "--months", 18, "--seed", 3)
    suluh("import", place / "city", home=place / "home")
    return place / "home"


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
