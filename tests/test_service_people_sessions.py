"""Log-in and sessions as a browser meets them: where they lead, how long they last, what ends them."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from data.store.engine import writing
from data.store.schema_people import login_session
from service.people import auth
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import COOKIE, client_as, form_token
from tests.signing_in import GOOD, OTHER, a_browser, a_home, a_programme, cookie_of, inside, log_in, quick, send

__all__ = ["a_browser", "a_home", "a_programme", "quick"]


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
