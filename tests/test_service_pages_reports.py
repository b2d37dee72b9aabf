"""The pages of reports: drafts, records, publishing, files byte for byte."""

import hashlib
import io
import re

import openpyxl
import pytest

from model.refusals import NotFound
from service.app import create_app
from service.language import Language
from service.reports.behind import rows_of
from service.settings import settings
from service.usecases import Programme
from tests.pdf_text import text_of
from tests.people_rig import client_of, form_token


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("reports")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=30, businesses=300, months=24, seed=2012)
    programme.import_([place / "city"])
    return create_app(settings(home=place / "home", lang="en"))


def test_the_page_shows_what_the_command_tells_and_gives_it_as_files(app):
    head = client_of(app, "head")
    told = app.extensions["programme"].report()
    page = re.sub(r"</?a\b[^>]*>", "", head.get("/reports").text)
    assert all(str(said)[:60] in page.replace("&#39;", "'") for said in told["conclusions"])
    made = head.get(f"/reports/draft.pdf?period={told['period']}")
    assert made.mimetype == "application/pdf"
    assert str(told["conclusions"][0])[:40] in text_of(made.data)
    assert head.get("/reports/draft.xlsx").data[:2] == b"PK"
    assert head.get("/reports/draft.docx").status_code == 404


def test_trainings_stand_by_course_and_open_to_those_who_completed_them(app):
    programme, head = app.extensions["programme"], client_of(app, "head")
    rows = programme.snapshot()["trainings"]
    rows = rows[rows["completed_on"].dt.year == 2025]
    assert rows["course_id"].nunique() > 1
    told = {row["course_id"]: row for row in programme.report(period="2025")["courses"]}
    assert {code: row["completed"] for code, row in told.items()} == rows["course_id"].value_counts().to_dict()
    assert sum(row["completed"] for row in told.values()) == programme.report(period="2025")["trainings"]
    code = max(told)
    found = rows_of(programme, "trainings", Language("en"), period="2025", group=code)
    own = rows[rows["course_id"] == code]
    assert {row[0] for row in found.grid.rows} == set(own["mentor_id"])
    assert [cell.value for _, cell in found.figures] == [len(own), own["mentor_id"].nunique()]
    assert f"of=trainings&amp;group={code}" in head.get("/reports?period=2025").text
    pages = " ".join(text_of(head.get("/reports/draft.pdf?period=2025").data).split())
    assert "Trainings completed in the period, by course" in pages


def test_a_period_that_is_none_is_told_beside_the_form(app):
    page = client_of(app, "head").get("/reports?period=soon").text
    assert "soon is no reporting period." in page
    assert 'role="alert"' in page


def test_publishing_by_the_page_keeps_name_role_and_bytes(app):
    head = client_of(app, "head", name="Kepala <b>")
    sent = {"csrf": form_token(head), "kind": "period", "period": "2025", "number": "1/2026"}
    made = head.post("/reports", data=sent)
    assert made.status_code == 303
    page = head.get(made.location).text
    assert "Kepala &lt;b&gt; (Head of office)" in page
    for link, digest in zip(
        re.findall(r'href="(/reports/\d+/\w+\.\w+)"', page), re.findall(r"<code>(\w{64})</code>", page), strict=True
    ):
        assert hashlib.sha256(head.get(link).data).hexdigest() == digest
    reader = client_of(app, "analyst")
    assert "Publish" not in reader.get("/reports").text.replace("Published", "")
    assert reader.post("/reports", data={"csrf": form_token(reader)}).status_code == 403


@pytest.mark.parametrize(("lang", "word"), [("en", "Manufacturing"), ("id", "Industri pengolahan")])
def test_sectors_stand_in_words_on_the_page_in_its_files_and_in_the_rows_behind(app, lang, word):
    """The address of the rows, and what a download brings back, keep the code."""
    head, rows = client_of(app, "head"), client_of(app, "manager")
    report = head.get(f"/reports?lang={lang}").text
    assert f">{word}<" in report
    assert word in text_of(head.get("/reports/draft.pdf").data)
    book = openpyxl.load_workbook(io.BytesIO(head.get("/reports/draft.xlsx").data))
    assert word in {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    behind = rows.get(f"/reports/rows?by=sector&group=C&lang={lang}").text
    assert f">{word}<" in behind
    table = rows.get(f"/tables/businesses?sector=C&lang={lang}").text
    assert f'<td>C <span class="range">{word}</span></td>' in table
    assert {line.split(",")[3] for line in rows.get("/tables/businesses.csv?sector=C").text.splitlines()[1:]} == {"C"}


@pytest.mark.parametrize("kind", ["transparency", "dpia"])
def test_the_records_stand_as_pages_and_files(app, kind):
    head = client_of(app, "head")
    page = head.get(f"/reports/records/{kind}").text
    assert "UU 27/2022" in page
    assert "UU 27/2022" in text_of(head.get(f"/reports/records/{kind}/file.pdf").data)
    assert head.get(f"/reports/records/{kind}/file.md").text.startswith("# ")
    assert head.get("/reports/records/other").status_code == 404
    assert head.get(f"/reports/records/{kind}/file.exe").status_code == 404
    made = head.post("/reports", data={"csrf": form_token(head), "kind": kind})
    assert made.status_code == 303
    assert ".md" in head.get(made.location).text


def test_a_published_report_opens_to_the_data_it_was_made_from(app, tmp_path):
    """What is imported later changes neither the report nor its rows."""
    head, programme = client_of(app, "head"), app.extensions["programme"]
    made = head.post("/reports", data={"csrf": form_token(head), "kind": "period", "period": "2025"})
    number = made.location.rpartition("/")[2]
    links = re.findall(r'href="([^"]+)" data-opens="([^"]*)"', head.get(made.location).text)
    assert len(links) > 12
    before = {link: head.get(link.replace("&amp;", "&")).text for link, _ in links}
    seen = programme.snapshot()
    mentor, area = seen["mentors"]["mentor_id"].iloc[0], seen["assessments"]["area"].iloc[0]
    (tmp_path / "assessments.csv").write_text(
        f"mentor_id,area,score,assessed_on\n{mentor},{area},1,2025-12-30\n", encoding="utf-8"
    )
    assert programme.import_([tmp_path / "assessments.csv"])["new"]["assessments"] == 1
    for link, count in links:
        page = head.get(link.replace("&amp;", "&")).text
        assert f'data-count="{count}"' in page, link
        assert "rows have changed since" not in page
        assert set(re.findall(r'data-count="[^"]*"', page)) == set(re.findall(r'data-count="[^"]*"', before[link]))
    draft = f"/reports/behind?of=scores&group={area}&period=2025"
    assert f"<td>{seen['mentors']['name'].iloc[0]}</td>" in head.get(draft).text
    assert head.get(draft).text != head.get(f"/reports/behind?of=scores&group={area}&report={number}").text


def test_rows_that_no_longer_give_what_was_published_say_so(app):
    """As an erasure, or a decision made later, leaves them."""
    programme = app.extensions["programme"]
    record = programme.publish_report(period="2025", name="Kepala", role="head")
    told = {**record["told"], "report": record["report"], "trainings": record["told"]["trainings"] + 3}
    found = rows_of(programme, "trainings", Language("en"), published=told)
    now = found.figures[0][1].value
    assert found.changed == (("Trainings completed", str(now + 3), str(now)),)
    assert rows_of(programme, "trainings", Language("en"), period="2025").changed == ()
    with pytest.raises(NotFound):
        rows_of(programme, "nothing", Language("en"))
