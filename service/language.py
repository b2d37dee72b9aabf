"""Speaks Indonesian or English: sentences, labels, numbers, rupiah, dates and times in the reader's manner.

English is the key of every text; Indonesian stands in translations/id/*.po, read and merged in memory.
"""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from model.sentences import Label, Number, Rupiah, Sentence

LANGUAGES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
TRANSLATIONS = Path(__file__).with_name("translations")
_LOCALES = {"id": "id_ID", "en": "en_GB"}
ZONES: Mapping[str, timezone] = {
    name: timezone(timedelta(hours=hours), name) for name, hours in {"WIB": 7, "WITA": 8, "WIT": 9}.items()
}
"""The time zones of Indonesia (Keputusan Presiden 41/1987): whole hours, no summer time, so that no table of zones has
to be there (Windows has none)."""
WIB = "WIB"
UNKNOWN = "–"
_LARGE = 1e18


def mark(text: str, /) -> str:
    """Mark a literal text that is translated where it is shown, so that the test of translations finds it."""
    return text


@cache
def catalog(lang: str) -> Mapping[str, str]:
    """English text → text in ``lang``, all .po files of the language merged; empty for English."""
    texts: dict[str, str] = {}
    for path in sorted((TRANSLATIONS / lang).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=_LOCALES[lang]):
                if message.id and message.string and not message.fuzzy:
                    texts[str(message.id)] = str(message.string)
    return texts


@cache
def _marks(locale: str) -> dict[int, str]:
    """Python's marks in a number → the language's own."""
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale), "-": "−"})


class Language:
    """One language: ``code`` is id or en, ``zone`` names the time zone. Every method gives text for a reader."""

    def __init__(self, code: str, zone: str = WIB) -> None:
        self.code, self.zone = code, zone
        self._locale = _LOCALES[code]
        self._marks = _marks(self._locale)

    def text(self, english: str, /, **values: object) -> str:
        """Translation of an English text with its places filled; the English text where there is none."""
        found = catalog(self.code).get(english, english)
        return found % {name: self.show(value) for name, value in values.items()} if values else found

    def say(self, said: Sentence) -> str:
        """A sentence in this language."""
        found = catalog(self.code).get(said.text, said.text)
        values = said.values.items()
        return found % {name: value if type(value) is str else self.show(value) for name, value in values}

    def show(self, value: object) -> str:  # noqa: PLR0911 - one return per kind of value
        """Any value as a reader sees it; nothing known is a dash."""
        match value:
            case None:
                return UNKNOWN
            case Sentence():
                return self.say(value)
            case Label():
                return value.id if self.code == "id" else value.en
            case Number():
                return self.number(value.value, value.decimals)
            case Rupiah():
                return self.rupiah(value.amount)
            case date():
                return self.day(value)
            case bool():
                return self.text("yes") if value else self.text("no")
            case int():
                return self.number(value)
            case float() if not math.isfinite(value):
                return UNKNOWN
            case _:
                return str(value)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A number with grouped thousands and a fixed count of decimals."""
        if value is None or not math.isfinite(value):
            return UNKNOWN
        if abs(value) >= _LARGE:
            return f"{value:.3g}".replace("-", "−")
        shown = f"{Decimal(str(value)):,.{decimals}f}"
        if shown[0] == "-" and not shown.strip("-0."):
            shown = shown[1:]
        return shown.translate(self._marks)

    def signed(self, value: float | None, decimals: int = 0) -> str:
        """The same with a plus sign before a gain."""
        shown = self.number(value, decimals)
        return f"+{shown}" if value is not None and value > 0 and shown != self.number(0, decimals) else shown

    def percent(self, share: float | None, decimals: int = 0) -> str:
        """A share (0..1) in percent."""
        return self._with_percent(self.number(None if share is None else 100 * share, decimals))

    def change(self, log_growth: float | None) -> str:
        """A difference of logarithms as the change in percent it stands for."""
        known = log_growth is not None and math.isfinite(log_growth)
        return self._with_percent(self.signed(100 * math.expm1(log_growth or 0.0) if known else None, 1))

    def _with_percent(self, shown: str) -> str:
        return shown if shown == UNKNOWN else f"{shown}%"

    def rupiah(self, amount: float | None) -> str:
        """Whole rupiah, without a space after Rp."""
        if amount is None or not math.isfinite(amount):
            return UNKNOWN
        shown = self.number(abs(round(amount)))
        return f"−Rp{shown}" if round(amount) < 0 else f"Rp{shown}"

    def about(self, amount: float | None) -> str:
        """Rupiah to three figures, in words: what an estimate is known to."""
        if amount is None or not math.isfinite(amount):
            return UNKNOWN
        size = abs(amount)
        for scale, word in ((1e12, mark("trillion")), (1e9, mark("billion")), (1e6, mark("million"))):
            if size >= scale * 0.9995:
                figure = size / scale
                shown = f"Rp{self.number(figure, max(0, 2 - int(math.log10(max(figure, 1)))))} {self.text(word)}"
                break
        else:
            shown = f"Rp{self.number(round(size, -3))}"
        return f"−{shown}" if amount < 0 else shown

    def day(self, value: date | str | None) -> str:
        """A day written out, of a moment the day it falls on in the time zone; ISO text is understood."""
        if value is None:
            return UNKNOWN
        from babel.dates import format_date  # noqa: PLC0415 - its time zones take longer than --help may

        day = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(day, datetime):
            day = (day if day.tzinfo is None else self._here(day)).date()
        return format_date(day, format="long", locale=self._locale)

    def moment(self, value: datetime | str) -> str:
        """A moment with its hour and minute in the time zone, named; ISO text is understood, without a zone as UTC."""
        from babel.dates import format_time  # noqa: PLC0415 - the same

        here = self._here(datetime.fromisoformat(value) if isinstance(value, str) else value)
        time = format_time(here.time(), "short", locale=self._locale)
        return self.text("%(day)s, %(time)s %(zone)s", day=self.day(here), time=time, zone=self.zone)

    def _here(self, moment: datetime) -> datetime:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONES[self.zone])
