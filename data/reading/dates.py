"""Days and months as offices write them: 31/12/2026, 31 Des 2026, 2026-12-31, Excel's own; never a guess.

``03/04/2026`` has two readings, day first and month first; other cells of its column or the user decide.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from model.sentences import Sentence, sentence

Order = Literal["dmy", "mdy"]

_NAMES = (
    ("januari", "january", "jan"),
    ("februari", "february", "pebruari", "feb", "peb"),
    ("maret", "march", "mar", "mrt"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agust", "agu", "agt", "ags", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "december", "des", "dec"),
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names}
_FIRST, _LAST = date(1950, 1, 1), date(2100, 12, 31)
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's calendar, right from March 1900 on

_TIME = re.compile(
    r"[T\s,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:am|pm|wib|wita|wit|z|[-+]\d{2}:?\d{2})?$", re.IGNORECASE
)
_WEEKDAY = re.compile(r"^[^\W\d_]+\s*,\s*(?=\d)")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})")
_NAMED = re.compile(r"(\d{1,2})[-/.\s]*([^\W\d_]+)[-/.,\s]*(\d{4}|\d{2})")
_NAME_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:\s*,\s*|\s+)(\d{4})")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{4})")
_NAMED_MONTH = re.compile(r"([^\W\d_]+)[-/.,\s]*(\d{4}|\d{2})")
_COMPACT_MONTH = re.compile(r"((?:19|20)\d{2})(\d{2})")

NOT_A_DAY = sentence("This is not a date. Write it like 31/12/2026 or 2026-12-31.")
NO_SUCH_DAY = sentence("The calendar has no such day. Correct the date.")
SHORT_YEAR = sentence("The year has two digits only. Write it with four, for example 2026.")
OUTSIDE = sentence("The date lies before 1950 or after 2100. Correct the year.")
NOT_A_MONTH = sentence("This is not a month. Write it like 2026-12 or Desember 2026.")
NO_SUCH_MONTH = sentence("The year has no such month. Write the month as 01 to 12, for example 2026-12.")


def _day(year: int, month: int, day: int) -> date | Sentence:
    try:
        found = date(year, month, day)
    except ValueError:
        return NO_SUCH_DAY
    return found if _FIRST <= found <= _LAST else OUTSIDE


def _bare(text: str) -> str:
    return _WEEKDAY.sub("", _TIME.sub("", text.strip()))


def order_shown(texts: Iterable[str]) -> Order | None:
    """The order that the texts of one column show without doubt (a part above 12); None if neither or both."""
    shown: set[Order] = set()
    for text in texts:
        found = _NUMERIC.fullmatch(_bare(text))
        if found and int(found[1]) > 12 >= int(found[2]):
            shown.add("dmy")
        elif found and int(found[2]) > 12 >= int(found[1]):
            shown.add("mdy")
    return shown.pop() if len(shown) == 1 else None


@dataclass(frozen=True)
class DayReader:
    """Reads the date cells of one column: ``told`` is the user's word, ``shown`` what its other cells show."""

    told: Order | None = None
    shown: Order | None = None

    def __call__(self, cell: object) -> date | Sentence:
        """The day in a cell (date, datetime, Excel serial or text), or what is wrong with it."""
        if isinstance(cell, datetime):
            return _day(cell.year, cell.month, cell.day)
        if isinstance(cell, date):
            return _day(cell.year, cell.month, cell.day)
        if isinstance(cell, str):
            return self._text(_bare(cell))
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return NOT_A_DAY
        return _serial(float(cell))

    def _text(self, text: str) -> date | Sentence:
        if found := _ISO.fullmatch(text):
            return _day(int(found[1]), int(found[3]), int(found[4]))
        if found := _NUMERIC.fullmatch(text):
            return self._numeric(int(found[1]), int(found[2]), found[3])
        if (found := _NAMED.fullmatch(text)) and found[2].lower() in _MONTHS:
            return _with_year(found[3], _MONTHS[found[2].lower()], int(found[1]))
        if (found := _NAME_FIRST.fullmatch(text)) and found[1].lower() in _MONTHS:
            return _with_year(found[3], _MONTHS[found[1].lower()], int(found[2]))
        if _SERIAL.fullmatch(text):
            return _serial(float(text.replace(",", ".")))
        return NOT_A_DAY

    def _numeric(self, first: int, second: int, year: str) -> date | Sentence:
        if first > 12 or second > 12 or first == second:
            day, month = (second, first) if second > 12 >= first else (first, second)
            return _with_year(year, month, day)
        order = self.told or self.shown
        if order is None:
            return _with_two_readings(year, first, second)
        day, month = (first, second) if order == "dmy" else (second, first)
        return _with_year(year, month, day)


def _with_year(year: str, month: int, day: int) -> date | Sentence:
    return SHORT_YEAR if len(year) == 2 else _day(int(year), month, day)


def _with_two_readings(year: str, first: int, second: int) -> date | Sentence:
    by_day, by_month = _with_year(year, second, first), _with_year(year, first, second)
    if isinstance(by_day, Sentence) or isinstance(by_month, Sentence):
        return by_day
    return sentence(
        "This date can be read in two ways: %(day_first)s (day first) or %(month_first)s (month first). Say which is "
        "meant: on the page Import under “Change sheets and columns”, in a command with --dates dmy or --dates mdy, "
        'in a mapping file with dates = "dmy" or dates = "mdy".',
        day_first=by_day.isoformat(),
        month_first=by_month.isoformat(),
    )


def _serial(days: float) -> date | Sentence:
    if not 0 <= days < 2_958_466:  # Excel's last day is 31 December 9999
        return NOT_A_DAY
    found = _EPOCH + timedelta(days=int(days))
    return found if _FIRST <= found <= _LAST else OUTSIDE


@dataclass(frozen=True)
class MonthReader:
    """Reads month cells: ``2026-12``, ``12/2026``, ``Des 2026`` or any day of the month; see :class:`DayReader`."""

    told: Order | None = None
    shown: Order | None = None

    def __call__(self, cell: object) -> int | Sentence:
        """The month in a cell as year · 12 + month − 1, or what is wrong with it."""
        if isinstance(cell, str):
            text = cell.strip()
        elif isinstance(cell, float | int) and not isinstance(cell, bool) and _COMPACT_MONTH.fullmatch(f"{cell:.0f}"):
            text = f"{cell:.0f}"
        else:
            return self._of_day(cell)
        month = _month_text(text)
        return self._of_day(text) if month is None else month

    def _of_day(self, cell: object) -> int | Sentence:
        day = DayReader(self.told, self.shown)(cell)
        if isinstance(day, Sentence):
            return NOT_A_MONTH if day is NOT_A_DAY else day
        return day.year * 12 + day.month - 1


def _month_text(text: str) -> int | Sentence | None:
    if found := _YEAR_MONTH.fullmatch(text) or _COMPACT_MONTH.fullmatch(text):
        return _month(found[1], int(found[2]))
    if found := _MONTH_YEAR.fullmatch(text):
        return _month(found[2], int(found[1]))
    if (found := _NAMED_MONTH.fullmatch(text)) and found[1].lower() in _MONTHS:
        return _month(found[2], _MONTHS[found[1].lower()])
    return None


def _month(year: str, month: int) -> int | Sentence:
    if len(year) == 2:
        return SHORT_YEAR
    if not 1 <= month <= 12:
        return NO_SUCH_MONTH
    if not _FIRST.year <= int(year) <= _LAST.year:
        return OUTSIDE
    return int(year) * 12 + month - 1
