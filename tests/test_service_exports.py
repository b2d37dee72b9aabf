"""Files that go out: no cell is a formula, no text is markup, whatever it looks like; texts come back as they were."""

import io
import re
import unicodedata

import openpyxl
import pytest
from pypdf import PdfReader

from data.batch import Batch
from service.settings import settings
from service.usecases import Programme
from tests.hostile_texts import book_of_payloads, texts_of_payloads
from tests.pdf_text import text_of

PLANTED = [
    "=1+1",
    "+62811",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "http://x.example/",
]


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    """A city whose mentors and businesses have names that a spreadsheet would take for formulas."""
    place = tmp_path_factory.mktemp("exports")
    made = Programme(settings(home=place / "home"))
    made.sample(place / "city", mentors=24, businesses=200, months=30, seed=2003)
    made.import_([place / "city"])
    tables = {}
    for name in ("mentors", "businesses"):
        rows = made.snapshot()[name].copy()
        rows["name"] = [PLANTED[number % len(PLANTED)] for number in range(len(rows))]
        tables[name] = rows
    made.store.commit(Batch(tables))
    return made


def cells(path):
    return [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("advice", ["plan", "match"])
def test_a_workbook_shows_names_as_they_are_and_holds_no_formula(programme, tmp_path, advice):
    out = tmp_path / "out.xlsx"
    if advice == "plan":
        programme.plan(budget=400_000_000, out=out)
    else:
        programme.match(out=out)
    held = cells(out)
    assert [cell.coordinate for cell in held if cell.data_type == "f" or cell.hyperlink] == []
    assert set(PLANTED) <= {cell.value for cell in held}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """An office whose every text is one of forty that a careless page would run."""
    place = tmp_path_factory.mktemp("hostile")
    made = Programme(settings(home=place / "home"))
    book_of_payloads(place / "xss.xlsx")
    made.import_([place / "xss.xlsx"])
    return made


def advised(programme, advice, out):
    """Write a plan, matching or report to a file; gives the names and other texts that must stand in it."""
    if advice == "plan":
        choices = programme.plan(budget=1_000_000_000, out=out)["choices"]
        return {row["mentor_name"] for row in choices} | {row["title"] for row in choices}
    if advice == "match":
        pairs = programme.match(pool="all", out=out)["pairs"]
        return {row[name] for row in pairs for name in ("business_name", "mentor_name", "district")}
    programme.report(number=texts_of_payloads()[0], out=out)
    return set(programme.snapshot()["businesses"]["sector"]) | {texts_of_payloads()[0]}


def folded(text: str) -> str:
    """Without what a line break or the making of letters changes: spaces, hyphens at line ends, joined letters."""
    return re.sub(r"[\s\u00ad]", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("advice", ["plan", "match", "report"])
def test_hostile_texts_stand_in_pdf_and_workbook_as_they_are(hostile, tmp_path, advice):
    shown = advised(hostile, advice, tmp_path / "out.pdf") & set(texts_of_payloads())
    assert len(shown) >= 30
    content = (tmp_path / "out.pdf").read_bytes()
    said = folded(text_of(content))
    assert [text for text in shown if folded(text) not in said] == []
    assert not [page for page in PdfReader(io.BytesIO(content)).pages if "/URI" in str(page.get("/Annots"))]
    held = cells(tmp_path / "out.xlsx") if advised(hostile, advice, tmp_path / "out.xlsx") else []
    whole = "\n".join(str(cell.value) for cell in held)
    assert [text for text in shown if text not in whole] == []
    assert [cell.coordinate for cell in held if cell.data_type == "f" or cell.hyperlink] == []
