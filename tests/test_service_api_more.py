"""Matchings, simulations, reports and imports over the API: the use cases' answers, described, bad requests refused."""

import hashlib

import pytest

from service.language import Language
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.api_rig import small_home
from tests.people_rig import caller_as
from tests.test_service_api import check_described


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("more"))


@pytest.fixture(scope="module")
def client(home):
    return caller_as(home)


@pytest.fixture(scope="module")
def spec(client):
    return client.get("/openapi.json").json


@pytest.fixture
def programme(home):
    return Programme(settings(home=home))


def post(client, spec, path, code, **body):
    answer = client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == code, answer.text
    check_described(spec, answer, path, "post")
    return answer


def plain(answer):
    return render(answer, Language("id"))


def test_a_matching_lives_from_draft_to_published(client, spec, programme):
    made = post(client, spec, "matches", 201)
    number = made.json["match"]
    shown = client.get(made.headers["Location"])
    check_described(spec, shown, f"matches/{number}")
    assert shown.json == plain(programme.show_match(number))
    assert {name: shown.json[name] for name in made.json} == made.json
    pair = made.json["pairs"][0]
    asked = f"{pair['business_id']}:{pair['mentor_id']}"
    anew = post(client, spec, f"matches/{number}/declined", 201, pairs=[asked], reason="too far").json
    assert anew["base"] == number
    assert asked not in [f"{row['business_id']}:{row['mentor_id']}" for row in anew["pairs"]]
    post(client, spec, f"matches/{anew['match']}/publication", 422)
    approved = post(client, spec, f"matches/{anew['match']}/approval", 201).json
    assert approved["approval"]["role"] == "manager"
    assert post(client, spec, f"matches/{anew['match']}/publication", 201).json["status"] == "published"
    listed = client.get("/api/v1/matches")
    check_described(spec, listed, "matches")
    assert listed.json == plain(programme.matches())
    assert [row["status"] for row in listed.json["matches"]][:1] == ["published"]


def test_the_desk_and_bad_matchings(client, spec, programme):
    district = programme.snapshot()["mentors"]["district"][0]
    answer = post(client, spec, "intake-desk", 200, district=district).json
    assert answer == plain(programme.best_mentor(district=district, needs=[]))
    post(client, spec, "matches", 400, lock=["nobody"])
    post(client, spec, "matches", 400, keep=-1)
    post(client, spec, "matches", 404, lock=["nobody:M001"])
    post(client, spec, "matches/999/approval", 404)
    post(client, spec, "matches/1/declined", 400, pairs=[], reason="x")


def test_simulations_store_nothing_and_answer_as_the_python_api(client, spec, programme):
    before = len(programme.plans()["plans"])
    answer = post(client, spec, "plan-curve", 200, budget_idr=20_000_000, points=[10_000_000, 20_000_000]).json
    asked = {"budget": 20_000_000, "budgets": [10_000_000, 20_000_000]}
    assert answer == plain(programme.plan_curve(**asked))
    answer = post(client, spec, "assess-first", 200, budget_idr=20_000_000).json
    assert answer == plain(programme.assess_first(budget=20_000_000))
    choice = programme.stored_plan(1)["choices"][0]
    forbid = f"{choice['mentor_id']}:{choice['course_id']}"
    answer = post(client, spec, "plans/1/what-if", 200, forbid=[forbid], budget_idr=15_000_000).json
    assert answer == plain(programme.plan_what_if(1, forbid=[forbid], budget=15_000_000))
    assert (answer["simulation"], answer["plan"], answer["base"]) == (True, None, 1)
    post(client, spec, "plans/99/what-if", 404)
    post(client, spec, "plan-curve", 400, budget_idr=0)
    assert len(programme.plans()["plans"]) == before


def test_limits_of_a_plan_reach_it(client, spec, programme):
    district = programme.snapshot()["mentors"]["district"][0]
    answer = post(client, spec, "plans", 201, budget_idr=20_000_000, floor=[f"{district}:1"], hours_per_mentor=40.5)
    assert answer.json["rules"]["hours_per_mentor"] == 40.5
    assert answer.json["rules"]["floors"]
    post(client, spec, "plans", 400, budget_idr=20_000_000, floor=["x"])
    post(client, spec, "plans", 400, budget_idr=20_000_000, hours_per_mentor=0)


def test_a_report_is_published_and_its_files_are_those_bytes(client, spec, programme):
    published = post(client, spec, "reports", 201, number="12/2026")
    path = published.headers["Location"].removeprefix("/api/v1/")
    shown = client.get(published.headers["Location"])
    check_described(spec, shown, path)
    assert shown.json == plain(programme.show_report(published.json["report"]))
    told = spec["paths"]["/api/v1/reports/{report_id}/files/{language}/{form}"]["get"]["responses"]["200"]["content"]
    for file in published.json["files"]:
        answer = client.get(f"/api/v1/{path}/files/{file['lang']}/{file['form']}")
        assert answer.status_code == 200
        assert answer.mimetype in told
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"]
    assert client.get(f"/api/v1/{path}/files/id/exe").status_code == 400
    assert client.get("/api/v1/reports/99/files/id/pdf").status_code == 404
    assert client.get("/api/v1/report?period=2026-Q5").status_code == 400


def test_an_import_is_taken_back(tmp_path):
    home = small_home(tmp_path)
    client = caller_as(home)
    spec = client.get("/openapi.json").json
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\nM900,Ayu,Serpong\n", encoding="utf-8")
    with (tmp_path / "mentors.csv").open("rb") as file:
        assert client.post("/api/v1/import", data={"files": [file], "confirm": "true"}).status_code == 201
    assert client.get("/api/v1/mentors/M900/score").status_code == 200
    undone = post(client, spec, "imports/undo", 201, note="typed twice").json
    assert undone["undone"] < undone["version"]
    assert client.get("/api/v1/mentors/M900/score").status_code == 404
    assert client.get("/api/v1/imports").json["imports"][0]["undoes"] == undone["undone"]


def test_a_model_beside_emptied_tables_is_no_fault(tmp_path):
    client = caller_as(small_home(tmp_path))
    assert client.post("/api/v1/imports/undo", json={}).status_code == 201
    assert client.get("/api/v1/mentors").json["mentors"] == []
    assert client.get("/api/v1/explain/mentor/M001").status_code == 404
    assert client.get("/api/v1/index").status_code == 409
    assert client.post("/api/v1/score", json={"scores": {}}).status_code == 200
