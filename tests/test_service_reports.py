"""Period reports as a head of office gets them: PDF, workbook, published once for good."""

import csv
import hashlib
import io
import json
from dataclasses import replace

import openpyxl
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from data.framework_file import SHIPPED
from data.sample import make_city, write_city
from data.store.schema import metadata
from model.framework import Office
from model.period import period_of
from model.refusals import NotFound
from service.cli import cli
from service.files.letterhead import Letter
from service.language import Language
from service.model_card.form import Section
from service.reports import pdf, workbook
from service.reports.facts import duties, grounds, indicators
from service.reports.form import Column, Document, Grid
from service.settings import settings
from service.usecases import Programme
from tests.pdf_text import pages_of, text_of
from training.period import figures_of

OFFICE = 'name = "Dinas Koperasi #1 <b>"\naddress = "Jl. Raya 1"'
BY = ("--name", "Sari", "--role", "manager")
HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2",
    "@SUM(1)",
    "#panic()",
    "$x$ *y* _z_",
    "<script>alert(1)</script>",
]


def suluh(home, *arguments, lang="en", code=0):
    done = CliRunner().invoke(cli, [*map(str, arguments), "--home", str(home), "--lang", lang, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(make_city("plain", mentors=40, businesses=400, months=30, seed=8), folder)
    place = tmp_path_factory.mktemp("office") / "home"
    place.mkdir()
    text = SHIPPED.read_text(encoding="utf-8").replace('[office]\nname = ""', f"[office]\n{OFFICE}", 1)
    (place / "framework.toml").write_text(text.replace('address = ""\n', "", 1), encoding="utf-8")
    suluh(place, "import", folder)
    return place


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_pdf_has_one_page_of_conclusions_then_tables_method_and_limits(home, tmp_path, lang):
    out = tmp_path / "report.pdf"
    told = suluh(home, "report", "--number", "7/2026", "--out", out, lang=lang)
    first, *others = pages_of(out.read_bytes())
    assert all(said[:40] in first for said in told["conclusions"])
    for word in ("Dinas Koperasi #1 <b>", "Jl. Raya 1", "7/2026"):
        assert word in first
    later, speaks = " ".join(others), Language(lang)
    assert all(row.label.id in later if lang == "id" else row.label.en in later for row in indicators())
    assert speaks.text("Limits") in later
    assert told["districts"][0]["group"] in later
    assert speaks.day(told["as_of"]) in first


def test_the_workbook_holds_the_very_figures_of_the_answer(home, tmp_path):
    out = tmp_path / "report.xlsx"
    told = suluh(home, "report", "--period", "2025", "--out", out)
    book = openpyxl.load_workbook(out)
    assert all(cell.data_type in {"s", "n"} for sheet in book for row in sheet.iter_rows() for cell in row)
    rows = {row[0]: row[1:] for row in book["By district"].iter_rows(min_row=2, values_only=True)}
    for district in told["districts"]:
        assert rows[district["group"]][0] == district["businesses"]
        assert rows[district["group"]][2] == pytest.approx(district["turnover_growth"], rel=1e-14)
    said = " ".join(str(row[0]) for row in book["Conclusions"].iter_rows(values_only=True))
    assert all(conclusion in said for conclusion in told["conclusions"])


def test_the_figures_are_those_of_the_tables_at_the_periods_end(home):
    told = suluh(home, "report", "--period", "2025-Q2")
    seen = Programme(settings(home=home)).snapshot("2025-06-30")
    by_hand = figures_of(seen, period_of("2025-Q2"))
    assert told["indicators"] == vars(by_hand.programme)
    assert (told["as_of"], told["so_far"]) == ("2025-06-30", False)
    assert sum(row["businesses"] for row in told["districts"]) == told["indicators"]["businesses"] > 100


def test_the_same_report_gives_the_same_bytes(home, tmp_path):
    for kind in ("pdf", "xlsx"):
        for name in ("a", "b"):
            suluh(home, "report", "--period", "2025-H1", "--out", tmp_path / f"{name}.{kind}")
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_a_published_report_never_changes_whatever_is_imported_later(home, tmp_path):
    made = suluh(home, "report", "publish", "--period", "2024", "--number", "9/2026", *BY)
    kinds = {f"{file['lang']}.{file['form']}" for file in made["files"]}
    assert kinds == {"id.pdf", "id.xlsx", "en.pdf", "en.xlsx"}
    taken = {}
    for lang in ("id", "en"):
        for form in ("pdf", "xlsx"):
            out = tmp_path / f"{lang}.{form}"
            suluh(home, "report", "show", made["report"], "--out", out, lang=lang)
            taken[lang, form] = out.read_bytes()
    assert {hashlib.sha256(content).hexdigest() for content in taken.values()} == {f["sha256"] for f in made["files"]}
    mentor = home.parent / "mentors.csv"
    mentor.write_text("mentor_id,name,district\nNEW,Baru,Serpong\n", encoding="utf-8")
    suluh(home, "import", mentor)
    (home / "framework.toml").write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    again = tmp_path / "again.pdf"
    shown = suluh(home, "report", "show", made["report"], "--out", again, lang="id")
    assert {**shown, "told": None} == {**made, "told": None}
    assert shown["told"]["indicators"] == made["told"]["indicators"]
    assert again.read_bytes() == taken["id", "pdf"]
    later = suluh(home, "report", "publish", "--period", "2024", *BY)
    listed = {row["report"]: row["replaced_by"] for row in suluh(home, "report", "list")["reports"]}
    assert (listed[made["report"]], listed[later["report"]]) == (later["report"], None)
    assert later["data_version"] > made["data_version"]


def test_bytes_that_were_damaged_are_not_given_out(home):
    made = suluh(home, "report", "publish", "--period", "2025-Q1", *BY)
    programme = Programme(settings(home=home))
    table = metadata.tables["report_file"]
    engine = programme.store._engine
    with engine.begin() as connection:  # as a fault of the disk would, past the guards
        connection.exec_driver_sql("DROP TRIGGER report_file_no_update")
        connection.execute(sa.update(table).where(table.c.report == made["report"]).values(content=b"%PDF-other"))
    told = suluh(home, "report", "show", made["report"], "--out", home.parent / "x.pdf", code=2)
    assert "digest differs" in told["error"]["what"]
    assert not (home.parent / "x.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--period", "2031"), "no data of this period"),
        (("--period", "soon"), "no reporting period"),
        (("--out", "report.docx"), "cannot be written as .docx"),
        (("--out", "nowhere/report.pdf"), "not there"),
        (("publish", "--name", " ", "--role", "x"), "needs the name and role"),
        (("publish", "--name", "x" * 300, "--role", "x"), "needs the name and role"),
        (("show", "99"), "no report"),
        (("show", "x"), "no report"),
        (("show", "1", "--out", "report.md"), "no file of this report"),
    ],
)
def test_what_cannot_be_reported_is_refused(home, arguments, says):
    before = suluh(home, "report", "list")
    assert says in suluh(home, "report", *arguments, code=2)["error"]["what"]
    assert suluh(home, "report", "list") == before


def test_an_empty_office_is_told_to_import_first(tmp_path):
    suluh(tmp_path / "home", "user", "add", "sari", "--role", "head")
    assert "no data" in suluh(tmp_path / "home", "report", code=2)["error"]["what"]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", ["transparency", "dpia"])
def test_the_records_are_filled_from_the_installation(home, tmp_path, monkeypatch, kind, lang):
    monkeypatch.setenv("SULUH_PASSWORD_RULE", "bssn")
    out = tmp_path / "record.pdf"
    told = suluh(home, "report", kind, "--out", out, lang=lang)
    text, speaks = text_of(out.read_bytes()), Language(lang)
    rows = Programme(settings(home=home)).standing()["rows"]
    for said in (*(section["title"] for section in told["sections"]), "BSSN 4/2021", speaks.number(rows["reports"])):
        assert said in text
    assert all(duty.law.replace(" ", "") in text.replace(" ", "") for duty in duties())
    assert speaks.text("There is no model to test.") in text
    markdown = tmp_path / "record.md"
    suluh(home, "report", kind, "--out", markdown, lang=lang)
    assert markdown.read_text(encoding="utf-8").count("## ") == len(told["sections"])


def test_a_record_says_what_the_office_says_of_itself_and_leaves_a_line_for_the_rest(home):
    programme = Programme(settings(home=home))
    programme.framework = replace(programme.framework, office=Office(data_officer="Rina #1"))
    document = programme.record("dpia", lang="en")
    facts = {name: value for section in document.sections for name, value in section.facts}
    assert facts["Officer for personal data"] == "Rina #1"
    assert facts["Legal basis of the processing"] == ""
    assert "Rina #1" in text_of(pdf.written(document))


def test_a_record_is_published_once_for_good(home, tmp_path):
    made = suluh(home, "report", "dpia", "--publish", *BY)
    assert {f"{file['lang']}.{file['form']}" for file in made["files"]} == {"id.pdf", "id.md", "en.pdf", "en.md"}
    out = tmp_path / "kept.md"
    suluh(home, "report", "show", made["report"], "--out", out, lang="id")
    assert out.read_text(encoding="utf-8").startswith("# Penilaian dampak pelindungan data pribadi\n")


def test_an_unknown_record_is_refused(home):
    with pytest.raises(NotFound):
        Programme(settings(home=home)).record("other")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_text_that_looks_like_markup_or_a_formula_is_shown_literally(lang):
    rows = tuple((text, 1) for text in HOSTILE)
    grid = Grid("Data", HOSTILE[0], (Column("Text"), Column("Count", "count")), rows)
    said = Section(HOSTILE[4], HOSTILE[5], tuple(HOSTILE), points=tuple(HOSTILE), tables=(grid.table(Language(lang)),))
    letter = Letter(office=HOSTILE[6], name=HOSTILE[0])
    document = Document("period", lang, "T", "S", "2026-01-01", letter, (("a", HOSTILE[1]),), (said,), (grid,), front=1)
    text = text_of(pdf.written(document)).replace(" ", "")
    for hostile in HOSTILE:
        literal = hostile.replace(" ", "")
        assert text.count(literal) >= 3, hostile
    book = openpyxl.load_workbook(io.BytesIO(workbook.written(document)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert set(HOSTILE) <= {cell.value for cell in cells}


def test_facts_agree_with_their_source(shared):
    with (shared / "domain" / "law_requirements.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["law"].startswith("UU 27/2022")]
    laws = {row["article"]: row["verification"] for row in rows}
    ours = {duty.article: duty.sure for duty in duties() if duty.law.startswith("UU 27/2022")}
    assert len(ours.keys() & laws.keys()) >= 8
    assert all(sure == laws.get(article, sure) for article, sure in ours.items())
    with (shared / "domain" / "mentoring_kpis.csv").open(encoding="utf-8") as file:
        kpis = {row["label_id"]: row["verification"] for row in csv.DictReader(file)}
    for row in (*indicators(), *indicators("missing")):
        found = next((sure for label, sure in kpis.items() if row.label.id.startswith(label)), None)
        assert found == row.sure, row.code
    assert sum(ground.sure == "verified_primary" for ground in grounds()) == 2
