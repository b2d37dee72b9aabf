"""The pages and the API: the same answers as the commands, in both languages, guarded."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from service.cli import cli
from service.guard import HEADERS
from service.language import Language
from service.rendering import as_json, render
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=500, months=30, seed=3)
    programme.import_([place / "city"])
    programme.train()
    return place / "home"


@pytest.fixture
def client(home) -> FlaskClient:
    return client_as(home)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def get(client: FlaskClient, path: str, code: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == code, answer.text
    return answer.text


def command(home: Path, *arguments: str) -> dict:
    done = CliRunner().invoke(cli, [*arguments, "--home", str(home), "--lang", "id", "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


ENGAGEMENT = "E00020"

QUESTIONS = [
    (("index",), "/api/v1/index", lambda p: p.index()),
    (("index", "--by", "district"), "/api/v1/index?by=district", lambda p: p.index(by="district")),
    (("score",), "/api/v1/mentors", lambda p: p.score()),
    (("score", "--mentor", "M002"), "/api/v1/mentors/M002/score", lambda p: p.score(mentor="M002")),
    (
        ("score", "--mentor", "M002", "--as-of", "2026-01-31"),
        "/api/v1/mentors/M002/score?as_of=2026-01-31",
        lambda p: p.score(mentor="M002", as_of="2026-01-31"),
    ),
    (("explain", "mentor", "M002"), "/api/v1/explain/mentor/M002", lambda p: p.explain_mentor("M002")),
    (
        ("explain", "mentor", "M002", "--against", "M003"),
        "/api/v1/explain/mentor/M002?against=M003",
        lambda p: p.explain_mentor("M002", against="M003"),
    ),
    (
        ("explain", "engagement", ENGAGEMENT),
        f"/api/v1/explain/engagement/{ENGAGEMENT}",
        lambda p: p.explain_engagement(ENGAGEMENT),
    ),
    (("plan", "rerun", "1"), "/api/v1/plans/1", lambda p: p.rerun_plan(1)),
    (("model", "list"), "/api/v1/models", lambda p: p.models()),
    (("model", "show"), "/api/v1/models/model-0001", lambda p: p.model()),
    (("model", "card"), "/api/v1/models/model-0001/card", lambda p: p.model_card()),
    (("model", "promises"), "/api/v1/models/model-0001/promises", lambda p: p.model_promises()),
]


@pytest.mark.parametrize(("arguments", "path", "ask"), QUESTIONS, ids=[path for _, path, _ in QUESTIONS])
def test_every_face_gives_the_same_answer(home, client, arguments, path, ask):
    programme, lang = Programme(settings(home=home)), Language("id")
    programme.plan(budget=30_000_000)
    answer = render(ask(programme), lang)
    assert command(home, *arguments) == answer
    assert json.loads(get(client, path)) == answer


def test_the_pages_show_what_the_commands_say(home, client):
    lang = Language("id")
    index = command(home, "index")["groups"][0]
    page = text_of(get(client, "/index"))
    ties = f"{lang.number(index['ks_tie_low'], 2)} … {lang.number(index['ks_tie_high'], 2)}"
    for shown in (index["caveat"], lang.number(index["ks"], 2), lang.number(index["cs"], 3), index["verdict"], ties):
        assert shown in page
    row = command(home, "score", "--mentor", "M002")["mentors"][0]
    page = text_of(get(client, "/mentors/M002"))
    assert lang.change(row["expected_growth"]) in page
    assert all(reason in page for reason in row["reasons"])
    assert row["index"]["caveat"] in page
    assert row["index"]["verdict"] is None or all(warning in page for warning in row["index"]["warnings"])
    explained = command(home, "explain", "mentor", "M002")
    assert all(lang.signed(part["contribution"], 3) in page for part in explained["contributions"])
    mentors = get(client, "/mentors")
    order = re.findall(r'href="/mentors/(M\d+)"', mentors)
    assert order == sorted(order)
    assert len(order) == 40


def send(client: FlaskClient, **form: str):
    token = re.search(r'name="csrf" value="([^"]+)"', get(client, "/plans"))
    return client.post("/plans", data={"csrf": token[1], "most": "2", "risk": "mean", **form})


def test_a_plan_made_on_the_page_is_the_commands_plan(home, client):
    answer = send(client, budget="30.000.000")
    assert answer.status_code == 303
    planned = command(home, "plan", "--budget", "30000000")
    assert answer.headers["Location"] == f"/plans/{planned['plan']}"
    page = text_of(get(client, answer.headers["Location"]))
    for choice in planned["choices"]:
        for said in [*choice["reasons"], choice["runner_up"]["note"], choice["what_would_change"], choice["title"]]:
            assert said in page.replace("&#39;", "'").replace("&amp;", "&")
    assert planned["decides"] in page
    assert planned["left_out"][0]["reason"] in page


@pytest.mark.parametrize(
    ("form", "code"), [({"budget": "0"}, 422), ({"budget": "banyak"}, 400), ({"budget": "1000000", "most": "x"}, 400)]
)
def test_a_form_filled_in_wrongly_is_answered_in_words(client, form, code):
    answer = send(client, **form)
    assert answer.status_code == code
    assert 'role="alert"' in answer.text
    assert f'required value="{form["budget"]}"' in answer.text


def test_looking_stores_nothing_and_a_foreign_form_is_refused(home, client):
    before = len(Programme(settings(home=home)).plans()["plans"])
    for path in ("/", "/mentors", "/mentors/M002", "/plans"):
        get(client, path)
    assert client.post("/plans", data={"budget": "1000000"}).status_code == 400
    get(client, "/plans")
    assert client.post("/plans", data={"budget": "1000000", "csrf": "guessed"}).status_code == 400
    assert len(Programme(settings(home=home)).plans()["plans"]) == before


PAGES = ["/", "/mentors", "/mentors/M002", "/plans", "/model", "/model/model-0001", "/mentors/nobody", "/nowhere"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_guarded_and_need_no_script_or_style_inside(client, path):
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert not re.search(r"<script(?! src=\"/)|<style|\sstyle=|\son\w+=", answer.text)
    assert '<html lang="id">' in answer.text
    assert answer.text.count("<h1>") == 1
    assert 'href="#main"' in answer.text
    for table in re.findall(r"<table[^>]*>.*?</table>", answer.text, re.DOTALL):
        assert "<caption>" in table
        assert 'scope="col"' in table
    for label in re.findall(r'<label for="(\w+)"', answer.text):
        assert f'id="{label}"' in answer.text


def test_the_language_is_switched_and_remembered(client):
    assert "Beranda" in get(client, "/")
    assert '<html lang="en">' in get(client, "/?lang=en")
    assert "Home" in get(client, "/mentors")
    assert "Beranda" in get(client, "/?lang=id")
    assert "Beranda" in get(client, "/?lang=fr")


@pytest.mark.parametrize("path", ["/", "/mentors", "/mentors/M002", "/plans", "/plans/1", "/model"])
def test_an_english_page_has_no_indonesian_left(home, client, path):
    Programme(settings(home=home)).plan(budget=30_000_000)
    page = text_of(get(client, path + "?lang=en"))
    assert not re.search(r"\b(adalah|dengan|yang|pendamping|usaha|tidak)\b", page)


def test_an_empty_home_says_how_to_begin(tmp_path):
    client = client_as(tmp_path)
    page = get(client, "/")
    assert "python -m service import" in page
    assert "python -m service demo" in page
    assert client.get("/mentors").status_code in {200, 409}


def test_a_foreign_host_name_is_refused(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_what_users_type_is_never_markup(home, tmp_path):
    programme = Programme(settings(home=tmp_path / "home"))
    table = tmp_path / "mentors.csv"
    table.write_text("mentor_id,name,district\nM1,<script>alert(1)</script>,x\n", encoding="utf-8")
    assert programme.import_([table])["refused"] == []
    client = client_as(tmp_path / "home")
    assert "<script>alert" not in get(client, "/mentors")
    assert "&lt;script&gt;" in get(client, "/mentors")


def test_the_pages_go_on_with_the_last_good_model_and_say_so(tmp_path, home):
    programme = Programme(settings(home=tmp_path / "home"))
    programme.sample(tmp_path / "city", mentors=40, businesses=500, months=30, seed=3)
    programme.import_([tmp_path / "city"])
    programme.train()
    first = programme.score()["mentors"]
    programme.train()
    newest = max((tmp_path / "home" / "models").glob("*.npz"))
    newest.write_bytes(b"broken")
    client = client_as(tmp_path / "home", lang="en")
    page = get(client, "/mentors")
    assert 'class="banner"' in page
    assert "model-0002 is damaged" in page
    health = client.get("/api/v1/health").json
    assert health["status"] == "degraded"
    assert "model-0002 is damaged; the pages use the older model model-0001" in health["banner"]
    assert json.loads(get(client, "/api/v1/mentors"))["mentors"][1]["expected_growth"] == first[1]["expected_growth"]
    min((tmp_path / "home" / "models").glob("*.npz")).unlink()
    client = client_as(tmp_path / "home", lang="en")
    assert "without a model" in get(client, "/")


def test_api_refusals_are_json_with_a_status(client):
    for path, code in (
        ("/api/v1/mentors/7/score", 404),
        ("/api/v1/index?by=x", 400),
        ("/api/v1/nothing", 404),
        ("/api/v1/models/x", 404),
    ):
        answer = client.get(path)
        assert answer.status_code == code
        assert set(answer.json["error"]) == {"what", "where", "mend"}
    health = client.get("/api/v1/health").json
    assert (health["status"], health["banner"]) == ("ok", None)
    assert {row["plan"] for row in client.get("/api/v1/plans").json["plans"]} >= {1}
    assert client.get("/api/v1/models").json["models"][0]["current"] is True


def test_an_answer_is_json_bytes_for_every_face_alike(home, client):
    answer = Programme(settings(home=home)).index()
    assert get(client, "/api/v1/index") == as_json(answer, Language("id")) + "\n"
