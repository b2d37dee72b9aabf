"""What guards every address: tries, tokens, forms, headers and cookies, as a browser and a program meet them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from data.store.engine import writing
from data.store.schema_people import login_attempt
from service.app import create_app
from service.guard import HEADERS
from service.people import auth
from service.people.passwords import holds
from service.settings import settings
from tests.people_rig import caller_as, client_as, client_of, form_token
from tests.signing_in import GOOD, a_browser, a_home, a_programme, log_in, quick, send

__all__ = ["a_browser", "a_home", "a_programme", "quick"]


def test_tries_are_counted_before_anything_is_hashed_and_over_all_processes(home, programme, monkeypatch):
    hashed = []
    monkeypatch.setattr(auth, "holds", lambda stored, given: hashed.append(given) or holds(stored, given))
    clients = [client_as(home, None) for _ in range(2)]
    codes = [log_in(clients[n % 2], password=f"wrong {n}").status_code for n in range(14)]
    assert codes == [401] * 10 + [429] * 4
    assert len(hashed) == 10
    assert log_in(clients[0]).status_code == 429
    assert len(hashed) == 10
    with writing(programme.store._engine) as connection:
        old = datetime.now(UTC) - timedelta(minutes=16)
        connection.execute(sa.update(login_attempt).values(tried_at=old))
    assert log_in(clients[0]).status_code == 303


def test_many_names_from_one_address_are_held_up_too(home, programme, monkeypatch):
    monkeypatch.setattr(auth, "holds", lambda *_: False)
    client = client_as(home, None)
    token = form_token(client, "/login")
    codes = [
        client.post("/login", data={"csrf": token, "name": f"user{n}", "password": "x"}).status_code for n in range(62)
    ]
    assert codes == [401] * 60 + [429] * 2


def test_the_right_password_clears_the_tries_of_the_name(home, programme):
    client = client_as(home, None)
    for _ in range(3):
        assert [log_in(client, password="x").status_code for _ in range(4)] == [401] * 4
        assert log_in(client).status_code == 303
        send(client, "/logout", "/password")


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(home, programme):
    client = client_as(home, None)
    wrong, unknown = log_in(client, password="x"), log_in(client, name="nobody", password="x")
    plain = [re.sub(r'value="[^"]*"', "", answer.text) for answer in (wrong, unknown)]
    assert plain[0] == plain[1]


def test_a_token_opens_the_api_until_it_is_revoked_or_its_day_is_past(home, programme):
    made = programme.add_token(role="analyst", days=30)
    header = {"Authorization": f"Bearer {made['token']}"}
    client = client_as(home, None)
    assert client.get("/api/v1/models").status_code == 401
    assert client.get("/api/v1/models", headers=header).status_code == 200
    assert client.get("/api/v1/models", headers={"Authorization": "Bearer suluh_x"}).status_code == 401
    answer = client.post("/api/v1/plans", headers=header, json={"budget_idr": 1})
    assert answer.status_code == 403
    programme.revoke_token(made["id"])
    assert client.get("/api/v1/models", headers=header).status_code == 401
    over = programme.add_token(days=1)
    token = programme.store.token(auth.digest(over["token"]))
    assert auth.actor_of_token(token, datetime.now(UTC) + timedelta(days=2)) is None


def test_health_is_for_everybody_and_a_wrong_token_is_told(home, programme):
    client = client_as(home, None)
    assert client.get("/api/v1/health").json["status"] == "ok"
    assert client.get("/api/v1/health").status_code == 200
    answer = client.get("/api/v1/models")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json["error"]["mend"]


def test_every_unsafe_address_needs_the_forms_token(home, programme):
    app = create_app(settings(home=home))
    client = client_of(app, "manager")
    token = form_token(client)
    unsafe = [
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    ]
    assert len(unsafe) > 5
    for rule, method in unsafe:
        path = re.sub(r"<[^>]+>", "1", rule)
        for data in ({}, {"csrf": "guessed"}, {"csrf": token[:-1]}):
            answer = client.open(path, method=method, data=data)
            assert answer.status_code in {400, 403}, rule
    other = client_of(app, "manager")
    assert other.post("/logout", data={"csrf": token}).status_code == 400
    assert client.post("/logout", data={"csrf": token}).status_code == 303


def test_a_bearer_token_needs_no_form_and_a_session_at_the_api_does(home, programme):
    body = {"model": "nothing"}
    assert caller_as(home).post("/api/v1/models/rollback", json=body).status_code == 409
    client = client_as(home)
    assert client.post("/api/v1/models/rollback", json=body).status_code == 400
    header = {"X-CSRFToken": form_token(client)}
    assert client.post("/api/v1/models/rollback", json=body, headers=header).status_code == 409


def test_headers_stand_on_every_answer(home, programme):
    client = client_as(home)
    for path in ("/", "/login", "/static/suluh.css", "/nowhere", "/api/v1/health", "/api/v1/nowhere", "/openapi.json"):
        answer = client.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
    for token in ("unsafe-inline", "unsafe-eval", "http:", "*"):
        assert token not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("https", [False, True])
def test_cookies_are_for_this_host_alone_and_no_script(home, programme, https):
    client = create_app(settings(home=home, https=https)).test_client()
    base = "https://localhost" if https else "http://localhost"
    page = client.get("/login", base_url=base)
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    answer = client.post(
        "/login",
        base_url=base,
        data={"csrf": token, "name": "sari", "password": GOOD},
        headers={"Referer": f"{base}/login"},
    )
    assert answer.status_code == 303
    cookies = page.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    named = [cookie for cookie in cookies if "suluh_" in cookie and "Expires=Thu, 01 Jan 1970" not in cookie]
    assert len(named) >= 2
    for cookie in named:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert ("Secure" in cookie) is https
        assert cookie.startswith("__Host-") is https


def test_behind_a_proxy_tries_count_for_the_browser_and_not_for_the_proxy(home, programme, monkeypatch):
    seen = []
    monkeypatch.setattr(auth, "check_tries", lambda *given: seen.append(given[-1]))
    for https, expected in ((True, "203.0.113.9"), (False, "127.0.0.1")):
        client = create_app(settings(home=home, https=https)).test_client()
        base = "https://localhost" if https else "http://localhost"
        header = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Referer": f"{base}/login"}
        page = client.get("/login", base_url=base, headers=header)
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
        form = {"csrf": token, "name": "sari", "password": "x"}
        assert client.post("/login", base_url=base, data=form, headers=header).status_code == 401
        assert seen.pop() == expected
