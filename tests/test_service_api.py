"""The API over HTTP: described, marked, paged, the commands' answers, bad requests refused in words."""

import re

import pytest
from jsonschema_rs import Draft202012Validator

from service.language import Language
from service.rendering import as_json, render
from service.settings import settings
from service.usecases import Programme
from tests.api_rig import no_nan, small_home
from tests.people_rig import caller_as


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("api"))


@pytest.fixture
def client(home):
    return caller_as(home)


@pytest.fixture(scope="module")
def spec(home):
    return caller_as(home).get("/openapi.json").json


READ = [
    "health",
    "index",
    "index?by=district",
    "mentors",
    "mentors?limit=2",
    "mentors/M002/score",
    "explain/mentor/M002",
    "explain/engagement/E00020",
    "explain/mentor/M002?against=M003",
    "explain/engagement/E00020?against=E00021",
    "plans",
    "plans/1",
    "plans/1/standing",
    "plans/1/comparison?other=1",
    "models",
    "models/model-0001",
    "models/model-0001/card",
    "models/model-0001/promises",
    "review",
    "explain/mentor/M002?against=M003",
    "matches",
    "report",
    "report?period=2025-H2",
    "reports",
    "imports",
    "jobs",
]


def operation(spec, path, method="get"):
    """The described operation that an address belongs to; fixed parts come before places."""
    address = "/api/v1/" + path.partition("?")[0]
    for known in sorted(spec["paths"], key=lambda one: "{" in one):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), address) and method in spec["paths"][known]:
            return spec["paths"][known][method]
    raise AssertionError(f"{address} is not described")


def check_described(spec, answer, path, method="get"):
    """The answer's status, media type and body are those that the document describes."""
    told = operation(spec, path, method)["responses"][str(answer.status_code)]
    schema = told["content"][answer.mimetype]["schema"] | {"components": spec["components"]}
    Draft202012Validator(schema).validate(no_nan(answer.text))


@pytest.mark.parametrize("path", READ)
def test_every_answer_is_as_described(client, spec, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    check_described(spec, answer, path)


def test_the_document_is_openapi_3_1_and_describes_every_operation(client, spec):
    assert spec["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, methods in spec["paths"].items() for method in methods}
    served = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == served
    for methods in spec["paths"].values():
        for told in methods.values():
            assert told["summary"]
            problems = {code: kind for code, kind in told["responses"].items() if code >= "4"}
            assert {"400", "401", "403", "429", "503"} <= set(problems)
    named = set(re.findall(r"#/components/schemas/([\w.-]+)", as_json(spec, Language("en"))))
    assert named <= set(spec["components"]["schemas"])


def test_the_page_shows_every_operation_and_needs_no_script(client, spec):
    page = client.get("/openapi")
    assert page.status_code == 200
    assert not re.search(r"<script(?! src=)", page.text)
    assert 'style="' not in page.text
    for path in spec["paths"]:
        assert path in page.text
    for name in spec["components"]["schemas"]:
        assert f'id="schema-{name}"' in page.text


BAD = [
    ("index?by=x", 400),
    ("index?by=program&by=district", 400),
    ("index?of=program", 400),
    ("mentors?limit=0", 400),
    ("mentors?limit=1.0", 400),
    ("mentors?as_of=20260131", 400),
    ("mentors?as_of=2026-02-30", 400),
    ("mentors?as_of=9999-12-31", 400),
    ("mentors?lang=fr", 400),
    ("plans/x", 400),
    ("plans/99", 404),
    ("mentors/nobody/score", 404),
    ("explain/engagement/nobody", 404),
    ("explain/mentor/M002?against=nobody", 404),
    ("explain/mentor/M002?against=M002", 400),
    ("models/nothing", 404),
    ("nowhere", 404),
]


@pytest.mark.parametrize(("path", "code"), BAD)
def test_a_bad_question_is_a_problem_in_words(client, path, code):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == code, answer.text
    assert answer.mimetype == "application/problem+json"
    said = no_nan(answer.text)
    assert said["status"] == code
    assert set(said["error"]) == {"what", "where", "mend"}
    assert said["error"]["what"] in said["detail"]


BODIES = [
    (b'{"budget_idr": "30000000"}', 400),
    (b'{"budget_idr": 30000000.5}', 400),
    (b'{"budget_idr": true}', 400),
    (b'{"budget_idr": NaN}', 400),
    (b'{"budget_idr": 1, "budget_idr": 2}', 400),
    (b'{"budget_idr": 30000000, "more": 1}', 400),
    (b'{"budget_idr": 0}', 400),
    (b'{"budget_idr": 30000000, "lock": ["M001"]}', 400),
    (b'{"budget_idr": 30000000, "lock": ["\\ud800:K01"]}', 400),
    (b'{"budget_idr": 30000000, "lock": ["\\u0000:K01"]}', 400),
    (b'{"budget_idr": 30000000, "lock": ["nobody:K01"]}', 404),
    (b'{"budget_idr": 30000000, "as_of": "yesterday"}', 400),
    (b'"{\\"budget_idr\\": 30000000}"', 400),
    (b"[1]", 400),
    (b"", 400),
    (b"\xff", 400),
    (b"[" * 100_000, 400),
    (b'{"budget_idr": 1, "x": "' + b"x" * 1_100_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "code"), BODIES, ids=[str(body[:45]) for body, _ in BODIES])
def test_a_bad_body_is_refused(client, spec, body, code):
    answer = client.post("/api/v1/plans", data=body, content_type="application/json")
    assert answer.status_code == code, answer.text
    check_described(spec, answer, "plans", "post")


def test_a_body_of_another_kind_and_a_method_that_is_not_there(client, spec):
    answer = client.post("/api/v1/plans", data={"budget_idr": "1"})
    assert answer.status_code == 415
    check_described(spec, answer, "plans", "post")
    answer = client.delete("/api/v1/plans")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_plan_is_made_decided_and_approved_as_by_the_commands(tmp_path):
    home = small_home(tmp_path)
    client = caller_as(home)
    spec = client.get("/openapi.json").json
    made = client.post("/api/v1/plans", json={"budget_idr": 25_000_000, "max_courses_per_mentor": 1})
    assert made.status_code == 201
    check_described(spec, made, "plans", "post")
    programme, lang = Programme(settings(home=home)), Language("id")
    assert made.json == render(programme.stored_plan(made.json["plan"]), lang)
    assert client.get(made.headers["Location"]).json == made.json
    first = made.json["choices"][0]
    path = f"plans/{made.json['plan']}"
    told = client.get(f"/api/v1/{path}")
    assert told.headers["Suluh-Status"] == "draft"
    check_described(spec, told, path)
    choice = {"choice": f"{first['mentor_id']}:{first['course_id']}"}
    for more, code in (
        ({"decision": "refuse"}, 400),
        ({"decision": "refuse", "reason": "ill"}, 201),
        ({"decision": "perhaps"}, 400),
    ):
        answer = client.post(f"/api/v1/{path}/decisions", json=choice | more)
        assert answer.status_code == code, answer.text
        check_described(spec, answer, f"{path}/decisions", "post")
    approved = client.post(f"/api/v1/{path}/approval", json={})
    assert approved.status_code == 201
    check_described(spec, approved, f"{path}/approval", "post")
    again = client.post(f"/api/v1/{path}/approval", json={})
    assert again.status_code == 422
    told = client.get(f"/api/v1/{path}")
    assert (told.headers["Suluh-Status"], told.json) == ("approved", made.json)
    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": told.headers["ETag"]})
    assert (again.status_code, again.headers["Suluh-Status"]) == (304, "approved")
    standing = client.get(re.fullmatch(r'<(.+)>; rel="status"', told.headers["Link"])[1])
    check_described(spec, standing, f"{path}/standing")
    assert standing.json == render(programme.show_plan(made.json["plan"]), lang)
    said = standing.json["decisions"][0]
    assert (said["reason"], said["role"]) == ("ill", "manager")
    assert said["name"] == standing.json["approval"]["name"]
    assert client.post("/api/v1/models/rollback", json={}).status_code == 409
    assert client.post("/api/v1/models/rollback", json={"model": "model-0001"}).status_code == 200


def test_pages_of_a_list_make_up_the_whole_and_link_to_one_another(client):
    whole = client.get("/api/v1/mentors").json["mentors"]
    found, address = [], "/api/v1/mentors?limit=7"
    while address:
        answer = client.get(address)
        assert answer.headers["X-Total-Count"] == "24"
        found += answer.json["mentors"]
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        address = following and following[1]
    assert found == whole
    one = whole[3]
    assert client.get(f"/api/v1/mentors?search={one['mentor_id'].lower()}").json["mentors"] == [one]
    district = Programme(settings(home=client.application.extensions["programme"].settings.home)).snapshot()["mentors"]
    there = set(district["mentor_id"][district["district"] == district["district"][0]])
    rows = client.get("/api/v1/mentors", query_string={"district": district["district"][0]}).json["mentors"]
    assert {row["mentor_id"] for row in rows} == there


def test_an_answer_is_sent_again_only_after_a_change(tmp_path):
    home = small_home(tmp_path)
    client = caller_as(home)
    first = client.get("/api/v1/plans")
    tag = {"If-None-Match": first.headers["ETag"]}
    same = client.get("/api/v1/plans", headers=tag)
    assert same.status_code == 304
    assert same.data == b""
    assert same.headers["ETag"] == first.headers["ETag"]
    assert client.get("/api/v1/plans?lang=en", headers=tag).status_code == 200
    elsewhere = Programme(settings(home=home))
    elsewhere.plan(budget=31_000_000)
    answer = client.get("/api/v1/plans", headers=tag)
    assert answer.status_code == 200
    assert len(answer.json["plans"]) == len(first.json["plans"]) + 1
    before = client.get("/api/v1/mentors").headers["ETag"]
    elsewhere.train()
    assert client.get("/api/v1/mentors", headers={"If-None-Match": before}).status_code == 200
    models = client.get("/api/v1/models")
    assert models.json["models"][0]["whole"] is True
    newest = max((home / "models").glob("*.npz"))
    newest.write_bytes(newest.read_bytes()[:-1])
    again = client.get("/api/v1/models", headers={"If-None-Match": models.headers["ETag"]})
    assert again.json["models"][0]["whole"] is False
