"""Decisions of the intake desk in the report of a period and among the tasks of the first page."""

import io
import json
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from click.testing import CliRunner

from model.period import period_of
from service.app import create_app
from service.cli import cli
from service.language import Language
from service.reports import desk
from service.reports.behind import rows_of
from service.settings import settings
from tests.pdf_text import text_of
from tests.people_rig import caller_as, client_of
from tests.test_service_desk import BY, asked, engage, office

NAMES = ("decided", "accept", "change", "refuse", "withdraw", "held", "engaged")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("desk-report")


@pytest.fixture(scope="module")
def programme(place):
    """N-1 and N-2 accepted, the second withdrawn; B1 came; N-3 with another mentor; one refused; one in Serpong."""
    made = office(place, capacity=9)
    year = str(made.settings.today().year)
    for business in ("N-1", "N-2", "B1"):
        made.decide_desk("accept", business=business, mentor="M1", **asked(made))
    made.withdraw_desk(2, reason="closed", **BY)
    made.decide_desk("change", business="N-3", mentor="M2", reason="near", **asked(made))
    made.decide_desk("refuse", business="N-4", reason="too large", **asked(made))
    made.decide_desk("accept", business="N-5", mentor="M3", **asked(made, district="Serpong"))
    engage(made, place, "B1", "M1", f"{year}-01-02")
    return made


@pytest.fixture(scope="module")
def app(programme, place):
    del programme
    return create_app(settings(home=place / "home", lang="en"))


@pytest.fixture(scope="module")
def year(programme):
    return str(programme.settings.today().year)


def test_every_kind_of_decision_is_counted_in_all_and_by_district(programme, year):
    told = programme.report(period=year)["desk"]
    assert [told[name] for name in NAMES] == [6, 4, 1, 1, 1, 3, 1]
    by = {row["group"]: [row[name] for name in NAMES] for row in told["districts"]}
    assert by == {"Setu": [5, 3, 1, 1, 1, 2, 1], "Serpong": [1, 1, 0, 0, 0, 1, 0]}


def test_a_withdrawal_counts_in_the_period_in_which_it_was_recorded():
    then, later = (datetime(2026, month, 5, tzinfo=UTC) for month in (2, 5))
    row = {"desk": 1, "district": "Setu", "decision": "accept", "status": "withdrawn", "made_at": then}
    rows = [{**row, "withdrawn": [{"made_at": later}]}]
    counts = [
        desk.counted(desk.decided_in(rows, period_of(code), datetime.date)) for code in ("2026-Q1", "2026-Q2", "2025")
    ]
    assert [(one["decided"], one["accept"], one["withdraw"]) for one in counts] == [(1, 1, 0), (0, 0, 1), (0, 0, 0)]


@pytest.mark.parametrize(("lang", "word"), [("en", "Intake desk"), ("id", "Meja penerimaan")])
def test_page_command_api_pdf_and_workbook_tell_the_same(app, place, year, lang, word):
    head = client_of(app, "head")
    said = f"6 {'advices' if lang == 'en' else 'saran'}: 4"
    run = CliRunner().invoke(cli, ["report", "--period", year, "--home", str(place / "home"), "--lang", lang, "--json"])
    command = json.loads(run.stdout)
    assert any(said in one for one in command["conclusions"])
    assert caller_as(place / "home").get(f"/api/v1/report?period={year}&lang={lang}").json == command
    page = re.sub(r"</?a\b[^>]*>", "", head.get(f"/reports?period={year}&lang={lang}").text)
    assert said in page
    assert said in " ".join(text_of(head.get(f"/reports/draft.pdf?period={year}&lang={lang}").data).split())
    book = openpyxl.load_workbook(io.BytesIO(head.get(f"/reports/draft.xlsx?period={year}&lang={lang}").data))
    rows = [row[1:] for row in book[word].iter_rows(min_row=2, values_only=True)]
    assert rows == [(6, 4, 1, 1, 1, 3, 1), (1, 1, 0, 0, 0, 1, 0), (5, 3, 1, 1, 1, 2, 1)]


def test_each_count_opens_to_decisions_that_give_it_again(app, year):
    client = client_of(app, "head")
    page = client.get(f"/reports?period={year}&lang=en").text
    links = set(re.findall(r'href="([^"]+of=desk[^"]*)" data-opens="([^"]*)"', page))
    assert len(links) == 10
    for link, count in links:
        assert f'data-count="{count}"' in client.get(link.replace("&amp;", "&")).text, link
    assert client.get("/reports/behind?of=desk&group=Nowhere").text.count('data-count="0"') >= len(NAMES)


def test_a_reader_of_one_district_opens_the_decisions_of_that_district_alone(app, year):
    near = client_of(app, "hr", districts=["Setu"])
    page = near.get(f"/reports/behind?of=desk&period={year}&lang=en").text
    assert ("N-1" in page, "N-5" in page) == (True, False)
    everybody = client_of(app, "head").get(f"/reports/behind?of=desk&period={year}").text
    assert "N-5" in everybody


def test_a_published_report_tells_where_decisions_of_later_differ(programme, year):
    made = programme.publish_report(period=year, name="Kepala", role="head")
    told = {**made["told"], "report": made["report"]}
    assert rows_of(programme, "desk", Language("en"), published=told).changed == ()
    planted = {**told, "desk": {**told["desk"], "refuse": 5}}
    found = rows_of(programme, "desk", Language("en"), published=planted)
    assert found.changed == (("Advice refused", "5", "1"),)
    before = {name: value for name, value in told.items() if name != "desk"}
    assert not desk.table(before, Language("en")).rows


def test_places_held_are_a_task_of_those_who_can_do_something_about_it(app):
    def waiting(role, **more):
        client = client_of(app, role, **more)
        page = client.get("/?lang=en").text
        tasks = re.findall(r'<li><a href="([^"]+)"(?: data-opens="(\d+)")?>', page.partition('<ul class="tasks">')[2])
        assert len(tasks) <= 7
        found = [(link, count) for link, count in tasks if "status=held" in link]
        for link, count in found:
            assert f'data-count="{count}"' in client.get(link).text
        return [int(count) for _, count in found]

    assert waiting("manager") == waiting("hr") == waiting("admin") == waiting("head") == [3]
    assert waiting("hr", districts=["Serpong"]) == [1]
    assert waiting("analyst") == waiting("operator") == waiting("mentor", mentor_id="M1") == []


def test_a_report_without_decisions_says_nothing_of_the_desk(tmp_path):
    made = office(tmp_path)
    told = made.report(period="2025")
    assert told["desk"]["decided"] == 0
    assert not any("desk" in Language("en").say(said) for said in told["conclusions"])


def test_a_place_with_a_mentor_of_another_district_is_counted_where_it_is_listed_alone(tmp_path):
    made = office(tmp_path)
    made.decide_desk("change", business="N-1", mentor="M3", reason="x", **asked(made))
    made.decide_desk("accept", business="N-2", mentor="M1", **asked(made))
    engage(made, tmp_path, "B2", "M2", f"{made.settings.today().year}-01-02")
    app = create_app(settings(home=tmp_path / "home", lang="en"))
    near, everybody = client_of(app, "hr", districts=["Setu"]), client_of(app, "hr")
    for client, count in ((near, 1), (everybody, 2)):
        assert f'status=held" data-opens="{count}"' in client.get("/").text
        assert f'data-count="{count}"' in client.get("/matches/intake/decisions?status=held").text
        behind = client.get(f"/reports/behind?of=desk&period={made.settings.today().year}").text
        assert behind.count('<th scope="row">') == count
        assert f'data-count="{count}"' in behind
