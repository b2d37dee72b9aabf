"""One engagement scored over the API: exact, as the Python API answers, at once under another model, never with NaN."""

import itertools
import json
import math

import pytest

from service.language import Language
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.api_rig import no_nan, small_home
from tests.people_rig import caller_as
from tests.test_service_api import check_described


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("score"))


@pytest.fixture
def client(home):
    return caller_as(home)


@pytest.fixture(scope="module")
def programme(home):
    return Programme(settings(home=home))


@pytest.fixture(scope="module")
def asked(programme):
    areas = sorted(programme.scorer().areas)
    scores = dict(zip(areas, itertools.cycle([35.5, 60, 82]), strict=False))
    return {"scores": scores, "needs": areas[:2], "facts": {"turnover": 4_500_000, "business_age": 3}}


def test_the_answer_is_the_python_apis_and_adds_up(client, programme, asked):
    spec = client.get("/openapi.json").json
    answer = client.post("/api/v1/score", json=asked)
    check_described(spec, answer, "score", "post")
    assert answer.json == render(programme.score_one(**asked), Language("id"))
    parts = sum(row["contribution"] for row in answer.json["contributions"])
    assert answer.json["base"] + parts == pytest.approx(answer.json["expected_growth"], abs=1e-9)
    assert answer.json["low"] <= answer.json["expected_growth"] <= answer.json["high"]
    assert 1 <= len(answer.json["reasons"]) <= 5 + len(answer.json["unusual"])
    english = client.post("/api/v1/score?lang=en", json=asked).json
    assert english["expected_growth"] == answer.json["expected_growth"]
    assert english["reasons"] != answer.json["reasons"]


def test_every_engagement_scores_as_explain_says(client, programme):
    """The engagement's own values in plain form give the very number that explain gives."""
    seen = programme.snapshot()
    explained = render(programme.explain_engagement("E00020"), Language("id"))
    own = {row["feature"]: row["value"] for row in explained["contributions"]}
    scores = {name.partition(":")[2]: value for name, value in own.items() if name.startswith("score:")}
    needs = [name.partition(":")[2] for name, value in own.items() if name.startswith("need:") and value]
    row = seen["engagements"].set_index("engagement_id").loc["E00020"]
    business = seen["businesses"].set_index("business_id").loc[row["business_id"]]
    facts = {"sector": business["sector"], "district": business["district"]}
    facts |= {"start_quarter": f"{row['started_on'].year}-Q{row['started_on'].quarter}"}
    logs = {"turnover": math.exp, "mentor_turnover": math.exp, "business_age": math.expm1}
    facts |= {name: back(own[name]) for name, back in logs.items() if own.get(name) is not None}
    facts = {name: value for name, value in facts.items() if name in programme.scorer().facts}
    answer = client.post("/api/v1/score", json={"scores": scores, "needs": needs, "facts": facts})
    assert answer.status_code == 200, answer.text
    assert answer.json["expected_growth"] == pytest.approx(explained["value"], abs=1e-9)


BAD = [
    {},
    {"scores": []},
    {"scores": {"nowhere": 50}},
    {"scores": {"AREA": 101}},
    {"scores": {"AREA": -0.1}},
    {"scores": {"AREA": "50"}},
    {"scores": {"AREA": True}},
    {"scores": {}, "needs": ["nowhere"]},
    {"scores": {}, "needs": "AREA"},
    {"scores": {}, "facts": {"turnover": -5}},
    {"scores": {}, "facts": {"turnover": 0}},
    {"scores": {}, "facts": {"turnover": "much"}},
    {"scores": {}, "facts": {"sector": 5}},
    {"scores": {}, "facts": {"shoe_size": 40}},
    {"scores": {}, "facts": {"turnover": True}},
    {"scores": {}, "more": 1},
]


@pytest.mark.parametrize("body", BAD, ids=str)
def test_what_cannot_be_scored_is_refused_in_words(client, asked, body):
    area = next(iter(asked["scores"]))
    text = json.dumps(body).replace("AREA", area)
    answer = client.post("/api/v1/score", data=text, content_type="application/json")
    assert answer.status_code == 400, answer.text
    assert set(no_nan(answer.text)["error"]) == {"what", "where", "mend"}


@pytest.mark.parametrize("turnover", [1e308, 5e-324, 1, 10**15])
def test_extreme_values_are_answered_or_refused_but_never_with_nan(client, turnover):
    answer = client.post("/api/v1/score", json={"scores": {}, "facts": {"turnover": turnover, "business_age": 1e300}})
    assert answer.status_code in {200, 400}
    no_nan(answer.text)


def test_another_model_and_a_revoked_token_count_at_once(tmp_path, asked):
    home = small_home(tmp_path)
    client, programme = caller_as(home), Programme(settings(home=home))
    assert client.post("/api/v1/score", json=asked).json["model"] == "model-0001"
    programme.train()
    assert client.post("/api/v1/score", json=asked).json["model"] == "model-0002"
    programme.roll_back()
    assert client.post("/api/v1/score", json=asked).json["model"] == "model-0001"
    token = max(row["id"] for row in programme.tokens()["tokens"])
    programme.revoke_token(token)
    assert client.post("/api/v1/score", json=asked).status_code == 401


def test_without_a_model_that_is_said(tmp_path):
    client = caller_as(tmp_path / "empty")
    answer = client.post("/api/v1/score", json={"scores": {}})
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
