"""Writes a report as a workbook: conclusions, one sheet per table with its figures as numbers, what it was made from.

No cell is ever a formula: every text is written as text.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from service.language import Language
from service.reports.form import Cell, Document, Grid

_FORMS = {
    "count": "#,##0",
    "signed": "+#,##0;-#,##0;0",
    "logs": "0.000",
    "decimal": "0.00",
    "points": "0.0",
    "share": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
    "rupiah": "#,##0",
}
_NARROW, _WIDE, _MOST = 16, 90, 90
_LAST_ROW = 1_048_000  # Excel's own limit is 1,048,576


def written(document: Document) -> bytes:
    """The bytes of the workbook; the same document gives the same bytes."""
    lang, out = Language(document.lang), io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": document.title, "created": datetime.fromisoformat(document.day)})
        sheets = _Sheets(book, lang)
        sheets.texts(lang.text("Conclusions"), _lines(document))
        for grid in document.grids:
            sheets.grid(grid)
        sheets.texts(lang.text("Method and limits"), _method(document))
        sheets.pairs(lang.text("About"), document.about)
    return out.getvalue()


def _lines(document: Document) -> list[str]:
    """Title and the sections of the first page."""
    lines = [document.letter.office, document.letter.address, document.title, document.subtitle, ""]
    for section in document.sections[: document.front]:
        lines += [section.title, section.caveat, *section.said, *section.points]
    return [line for at, line in enumerate(lines) if line or at == 4]


def _method(document: Document) -> list[str]:
    lines: list[str] = []
    for section in document.sections[document.front :]:
        lines += [section.title, section.caveat, *section.said, *section.points]
    return [line for line in lines if line]


class _Sheets:
    """Adds sheets to a workbook."""

    def __init__(self, book: Any, lang: Language) -> None:
        self._book, self._lang = book, lang
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._forms = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in _FORMS.items()}

    def _add(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name[:31])
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def texts(self, name: str, lines: Sequence[str]) -> None:
        """A sheet of one column."""
        sheet = self._add(name)
        sheet.set_column(0, 0, _WIDE, self._text)
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line, self._text)

    def pairs(self, name: str, pairs: Sequence[tuple[str, str]]) -> None:
        """A sheet of names and values."""
        sheet = self._add(name)
        sheet.set_column(0, 0, 36, self._text)
        sheet.set_column(1, 1, _WIDE, self._text)
        for row, pair in enumerate(pairs):
            for column, text in enumerate(pair):
                sheet.write_string(row, column, text, self._text)

    def grid(self, grid: Grid) -> None:
        """A table: heading, then figures as numbers and text as text."""
        sheet = self._add(grid.sheet)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        for at, column in enumerate(grid.columns):
            shown = [self._lang.show(row[at]) for row in grid.rows[:200]] if column.kind == "text" else []
            width = min(max([_NARROW, *map(len, shown)]), _MOST)
            sheet.set_column(at, at, width, self._forms.get(column.kind))
            sheet.write_string(0, at, column.head, self._bold)
        for number, row in enumerate(grid.cells()[:_LAST_ROW], start=1):
            for at, cell in enumerate(row):
                self._cell(sheet, number, at, cell)

    def _cell(self, sheet: Any, row: int, at: int, cell: Cell) -> None:
        if cell.value is None:
            return
        if cell.kind == "text":
            sheet.write_string(row, at, self._lang.show(cell.value), self._text)
        else:
            sheet.write_number(row, at, cell.value, self._forms[cell.kind])
