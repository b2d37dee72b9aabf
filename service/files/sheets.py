"""Workbooks that advice is written to: sheets with headers, widths and number forms.

Ids are text cells; no cell is ever a formula; a sheet without rows is not written, because it would be a fault on the
way back in.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from service.language import Language, mark

ABOUT = (mark("Entry"), mark("Value"))
"""Header of a sheet that says, line by line, what the advice was made from."""
_LAST_ROW = 1_048_000  # Excel's own limit is 1,048,576


@contextmanager
def workbook(path: Path, title: str, day: datetime) -> Iterator[Any]:
    """A workbook that is written at the end; the same content gives the same bytes."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "created": day})
        yield book


class Sheets:
    """Adds sheets to a workbook.

    ``forms``: number form under a header, or beside an entry of a sheet About (the cells keep all their digits);
    ``widths``: of columns, by header.
    """

    def __init__(self, book: Any, lang: Language, forms: Mapping[str, str], widths: Mapping[str, int]) -> None:
        self._book, self._lang, self._widths = book, lang, widths
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        made = {form: book.add_format({"num_format": form, "valign": "top"}) for form in ("General", *forms.values())}
        self._forms = {name: made[form] for name, form in forms.items()}
        self._plain = made["General"]

    def add(self, name: str, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """A sheet; none without rows."""
        if not rows:
            return
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, header in enumerate(headers):
            sheet.write_string(0, column, self._lang.text(header), self._bold)
            sheet.set_column(column, column, self._widths.get(header, 14), self._forms.get(header))
        entries = {self._lang.text(entry): form for entry, form in self._forms.items()} if headers is ABOUT else {}
        for number, row in enumerate(rows[:_LAST_ROW], start=1):
            for header, (column, value) in zip(headers, enumerate(row), strict=True):
                form = entries.get(row[0]) or self._forms.get(header, self._plain)
                self._cell(sheet, number, column, value, form)

    def _cell(self, sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, value, self._text)
        elif value is not None:
            sheet.write_number(row, column, value, form)
