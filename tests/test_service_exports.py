"""Files that go out: no cell is a formula, whatever a name looks like, and texts come back as they were."""

import openpyxl
import pytest

from data.batch import Batch
from service.settings import settings
from service.usecases import Programme

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
