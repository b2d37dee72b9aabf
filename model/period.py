"""A reporting period: a calendar year, half-year or quarter."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from model.refusals import InputRefused
from model.sentences import Sentence, sentence

_CODE = re.compile(r"(\d{4})(?:-(H[12]|Q[1-4]))?")
_MONTHS = {"H": 6, "Q": 3}


@dataclass(frozen=True)
class Period:
    """``code`` (2026, 2026-H1, 2026-Q3), ``first`` and ``last`` day, both in it."""

    code: str
    first: date
    last: date

    @property
    def months(self) -> tuple[int, int]:
        """First and last month as year · 12 + month − 1."""
        return self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month - 1

    def previous(self) -> "Period":
        """The period of the same length just before."""
        day = self.first - timedelta(days=1)
        if "-" not in self.code:
            return period_of(str(day.year))
        kind = self.code[5]
        return period_of(f"{day.year:04d}-{kind}{(day.month - 1) // _MONTHS[kind] + 1}")

    def named(self) -> Sentence:
        """The period in words."""
        year, _, part = self.code.partition("-")
        if not part:
            return sentence("the year %(year)s", year=year)
        if part[0] == "H":
            return sentence("half-year %(number)s of %(year)s", number=part[1], year=year)
        return sentence("quarter %(number)s of %(year)s", number=part[1], year=year)


def period_of(code: str) -> Period:
    """The period of that code.

    Raises:
        InputRefused: it is none.
    """
    found = _CODE.fullmatch(code.strip().upper())
    if found is None or not 1900 <= int(found[1]) <= 2200:
        raise InputRefused(
            sentence("%(code)s is no reporting period.", code=code[:40]),
            where=sentence("the period"),
            mend=sentence("Write a year, half-year or quarter, for example 2026, 2026-H1 or 2026-Q3."),
        )
    year, part = int(found[1]), found[2]
    length = _MONTHS[part[0]] if part else 12
    start = length * (int(part[1]) - 1) if part else 0
    after = year * 12 + start + length
    last = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(found[0], date(year, start + 1, 1), last)
