"""Log-in, sessions, passwords, tokens, forms and headers, as a browser and a program meet them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.store.engine import writing
from data.store.schema_people import login_attempt, login_session
from model.refusals import InputRefused, SignInRefused
from service.app import create_app
from service.guard import HEADERS
from service.people import auth, passwords
from service.people.passwords import RULES, check, holds
from service.people.roles import Role
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import COOKIE, caller_as, client_as, client_of, cookie_as, form_token

GOOD = "perahu kertas menyeberang senja"
OTHER = "tujuh gajah menenun awan biru"


@pytest.fixture(autouse=True)
def quick(request, monkeypatch):
    """A hash that is quickly made, but where the test is about the hash."""
    if "scrypt" not in request.node.name:
        monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def programme(home) -> Programme:
    made = Programme(settings(home=home))
    made.add_user("Sari", "manager", display_name="Sari Dewi", password=GOOD)
    return made


def send(client, path, page="/login", **form):
    return client.post(path, data={"csrf": form_token(client, page), **form})


def log_in(client, name="sari", password=GOOD, **more):
    return send(client, "/login", name=name, password=password, **more)


def cookie_of(client) -> str | None:
    held = client.get_cookie(COOKIE)
    return held.value if held else None


@pytest.fixture
def browser(home, programme):
    client = client_as(home, None)
    assert log_in(client).status_code == 303
    return client


def inside(client) -> bool:
    return client.get("/password").status_code == 200


def test_a_log_in_leads_on_to_the_page_that_was_asked_for(home, programme):
    client = client_as(home, None)
    asked = client.get("/mentors?district=A")
    assert asked.headers["Location"] == "/login?next=/mentors?district%3DA"
    form = client.get(asked.headers["Location"]).text
    assert 'value="/mentors?district=A"' in form
    assert log_in(client, next="/mentors?district=A").headers["Location"] == "/mentors?district=A"
    assert inside(client)


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_a_log_in_leads_to_no_other_host(home, programme, path):
    assert log_in(client_as(home, None), next=path).headers["Location"] == "/"


def test_the_session_id_is_new_at_every_log_in_and_the_one_before_is_dead(home, browser, programme):
    planted = "planted" * 6
    other = client_as(home, None)
    other.set_cookie(COOKIE, planted)
    log_in(other)
    assert cookie_of(other) not in {None, planted, cookie_of(browser)}
    first = cookie_of(browser)
    browser.delete_cookie(COOKIE)
    assert not inside(browser)
    page = form_token(browser, "/login")
    browser.set_cookie(COOKIE, first)
    again = browser.post("/login", data={"csrf": page, "name": "sari", "password": GOOD})
    assert again.status_code == 303
    assert cookie_of(browser) != first
    stale = client_as(home, None)
    stale.set_cookie(COOKIE, first)
    assert not inside(stale)


def test_only_digests_of_sessions_and_tokens_are_stored(home, browser, programme):
    token = programme.add_token()["token"]
    held = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for secret in (cookie_of(browser), token, GOOD):
        assert secret.encode() not in held
    assert auth.digest(token).encode() in held


def shift(home, **columns):
    """Move a moment of every session into the past."""
    store = Programme(settings(home=home)).store
    with writing(store._engine) as connection:
        then = {name: datetime.now(UTC) - back for name, back in columns.items()}
        connection.execute(sa.update(login_session).values(then))


@pytest.mark.parametrize(
    ("columns", "stays"),
    [
        ({"seen_at": timedelta(minutes=29)}, True),
        ({"seen_at": timedelta(minutes=31)}, False),
        ({"created_at": timedelta(hours=9, minutes=59)}, True),
        ({"created_at": timedelta(hours=10, minutes=1)}, False),
    ],
)
def test_a_session_ends_when_it_is_not_used_and_after_a_day_of_work(home, browser, columns, stays):
    shift(home, **columns)
    assert inside(browser) is stays


def test_looking_at_a_page_keeps_the_session_alive(home, browser):
    shift(home, seen_at=timedelta(minutes=20))
    assert inside(browser)
    store = Programme(settings(home=home)).store
    assert datetime.now(UTC) - store.session(auth.digest(cookie_of(browser))).seen_at < timedelta(minutes=1)


def test_a_session_is_dead_after_log_out(home, browser):
    held = cookie_of(browser)
    assert send(browser, "/logout", "/password").status_code == 303
    assert cookie_of(browser) is None
    browser.set_cookie(COOKIE, held)
    assert not inside(browser)


def test_a_session_is_dead_as_soon_as_the_user_is_disabled(home, browser, programme):
    programme.disable_user("sari")
    assert not inside(browser)
    assert log_in(browser).status_code == 401
    programme.disable_user("sari", disabled=False)
    assert not inside(browser)
    assert log_in(browser).status_code == 303


def test_every_other_session_is_dead_after_a_change_of_password(home, browser):
    elsewhere = client_as(home, None)
    log_in(elsewhere)
    before = cookie_of(browser)
    answer = send(browser, "/password", "/password", old=GOOD, new=OTHER, again=OTHER)
    assert answer.status_code == 303
    assert inside(browser)
    assert cookie_of(browser) != before
    assert not inside(elsewhere)
    assert log_in(elsewhere).status_code == 401
    assert log_in(elsewhere, password=OTHER).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "code"),
    [
        ("wrong", OTHER, OTHER, 401),
        (GOOD, OTHER, OTHER + "x", 400),
        (GOOD, GOOD, GOOD, 400),
        (GOOD, "too short", "too short", 400),
        (GOOD, "sari dewi sari dewi", "sari dewi sari dewi", 400),
    ],
)
def test_a_new_password_is_refused_in_words(browser, old, new, again, code):
    answer = send(browser, "/password", "/password", old=old, new=new, again=again)
    assert answer.status_code == code
    assert 'role="alert"' in answer.text
    assert inside(browser)


def test_a_one_time_password_opens_nothing_but_its_own_change(home, programme):
    given = programme.add_user("budi", "manager")["one_time_password"]
    client = client_as(home, None)
    assert log_in(client, "budi", given).status_code == 303
    assert client.get("/mentors").headers["Location"] == "/password"
    assert client.get("/api/v1/mentors").status_code == 403
    assert "/mentors" not in client.get("/password").text
    assert send(client, "/password", "/password", old=given, new=OTHER, again=OTHER).status_code == 303
    assert client.get("/mentors").status_code == 200


def test_the_first_start_makes_one_administrator_with_a_password_told_once(home):
    first = Programme(settings(home=home)).add_first_admin()
    assert (first["user"], first["role"]) == ("admin", "admin")
    assert len(first["one_time_password"]) > 20
    assert Programme(settings(home=home)).add_first_admin() is None
    client = client_as(home, None)
    assert log_in(client, "admin", first["one_time_password"]).status_code == 303
    assert client.get("/mentors").headers["Location"] == "/password"


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


def test_the_bssn_rule_asks_for_length_mixture_and_renewal(home):
    rule = RULES["bssn"]
    check("Perahu-Kertas 77", rule)
    for lacking in (GOOD, "Perahu Kertas", "perahu-kertas 77", "PERAHU-KERTAS 77", "Pk-7 menyeb"):
        with pytest.raises(InputRefused):
            check(lacking, rule)
    programme = Programme(settings(home=home, password_rule="bssn"))
    programme.add_user("sari", "manager", password="Perahu-Kertas 77")
    client = client_as(settings(home=home, password_rule="bssn"), None)
    log_in(client, password="Perahu-Kertas 77")
    assert client.get("/plans").status_code == 200
    programme.store.change_account("sari", "test", password_set_at=datetime.now(UTC) - timedelta(days=91))
    log_in(client, password="Perahu-Kertas 77")
    assert client.get("/plans").headers["Location"] == "/password"


def test_passwords_are_kept_as_salted_scrypt():
    one, two = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert one != two
    assert one.startswith("scrypt:32768:8:3$")
    assert holds(one, GOOD)
    assert not holds(one, OTHER)
    assert holds(passwords.hashed("caf\u00e9 kopi susu senja"), "cafe\u0301 kopi susu senja")


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


@pytest.mark.parametrize(
    ("name", "role", "told"),
    [
        ("s", "manager", {}),
        ("sari budi", "manager", {}),
        ("<b>", "manager", {}),
        ("ani", "boss", {}),
        ("ani", "mentor", {}),
        ("ani", "mentor", {"mentor_id": "M999"}),
        ("ani", "manager", {"display_name": "a\nb\x00c"}),
        ("ani", "manager", {"password": "short"}),
    ],
)
def test_a_user_that_cannot_be_is_refused_in_words(programme, name, role, told):
    with pytest.raises(Exception, match=r"[a-z]") as refusal:
        programme.add_user(name, role, **told)
    assert str(refusal.value.mend)
    assert len(programme.users()["users"]) == 1


def test_names_are_taken_once_and_the_last_administrator_stays(programme):
    with pytest.raises(InputRefused):
        programme.add_user("SARI", "head")
    programme.add_user("root", "admin", password=OTHER)
    for change in (lambda: programme.disable_user("root"), lambda: programme.change_user("root", role="head")):
        with pytest.raises(InputRefused, match="last administrator"):
            change()
    programme.add_user("second", "admin", password=OTHER)
    assert programme.disable_user("root")["disabled_at"] is not None


def test_log_ins_and_changes_are_in_the_audit_log_without_names_or_secrets(home, browser, programme):
    with pytest.raises(SignInRefused):
        programme.log_in("sari", "wrong", address="x")
    programme.reset_password("sari")
    told = programme.audit()
    assert [row["action"] for row in told["entries"]] == ["user.reset", "login.failed", "login", "user.add"]
    assert told["check"]["broken"] is None
    text = repr([row["details"] for row in told["entries"]]) + repr([row["subject"] for row in told["entries"]])
    assert not re.search(r"sari|wrong", text, re.IGNORECASE)


def test_what_a_user_does_is_recorded_under_the_user(home, programme):
    client = client_as(home, "admin")
    programme.add_user("root", "admin", password=OTHER)
    log_in(client_as(home, None))
    store = programme.store
    client = client_as(home, None)
    client.set_cookie(*cookie_as(store, "manager", name="budi"))
    send(client, "/logout", "/password")
    number = store.account("budi").id
    newest = programme.audit()["entries"][0]
    assert (newest["action"], newest["actor"], newest["name"]) == ("logout", f"user:{number}", "budi")


def test_the_demo_has_a_user_for_each_role_with_a_password_told_at_every_start_until_it_is_changed(home, batch_of):
    programme = Programme(settings(home=home))
    programme.store.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "N", "district": "D"}]))
    first = {row["user"]: row["one_time_password"] for row in programme.demo_users()}
    assert set(first) == {role.value for role in Role}
    assert programme.store.account("mentor").mentor_id == "M1"
    client = client_as(home, None)
    log_in(client, "head", first["head"])
    send(client, "/password", "/password", old=first["head"], new=OTHER, again=OTHER)
    again = {row["user"]: row["one_time_password"] for row in programme.demo_users()}
    assert set(again) == set(first) - {"head"}
    assert log_in(client_as(home, None), "manager", first["manager"]).status_code == 401
    assert log_in(client_as(home, None), "manager", again["manager"]).status_code == 303


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
