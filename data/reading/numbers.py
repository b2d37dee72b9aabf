"""Numbers as offices write them: Indonesian (1.234,5) and English (1,234.5), with Rp and jt, rb, M.

A text is given both its readings; which one holds is decided by the column, by its other cells or by the user, and
never guessed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from model.sentences import Number, Sentence, sentence
from model.tables import Column, Kind

Writing = Literal["id", "en"]
_MOST = 1e15  # beyond it a float no longer holds every whole number
WHOLE = frozenset({Kind.INTEGER, Kind.MONEY})

_UNITS = (
    (("rb", "ribu", "k"), Decimal(1_000)),
    (("jt", "juta"), Decimal(1_000_000)),
    (("m", "miliar", "milyar"), Decimal(1_000_000_000)),
    (("t", "triliun", "trilyun"), Decimal(1_000_000_000_000)),
)
_SCALE = {word: scale for words, scale in _UNITS for word in words}
_SHAPE = re.compile(
    r"(?P<open>\()?(?P<minus>[-−–+])?\s*(?:rp\.?|idr)?\s*(?P<inner>[-−–])?\s*"
    r"(?P<digits>\d[\d.,]*)(?:[.,]-+)?\s*"
    rf"(?P<unit>{'|'.join(sorted(_SCALE, key=len, reverse=True))})?\.?\s*(?:rupiah)?(?P<close>\))?",
    re.IGNORECASE,
)
_SHORTENED = re.compile(r"[-+]?\d+(?:[.,]\d+)?e[-+]?\d+", re.IGNORECASE)
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_DIGITS: dict[Writing, re.Pattern[str]] = {
    "id": re.compile(r"(\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d+))?"),
    "en": re.compile(r"(\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?"),
}

NOT_A_NUMBER = sentence(
    "This is not a number. Write it in digits, for example 1250000 or 12,5; leave the cell empty if it is not known."
)
SHORTENED = sentence(
    "Excel has shortened this number and its digits are lost. Format the column as a number without decimals, "
    "type the value again and save."
)
TOO_LARGE = sentence("The number is too large to be meant. Correct the cell.")
DASH = sentence("A dash may mean nought or not known. Write 0, or leave the cell empty if it is not known.")
PERCENT = sentence("A percent sign is not taken here. Write the plain number, without the sign.")


@dataclass(frozen=True)
class Readings:
    """What a text says under the Indonesian and under the English manner; None where that manner does not allow it.

    ``scaled``: a unit such as jt follows the digits.
    """

    id: Decimal | None
    en: Decimal | None
    scaled: bool = False

    @property
    def shows(self) -> Writing | None:
        """The manner that alone can read the text; None if both can or neither."""
        if self.id is None or self.en is None:
            return "id" if self.id is not None else "en" if self.en is not None else None
        return None


def readings(text: str) -> Readings:
    """Both readings of a text; both None if it is no number."""
    found = _SHAPE.fullmatch(text.strip())
    if not found or bool(found["open"]) != bool(found["close"]):
        return Readings(None, None)
    digits = found["digits"].rstrip(".,") if found.end("unit") == -1 else found["digits"]
    scale = _SCALE[found["unit"].lower()] if found["unit"] else Decimal(1)
    if found["open"] or "+" not in (found["minus"] or "+") or found["inner"]:
        scale = -scale
    return Readings(_plain(digits, "id", scale), _plain(digits, "en", scale), scaled=bool(found["unit"]))


def _plain(digits: str, writing: Writing, scale: Decimal) -> Decimal | None:
    found = _DIGITS[writing].fullmatch(digits)
    if not found:
        return None
    whole = found[1].replace(".", "").replace(",", "")
    return Decimal(f"{whole}.{found[2] or 0}") * scale


def shown_by(texts: Iterable[str]) -> Writing | None:
    """The manner that the texts of one column show without doubt; None if they show neither or both."""
    return shown_in(readings(text) for text in texts if "." in text or "," in text)


def shown_in(read: Iterable[Readings]) -> Writing | None:
    """The same of texts already read."""
    shown = {both.shows for both in read} - {None}
    return shown.pop() if len(shown) == 1 else None


@dataclass(frozen=True)
class NumberReader:
    """Reads the cells of one column of one sheet.

    ``told``: what the user said of all files. ``shown``: what the other cells of the column show. ``comma``: the file
    is separated by semicolons, as programs with a decimal comma write it. ``known``: texts read before.
    """

    column: Column
    told: Writing | None = None
    shown: Writing | None = None
    comma: bool = False
    known: Mapping[str, Readings] = field(default_factory=dict, repr=False)

    def __call__(self, cell: object) -> float | Sentence:
        """The number in a cell (int, float or str), or what is wrong with it."""
        if isinstance(cell, str):
            if cell.isdecimal() and cell.isascii():
                return self._checked(float(cell))
            return self._text(cell)
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return NOT_A_NUMBER
        return self._checked(float(cell))

    def _text(self, text: str) -> float | Sentence:
        both = self.known.get(text) or readings(text)
        if both.id is None and both.en is None:
            return _why_not(text)
        if both.id is None or both.en is None:
            return self._checked(_one(both))
        if both.id == both.en:
            return self._checked(float(both.id))
        values: dict[Writing, float | Sentence] = {
            "id": self._checked(float(both.id)),
            "en": self._checked(float(both.en)),
        }
        if self.column.kind in WHOLE and not both.scaled:
            decimal: Writing = "id" if abs(both.id) < abs(both.en) else "en"
            values[decimal] = _not_whole(self.column.kind)  # three decimals are not how a whole amount is written
        manner = self._manner(values, comma=abs(both.en) > abs(both.id))
        return _question(both.id, both.en) if manner is None else values[manner]

    def _manner(self, values: dict[Writing, float | Sentence], *, comma: bool) -> Writing | None:
        """Which of two differing readings holds; None if that is a question. ``comma``: the sign is a comma."""
        if self.told:
            return self.told
        legal = [writing for writing, value in values.items() if not isinstance(value, Sentence)]
        if not legal:
            return "en" if comma and self.column.kind in WHOLE else "id"  # both are faults, of which one is told
        doubtful = comma and self.column.kind in WHOLE  # 1,234: a group, or a decimal comma out of place
        if len(legal) == 1 and not doubtful:
            return legal[0] if self.shown in (None, legal[0]) else None
        return self.shown or ("id" if self.comma else None)

    def _checked(self, value: float) -> float | Sentence:
        if not abs(value) < _MOST:
            return TOO_LARGE
        if self.column.kind in WHOLE:
            nearest = float(round(value))
            dust = 1e-6 * abs(value) if self.column.kind is Kind.MONEY else 1e-9
            if abs(value - nearest) > dust:
                return _not_whole(self.column.kind)
            value = nearest
        return out_of_range(value, self.column) or value + 0.0


def _one(both: Readings) -> float:
    known = both.id if both.id is not None else both.en
    assert known is not None
    return float(known)


def _why_not(text: str) -> Sentence:
    if _SHORTENED.fullmatch(text):
        return SHORTENED
    if text.endswith("%"):
        return PERCENT
    if _DASH.fullmatch(text):
        return DASH
    return NOT_A_NUMBER


def _not_whole(kind: Kind) -> Sentence:
    if kind is Kind.MONEY:
        return sentence("Amounts are whole rupiah, without a fraction. Round the amount.")
    return sentence("This must be a whole number. Correct the cell.")


def _question(id_: Decimal, en: Decimal) -> Sentence:
    return sentence(
        "This number can be read in two ways: %(indonesian)s (Indonesian) or %(english)s (English). Say which is "
        "meant: on the page Import under “Change sheets and columns”, in a command with --numbers id or --numbers en, "
        'in a mapping file with numbers = "id" or numbers = "en".',
        indonesian=shown(float(id_)),
        english=shown(float(en)),
    )


def shown(value: float) -> Number:
    """A number for a sentence, with the decimals it has (at most six)."""
    text = f"{value:.6f}".rstrip("0")
    return Number(value, len(text.partition(".")[2]))


def out_of_range(value: float, column: Column) -> Sentence | None:
    """What is wrong if the value lies outside the column's range; None if it does not."""
    low, high = column.low, column.high
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    if high is None:
        assert low is not None
        return sentence("The value must not be below %(low)s. Correct the cell.", low=shown(low))
    if low is None:
        return sentence("The value must not be above %(high)s. Correct the cell.", high=shown(high))
    between = (f"{low:.0f}", f"{high:.0f}") if column.kind is Kind.YEAR else (shown(low), shown(high))
    return sentence(
        "The value must lie between %(low)s and %(high)s. Correct the cell.", low=between[0], high=between[1]
    )
