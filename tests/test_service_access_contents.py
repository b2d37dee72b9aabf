"""What stands in answers: nobody out of reach, nor anything personal that the role has no need of."""

import io
import itertools
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from service.app import create_app
from service.guard import needed, needs
from service.people.roles import Permission, Role, permissions_of
from service.reach import Reach
from service.settings import settings
from service.usecases import Programme
from service.withholding import FEWEST
from tests.pdf_text import text_of
from tests.people_rig import client_of, form_token

LIMITED = [role for role in Role if role is not Role.ADMIN]
"""Whoever administers is never limited to districts."""
IMPERSONAL = [role for role in Role if Permission.SEE_PERSONAL not in permissions_of(role)]
SKIPPED = {"static", "bootstrap.static", "pages.sample_workbook"}
"""Files of the program's own, the same for everybody."""


def with_numbers(place: Path) -> None:
    """Give everybody a phone and a NIK of their own."""
    for table, first in (("mentors", 1), ("businesses", 2)):
        rows = pd.read_csv(place / f"{table}.csv", dtype=str)
        rows["phone"] = [f"08{first}7{n:08d}" for n in range(len(rows))]
        rows["nik"] = [f"36740{first}{n:010d}" for n in range(len(rows))]
        rows.to_csv(place / f"{table}.csv", index=False)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("contents")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=24, businesses=200, months=30, seed=2003)
    with_numbers(place / "city")
    programme.import_([place / "city"])
    programme.train()
    programme.plan(budget=20_000_000)
    programme.plan(budget=30_000_000)
    pairs = programme.match(pool="all")["pairs"]
    programme.decline_pair(
        "1", f"{pairs[0]['business_id']}:{pairs[0]['mentor_id']}", reason="away", name="a", role="head"
    )
    for district in programme.snapshot()["mentors"]["district"].unique():
        first = programme.best_mentor(district=district, needs=[])["best"][:1]
        given = {"district": district, "mentor": first[0]["mentor_id"]} if first else None
        if given:
            programme.decide_desk("accept", business=f"N-{district}", needs=[], name="a", role="head", **given)
    programme.publish_report(name="Head", role="head")
    for mentor in ("M001", "M002", "M003"):
        programme.raise_objection(mentor_id=mentor, kind="objection", said="Not so", name=mentor, role="mentor")
    return create_app(settings(home=place / "home"))


class People:
    """Whose ids, names, phones and NIK stand in the data."""

    def __init__(self, app) -> None:
        seen = app.extensions["programme"].snapshot()
        self.mentors, self.businesses, self.engagements = seen["mentors"], seen["businesses"], seen["engagements"]
        self.responses, self.reports, self.now = seen["responses"], seen["reports"], seen.active

    def told(self, frame, key, of, columns) -> set[str]:
        rows = frame[frame[key].isin(of)]
        return {str(value) for column in columns for value in rows[column].dropna()}

    def of(self, mentors, businesses) -> set[str]:
        named = ("name", "phone", "nik")
        return self.told(self.mentors, "mentor_id", mentors, ("mentor_id", *named)) | self.told(
            self.businesses, "business_id", businesses, ("business_id", *named)
        )

    @property
    def every(self) -> set[str]:
        return self.of(self.mentors["mentor_id"], self.businesses["business_id"])

    def district(self, name: str) -> set[str]:
        here = [frame[frame["district"] == name] for frame in (self.mentors, self.businesses)]
        return self.of(here[0]["mentor_id"], here[1]["business_id"])

    def mentor(self, mentor: str) -> set[str]:
        return self.of([mentor], self.now["business_id"][self.now["mentor_id"] == mentor])

    def past(self, mentor: str) -> set[str]:
        """Ids of a mentor's engagements that have ended."""
        own = self.engagements[self.engagements["mentor_id"] == mentor]
        return set(own["engagement_id"]) - set(self.now["engagement_id"])

    @property
    def respondents(self) -> set[str]:
        return set(self.responses["respondent_id"])

    @property
    def personal(self) -> set[str]:
        every = self.told(self.mentors, "mentor_id", self.mentors["mentor_id"], ("phone", "nik"))
        owners = self.told(self.businesses, "business_id", self.businesses["business_id"], ("name", "phone", "nik"))
        return every | owners


@pytest.fixture(scope="module")
def people(app):
    return People(app)


VALUES = {
    "form": ("xlsx", "json"),
    "language": ("id",),
    "lang": ("en",),
    "kind": ("dpia", "transparency"),
    "table": ("mentors", "businesses", "engagements", "reports", "assessments", "trainings", "responses"),
    "name": ("model-0001",),
    "match_id": ("1", "2"),
}
"""Values of the places in addresses; 1 where none is given."""
WITH_PDF = {"form": ("xlsx", "json", "pdf")}
"""For one role also the letters, which take long to set."""
QUERIES = {
    "api.compare_plans": ("other=2",),
    "pages.compare": ("first=1&second=2",),
    "pages.mentors": ("", "sort=growth"),
    "pages.index": ("by=district", "by=mentor"),
    "pages.index_rows": ("", "by=district", "by=mentor&group=M003"),
    "pages.intake": ("district=Setu",),
    "pages.report_behind": ("", "of=desk", "of=desk&report=1"),
    "pages.curve": ("budget=20000000",),
    "pages.what_if": ("budget=25000000",),
    "pages.assess_first": ("budget=20000000",),
    "pages.promise_rows": ("made=every",),
    "api.model_promises": ("made=every",),
    "api.index": ("by=mentor", "by=district"),
    "api.explain_mentor": ("", "against=M003"),
}


def reads(app, role, own: dict[str, str], more: dict | None = None):
    """Every GET that a role may open, as path; ``own``: ids of one's own, ``more``: further values of places."""
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in SKIPPED:
            continue
        if needed(app, rule.endpoint) not in permissions_of(role):
            continue
        known = {**VALUES, **(more or {}), **{name: (value,) for name, value in own.items()}}
        for values in itertools.product(*(known.get(name, ("1",)) for name in sorted(rule.arguments))):
            given = dict(zip(sorted(rule.arguments), values, strict=True))
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found, given=given: given[found[1]], rule.rule)
            for query in QUERIES.get(rule.endpoint, ("",)):
                yield f"{path}?{query}".rstrip("?")


def said(answer) -> str:
    """The text of an answer: of a workbook that of all its parts, of a PDF as a reader would copy it."""
    content = answer.data
    if content[:4] == b"%PDF":
        return text_of(content)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b" ".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")


def found_in(text: str, words: set[str]) -> list[str]:
    """The words that stand in a text, whole."""
    return sorted(word for word in words if word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))


def leaks(client, paths, foreign: set[str]) -> tuple[dict[str, list[str]], int]:
    """Path → foreign words in its answer, and how many answers were given."""
    wrong, opened = {}, 0
    for path in paths:
        answer = client.get(path)
        opened += answer.status_code == 200
        if found := found_in(said(answer), foreign - set(re.findall(r"[^=&?/]+", path))):
            wrong[path] = found[:5]
    return wrong, opened


def as_role(app, people, role):
    """A client limited to one district (a mentor to the own record), ids of its own, and what it may read of."""
    if role is Role.MENTOR:
        return client_of(app, role, mentor_id="M002"), {"mentor_id": "M002"}, people.mentor("M002")
    district = "Ciputat Timur"
    mentor = people.mentors["mentor_id"][people.mentors["district"] == district].min()
    engagement = people.engagements["engagement_id"][people.engagements["mentor_id"] == mentor].min()
    own = {"mentor_id": mentor, "engagement_id": engagement}
    return client_of(app, role, districts=[district]), own, people.district(district)


@pytest.mark.parametrize("role", LIMITED)
def test_nobody_out_of_reach_stands_in_an_answer(app, people, role):
    client, own, near = as_role(app, people, role)
    more = WITH_PDF if role is Role.HEAD else None
    wrong, opened = leaks(client, reads(app, role, own, more), people.every - near)
    assert wrong == {}
    assert opened > 15


SUMS = "/index/rows"


def test_a_mentor_meets_no_respondent_and_no_engagement_that_has_ended(app, people):
    client, own, _ = as_role(app, people, Role.MENTOR)
    single = people.respondents | people.past("M002")
    assert len(people.past("M002")) > 5
    wrong, opened = leaks(client, reads(app, Role.MENTOR, own), single)
    assert wrong == {}
    assert opened > 15
    for path in ("/tables/responses", "/tables/responses.csv"):
        answer = client.get(f"{path}?respondent_id={min(people.respondents)}", follow_redirects=True)
        assert answer.status_code == 200
        assert found_in(said(answer), people.respondents) == []


def test_a_mentor_reads_answers_as_sums_by_item_that_no_question_narrows(app, people):
    client = as_role(app, people, Role.MENTOR)[0]
    about = people.responses[people.responses["mentor_id"] == "M002"].sort_values("answered_on", kind="stable")
    newest = about.drop_duplicates(["respondent_id", "item_id"], keep="last")
    counts = newest.groupby("item_id")["answer"].agg(lambda said: int(said.sum())), newest["item_id"].value_counts()
    table = pd.read_csv(io.StringIO(client.get(f"{SUMS}.csv").text)).set_index("item_id")
    assert table["answers"].to_dict() == counts[1].to_dict()
    yes, exact = counts[0].reindex(table.index), table["yes_least"] == table["yes_most"]
    assert (table["yes_least"][exact] == yes[exact]).all()
    assert exact.to_dict() == (yes.between(2, table["answers"] - 2)).to_dict()
    assert ((table["yes_least"] <= yes) & (yes <= table["yes_most"])).all()
    assert table["answers"].min() >= FEWEST
    day = str(about["answered_on"].min().date())
    for narrowed in ("kind=complete", "period=2025-1", "by=program", "by=mentor&group=M003", f"answered_on={day}"):
        assert client.get(f"{SUMS}.csv?{narrowed}").text == client.get(f"{SUMS}.csv").text, narrowed
        figures = [re.findall(r'data-count="([^"]*)"', client.get(path).text) for path in (SUMS, f"{SUMS}?{narrowed}")]
        assert figures[0] == figures[1], narrowed
    for path in ("/api/v1/mentors/M002/score", "/api/v1/mentors", "/api/v1/explain/mentor/M002"):
        assert client.get(f"{path}?as_of={day}").status_code == 403, path


def test_items_with_few_answers_are_not_told_apart(app, people, monkeypatch):
    client = as_role(app, people, Role.MENTOR)[0]
    monkeypatch.setattr("service.withholding.FEWEST", 10_000)
    assert client.get(f"{SUMS}.csv").text.lstrip("\ufeff").splitlines() == ["item_id,yes_least,yes_most,answers"]
    assert "Some items have fewer than" in client.get(f"{SUMS}?lang=en").text


def test_a_mentor_sees_businesses_and_reports_of_engagements_active_now(app, people):
    client = as_role(app, people, Role.MENTOR)[0]
    active = set(people.now["business_id"][people.now["mentor_id"] == "M002"])
    for table in ("businesses", "engagements", "reports"):
        rows = pd.read_csv(io.StringIO(client.get(f"/tables/{table}.csv").text), dtype=str)
        assert set(rows["business_id"]) == active, table
    ended = min(people.past("M002"))
    assert client.get(f"/api/v1/explain/engagement/{ended}").status_code == 404
    assert "no longer shown to you once its engagement has ended" in client.get("/tables/reports?lang=en").text


def test_planted_a_mentor_who_sees_what_was_open_before_is_found(app, people, monkeypatch):
    client, own, near = as_role(app, people, Role.MENTOR)
    met = people.engagements["business_id"][people.engagements["mentor_id"] == "M002"]
    before = Reach(frozenset({"M002"}), frozenset(met), True, "", app.extensions["programme"].names)
    monkeypatch.setattr("service.guard.reach_of", lambda *_: before)
    paths = list(reads(app, Role.MENTOR, own))
    single = leaks(client, paths, people.respondents | people.past("M002"))[0]
    assert {"/tables/responses", "/tables/responses.csv", "/index/rows", "/index/rows.csv"} <= set(single)
    assert {"/tables/engagements", "/tables/engagements.csv"} <= set(single)
    others = leaks(client, paths, people.every - near)[0]
    assert {"/tables/businesses.csv", "/tables/reports.csv", "/reports/rows"} <= set(others)


@pytest.mark.parametrize("role", IMPERSONAL)
def test_no_phone_nik_or_owner_is_shown_to_a_role_that_needs_none(app, people, role):
    mentor = "M002"
    engagement = people.engagements["engagement_id"][people.engagements["mentor_id"] == mentor].min()
    own = {"mentor_id": mentor, "engagement_id": engagement}
    wrong, opened = leaks(client_of(app, role), reads(app, role, own), people.personal)
    assert wrong == {}
    assert opened > 25


ASKED = {
    "api.plan_curve": ("/api/v1/plan-curve", {"budget_idr": 20_000_000}),
    "api.assess_first": ("/api/v1/assess-first", {"budget_idr": 20_000_000}),
    "api.plan_what_if": ("/api/v1/plans/1/what-if", {"budget_idr": 25_000_000}),
    "api.intake_desk": ("/api/v1/intake-desk", {"district": "Setu", "needs": ["legal"]}),
}
"""Questions asked with a body that store nothing."""


@pytest.mark.parametrize("role", [role for role in LIMITED if Permission.SEE_PLANS in permissions_of(role)])
def test_nor_in_an_answer_to_a_question_with_a_body(app, people, role):
    client, _, near = as_role(app, people, role)
    header = {"X-CSRFToken": form_token(client)}
    for path, body in ASKED.values():
        answer = client.post(path, json=body, headers=header)
        assert answer.status_code == 200, answer.text
        assert found_in(said(answer), people.every - near) == [], path


@pytest.mark.parametrize("who", ["mentor", "pair"])
def test_a_pair_of_another_district_cannot_be_declined(app, people, who):
    client, _, near = as_role(app, people, Role.MANAGER)
    pairs = app.extensions["programme"].show_match("2")["pairs"]
    pair = next(one for one in pairs if not {one["mentor_id"], one["business_id"]} & near)
    asked = pair["mentor_id"] if who == "mentor" else f"{pair['business_id']}:{pair['mentor_id']}"
    header = {"X-CSRFToken": form_token(client)}
    answer = client.post("/api/v1/matches/2/declined", json={"pairs": [asked], "reason": "x"}, headers=header)
    assert answer.status_code == 404
    form = {"csrf": header["X-CSRFToken"], "pair": asked, "reason": "x"}
    assert client.post("/matches/2/declines", data=form).status_code == 404


def test_a_planted_name_is_found(app, people):
    planted = create_app(app.extensions["programme"].settings)
    name = people.mentors["name"][people.mentors["district"] != "Ciputat Timur"].iloc[0]
    planted.add_url_rule("/planted", "planted", needs(Permission.SEE_MENTORS)(lambda: f"with {name}, too"))
    client, _, near = as_role(planted, people, Role.HEAD)
    wrong, _ = leaks(client, ["/planted", "/mentors"], people.every - near)
    assert wrong == {"/planted": [name]}


def test_who_is_limited_is_told_that_figures_naming_nobody_are_of_the_whole_programme(app, people):
    client = as_role(app, people, Role.VERIFIER)[0]
    everybody = client_of(app, Role.VERIFIER)
    for path in ("/", "/index", "/mentors"):
        said_here = "You see mentors and businesses of Ciputat Timur only"
        assert said_here in client.get(f"{path}?lang=en").text, path
        assert said_here not in everybody.get(f"{path}?lang=en").text, path
    index = [one.get("/api/v1/index").json["groups"][0]["respondents"] for one in (client, everybody)]
    assert index[0] == index[1] > 0


def test_tasks_are_counted_within_reach(app, people):
    raised = app.extensions["programme"].open_objections()["objections"]
    _, _, near = as_role(app, people, Role.VERIFIER)
    own = frozenset(people.mentors["mentor_id"]) & near
    told = [
        next((task["count"] for task in app.extensions["programme"].tasks(ids=ids) if task["kind"] == "objections"), 0)
        for ids in (None, own)
    ]
    assert told == [len(raised), sum(row["mentor_id"] in own for row in raised)]
    assert 0 < told[1] < told[0]
