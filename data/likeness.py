"""Near-equal ids, names, districts and sectors: two writings that may mean one thing. Told, never merged.

Capitals, signs, blanks and zeros before a number are what hands and spreadsheets change. A row is only warned of where
an import newly brings its writing in; what is stored side by side was accepted once. Every writing is folded once and
looked up, so that the work grows with the rows and not with their square.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.batch import Batch, Fault, plain
from model.framework import fold
from model.sentences import Number, Sentence, sentence
from model.tables import TABLES, Kind

Frames = Mapping[str, pd.DataFrame]

NAMED: Mapping[str, tuple[str, ...]] = {
    "mentors": ("nik", "birth_year", "gender"),
    "businesses": ("nik", "birth_year", "gender", "sector", "start_year"),
}
"""Tables whose rows have a name and a district, and what tells two of the same name apart where both give it."""
_SPELLED = (
    (("mentors", "district"), ("mentors", "extra_districts"), ("businesses", "district")),
    (("businesses", "sector"),),
)
"""Columns that hold the same words: what is counted together only where it is written alike."""
_PREFIXES = frozenset({"kecamatan", "kec", "distrik", "district"})
_NUMERAL = re.compile(r"[ivx]{1,4}|\w|\w*\d\w*")
"""A word that tells two places of one name apart: Ilir Timur I and Ilir Timur II."""
_LEAST_LETTERS = 6
"""A shorter word that differs by a letter is as likely another word."""
_EARLIER = 8
"""So many rows of one name and district are compared with a further one."""


def fold_id(identifier: str) -> str:
    """An id without what hands and spreadsheets change; a sign between two digits counts, whichever it is."""
    known = unicodedata.normalize("NFKC", identifier).casefold()
    parted = re.sub(r"(?<=\d)[\W_]+(?=\d)", "|", known)
    return re.sub(r"[^\w|]|_", "", re.sub(r"(?<!\d)0+(?=\d)", "", parted))


def resembling(batch: Batch, known: Mapping[str, frozenset[str]], stored: Frames) -> list[Fault]:
    """A warning for every writing that an import brings in and that resembles another, of its files or stored.

    Args:
        batch: with the origin of its rows.
        known: table → ids already stored.
        stored: the stored rows of mentors and businesses.
    """
    found: list[Fault] = []
    origins, tables = _Origins(batch), batch.tables
    for name in (name for name in TABLES if name in tables and len(TABLES[name].key) == 1):
        there = known.get(name, frozenset())
        found += _ids(tables[name], name, there, origins)
        if name in NAMED:
            found += _names(tables[name], name, there, stored.get(name), origins)
    for columns in _SPELLED:
        found += _spellings(tables, columns, stored, origins)
    return found


Place = tuple[str, int]
"""A table and the position of a row in it."""


class _Origins:
    """Where the rows of a batch stand in their files."""

    def __init__(self, batch: Batch) -> None:
        self._rows = {
            name: tuple(origin[column].to_numpy() for column in ("file", "sheet", "row"))
            for name, origin in batch.origin.items()
        }
        self._headers = batch.headers

    def warning(self, place: Place, column: str, value: str, message: Sentence) -> Fault:
        """A warning in one cell."""
        file, sheet, row = (part[place[1]] for part in self._rows[place[0]])
        header = self._headers.get((file, sheet, column), column)
        return Fault(file, sheet, int(row), header, plain(value), message)

    def where(self, place: Place | None) -> Sentence:
        """Where a writing stands: a row of a file; None is what is stored."""
        if place is None:
            return sentence("stored already")
        file, sheet, row = (part[place[1]] for part in self._rows[place[0]])
        return sentence("row %(row)s of %(place)s", row=str(row), place=file if sheet is None else f"{file} › {sheet}")


def _ids(frame: pd.DataFrame, name: str, known: frozenset[str], origins: _Origins) -> Iterator[Fault]:
    (column,) = TABLES[name].key
    cells = list(enumerate(frame[column]))
    first = {identifier: at for at, identifier in reversed(cells) if identifier is not None}
    new = sorted((at, identifier) for identifier, at in first.items() if identifier not in known)
    if not new:
        return
    seen: dict[str, str] = {fold_id(identifier): identifier for identifier in sorted(known, reverse=True)}
    for at, identifier in new:
        other = seen.setdefault(fold_id(identifier), identifier)
        if other != identifier:
            place = None if other in known else (name, first[other])
            message = sentence(
                "This id resembles %(other)s (%(where)s) but is another one, and both are kept. If they mean the same, "
                "write one of them everywhere.",
                other=other,
                where=origins.where(place),
            )
            yield origins.warning((name, at), column, identifier, message)


@dataclass(frozen=True)
class _Row:
    """A row with a name: its id, what tells it apart, and its place in the batch (None: stored)."""

    id: str
    traits: tuple[Any, ...]
    at: int | None


def _names(
    frame: pd.DataFrame, name: str, known: frozenset[str], stored: pd.DataFrame | None, origins: _Origins
) -> Iterator[Fault]:
    """Rows under a new id that have the name and the district of another, and nothing that tells them apart."""
    (key,) = TABLES[name].key
    new = ~frame[key].isin(known)
    if not new.any():
        return
    seen: dict[tuple[str, str], list[_Row]] = {}
    if stored is not None:
        _note(seen, name, stored[~stored[key].isin(frame[key])], placed=False)
    _note(seen, name, frame[~new], placed=True)
    names = frame["name"].to_numpy()
    for person, row in _rows(name, frame[new]):
        earlier = seen.setdefault(person, [])
        other = next((one for one in earlier[:_EARLIER] if _alike(one, row)), None)
        if other is not None and row.at is not None:
            message = sentence(
                "The name and the district are those of %(other)s (%(where)s), under another id, and both are kept. If "
                "they are one, keep one id; if not, there is nothing to do.",
                other=other.id,
                where=origins.where(None if other.at is None else (name, other.at)),
            )
            yield origins.warning((name, row.at), "name", names[row.at], message)
        earlier.append(row)


def _note(seen: dict[tuple[str, str], list[_Row]], name: str, frame: pd.DataFrame, *, placed: bool) -> None:
    for person, row in _rows(name, frame):
        seen.setdefault(person, []).append(row if placed else _Row(row.id, row.traits, None))


def _rows(name: str, frame: pd.DataFrame) -> Iterator[tuple[tuple[str, str], _Row]]:
    """(Folded name, folded district) and row, of every row that has an id, a name and a district."""
    given = frame[[TABLES[name].key[0], "name", "district"]].notna().all(axis=1)
    rows = frame[given]
    places = {district: _words(district, _PREFIXES) for district in rows["district"].unique()}
    traits = zip(*(rows[column] for column in NAMED[name]), strict=True)
    columns = (rows[TABLES[name].key[0]], rows["name"], rows["district"], traits, rows.index)
    for identifier, called, district, told, at in zip(*columns, strict=True):
        yield (" ".join(_words(called)), " ".join(places[district])), _Row(identifier, told, int(at))


def _alike(one: _Row, other: _Row) -> bool:
    """Whether nothing that both rows give tells them apart; ids that resemble each other are told as such."""
    if fold_id(one.id) == fold_id(other.id):
        return False
    pairs = zip(one.traits, other.traits, strict=True)
    return all(pd.isna(a) or pd.isna(b) or a == b or fold(str(a)) == fold(str(b)) for a, b in pairs)


def _words(text: str, prefixes: frozenset[str] = frozenset()) -> tuple[str, ...]:
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


def _spellings(
    tables: Frames, columns: Iterable[tuple[str, str]], stored: Frames, origins: _Origins
) -> Iterator[Fault]:
    """Writings that the batch brings in: one warning each, at its first row."""
    known = _written(stored, columns, placed=False)
    given = {text: one for text, one in _written(tables, columns, placed=True).items() if text not in known}
    if not given:
        return
    first: dict[str, _Spelling] = {}
    near: dict[tuple[str, ...], _Spelling] = {}
    for one in sorted([*known.values(), *given.values()], key=lambda one: (one.place is not None, -one.count)):
        words = _words(one.text, _PREFIXES)
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
