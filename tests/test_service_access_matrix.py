"""Who may open what: every address × every role × own and other district; an address without a permission is closed."""

import functools
import re
from pathlib import Path

import pytest
from flask import Flask

from service.app import create_app
from service.guard import needed, needs
from service.people.roles import WHOLE, Permission, Role, permissions_of
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_of, form_token

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("matrix")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=30, businesses=300, months=30, seed=2003)
    programme.import_([place / "city"])
    programme.train()
    programme.plan(budget=20_000_000)
    return place / "home"


@pytest.fixture(scope="module")
def app(home) -> Flask:
    return create_app(settings(home=home))


@pytest.fixture(scope="module")
def gates(home) -> Flask:
    """The application with nothing behind its guard: only who gets in is looked at."""
    made = create_app(settings(home=home))
    for endpoint, view in made.view_functions.items():
        if endpoint not in {"pages.password", "pages.log_in"}:
            made.view_functions[endpoint] = functools.wraps(view)(lambda **_: "open")
    return made


@pytest.fixture(scope="module")
def districts(app) -> dict[str, list[str]]:
    """Ids of the mentors of each district."""
    mentors = app.extensions["programme"].snapshot()["mentors"]
    return {name: list(rows["mentor_id"]) for name, rows in mentors.groupby("district")}


def addresses(app) -> list[tuple[str, str, str]]:
    """Every rule of the application with each of its methods, and its endpoint."""
    return [
        (rule.rule, method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def undeclared(app) -> list[str]:
    return sorted({endpoint for _, _, endpoint in addresses(app) if needed(app, endpoint) is None})


VALUES = {
    "mentor_id": "M002", "engagement_id": "E00020", "plan_id": "1", "name": "model-0001", "filename": "suluh.css"
}  # fmt: skip


def filled(rule: str, **values: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: {**VALUES, **values}.get(found[1], "1"), rule)


def test_every_address_declares_what_it_needs(app):
    assert undeclared(app) == []


def test_an_address_that_declares_nothing_is_found_and_closed_to_everybody(home):
    planted = create_app(settings(home=home))
    planted.add_url_rule("/planted", "planted", lambda: "open")
    planted.add_url_rule("/declared", "declared", needs(Permission.ANYONE)(lambda: "open"))
    assert undeclared(planted) == ["planted"]
    assert client_of(planted, None).get("/planted").status_code == 302
    assert {client_of(planted, role).get("/planted").status_code for role in Role if role != "mentor"} == {403}
    assert client_of(planted, None).get("/declared").text == "open"


def test_nobody_gets_in_without_a_log_in(app):
    anonymous = client_of(app, None)
    for rule, method, endpoint in addresses(app):
        if needed(app, endpoint) is Permission.ANYONE:
            continue
        answer = anonymous.open(filled(rule), method=method)
        if method == "GET" and not rule.startswith("/api/"):
            assert answer.status_code == 302, rule
            assert answer.headers["Location"].startswith("/login?next="), rule
        else:
            assert answer.status_code == 401, rule


def user_of(app, role: Role, districts=None, mentor_id="M002"):
    return client_of(app, role, districts=districts, mentor_id=mentor_id if role is Role.MENTOR else None)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_says_and_nothing_else(gates, role):
    app, client = gates, user_of(gates, role)
    token = form_token(client)
    assert client.get("/login").status_code == 302
    wrong = []
    for rule, method, endpoint in addresses(app):
        permission = needed(app, endpoint)
        if endpoint in {"pages.log_out", "pages.set_password", "pages.start_session"}:
            continue
        may = permission in permissions_of(role)
        data = {"csrf": token} if method in UNSAFE else None
        code = client.open(filled(rule), method=method, data=data).status_code
        if (code == 403) == may or code in {401, 500}:
            wrong.append((rule, method, str(permission), code))
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_an_address_of_a_mentor_of_another_district_is_not_there_for_any_role(gates, districts, role):
    own, *others = sorted(districts)
    mine = "M002" if role is Role.MENTOR else districts[own][0]
    client = user_of(gates, role, districts=None if role is Role.MENTOR else [own])
    for rule, method, endpoint in addresses(gates):
        if method != "GET" or "<mentor_id>" not in rule or needed(gates, endpoint) not in permissions_of(role) - WHOLE:
            continue
        assert client.get(filled(rule, mentor_id=mine)).text == "open", rule
        for name in others:
            for mentor in set(districts[name][:2]) - {mine}:
                assert client.get(filled(rule, mentor_id=mentor)).status_code == 404, rule


def test_the_engagement_of_another_districts_mentor_is_not_found(app, districts):
    seen = app.extensions["programme"].snapshot()
    whose = dict(zip(seen["engagements"]["engagement_id"], seen["engagements"]["mentor_id"], strict=True))
    own = next(name for name, mentors in districts.items() if whose["E00020"] in mentors)
    other = next(name for name in districts if name != own)
    path = "/api/v1/explain/engagement/E00020"
    assert user_of(app, Role.MANAGER, districts=[own]).get(path).status_code == 200
    assert user_of(app, Role.MANAGER, districts=[other]).get(path).status_code == 404


def test_nobody_is_compared_with_somebody_out_of_reach(app, districts):
    seen = app.extensions["programme"].snapshot()
    whose = dict(zip(seen["engagements"]["engagement_id"], seen["engagements"]["mentor_id"], strict=True))
    own, other = sorted(districts)[:2]
    here, there = (next(m for m in districts[name] if m in set(seen.active["mentor_id"])) for name in (own, other))
    manager, head = user_of(app, Role.MANAGER, districts=[own]), user_of(app, Role.HEAD)
    pairs = [("mentor", here, there)]
    pairs.append(("engagement", *(next(e for e, m in whose.items() if m == mentor) for mentor in (here, there))))
    for kind, first, second in pairs:
        path = f"/api/v1/explain/{kind}/{first}"
        assert manager.get(path).status_code == 200
        assert manager.get(f"{path}?against={second}").status_code == 404
        if kind == "mentor":
            assert head.get(f"{path}?against={second}").status_code == 200


def test_what_touches_the_whole_programme_is_closed_to_who_is_limited(app, districts):
    client = user_of(app, Role.MANAGER, districts=[min(districts)])
    token = form_token(client)
    tried = 0
    for rule, method, endpoint in addresses(app):
        if needed(app, endpoint) in WHOLE:
            assert client.open(filled(rule), method=method, data={"csrf": token}).status_code == 403, rule
            tried += 1
    assert tried > 8


def test_a_decision_on_another_districts_mentor_is_not_found(app, districts):
    own, *others = sorted(districts)
    client = user_of(app, Role.MANAGER, districts=[own])
    token = form_token(client)
    choice = f"{districts[others[0]][0]}:K01"
    form = {"csrf": token, "choice": choice, "decision": "accept"}
    assert client.post("/plans/1/decisions", data=form).status_code == 404
    body = {"choice": choice, "decision": "accept"}
    answer = client.post("/api/v1/plans/1/decisions", json=body, headers={"X-CSRFToken": token})
    assert answer.status_code == 404
