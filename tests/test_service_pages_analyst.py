"""The analyst's pages: reasons of any engagement, against another too; what-if; versions; learning as a job."""

import re
import time
from pathlib import Path

import pytest

from model.refusals import InputRefused
from service.language import Language
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as, form_token

EN = Language("en")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("analyst")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=500, months=30, seed=2021)
    programme.import_([place / "city"])
    programme.train()
    programme.train()
    return place / "home"


@pytest.fixture(scope="module")
def programme(home) -> Programme:
    return Programme(settings(home=home))


@pytest.fixture(scope="module")
def client(home):
    return client_as(home, "analyst", lang="en")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#39;", "'")


def active_mentor(programme) -> str:
    rows = [row for row in programme.score()["mentors"] if row["expected_growth"] is not None and row["active"] > 1]
    return str(rows[0]["mentor_id"])


def test_what_if_without_a_change_is_what_is_expected_now(programme):
    mentor = active_mentor(programme)
    answer, now = programme.what_if_scores(mentor, {}), programme.score(mentor=mentor)["mentors"][0]
    for name, figure in (("value", "expected_growth"), ("low", "low"), ("high", "high")):
        assert answer["now"][name] == pytest.approx(now[figure], abs=1e-12)
    assert answer["then"] == answer["now"]
    assert answer["contributions"] == []
    assert {area: round(score, 9) for area, score in answer["scores"].items() if score is not None} == {
        area: round(score, 9) for area, score in now["scores"].items()
    }


def test_what_if_adds_up(programme):
    mentor = active_mentor(programme)
    areas = list(programme.score()["areas"])
    answer = programme.what_if_scores(mentor, {areas[0]: 90, areas[1]: "55,5"})
    assert sum(row["contribution"] for row in answer["contributions"]) == pytest.approx(answer["difference"], abs=1e-9)
    assert answer["then"]["value"] - answer["now"]["value"] == pytest.approx(answer["difference"], abs=1e-12)
    assert answer["difference"] != 0


def test_what_if_refuses_what_is_no_score(programme):
    mentor = active_mentor(programme)
    area = next(iter(programme.score()["areas"]))
    for scores in ({area: "101"}, {area: "much"}, {area: "nan"}, {"cooking": "50"}):
        with pytest.raises(InputRefused, match=r"score|area"):
            programme.what_if_scores(mentor, scores)


def test_what_if_is_quick_and_marked_as_a_simulation(client, programme):
    mentor = active_mentor(programme)
    area = next(iter(programme.score()["areas"]))
    page = words(client.get(f"/model/what-if/{mentor}?score-{area}=80").text)
    assert "Simulation" in page
    answer = render(programme.what_if_scores(mentor, {area: 80}), EN)
    assert EN.change(answer["then"]["value"]) in page
    wrong = client.get(f"/model/what-if/{mentor}?score-{area}=800")
    assert "is no score" in words(wrong.text)
    begun = time.perf_counter()
    for score in range(20):
        programme.what_if_scores(mentor, {area: score})
    assert (time.perf_counter() - begun) / 20 < 0.5


def test_the_reasons_of_an_engagement_alone_and_against_another(client, programme):
    one, other = programme.snapshot().active["engagement_id"].iloc[[0, 1]]
    led = client.get(f"/model/engagements?engagement={one}&against={other}")
    assert led.headers["Location"] == f"/model/engagements/{one}?against={other}"
    page = words(client.get(led.headers["Location"]).text)
    answer = render(programme.explain_engagement(one, against=other), EN)
    assert all(EN.signed(row["contribution"], 3) in page for row in answer["contributions"])
    assert answer["note"] in page
    alone = words(client.get(f"/model/engagements/{one}").text)
    told = programme.explain_engagement(one)
    assert all(EN.change(told[name]) in alone for name in ("value", "low", "high"))
    assert EN.say(told["outcome_note"]) in alone
    assert "compared with itself" in words(client.get(f"/model/engagements/{one}?against={one}").text)
    assert client.get("/model/engagements/none").status_code == 404


def test_another_districts_engagement_is_not_compared_with(home, programme):
    seen = programme.snapshot()
    districts = dict(zip(seen["mentors"]["mentor_id"], seen["mentors"]["district"], strict=True))
    where = seen.active.assign(district=seen.active["mentor_id"].map(districts))
    own = where["district"].iloc[0]
    one, other = where["engagement_id"].iloc[0], where["engagement_id"][where["district"] != own].iloc[0]
    client = client_as(home, "analyst", districts=[own])
    assert client.get(f"/model/engagements/{one}").status_code == 200
    assert client.get(f"/model/engagements/{one}?against={other}").status_code == 404


def test_a_version_is_brought_into_use_by_who_may(home, client, programme):
    assert programme.models()["models"][0]["current"]
    token = form_token(client)
    assert client.post("/model/model-0001/use", data={"csrf": token}).status_code == 303
    assert [row["current"] for row in programme.models()["models"]] == [False, True]
    assert client.post("/model/model-0001/use").status_code == 400
    assert client_as(home, "hr").post("/model/model-0002/use").status_code == 403
    client.post("/model/model-0002/use", data={"csrf": token})


def test_learning_is_a_job_whose_progress_and_end_are_shown(home, client):
    started = client.post("/model/train", data={"csrf": form_token(client)})
    assert started.status_code == 303
    path = started.headers["Location"]
    assert re.fullmatch(r"/jobs/\d+", path)
    first = client.get(path).text
    assert "data-poll" in first or "It is done." in first
    deadline = time.monotonic() + 120
    while "data-poll" in client.get(path).text and time.monotonic() < deadline:
        time.sleep(0.5)
    assert "It is done." in client.get(path).text
    assert "model-0003" in client.get("/model").text
    assert client_as(home, "analyst").get(path).status_code == 404
    assert client_as(home, "admin").get(path).status_code == 200
