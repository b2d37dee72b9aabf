"""``model list | show | card | rollback`` and the model page: what is in use, what it says, going back, damage."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli
from service.language import Language
from service.printing import models as printing_model
from service.settings import settings
from service.usecases import Programme
from tests.command_line import suluh, told
from tests.pdf_text import text_of
from tests.people_rig import client_as

COMMANDS = [("list",), ("show",), ("card",), ("rollback",)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A home with three versions."""
    place = tmp_path_factory.mktemp("models")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=400, months=30, seed=3)
    programme.import_([place / "city"])
    for _ in range(3):
        programme.train()
    return place / "home"


@pytest.fixture
def home(trained, tmp_path) -> Path:
    """The same in a folder that may be spoilt."""
    for path in trained.rglob("*"):
        target = tmp_path / "home" / path.relative_to(trained)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif path.suffix != ".csv":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return tmp_path / "home"


def spoil(home: Path, name: str):
    path = home / "models" / f"{name}.npz"
    path.write_bytes(path.read_bytes()[:-3] + b"abc")


def page(home: Path, path: str = "/model", code: int = 200, lang: str = "en") -> str:
    answer = client_as(home, lang=lang).get(path)
    assert answer.status_code == code, answer.text
    unlinked = re.sub(r"</?a\b[^>]*>", "", answer.text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unlinked))


def test_the_list_names_every_version_its_figures_and_its_file(home):
    rows = suluh("model", "list", home=home)["models"]
    assert [(row["model"], row["current"]) for row in rows] == [
        *(("model-0003", True), ("model-0002", False)),
        ("model-0001", False),
    ]
    for row in rows:
        assert row["whole"] is True
        assert row["state"] == "whole"
        assert row["answer"]["supported_gain"] in {True, False}
        assert len(row["used_at"]) == 1
        assert row["sha256"] in told("model", "show", row["model"], "--home", home)
    spoil(home, "model-0002")
    (home / "models" / "model-0001.npz").unlink()
    rows = suluh("model", "list", home=home)["models"]
    assert [row["whole"] for row in rows] == [True, False, False]
    assert "digest differs" in rows[1]["state"]
    assert "cannot be read" in rows[2]["state"]
    assert "digest differs" in told("model", "list", "--home", home)


def test_show_gives_the_training_answer_of_a_version(home):
    answer = suluh("train", home=home)
    shown = suluh("model", "show", home=home)
    assert {name: value for name, value in shown.items() if name != "published"} == answer
    assert suluh("model", "show", "model-0001", home=home)["model"] == "model-0001"
    assert suluh("model", "show", "model-0001", home=home)["effects"] == answer["effects"]
    text = told("model", "show", "--home", home)
    assert text.startswith(printing_model.train(answer, Language("en")))
    assert shown["published"]["sha256"] in text


def test_the_card_is_printed_written_and_shown(home, tmp_path):
    out = tmp_path / "card.md"
    card = suluh("model", "card", "model-0002", "--out", out, home=home)
    written = out.read_text(encoding="utf-8")
    assert written.startswith("# Model card: model-0002\n")
    assert told("model", "card", "model-0002", "--home", home) == written
    seen = page(home, "/model/model-0002").replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&")
    for section in card["sections"]:
        texts = [section["title"], section["caveat"], *section["said"], *section["points"]]
        texts += [cell for table in section["tables"] for row in table["rows"] for cell in row]
        texts += [value for fact in section["facts"] for value in fact]
        assert [text for text in texts if text not in seen] == []
    assert told("model", "card", "--home", home, lang="id").startswith("# Kartu model: model-0003\n")


def test_a_card_is_written_as_pdf_too(home, tmp_path):
    card = suluh("model", "card", "model-0002", "--out", tmp_path / "card.pdf", home=home)
    text = text_of((tmp_path / "card.pdf").read_bytes())
    assert all(section["title"] in text for section in card["sections"])


@pytest.mark.parametrize("out", ["card.docx", "nowhere/card.md"])
def test_a_card_that_cannot_be_written_is_refused_before_it_is_made(home, tmp_path, out):
    refused = suluh("model", "card", "--out", tmp_path / out, home=home, code=2)
    assert ".md" in refused["error"]["mend"]
    assert list(tmp_path.glob("card*")) == []


def test_going_back_changes_what_answers_stand_on_and_forward_again(home):
    back = suluh("model", "rollback", home=home)
    assert (back["model"], back["former"]) == ("model-0002", "model-0003")
    assert [row["model"] for row in suluh("model", "list", home=home)["models"] if row["current"]] == ["model-0002"]
    assert "model-0002" in page(home).split("Data version 1, seen on")[1]
    assert suluh("plan", "--budget", 20_000_000, home=home)["model"] == "model-0002"
    assert suluh("model", "rollback", home=home)["model"] == "model-0001"
    assert suluh("model", "rollback", "model-0003", home=home)["former"] == "model-0001"
    versions = suluh("model", "list", home=home)["models"]
    assert [len(row["used_at"]) for row in versions] == [2, 2, 2]
    assert versions[0]["current"]
    assert "model-0003 is in use from" in told("model", "rollback", "model-0003", "--home", home)
    assert len(suluh("model", "list", home=home)["models"][0]["used_at"]) == 2


def test_without_a_model_the_commands_say_so(tmp_path):
    suluh("user", "add", "sari", "--role", "admin", home=tmp_path / "h")
    assert suluh("model", "list", home=tmp_path / "h") == {"models": []}
    for command in ("show", "card", "rollback"):
        error = suluh("model", command, home=tmp_path / "h", code=2)["error"]
        assert "No model has been learned yet" in error["what"]
    assert "Nothing has been learned yet" in page(tmp_path / "h")


@pytest.mark.parametrize("command", ["show", "card", "rollback"])
def test_a_name_that_is_none_is_refused(home, command):
    error = suluh("model", command, "model-0009", home=home, code=2)["error"]
    assert "model-0009" in error["what"]


@pytest.mark.parametrize("spoilt", [b"", b"half", None])
def test_a_damaged_model_is_refused_by_every_command_and_the_pages_go_on(home, spoilt):
    path = home / "models" / "model-0003.npz"
    path.unlink() if spoilt is None else path.write_bytes(spoilt)
    for asked in (
        *(("model", "show"), ("model", "card"), ("model", "rollback", "model-0003"), ("score",)),
        *(("plan", "--budget", "20000000"), ("explain", "mentor", "M002")),
    ):
        error = suluh(*asked, home=home, code=2)["error"]
        assert error["where"] == "model-0003.npz"
        assert "model rollback" in error["mend"]
    assert suluh("model", "show", "model-0002", home=home)["model"] == "model-0002"
    seen = page(home)
    assert "model-0003 is damaged; the pages use the older model model-0002" in seen
    assert "Model card: model-0002" in seen
    assert "Model card" not in page(home, "/model/model-0003", code=409)
    assert suluh("model", "rollback", home=home)["model"] == "model-0002"
    assert "is damaged" not in page(home)
    assert suluh("score", home=home)["mentors"]


def test_a_server_that_runs_sees_the_rollback(home):
    client = client_as(home, lang="en")
    assert "Model card: model-0003" in client.get("/model").text
    suluh("model", "rollback", home=home)
    assert "Model card: model-0002" in client.get("/model").text
    assert json.loads(client.get("/api/v1/models").text)["models"][1]["current"] is True


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_page_shows_the_versions_and_how_to_go_back(home, lang):
    spoil(home, "model-0001")
    html = client_as(home, lang=lang).get("/model").text
    assert re.findall(r'<form method="post" action="/model/(model-\d+)/', html) == ["model-0002"]  # whole, not in use
    assert re.findall(r'href="/model/(model-\d+)"', html) == ["model-0003", "model-0002"]
    moment = Language(lang).moment(Programme(settings(home=home)).models()["models"][0]["created_at"])
    assert moment in html
    for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL):
        words = re.sub(r"<[^>]+>", " ", row)
        if re.search(r"strong|moderate|weak|insufficient|kuat|sedang|lemah|belum cukup", words):
            assert re.search(r"(strong|moderate|weak|insufficient|kuat|sedang|lemah|belum cukup)\s+[+−0-9]", words)


@pytest.mark.parametrize("arguments", COMMANDS)
def test_help_is_there_in_both_languages(arguments):
    texts = {
        lang: CliRunner().invoke(cli, ["model", *arguments, "--help", "--lang", lang]).output for lang in ("id", "en")
    }
    assert "Pemakaian" in texts["id"] or "Opsi" in texts["id"]
    assert texts["id"] != texts["en"]
