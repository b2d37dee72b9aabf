"""The pages of matching as a manager uses them: pairs with their reasons, fixed and forbidden, declined, made known."""

import json
import re

import pytest

from service.app import create_app
from service.language import Language
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from service.words import EVIDENCE
from tests.pdf_text import text_of
from tests.people_rig import client_of, form_token
from tests.test_service_pages_plans import Dom, found, text, whole_advices

NO_RANGE = "sum over the needs of how far the scores reach the standard: an agreement, no forecast, so it has no range"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("matches")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=30, businesses=400, months=24, seed=2014)
    programme.import_([place / "city"])
    programme.match()
    return create_app(settings(home=place / "home", lang="en"))


@pytest.fixture(scope="module")
def manager(app):
    return client_of(app, "manager", name="Sari")


@pytest.fixture(scope="module")
def learned_effects(tmp_path_factory):
    """A city whose mentors' scores are known to matter, learned and matched."""
    place = tmp_path_factory.mktemp("effects")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=60, businesses=1200, months=30, seed=7)
    programme.import_([place / "city"])
    assert programme.train()["supported_gain"]
    programme.match()
    return create_app(settings(home=place / "home", lang="en"))


def pairs_of(answer):
    return {(pair["business_id"], pair["mentor_id"]) for pair in answer["pairs"]}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_pair_says_why_and_why_not_the_next_and_who_decides(app, manager, lang):
    answer = render(app.extensions["programme"].show_match(1), Language(lang))
    root = Dom(manager.get(f"/matches/1?lang={lang}").text).root
    articles = found(root, "article.choice")
    assert len(articles) == min(25, len(answer["pairs"])) > 5
    for article, pair in zip(articles, answer["pairs"], strict=False):
        for said in (*pair["reasons"], pair["runner_up"]["note"], pair["what_would_change"], pair["decides"]):
            assert " ".join(said.split()) in text(article)
        assert pair["business_id"] in text(article)
        assert pair["basis"] == "standard"
        (said,), (evidence,) = found(article, "p.said"), found(article, "span.evidence")
        assert text(evidence).partition(": ")[2] in {Language(lang).text(word) for word in EVIDENCE.values()}
        assert text(said).startswith(text(evidence))
        assert Language(lang).number(pair["fit"], 2) in text(said)
        assert Language(lang).text(NO_RANGE) in text(said)
        assert all(other in text(article) for other in pair["equals"])


def test_the_list_is_filtered_and_the_unmatched_say_what_would_help(app, manager):
    answer = app.extensions["programme"].show_match(1)
    pair = answer["pairs"][-1]
    page = manager.get(f"/matches/1?business_id={pair['business_id']}").text
    assert len(found(Dom(page).root, "article.choice")) == 1
    whole = " ".join(text(item) for item in found(Dom(manager.get("/matches/1").text).root, "details"))
    told = render(answer["unmatched"], Language("en"))
    assert all(row["business_id"] in whole for row in told[:50])
    assert all(row["fix"] in whole for row in told)


def test_a_pair_is_fixed_or_forbidden_from_the_page(app, manager):
    programme = app.extensions["programme"]
    business, mentor = min(pairs_of(programme.show_match(1)))
    token = form_token(manager)
    made = manager.post("/matches", data={"csrf": token, "pool": "new", "forbid-pair": f"{business}:{mentor}"})
    assert made.status_code == 303
    number = made.location.rpartition("/")[2]
    assert (business, mentor) not in pairs_of(programme.show_match(number))
    assert manager.post("/matches", data={"csrf": token, "lock": "nothing"}).status_code == 400
    assert manager.post("/matches", data={"csrf": token, "keep": "much"}).status_code == 400


def test_declining_needs_a_reason_and_gives_a_matching_of_its_own(app, manager):
    programme = app.extensions["programme"]
    business, mentor = min(pairs_of(programme.show_match(1)))
    sent = {"csrf": form_token(manager), "pair": f"{business}:{mentor}"}
    assert manager.post("/matches/1/declines", data=sent).status_code == 400
    made = manager.post("/matches/1/declines", data={**sent, "reason": "<b>ill</b>"})
    assert made.status_code == 303
    assert (business, mentor) not in pairs_of(programme.show_match(made.location.rpartition("/")[2]))
    page = manager.get("/matches/1").text
    assert "&lt;b&gt;ill&lt;/b&gt;" in page
    assert "Sari (Programme manager)" in page
    everyone = programme.snapshot()["mentors"].set_index("mentor_id")["district"]
    other = next(district for district in sorted(set(everyone)) if district != everyone[mentor])
    foreign = client_of(app, "manager", districts=[other])
    assert (
        foreign.post("/matches/1/declines", data={**sent, "csrf": form_token(foreign), "reason": "x"}).status_code
        == 404
    )


def test_the_intake_desk_answers_as_the_programme_does(app, manager):
    programme = app.extensions["programme"]
    district = programme.snapshot()["businesses"]["district"].iloc[0]
    need = next(iter(programme.framework.problems))
    told = render(programme.best_mentor(district=district, needs=[need]), Language("en"))
    page = manager.get(f"/matches/intake?district={district}&need={need}").text
    shown = [text(item) for item in found(Dom(page).root, "li") if re.match(r".+ M\d+", text(item))]
    rows = [*told["best"], *told["full"]]
    assert [row["mentor_id"] in line for row, line in zip(rows, shown, strict=True)] == [True] * len(rows)
    assert told["note"] in text(Dom(page).root)
    cards = found(Dom(page).root, "article.choice")
    assert len(cards) == len(told["best"])
    for row, card in zip(told["best"], map(text, cards), strict=True):
        owed = (
            *row["reasons"],
            row["runner_up"]["note"],
            row["what_would_change"],
            row["decides"],
            "Evidence: ",
            " … ",
        )
        assert [said for said in owed if said not in card] == []
    assert manager.get("/matches/intake?district=Nowhere").status_code in {200, 400, 404}


def test_the_files_are_the_matching(app, manager):
    answer = render(app.extensions["programme"].show_match(1), Language("en"))
    assert json.loads(manager.get("/matches/1/matching.json").data)["pairs"] == answer["pairs"]
    assert manager.get("/matches/1/matching.xlsx").data[:2] == b"PK"
    assert answer["pairs"][0]["business_id"] in text_of(manager.get("/matches/1/matching.pdf").data)
    assert manager.get("/matches/1/matching.doc").status_code == 404


def test_approved_then_published_and_the_mentor_reads_and_objects(app, manager):
    programme, token = app.extensions["programme"], form_token(manager)
    assert manager.post("/matches/1/approval", data={"csrf": token}).status_code == 400
    assert not [box for box in found(Dom(manager.get("/matches/1").text).root, "input") if "checked" in box[1]]
    assert manager.post("/matches/1/approval", data={"csrf": token, "sure": "yes"}).status_code == 303
    pair = programme.show_match(1)["pairs"][0]
    mentor = client_of(app, "mentor", mentor_id=pair["mentor_id"])
    assert f"match|1|{pair['business_id']}" not in mentor.get("/mine").text
    assert manager.post("/matches/1/publication", data={"csrf": token, "sure": "yes"}).status_code == 303
    own = mentor.get("/mine").text
    assert f"match|1|{pair['business_id']}" in own
    about = {"kind": "objection", "about": f"match|1|{pair['business_id']}", "said": "Too far away"}
    assert mentor.post("/mine/objections", data={"csrf": form_token(mentor, "/mine"), **about}).status_code == 303
    assert "Too far away" in manager.get(f"/matches/1?business_id={pair['business_id']}").text
    wrong = {**about, "about": "match|1|nothing"}
    assert mentor.post("/mine/objections", data={"csrf": form_token(mentor, "/mine"), **wrong}).status_code == 404


def test_a_draft_waits_on_the_first_page_of_who_may_approve_it_and_of_nobody_else(app):
    newest = app.extensions["programme"].match(pool="all", keep=0.07)["match"]
    waits = f'href="/matches/{newest}"'
    assert waits in client_of(app, "manager").get("/").text
    assert waits not in client_of(app, "analyst").get("/").text
    app.extensions["programme"].approve_match(newest, name="Sari", role="manager")
    assert waits not in client_of(app, "manager").get("/").text


def test_who_does_not_need_owners_names_gets_none(app):
    page = client_of(app, "analyst").get("/matches/1").text
    names = app.extensions["programme"].snapshot()["businesses"]["name"]
    assert not [name for name in names if name in page]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_pair_by_effect_is_a_whole_advice(learned_effects, lang):
    """Reasons, evidence word before the figures, 90 % range, runner-up, what would change it, who decides."""
    answer = learned_effects.extensions["programme"].show_match(1)
    assert {pair["basis"] for pair in answer["pairs"]} == {"effect"}
    page = client_of(learned_effects, "manager").get(f"/matches/1?lang={lang}").text
    whole_advices(page, lang, min(25, len(answer["pairs"])))
