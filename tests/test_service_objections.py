"""Objections: raised, open until answered, answered once, through the commands as a user would."""

import json

import pytest
from click.testing import CliRunner

from data.sample import make_city, write_city
from service.cli import cli
from service.settings import settings
from service.usecases import Programme

BY = ("--name", "Ayu", "--role", "mentor")
OFFICIAL = ("--name", "Sari", "--role", "manager")


def suluh(home, *arguments, code=0):
    done = CliRunner().invoke(cli, [*map(str, arguments), "--home", str(home), "--lang", "en", "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(make_city("plain", mentors=40, businesses=300, months=24, seed=5), folder)
    place = tmp_path_factory.mktemp("office") / "home"
    suluh(place, "import", folder)
    suluh(place, "plan", "--budget", 20_000_000)
    return place


def test_an_objection_stands_until_it_is_answered_once(home):
    choice = suluh(home, "plan", "show", 1)["choices"][0]
    about = ("--about", "plan", "--source", 1, "--subject", choice["course_id"])
    raised = suluh(home, "objection", "raise", choice["mentor_id"], *about, "--said", "I did  this course", *BY)
    assert (raised["status"], raised["said"], raised["answer"]) == ("open", "I did this course", None)
    programme = Programme(settings(home=home))
    assert [row["id"] for row in programme.open_objections()["objections"]] == [raised["id"]]
    answered = suluh(home, "objection", "answer", raised["id"], "upheld", "--said", "Forbidden in plan 2", *OFFICIAL)
    told = answered["answer"]
    assert (answered["status"], told["outcome"], told["name"], told["role"]) == (
        "answered",
        "upheld",
        "Sari",
        "manager",
    )
    assert told["answered_at"] > raised["raised_at"]
    assert programme.open_objections() == {"objections": [], "open": 0}
    again = suluh(home, "objection", "answer", raised["id"], "refused", "--said", "no", *OFFICIAL, code=2)
    assert "Sari has answered this" in again["error"]["what"]
    assert suluh(home, "objection", "list")["objections"] == [answered]
    assert suluh(home, "objection", "list", "--mentor", "nobody")["objections"] == []


def test_a_correction_has_a_day_by_which_it_is_due(home):
    raised = suluh(home, "objection", "raise", "M001", "--kind", "correction", "--said", "My district is wrong", *BY)
    assert raised["about"] == "record"
    assert raised["due_at"] > raised["raised_at"]
    suluh(home, "objection", "answer", raised["id"], "noted", "--said", "ok", *OFFICIAL)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("raise", "nobody", "--said", "x", *BY), "no mentor"),
        (("raise", "M001", "--kind", "wish", "--said", "x", *BY), "none of"),
        (("raise", "M001", "--about", "plan", "--source", "99", "--said", "x", *BY), "no plan"),
        (("raise", "M001", "--about", "plan", "--said", "x", *BY), "no plan"),
        (("raise", "M001", "--about", "plan", "--source", "1", "--subject", "none", "--said", "x", *BY), "no choice"),
        (("raise", "M001", "--about", "match", "--source", "x", "--said", "x", *BY), "no matching"),
        (("raise", "M001", "--said", " ", *BY), "in words"),
        (("raise", "M001", "--said", "x" * 2001, *BY), "in words"),
        (("answer", "99", "upheld", "--said", "x", *OFFICIAL), "no objection"),
        (("answer", "abc", "upheld", "--said", "x", *OFFICIAL), "no objection"),
        (("answer", "1", "perhaps", "--said", "x", *OFFICIAL), "none of"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_nothing_is_kept(home, arguments, says):
    before = suluh(home, "objection", "list")
    assert says in suluh(home, "objection", *arguments, code=2)["error"]["what"]
    assert suluh(home, "objection", "list") == before


def test_the_terminal_tells_who_said_what_in_the_readers_language(home):
    suluh(home, "objection", "raise", "M002", "--said", "=cmd()", *BY)
    shown = CliRunner().invoke(cli, ["objection", "list", "--home", str(home), "--lang", "id"]).stdout
    assert "=cmd()" in shown
    assert "Ayu (Pendamping)" in " ".join(shown.split())
    assert "Belum dijawab." in shown
