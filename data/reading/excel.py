"""Excel workbooks, read in a child process of limited memory and time (data/reading/excel_child.py)."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.batch import Fault
from data.reading.csv_files import UNREADABLE
from data.reading.grids import Grid, Grids, letters, row_runs
from model.sentences import Sentence, sentence

_WALL_SECONDS = 90.0
_ROOT = Path(__file__).resolve().parents[2]

_TOO_MUCH = sentence(
    "The workbook would take too much memory or time to read. Copy the table alone into a new workbook, or save the "
    "sheet as CSV."
)
UNFIT: Mapping[str, Sentence] = {
    "too_large": _TOO_MUCH,
    "far_cell": sentence(
        "The sheet has cells far away from its table, so that it spans millions of empty cells. Press Ctrl+End to find "
        "the last one, delete the rows and columns beyond the table, and save."
    ),
    "locked": sentence("The workbook is locked with a password. Save it without a password."),
    "old": sentence("This is the old Excel format (.xls). Open it and save it as “Excel Workbook (.xlsx)”."),
    "binary": sentence("This is a binary workbook (.xlsb). Open it and save it as “Excel Workbook (.xlsx)”."),
    "text": sentence("This is a text file, no workbook. Rename it so that its name ends in .csv."),
    "web_page": sentence(
        "This is a web page (HTML) with the name of a workbook, as some applications export it. Open it in Excel or "
        "LibreOffice and save it as “Excel Workbook (.xlsx)”."
    ),
    "not_excel": sentence(
        "This is not an Excel workbook, whatever its name says. Open it in its program and save it as .xlsx or CSV."
    ),
    "damaged": sentence("The workbook is damaged. Open it in Excel or LibreOffice, let it be repaired, and save it."),
    "calendar_1904": sentence(
        "The workbook counts days from 1904. In Excel's options, under Advanced, turn the 1904 date system off, check "
        "the dates, and save."
    ),
}


def read_excel(path: Path, name: str) -> Grids:
    """Read all visible sheets of a workbook; whatever the file does to the reader, the caller gets grids or a fault."""
    if not os.access(path, os.R_OK):
        return _refused(name, UNREADABLE)
    answer = _answer(path)
    if "unfit" in answer:
        return _refused(name, UNFIT[answer["unfit"]], answer.get("sheet"))
    notes = [
        sentence("%(file)s: the hidden sheet %(sheet)s was not read. Show it if it belongs here.", file=name, sheet=h)
        for h in answer["hidden"]
    ]
    grids = [_grid(sheet, name) for sheet in answer["sheets"]]
    notes += [_hidden_rows(grid) for grid in grids if grid.hidden]
    notes += [_hidden_columns(grid) for grid in grids if grid.hidden_columns]
    return Grids(grids, notes=notes)


def _hidden_rows(grid: Grid) -> Sentence:
    return sentence(
        "%(place)s: hidden rows were read too: row %(rows)s. Delete them if they do not belong here.",
        place=grid.place,
        rows=row_runs(grid.hidden),
    )


def _hidden_columns(grid: Grid) -> Sentence:
    return sentence(
        "%(place)s: hidden columns were read too: %(columns)s. Delete them if they do not belong here.",
        place=grid.place,
        columns=", ".join(letters(at + 1) for at in sorted(grid.hidden_columns)),
    )


def _refused(name: str, message: Sentence, sheet: str | None = None) -> Grids:
    return Grids(faults=[Fault(name, sheet, None, None, None, message)])


def _answer(path: Path) -> dict[str, Any]:
    """What the child says; ``unfit`` if it came to its limits or its reader broke."""
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    try:
        child = subprocess.run(  # noqa: S603 - our own module under our own interpreter
            [sys.executable, "-m", "data.reading.excel_child", str(path.resolve())],
            cwd=_ROOT,
            env=os.environ | {"PYTHONPATH": paths, "RUST_BACKTRACE": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"unfit": "too_large"}
    if child.returncode == 0:
        found: dict[str, Any] = json.loads(child.stdout)
        return found
    if b"PanicException" in child.stderr:
        return {"unfit": "damaged"}
    if b"Traceback" in child.stderr and b"MemoryError" not in child.stderr:
        raise RuntimeError(child.stderr.decode(errors="replace"))
    return {"unfit": "too_large"}


def _grid(sheet: Mapping[str, Any], name: str) -> Grid:
    rows = sheet["rows"]
    for row in rows:
        for position, cell in enumerate(row):
            if cell.__class__ is list:
                row[position] = _moment(cell)
    merged = tuple(tuple(area) for area in sheet["merged"])
    hidden = frozenset(sheet["hidden"]) & set(sheet["numbers"])
    filled = (
        {at for row in rows for at, cell in enumerate(row) if cell is not None} if sheet["hidden_columns"] else set()
    )
    columns = frozenset(at for at in filled if any(first <= at + 1 <= last for first, last in sheet["hidden_columns"]))
    return Grid(name, sheet["name"], rows, sheet["numbers"], merged=merged, hidden=hidden, hidden_columns=columns)


def _moment(cell: list[str]) -> date | datetime | str:
    kind, text = cell
    if kind == "h":
        return text
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
