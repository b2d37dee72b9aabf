"""The pages of plans as a manager uses them: every advice whole, decided by hand, simulated, approved once."""

import io
import json
import re
import time
from html.parser import HTMLParser

import openpyxl
import pytest

from service.app import create_app
from service.language import Language
from service.pages.plan_asking import drawing
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.pdf_text import text_of
from tests.people_rig import client_of, form_token

VOID = {"line", "meta", "link", "input", "br", "img", "rect", "circle", "polyline", "polygon"}


class Dom(HTMLParser):
    """Every element as [tag, attributes, text, children]."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.root = ["root", {}, "", []]
        self._open = [self.root]
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = [tag, dict(attrs), "", []]
        self._open[-1][3].append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        if tag not in VOID and any(element[0] == tag for element in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        for element in self._open:
            element[2] += data


def found(element, wanted):
    tag, _, name = wanted.partition(".")
    own = (not tag or element[0] == tag) and (not name or name in element[1].get("class", "").split())
    return ([element] if own else []) + [hit for child in element[3] for hit in found(child, wanted)]


def when_there(client, path):
    """A page that may be worked out first, once it is there."""
    deadline = time.monotonic() + 60
    while "data-again" in (page := client.get(path).text) and time.monotonic() < deadline:
        time.sleep(0.2)
    return page


def text(element):
    return " ".join(element[2].split())


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("plans")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=600, months=30, seed=2013)
    programme.import_([place / "city"])
    programme.train()
    programme.plan(budget=30_000_000)
    return create_app(settings(home=place / "home", lang="en"))


@pytest.fixture
def manager(app):
    return client_of(app, "manager")


def whole_advices(html, lang, count):
    """Every advice of a page has its reasons, evidence word before the figures, range, runner-up, change, decider."""
    articles = found(Dom(html).root, "article.choice")
    assert len(articles) == count > 0
    words = {Language(lang).text(word) for word in ("strong", "moderate", "weak", "insufficient")}
    for article in articles:
        (said,), (evidence,) = found(article, "p.said"), found(article, "span.evidence")
        assert text(evidence).partition(": ")[2] in words
        assert text(said).startswith(text(evidence))
        assert not re.search(r"\d", text(said)[: len(text(evidence))])
        ranges = [text(span) for span in found(said, "span.range")]
        assert ranges
        assert all(re.fullmatch(r"\(.+ … .+\)", shown) for shown in ranges)
        reasons = [text(item) for item in found(found(article, "ul.reasons")[0], "li")]
        assert 1 <= len(reasons) <= 5
        for part in ("p.runner-up", "p.change", "p.decides"):
            (one,) = found(article, part)
            assert len(text(one)) > 15, part
    return articles


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_advice_on_the_page_of_a_plan_is_whole(app, manager, lang):
    plan = render(app.extensions["programme"].show_plan(1), Language(lang))
    articles = whole_advices(manager.get(f"/plans/1?lang={lang}").text, lang, len(plan["choices"]))
    for article, choice in zip(articles, plan["choices"], strict=True):
        for said in (*choice["reasons"], choice["runner_up"]["note"], choice["what_would_change"], choice["decides"]):
            assert " ".join(said.split()) in text(article)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_advice_on_whom_to_assess_is_whole(app, manager, lang):
    told = app.extensions["programme"].assess_first(budget=30_000_000)["assessments"]
    whole_advices(when_there(manager, f"/plans/assess-first?budget=30000000&lang={lang}"), lang, len(told))


def test_an_advice_that_lacks_a_part_is_found(manager):
    html = manager.get("/plans/1").text
    for planted in (
        re.sub(r'<p class="decides">.*?</p>', "", html, count=1),
        re.sub(r'<span class="evidence.*?</span>', "", html, count=1),
        html.replace(" … ", " - "),
    ):
        with pytest.raises((AssertionError, ValueError)):
            whole_advices(planted, "en", html.count('<article class="choice">'))


def test_nothing_is_decided_or_ticked_beforehand(manager):
    root = Dom(manager.get("/plans/1").text).root
    (form, *_) = found(root, "form.decide")
    options = [option[1] for option in found(form, "option")]
    assert options[0]["value"] == ""
    assert all("selected" not in option for option in options)
    assert not [box for box in found(root, "input") if "checked" in box[1]]


def test_a_decision_keeps_name_role_time_and_model_and_needs_a_reason(app):
    sari = client_of(app, "manager", name="Sari <i>")
    choice = app.extensions["programme"].show_plan(1)["choices"][0]
    sent = {"csrf": form_token(sari), "choice": f"{choice['mentor_id']}:{choice['course_id']}", "decision": "refuse"}
    assert sari.post("/plans/1/decisions", data=sent).status_code == 400
    assert sari.post("/plans/1/decisions", data={**sent, "decision": ""}).status_code == 400
    done = sari.post("/plans/1/decisions", data={**sent, "reason": '"><script>alert(1)</script>'})
    assert done.status_code == 303
    (row,) = app.extensions["programme"].show_plan(1)["decisions"]
    assert (row["name"], row["role"], row["model"]) == ("Sari <i>", "manager", "model-0001")
    page = sari.get("/plans/1").text
    assert "Sari &lt;i&gt; (Programme manager)" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_who_may_not_decide_sees_no_form_and_is_refused(app):
    analyst = client_of(app, "analyst")
    page = Dom(analyst.get("/plans/1").text).root
    assert not found(page, "form.decide")
    sent = {"csrf": form_token(analyst), "choice": "M001:K01", "decision": "accept"}
    assert analyst.post("/plans/1/decisions", data=sent).status_code == 403
    assert analyst.post("/plans/1/approval", data={**sent, "sure": "yes"}).status_code == 403


def test_an_official_of_another_district_decides_on_nobody_there(app):
    choice = app.extensions["programme"].show_plan(1)["choices"][0]
    mentors = app.extensions["programme"].snapshot()["mentors"].set_index("mentor_id")["district"]
    other = next(district for district in sorted(set(mentors)) if district != mentors[choice["mentor_id"]])
    foreign = client_of(app, "manager", districts=[other])
    named = f"{choice['mentor_id']}:{choice['course_id']}"
    sent = {"csrf": form_token(foreign), "choice": named, "decision": "accept"}
    assert foreign.post("/plans/1/decisions", data=sent).status_code == 404


def test_a_simulation_says_so_stores_nothing_and_can_become_a_plan(app, manager):
    programme = app.extensions["programme"]
    before = len(programme.plans()["plans"])
    choice = programme.show_plan(1)["choices"][0]
    named = f"{choice['mentor_id']}:{choice['course_id']}"
    root = Dom(manager.get(f"/plans/1/what-if?forbid={named}&budget=25000000").text).root
    assert "simulation" in text(found(root, "p.simulation")[0])
    assert len(programme.plans()["plans"]) == before
    (form,) = [form for form in found(root, "form") if form[1].get("action") == "/plans"]
    fields = {field[1]["name"]: field[1]["value"] for field in found(form, "input") if field[1]["name"] != "csrf"}
    made = manager.post("/plans", data={**fields, "csrf": form_token(manager)})
    assert made.status_code == 303
    plan = programme.show_plan(made.location.rpartition("/")[2])
    assert plan["budget_idr"] == 25_000_000
    assert [f"{pair['mentor_id']}:{pair['course_id']}" for pair in plan["forbids"]] == [named]
    compared = manager.get(f"/plans/compare?first=1&second={plan['plan']}").text
    assert choice["title"] in compared


def test_the_form_carries_every_limit(app, manager):
    district = min(app.extensions["programme"].snapshot()["mentors"]["district"])
    area = next(iter(app.extensions["programme"].framework.areas))
    page = Dom(manager.get("/plans").text).root
    names = {field[1].get("name") for field in found(page, "input")}
    assert {f"floor:{district}", f"cap:{area}", "hours", "lock", "forbid"} <= names
    sent = {"budget": "30.000.000", "hours": "40", f"floor:{district}": "1", f"cap:{area}": "2", "most": "1"}
    made = manager.post("/plans", data={**sent, "csrf": form_token(manager)})
    plan = app.extensions["programme"].show_plan(made.location.rpartition("/")[2])
    assert plan["rules"]["hours_per_mentor"] == 40
    assert plan["rules"]["floors"] == [{"district": district, "places": 1}]
    assert plan["rules"]["area_caps"] == [{"area": area, "places": 2}]
    refused = manager.post("/plans", data={"budget": "1", "lock": "nobody", "csrf": form_token(manager)})
    assert refused.status_code == 400
    assert "Must be in the plan" in refused.text


def test_the_curve_is_drawn_and_every_figure_stands_in_the_table(app, manager):
    told = app.extensions["programme"].plan_curve(budget=30_000_000)
    root = Dom(when_there(manager, "/plans/curve?budget=30000000")).root
    rows = found(found(root, "tbody")[0], "tr")
    assert len(rows) == len(told["points"])
    assert [text(found(row, "th")[0]) for row in rows] == [
        Language("en").rupiah(point["budget_idr"]) for point in told["points"]
    ]
    assert len(found(root, "circle")) == sum(point["value"] is not None for point in told["points"])


@pytest.mark.parametrize("path", ["/plans/curve", "/plans/assess-first"])
def test_a_question_opened_bare_shows_its_form_and_an_empty_budget_is_asked_for(manager, path):
    bare = manager.get(path)
    assert bare.status_code == 200
    assert [field[1]["name"] for field in found(Dom(bare.text).root, "input") if field[1].get("id") == "budget"]
    for lang, says in (("id", "Isilah anggaran."), ("en", "Fill in the budget.")):
        empty = manager.get(f"{path}?budget=&lang={lang}")
        assert empty.status_code == 400
        assert says in empty.text


def test_the_drawing_rises_with_the_benefit_and_stays_in_its_frame():
    points = [
        {"budget_idr": b, "value": v, "benefit": {"mean": v, "low": v / 2, "high": 2 * v}, "turnover_idr": None}
        for b, v in ((1, 1), (4, 3))
    ]
    drawn = drawing(points)
    assert not drawn["money"]
    (x1, y1), (x2, y2) = ((float(x), float(y)) for x, y in drawn["dots"])
    assert 0 < x1 < x2 < drawn["width"]
    assert drawn["height"] > y1 > y2 > 0
    assert len(drawn["band"].split()) == 4
    assert drawing([{"budget_idr": 1, "value": None, "benefit": None, "turnover_idr": None}]) is None
    rich = [point | {"turnover_idr": {end: 1e9 * v for end, v in point["benefit"].items()}} for point in points]
    assert drawing(rich) | {"money": False, "heights": drawn["heights"]} == drawn
    assert drawing(rich)["heights"][-1][1] == 6e9


def test_the_files_of_a_plan_are_the_plan(app, manager):
    plan = render(app.extensions["programme"].stored_plan(1), Language("en"))
    told = json.loads(manager.get("/plans/1/plan.json").data)
    assert told["choices"] == plan["choices"]
    book = openpyxl.load_workbook(io.BytesIO(manager.get("/plans/1/plan.xlsx").data))
    assert len(list(book["Plan"].iter_rows(min_row=2))) == len(plan["choices"])
    paper = text_of(manager.get("/plans/1/plan.pdf").data)
    assert all(choice["mentor_id"] in paper for choice in plan["choices"])
    assert manager.get("/plans/1/plan.doc").status_code == 404
    assert manager.get("/plans/99/plan.pdf").status_code == 404


def test_a_plans_workbook_comes_back_through_the_pages(app, manager):
    """Filled in where a course is done, it needs no word on its columns: rows without a day wait."""
    programme = app.extensions["programme"]
    book = openpyxl.load_workbook(io.BytesIO(manager.get("/plans/1/plan.xlsx?lang=id").data))
    manager.get("/?lang=en")
    rows = len(list(book["trainings"].iter_rows(min_row=2)))
    book["trainings"]["C2"] = "2026-11-01"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    token, before = form_token(manager), len(programme.snapshot()["trainings"])
    sent = manager.post("/imports", data={"csrf": token, "files": (file, "rencana.xlsx")})
    page = manager.get(sent.location)
    assert page.status_code == 200
    assert "alert-danger" not in page.text
    assert f"{rows - 1}" in page.text
    assert manager.post(f"{sent.location}/confirm", data={"csrf": token}).status_code == 303
    assert len(programme.snapshot()["trainings"]) == before + 1


def test_approving_needs_a_tick_by_hand_and_closes_the_plan(app, manager):
    token, plan = form_token(manager), app.extensions["programme"].show_plan(1)
    decided = {(row["mentor_id"], row["course_id"]) for row in plan["decisions"]}
    alone = sum((row["mentor_id"], row["course_id"]) not in decided for row in plan["choices"])
    assert f"Choices that nobody has decided on: {alone}." in manager.get("/plans/1").text
    assert manager.post("/plans/1/approval", data={"csrf": token}).status_code == 400
    assert manager.post("/plans/1/approval", data={"csrf": token, "sure": "yes"}).status_code == 303
    page = manager.get("/plans/1").text
    assert "An approved plan never changes." in page
    assert not found(Dom(page).root, "form.decide")
    assert manager.post("/plans/1/approval", data={"csrf": token, "sure": "yes"}).status_code == 422


def test_a_draft_page_tells_which_places_an_approved_plan_holds_already(app, manager):
    programme = app.extensions["programme"]
    if programme.show_plan(1)["approval"] is None:
        programme.approve_plan(1, name="Sari", role="manager")
    made = programme.plan(budget=29_000_000)["plan"]
    told = programme.show_plan(made)["repeated"]
    assert told
    page = text(Dom(manager.get(f"/plans/{made}").text).root)
    assert f"Places that an approved plan holds already: {len(told)}." in page
    assert all(str(row["note"]) in page for row in told)
    assert "holds already" not in manager.get("/plans/1").text


def test_who_decides_or_approves_from_a_page_that_is_behind_is_told_and_nothing_is_recorded(app):
    programme = app.extensions["programme"]
    plan = programme.plan(budget=33_000_000)
    number, key = plan["plan"], "{mentor_id}:{course_id}".format(**plan["choices"][0])
    one, two = client_of(app, "manager", name="Ana"), client_of(app, "manager", name="Budi")
    asked = [
        {"csrf": form_token(who, f"/plans/{number}"), "choice": key, "known": "0", "decision": what, "reason": "why"}
        for who, what in ((one, "accept"), (two, "refuse"))
    ]
    for who in (one, two):
        assert who.get(f"/plans/{number}").text.count('name="known" value="0"') == len(plan["choices"]) + 1
    assert one.post(f"/plans/{number}/decisions", data=asked[0]).status_code == 303
    late = two.post(f"/plans/{number}/decisions", data=asked[1])
    assert late.status_code == 422
    assert "Someone decided on this choice in the meantime; yours is not recorded." in late.text
    assert "Ana" in late.text
    blind = two.post(f"/plans/{number}/approval", data={**asked[1], "sure": "yes"})
    assert (blind.status_code, programme.show_plan(number)["status"]) == (422, "draft")
    assert [row["decision"] for row in programme.show_plan(number)["decisions"]] == ["accept"]
    assert 'name="known" value="1"' in two.get(f"/plans/{number}").text
    assert two.post(f"/plans/{number}/decisions", data={**asked[1], "known": "1"}).status_code == 303
    assert two.post(f"/plans/{number}/approval", data={**asked[1], "known": "2", "sure": "yes"}).status_code == 303
