"""Ids, texts, years, yes/no words and lists of codes: what a cell must be, or the sentence that says what is wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from data.reading.numbers import SHORTENED, out_of_range
from model.framework import Area, Problem, fold
from model.sentences import Label, Sentence, sentence
from model.tables import Column

Reader = Callable[[Any], Any]
"""Takes one cell that is not empty and gives its value, or a Sentence saying what is wrong with it."""

_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_SHORTENED_ID = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_GUARDED = re.compile(r"^'(?=[=+\-@])")
_NIB = re.compile(r"\d{13}")
_MOST_DIGITS = 10**15  # Excel keeps 15 digits of a number

ERROR_CELL = sentence("The cell holds an Excel error. Correct the formula or type the value, and save.")
FORMULA = sentence(
    "The cell holds a formula without its value. Open the file in Excel or LibreOffice, save it there and import again."
)
NUMBERED_ID = sentence(
    "Excel keeps only 15 digits of a number, so the last digits of this one are lost. Format the column as text and "
    "type the number again from its source."
)
DATED_TEXT = sentence(
    "Excel has turned this text into a date. Format the column as text and type the cell again as it should read."
)
NIK = sentence("A NIK has exactly 16 digits. Correct it or leave the cell empty.")
NOT_A_YEAR = sentence("This is not a year. Write it with four digits, for example 2019.")


def broken(cell: object) -> Sentence | None:
    """What is wrong with a cell that holds an Excel error or a formula, in any column; None if it holds neither."""
    if not isinstance(cell, str):
        return None
    if cell.startswith("="):
        return FORMULA
    return ERROR_CELL if cell.upper() in _EXCEL_ERRORS else None


def text(cell: object) -> str | Sentence:
    """A text; a number cell is written without ``.0``; the sign that keeps a spreadsheet from reckoning falls off."""
    if isinstance(cell, str):
        return _GUARDED.sub("", cell.strip())
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _MOST_DIGITS:
        return str(int(cell))
    if isinstance(cell, date | time | timedelta):
        return DATED_TEXT
    return str(cell)


def identifier(cell: object) -> str | Sentence:
    """An id: text, leading zeros kept; a number cell with more than 15 digits is refused, its end is lost."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _MOST_DIGITS:
        return NUMBERED_ID
    found = text(cell)
    if isinstance(found, Sentence):
        return found
    if _SHORTENED_ID.fullmatch(found):
        return SHORTENED
    return found.removeprefix("'")


def nik(cell: object) -> str | Sentence:
    """A national identity number: 16 digits, spaces between them taken out."""
    found = identifier(cell)
    if isinstance(found, Sentence):
        return found
    digits = re.sub(r"\s", "", found)
    return digits if re.fullmatch(r"[0-9]{16}", digits) else NIK


@dataclass(frozen=True)
class YearReader:
    """A year of four digits within the column's range."""

    column: Column

    def __call__(self, cell: object) -> float | Sentence:
        """The year, or what is wrong."""
        found = text(cell)
        if isinstance(found, Sentence) or not _YEAR.fullmatch(found):
            return NOT_A_YEAR
        return out_of_range(float(found), self.column) or float(found)


@dataclass(frozen=True)
class YesNoReader:
    """Yes or no by the words of the framework (folded word → answer).

    ``numbered``: a business number of 13 digits (NIB) stands for yes, as offices keep it; the number is not kept.
    """

    answers: Mapping[str, bool]
    numbered: bool = False

    def __call__(self, cell: object) -> float | Sentence:
        """1.0 or 0.0, or what is wrong."""
        if isinstance(cell, bool) or cell in (0, 1):
            return float(bool(cell))
        answer = self.answers.get(fold(cell)) if isinstance(cell, str) else None
        if answer is None and cell in ("0", "1"):
            answer = cell == "1"
        if answer is not None:
            return float(answer)
        if self.numbered and _NIB.fullmatch(f"{cell:.0f}" if isinstance(cell, int | float) else str(cell)):
            return 1.0
        return sentence(
            "This is neither yes nor no. Accepted for yes: %(yes)s. Accepted for no: %(no)s.",
            yes=", ".join(word for word, said in self.answers.items() if said),
            no=", ".join(word for word, said in self.answers.items() if not said),
        )


def code_words(entries: Mapping[str, Area] | Mapping[str, Problem]) -> dict[str, str]:
    """Folded code and labels → code."""
    words = {fold(name): code for code, entry in entries.items() for name in (entry.label.id, entry.label.en)}
    return words | {fold(code): code for code in entries}


def code_reader(entries: Mapping[str, Area] | Mapping[str, Problem]) -> "CodeReader":
    """The reader of the codes of areas or problems."""
    shown = [(f"{entry.label.id} ({code})", f"{entry.label.en} ({code})") for code, entry in entries.items()]
    names = (", ".join(sorted(column)) for column in zip(*shown, strict=True))
    return CodeReader(code_words(entries), Label(*names))


@dataclass(frozen=True)
class CodeReader:
    """A code out of a fixed set, written as code or as label in either language; ``accepted`` lists them."""

    words: Mapping[str, str]
    accepted: Label

    def __call__(self, cell: object) -> str | Sentence:
        """The code, or what is wrong."""
        found = text(cell)
        if isinstance(found, Sentence):
            return found
        code = self.words.get(fold(found))
        return code if code is not None else self.unknown(found)

    def unknown(self, word: str) -> Sentence:
        """The sentence for a word that is no code."""
        return sentence(
            "“%(word)s” is not known here. Accepted, as name or as code: %(accepted)s.",
            word=word[:80],
            accepted=self.accepted,
        )

    def unparted(self, word: str) -> Sentence:
        """The same for a list that is not parted by semicolons."""
        return sentence(
            "“%(word)s” is not known here. Several are separated by semicolons (;). Accepted, as name or as code: "
            "%(accepted)s.",
            word=word[:80],
            accepted=self.accepted,
        )


@dataclass(frozen=True)
class ListReader:
    """A list of texts parted by semicolons, each once; with ``codes`` every part must be one of them.

    A part that is no code is read as codes parted by commas or lines, where every one of them is known; a list without
    codes and without a semicolon is parted by commas or lines.
    """

    codes: CodeReader | None = None

    def __call__(self, cell: object) -> str | Sentence | None:
        """The list joined by ``;``, None if it has no part, or what is wrong."""
        found = text(cell)
        if isinstance(found, Sentence):
            return found
        read: list[str | Sentence] = []
        for part in _parts(found, ";" if self.codes or ";" in found else r"[,\n]"):
            read += _codes(part, self.codes) if self.codes else [part]
        wrong = next((part for part in read if isinstance(part, Sentence)), None)
        return wrong or ";".join(dict.fromkeys(map(str, read))) or None


def _parts(found: str, mark: str) -> list[str]:
    return [part.strip() for part in re.split(mark, found) if part.strip()]


def _codes(part: str, codes: CodeReader) -> list[str | Sentence]:
    """The code of a part, or the codes in it; or what is wrong with it."""
    whole, pieces = codes(part), _parts(part, r"[,\n]")
    if isinstance(whole, str) or len(pieces) < 2:
        return [whole]
    read = [codes(piece) for piece in pieces]
    wrong = [piece for piece, code in zip(pieces, read, strict=True) if isinstance(code, Sentence)]
    return [codes.unparted(part if len(wrong) == len(pieces) else wrong[0])] if wrong else read
