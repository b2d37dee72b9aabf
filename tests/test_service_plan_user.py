"""As a new user would: change the budget, lock one, forbid one, compare, approve, export, bring the workbook back."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from service.cli import cli
from tests.test_contract import TABLES

BY = ("--name", "Sari", "--role", "manager")


def suluh(home, *arguments, code=0):
    given = [*map(str, arguments), "--home", str(home), "--lang", "en", "--json"]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def written(folder, **changed):
    folder.mkdir()
    for name, text in {**TABLES, **changed}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    return folder


@pytest.fixture
def home(tmp_path):
    assert suluh(tmp_path / "home", "import", written(tmp_path / "tables"))["refused"] == []
    return tmp_path / "home"


def pairs(answer):
    return {(choice["mentor_id"], choice["course_id"]) for choice in answer["choices"]}


def test_the_whole_way_of_a_plan(home, tmp_path):
    first = suluh(home, "plan", "--budget", 5_000_000)
    assert pairs(first) == {("M2", "K2"), ("M4", "K2")}
    out = tmp_path / "plan.xlsx"
    second = suluh(
        home,
        *("plan", "--budget", "7,5 jt", "--lock", "007:K1", "--forbid", "M4:K2"),
        *("--out", out),
    )
    assert ("007", "K1") in pairs(second)
    assert ("M4", "K2") not in pairs(second)
    assert second["cost_idr"] <= 7_500_000
    told = suluh(home, "plan", "compare", first["plan"], second["plan"])
    assert {row["name"] for row in told["inputs"]} == {"budget_idr", "locks", "forbids"}
    assert ("007", "K1") in {(row["mentor_id"], row["course_id"]) for row in told["added"]}
    assert suluh(home, "plan", "approve", second["plan"], *BY)["status"] == "approved"
    assert suluh(home, "plan", "rerun", second["plan"])["choices"] == second["choices"]
    for kind in ("pdf", "json"):
        suluh(home, "plan", "--budget", 5_000_000, "--out", tmp_path / f"plan.{kind}")
    assert (tmp_path / "plan.pdf").read_bytes().startswith(b"%PDF-")
    assert pairs(json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))) == pairs(first)
    book = openpyxl.load_workbook(out)
    wanted = [row[:2] for row in book["trainings"].iter_rows(min_row=2, values_only=True)]
    assert wanted == [(choice["mentor_id"], choice["course_id"]) for choice in second["choices"]]
    (early,) = suluh(home, "import", out, code=2)["refused"]
    assert "Nothing has been filled in yet in the column completed_on" in early["message"]
    assert "the day on which the course was completed" in early["message"]
    book["trainings"]["C2"] = "2026-02-01"
    book.save(out)
    back = suluh(home, "import", out)
    assert (back["new"]["trainings"], back["refused"]) == (1, [])
    after = suluh(home, "plan", "--budget", 5_000_000)
    assert wanted[0] not in pairs(after)  # completed now
    assert suluh(home, "plan", "show", second["plan"])["status"] == "approved"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--budget", "900000"), "buys nothing: the cheapest plan costs Rp1,500,000"),
        (("--budget", 5_000_000, "--lock", "M3:H1"), "no score in Legal and licensing"),
        (("--budget", 5_000_000, "--lock", "M9:K1"), "no mentor with the id M9"),
        (("--budget", 5_000_000, "--lock", "M2:K9"), "no course with the id K9"),
        (("--budget", 5_000_000, "--forbid", "M9:K1"), "no mentor with the id M9"),
        (
            ("--budget", 9_000_000, "--lock", "M2:K1", "--lock", "M4:K1", "--lock", "007:K1"),
            "3 mentors are locked to K1, which has 2 seats",
        ),
        (("--budget", 5_000_000, "--floor", "Pamulang:1"), "No mentor works in the district Pamulang"),
        (("--budget", "nan"), "no whole amount"),
        (("--budget", "5e6x"), "no whole amount"),
        (("--budget", "150.000"), "can be read as Rp150 or as Rp150,000"),
        (("--budget", "9" * 23), "too much to be meant"),
    ],
)
def test_bad_input_is_refused_with_the_reason_and_nothing_is_stored(home, arguments, says):
    assert says in suluh(home, "plan", *arguments, code=2)["error"]["what"]
    assert suluh(home, "plan", "list")["plans"] == []


@pytest.mark.parametrize("price", ["-1", "nan", "inf", "banyak"])
def test_a_course_without_a_usable_price_does_not_come_in(tmp_path, price):
    courses = TABLES["courses"].replace("finance;1000000;500000", f"finance;{price};500000")
    assert courses != TABLES["courses"]
    answer = suluh(tmp_path / "home", "import", written(tmp_path / "tables", courses=courses), code=2)
    (fault,) = answer["refused"]
    assert fault["column"] == "cost_per_participant_idr"
    assert suluh(tmp_path / "home", "plan", "--budget", 5_000_000, code=2)["error"]["what"]
