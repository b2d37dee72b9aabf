"""My record and objections as a mentor and a manager meet them on the pages."""

import re

import pytest

from service.app import create_app
from service.language import Language
from service.settings import settings
from service.usecases import Programme
from service.words import EVIDENCE
from tests.people_rig import client_of, form_token


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#39;", "'").replace("&amp;", "&")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("mine")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=30, businesses=300, months=24, seed=2011)
    programme.import_([place / "city"])
    programme.plan(budget=20_000_000)
    return create_app(settings(home=place / "home", lang="en"))


@pytest.fixture(scope="module")
def chosen(app):
    return app.extensions["programme"].show_plan(1)["choices"][0]


def mentor_of(app, mentor_id):
    return client_of(app, "mentor", mentor_id=mentor_id)


def test_a_mentor_objects_and_it_stands_everywhere_until_it_is_answered(app, chosen):
    mentor, manager = mentor_of(app, chosen["mentor_id"]), client_of(app, "manager", name="Sari M.")
    own = mentor.get("/mine").text
    told = app.extensions["programme"].answers_told(chosen["mentor_id"])
    assert "complete rows of answers" in " ".join(map(str, told["warnings"]))
    assert "no verdict" in own or all(str(warning) in words(own) for warning in told["warnings"])
    assert "beyond 80/20" not in own
    assert chosen["title"] in words(own)
    assert all(str(reason)[:20] in words(own) for reason in chosen["reasons"])
    sent = {
        "csrf": form_token(mentor, "/mine"),
        "kind": "objection",
        "about": f"plan|1|{chosen['course_id']}",
        "said": "<script>alert(1)</script> I did this course",
    }
    assert mentor.post("/mine/objections", data=sent).status_code == 303
    for path in ("/plans/1", f"/mentors/{chosen['mentor_id']}", "/objections"):
        page = manager.get(path).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; I did this course" in page, path
        assert "<script>alert" not in page
        assert "Not answered yet." in page
    answer = {"csrf": form_token(manager), "outcome": "upheld", "said": "You are taken out of plan 2."}
    assert manager.post("/objections/1", data=answer).status_code == 303
    told = words(mentor.get("/mine").text)
    assert "Upheld : You are taken out of plan 2. Sari M. (Programme manager)" in told
    for path in ("/plans/1", f"/mentors/{chosen['mentor_id']}"):
        assert "I did this course" not in manager.get(path).text
    assert manager.post("/objections/1", data=answer).status_code == 400


def test_another_mentor_neither_sees_nor_answers_it(app, chosen):
    others = app.extensions["programme"].snapshot()["mentors"]["mentor_id"]
    other = mentor_of(app, next(m for m in others if m != chosen["mentor_id"]))
    assert "I did this course" not in other.get("/mine").text
    assert other.get("/objections").status_code == 403
    token = form_token(other, "/mine")
    assert other.post("/objections/1", data={"csrf": token}).status_code == 403


def test_an_official_of_another_district_cannot_answer(app, chosen):
    mentor = mentor_of(app, chosen["mentor_id"])
    sent = {
        "csrf": form_token(mentor, "/mine"),
        "kind": "correction",
        "about": "record",
        "said": "My district is wrong",
    }
    mentor.post("/mine/objections", data=sent)
    mentors = app.extensions["programme"].snapshot()["mentors"].set_index("mentor_id")["district"]
    other = next(district for district in sorted(set(mentors)) if district != mentors[chosen["mentor_id"]])
    foreign = client_of(app, "verifier", districts=[other])
    assert "My district is wrong" not in foreign.get("/objections").text
    answer = {"csrf": form_token(foreign), "outcome": "noted", "said": "no"}
    assert foreign.post("/objections/2", data=answer).status_code == 404
    own = client_of(app, "verifier", districts=[mentors[chosen["mentor_id"]]])
    page = words(own.get("/objections").text)
    assert "My district is wrong" in page
    assert "A correction is due by" in page


def test_what_is_not_chosen_or_not_said_is_refused(app, chosen):
    mentor = mentor_of(app, chosen["mentor_id"])
    token = form_token(mentor, "/mine")
    assert not re.search(r"<option[^>]*selected", mentor.get("/mine").text)
    for form in (
        {"kind": "", "said": "x"},
        {"kind": "objection", "said": " "},
        {"kind": "objection", "about": "plan|9|x"},
    ):
        assert mentor.post("/mine/objections", data={"csrf": token, "said": "x", **form}).status_code in {400, 404}


def test_a_user_tied_to_no_mentor_is_told_so(app):
    assert "tied to no mentor" in words(client_of(app, "mentor").get("/mine").text)


def test_a_mentor_sees_evidence_range_and_that_a_choice_was_refused(app):
    programme = app.extensions["programme"]
    plan = programme.plan(budget=31_000_000)
    choice = plan["choices"][0]
    pair = f"{choice['mentor_id']}:{choice['course_id']}"
    programme.decide_plan(plan["plan"], pair, "refuse", reason="a secret of the office", name="Budi", role="manager")
    programme.approve_plan(plan["plan"], name="Sari", role="manager")
    own = words(mentor_of(app, choice["mentor_id"]).get("/mine").text)
    part = own[own.index(f"Plan {plan['plan']}, approved") :]
    speak = Language("en")
    mean, low, high = (speak.signed(choice["gain_points"][end], 1) for end in ("mean", "low", "high"))
    assert f"Evidence: {EVIDENCE[choice['evidence']]} Score {mean} ({low} … {high})" in part
    assert "Refused : Budi (Programme manager)" in part
    assert "a secret of the office" not in own
    seen = words(client_of(app, "manager").get(f"/mentors/{choice['mentor_id']}").text)
    assert f"Plan {plan['plan']} ," in seen
    assert "Refused : Budi (Programme manager)" in seen
    assert "a secret of the office" in seen
