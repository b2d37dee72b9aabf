"""Workbooks of the import: the template of all tables, and the rows to be mended with their faults marked.

No cell is ever a formula. A mended workbook comes back as it is: the same sheet names and headers, one more column for
the messages, which an import names as not used.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from data.reading.recognising import REMARKS
from model.framework import Framework
from model.tables import TABLES, Kind, Table
from service.intake.headings import headers_of, sheet_of
from service.language import Language, mark

_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_NAME_LENGTH = 31
SAMPLE: Mapping[str, Any] = {"mentors": 40, "businesses": 240, "months": 30, "seed": 5}
"""Size of the sample city that is tried out: large enough to learn from."""
_FORMS = {
    Kind.DATE: mark("a date, for example 2026-01-31"),
    Kind.MONTH: mark("a month, for example 2026-01"),
    Kind.YESNO: mark("yes or no"),
    Kind.MONEY: mark("whole rupiah, without cents"),
    Kind.INTEGER: mark("a whole number"),
    Kind.NUMBER: mark("a number"),
    Kind.YEAR: mark("a year, for example 2019"),
    Kind.LIST: mark("several, separated by ;"),
    Kind.ID: mark("a code, kept as text"),
    Kind.TEXT: mark("text"),
}


def template(framework: Framework, lang: Language) -> bytes:
    """A workbook with a sheet per table, headers only (* needed in every row), and a guide first."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, _SAFE) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        guide = book.add_worksheet("Petunjuk" if lang.code == "id" else "Guide")
        guide.set_column(0, 2, 26, wrap)
        guide.set_column(3, 3, 70, wrap)
        for number, line in enumerate(_guide(framework, lang)):
            for column, cell in enumerate(line):
                guide.write_string(number, column, cell, bold if len(line) == 1 or line[0] == line[0].upper() else wrap)
        for table in TABLES.values():
            _blank(book, table, framework, lang)
    return made.getvalue()


def sample() -> bytes:
    """A small sample city, always the same one, as a workbook with a sheet per table."""
    from data.sample import make_city, write_city  # noqa: PLC0415 - only who asks for a city waits for it

    made = BytesIO()
    with TemporaryDirectory() as folder, xlsxwriter.Workbook(made, _SAFE) as book:
        write_city(make_city("plain", **SAMPLE), Path(folder))
        for name in TABLES:
            page = book.add_worksheet(name)
            with (Path(folder) / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                for number, row in enumerate(csv.reader(file)):
                    page.write_row(number, 0, row)
    return made.getvalue()


def _blank(book: Any, table: Table, framework: Framework, lang: Language) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(sheet_of(table.name, framework, lang))
    sheet.freeze_panes(1, 0)
    for at, (name, header) in enumerate(headers_of(table, framework, lang).items()):
        column = table.column(name)
        form = text if column.kind in {Kind.ID, Kind.MONTH, Kind.LIST} else day if column.kind is Kind.DATE else None
        sheet.set_column(at, at, max(14, len(header) + 4), form)
        sheet.write_string(0, at, header + (" *" if column.required else ""), bold)


def _guide(framework: Framework, lang: Language) -> Iterable[tuple[str, ...]]:
    yield (
        lang.text("Fill in the sheets that you have; leave the others empty. A header with * is needed in every row."),
    )
    yield (lang.text("Keep the headers. Ids join the sheets: the same mentor has the same id everywhere."),)
    yield ("",)
    yield tuple(
        lang.text(word).upper() for word in (mark("Sheet"), mark("Column"), mark("What to write"), mark("Values"))
    )
    for table in TABLES.values():
        headers = headers_of(table, framework, lang)
        for column in table.columns:
            needed = " *" if column.required else ""
            yield (
                sheet_of(table.name, framework, lang),
                headers[column.name] + needed,
                lang.text(_FORMS[column.kind]),
                _values(column.name, column.low, column.high, framework, lang),
            )


def _values(name: str, low: float | None, high: float | None, framework: Framework, lang: Language) -> str:
    known: Mapping[str, Any] = {"area": framework.areas, "needs": framework.problems}.get(name, {})
    if known:
        return "; ".join(f"{code} = {lang.show(entry.label)}" for code, entry in known.items())
    if low is not None and high is not None:
        return lang.text("%(low)s to %(high)s", low=f"{low:g}", high=f"{high:g}")
    return ""


def to_mend(sheets: Sequence[Mapping[str, Any]], lang: Language) -> bytes:
    """The faulty rows of each sheet under its own name and headers, faulty cells marked, the messages beside them.

    ``sheets``: file, sheet, headers, and rows of number, cells (value, messages) and messages.
    """
    made = BytesIO()
    with xlsxwriter.Workbook(made, _SAFE) as book:
        taken: set[str] = set()
        for sheet in sheets:
            _to_mend(book, sheet, _free(sheet["sheet"] or PurePath(sheet["file"]).stem, taken), lang)
    return made.getvalue()


def _free(wanted: str, taken: set[str]) -> str:
    """A sheet name that Excel takes and that is not taken; a count behind a name does not change its table."""
    clean = "".join("_" if sign in "[]:*?/\\" else sign for sign in wanted)[:_NAME_LENGTH].strip("'") or "_"
    name, number = clean, 2
    while name.lower() in taken:
        name = f"{clean[: _NAME_LENGTH - 4]} {number}"
        number += 1
    taken.add(name.lower())
    return name


def _to_mend(book: Any, sheet: Mapping[str, Any], name: str, lang: Language) -> None:
    bold, bad = book.add_format({"bold": True, "bottom": 1}), book.add_format({"bg_color": "#FCE4D6", "border": 1})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    worse = book.add_format({"num_format": "@", "bg_color": "#FCE4D6", "border": 1})
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    last = len(sheet["headers"])
    for at, header in enumerate(sheet["headers"]):
        page.write_string(0, at, header, bold)
        page.set_column(at, at, max(12, len(header) + 2))
    page.write_string(0, last, REMARKS[lang.code], bold)
    page.set_column(last, last, 80)
    for number, row in enumerate(sheet["rows"], start=1):
        for at, cell in enumerate(row["cells"]):
            wrong = bool(cell["messages"])
            _cell(page, number, at, cell["value"], (worse, bad) if wrong else (text, day))
            if wrong:
                page.write_comment(number, at, " ".join(map(lang.show, cell["messages"])), {"width": 320})
        said = [message for cell in row["cells"] for message in cell["messages"]] + list(row["messages"])
        page.write_string(number, last, " ".join(map(lang.show, said)))


def _cell(page: Any, row: int, column: int, value: Any, forms: tuple[Any, Any]) -> None:
    text, other = forms
    match value:
        case None:
            page.write_blank(row, column, None, text)
        case bool():
            page.write_boolean(row, column, value, other)
        case datetime() | date():
            page.write_datetime(row, column, value, other)
        case int() | float():
            page.write_number(row, column, value)
        case _:
            page.write_string(row, column, str(value), text)
