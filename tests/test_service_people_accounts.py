"""Users and their passwords: made, changed, refused in words, recorded without names or secrets."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from model.refusals import InputRefused, SignInRefused
from service.people import passwords
from service.people.passwords import RULES, check, holds
from service.people.roles import Role
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as, cookie_as
from tests.signing_in import GOOD, OTHER, a_browser, a_home, a_programme, inside, log_in, quick, send

__all__ = ["a_browser", "a_home", "a_programme", "quick"]


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
