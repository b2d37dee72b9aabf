"""A form that is refused is shown again as it was filled in, with what was wrong above it; nothing is stored."""

import re

import pytest

from service.app import create_app
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_of, form_token

SAID = 'kata <saya> & "kutip"'


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("kept")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=30, businesses=300, months=30, seed=2003)
    programme.import_([place / "city"])
    programme.plan(budget=20_000_000)
    programme.match()
    programme.raise_objection(
        mentor_id="M002", kind="objection", about="record", source=None, subject=None, said="salah", name="x", role="hr"
    )
    return create_app(settings(home=place / "home"))


def fields(html: str) -> list[str]:
    """What every field of a page holds: value of inputs, text of areas, chosen options."""
    found = re.findall(r'<input [^>]*?name="[^"]+"[^>]*?value="([^"]*)"', html)
    found += re.findall(r"<textarea[^>]*>([^<]*)</textarea>", html)
    found += re.findall(r'<option value="([^"]*)" selected', html)
    named = (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&"))
    for code, sign in named:
        found = [text.replace(code, sign) for text in found]
    return found


CHOICE = "choice of the plan"
PAIR = "pair of the matching"
FORMS = [
    (
        "manager",
        "/plans",
        {"budget": "banyak", "most": "7", "risk": "cautious", "hours": "12", "lock": "M001:K01", "forbid": SAID},
        ("banyak", "7", "cautious", "12", "M001:K01", SAID),
    ),
    ("manager", "/plans/1/decisions", {"choice": CHOICE, "decision": "refuse", "reason": " "}, ("refuse",)),
    ("manager", "/plans/1/decisions", {"choice": CHOICE, "decision": "maybe", "reason": SAID}, (SAID,)),
    (
        "manager",
        "/matches",
        {"pool": "all", "keep": "much", "balance": "0,1", "lock": SAID, "without": "M003"},
        ("all", "much", "0,1", SAID, "M003"),
    ),
    ("manager", "/matches/1/declines", {"pair": "U:M", "reason": SAID}, ()),
    ("manager", "/objections/1", {"of": "1", "outcome": "maybe", "said": SAID}, (SAID,)),
    ("manager", "/objections/1", {"of": "1", "outcome": "refused", "said": " "}, ("refused",)),
    ("mentor", "/mine/objections", {"kind": "maybe", "about": "record", "said": SAID}, (SAID,)),
    ("mentor", "/mine/objections", {"kind": "correction", "about": "record", "said": ""}, ("correction",)),
    (
        "admin",
        "/admin/users",
        {"adds": "yes", "name": "x y", "role": "hr", "display_name": SAID, "districts": "A; B", "mentor": ""},
        ("x y", "hr", SAID, "A; B"),
    ),
    (
        "admin",
        "/admin/tokens",
        {"name": SAID, "role": "analyst", "days": "0", "districts": "A"},
        (SAID, "analyst", "0"),
    ),
    ("head", "/reports", {"kind": "period", "period": "tahun lalu", "number": SAID}, ("tahun lalu",)),
]


@pytest.mark.parametrize(("role", "path", "form", "kept"), FORMS)
def test_a_refused_form_keeps_what_was_typed(app, role, path, form, kept):
    programme = app.extensions["programme"]
    choice = programme.stored_plan(1)["choices"][-1]
    named = {CHOICE: f"{choice['mentor_id']}:{choice['course_id']}"}
    client = client_of(app, role, mentor_id="M002" if role == "mentor" else None)
    form = {name: named.get(text, text) for name, text in form.items()}
    stood = len(programme.plans()["plans"]), len(programme.matches()["matches"]), len(programme.users()["users"])
    answer = client.post(path, data={**form, "csrf": form_token(client)})
    assert answer.status_code in {400, 404, 409, 422}
    assert answer.text.count('id="error-summary"') == 1
    assert [text for text in kept if text not in fields(answer.text)] == []
    after = len(programme.plans()["plans"]), len(programme.matches()["matches"]), len(programme.users()["users"])
    assert stood == after


def test_a_declined_pair_keeps_its_reason_wherever_it_stands(app):
    """The pair whose form was refused is shown, be it on another page of the list."""
    pair = app.extensions["programme"].show_match(1)["pairs"][-1]
    client, key = client_of(app, "manager"), f"{pair['business_id']}:{pair['mentor_id']}"
    app.extensions["programme"].approve_match(1, name="x", role="manager")
    answer = client.post("/matches/1/declines", data={"pair": key, "reason": " ", "csrf": form_token(client)})
    assert answer.status_code >= 400
    assert f'id="pair-{key}"' in answer.text


def test_only_the_form_that_was_refused_is_filled_in(app):
    choices = [
        f"{row['mentor_id']}:{row['course_id']}" for row in app.extensions["programme"].stored_plan(1)["choices"]
    ]
    client = client_of(app, "manager")
    sent = {"choice": choices[1], "decision": "maybe", "reason": SAID, "csrf": form_token(client)}
    assert fields(client.post("/plans/1/decisions", data=sent).text).count(SAID) == 1
    assert SAID not in fields(client.get("/plans/1").text)


def test_a_page_that_cannot_be_shown_again_is_refused_in_words(app):
    client = client_of(app, "manager")
    answer = client.post("/plans/99/decisions", data={"choice": "a:b", "csrf": form_token(client)})
    assert answer.status_code == 404
    assert "Ini tidak dapat dijawab" in answer.text
