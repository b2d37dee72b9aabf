"""Districts and sectors written in several ways: what is counted together only where it is written alike."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from data.batch import Fault, Origins, Place
from model.sentences import Number, Sentence, sentence
from model.tables import TABLES, Kind

Frames = Mapping[str, pd.DataFrame]

_SPELLED = (
    (("mentors", "district"), ("mentors", "extra_districts"), ("businesses", "district")),
    (("businesses", "sector"),),
)
"""Columns that hold the same words: what is counted together only where it is written alike."""
PREFIXES = frozenset({"kecamatan", "kec", "distrik", "district"})
_NUMERAL = re.compile(r"[ivx]{1,4}|\w|\w*\d\w*")
"""A word that tells two places of one name apart: Ilir Timur I and Ilir Timur II."""
_LEAST_LETTERS = 6
"""A shorter word that differs by a letter is as likely another word."""


def words_of(text: str, prefixes: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words of a text without capitals and signs, and without a word before it that says what it is."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).split()
    return tuple(words[1:] if len(words) > 1 and words[0] in prefixes else words)


@dataclass
class _Spelling:
    """One writing: in how many rows it stands, where first (None: stored) and in which column."""

    text: str
    count: int
    place: Place | None
    column: str = ""


def spellings(tables: Frames, stored: Frames, origins: Origins) -> Iterator[Fault]:
    """A warning for each writing that ``tables`` bring in and that resembles another of theirs or of ``stored``."""
    for columns in _SPELLED:
        yield from _spellings(tables, columns, stored, origins)


def _spellings(tables: Frames, columns: Iterable[tuple[str, str]], stored: Frames, origins: Origins) -> Iterator[Fault]:
    """Writings of the same words: one warning each, at its first row."""
    known = _written(stored, columns, placed=False)
    given = {text: one for text, one in _written(tables, columns, placed=True).items() if text not in known}
    if not given:
        return
    first: dict[str, _Spelling] = {}
    near: dict[tuple[str, ...], _Spelling] = {}
    for one in sorted([*known.values(), *given.values()], key=lambda one: (one.place is not None, -one.count)):
        words = words_of(one.text, PREFIXES)
        other = first.setdefault("".join(words), one)
        if other is one:
            keys = list(_near(words))
            other = next((near[key] for key in keys if key in near), one)
            for key in keys:
                near.setdefault(key, one)
        if other is not one and one.place is not None:
            yield origins.warning(one.place, one.column, one.text, _spelled(one, origins.where(other.place), other))


def _spelled(one: _Spelling, where: Sentence, other: _Spelling) -> Sentence:
    return sentence(
        "It resembles “%(other)s” (%(where)s); the two are kept and counted apart. If they mean the same, write it "
        "alike everywhere. Rows with this writing: %(count)s.",
        other=other.text,
        where=where,
        count=Number(one.count),
    )


def _near(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What two writings share where one letter of them is missing, exchanged or out of place; numerals count."""
    letters = "".join(word for word in words if not _NUMERAL.fullmatch(word))
    numerals = [word for word in words if _NUMERAL.fullmatch(word)]
    if len(letters) >= _LEAST_LETTERS:
        yield from ((letters[:i] + letters[i + 1 :], *numerals) for i in range(len(letters)))
        yield (letters, *numerals)


def _written(tables: Frames, columns: Iterable[tuple[str, str]], *, placed: bool) -> dict[str, _Spelling]:
    """Every writing in the columns, lists taken apart."""
    found: dict[str, _Spelling] = {}
    for name, column in columns:
        if name not in tables or column not in tables[name]:
            continue
        cells = tables[name][column].dropna().reset_index()
        first = cells.drop_duplicates(column)
        counts = cells[column].value_counts(sort=False)
        several = TABLES[name].column(column).kind is Kind.LIST
        for at, cell in zip(first["index"], first[column], strict=True):
            for text in cell.split(";") if several else (cell,):
                one = found.setdefault(text, _Spelling(text, 0, (name, int(at)) if placed else None, column))
                one.count += int(counts[cell])
    return found
