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

from data.batch import Batch, Fault, Origins
from data.spellings import PREFIXES, spellings, words_of
from model.framework import fold
from model.sentences import sentence
from model.tables import TABLES

Frames = Mapping[str, pd.DataFrame]

NAMED: Mapping[str, tuple[str, ...]] = {
    "mentors": ("nik", "birth_year", "gender"),
    "businesses": ("nik", "birth_year", "gender", "sector", "start_year"),
}
"""Tables whose rows have a name and a district, and what tells two of the same name apart where both give it."""
_EARLIER = 8
"""So many rows of one name and district are compared with a further one."""


def fold_id(identifier: str) -> str:
    """An id without what hands and spreadsheets change; a sign between two digits counts, whichever it is."""
    known = unicodedata.normalize("NFKC", identifier).casefold()
    parted = re.sub(r"(?<=\d)[\W_]+(?=\d)", "|", known)
    return re.sub(r"[^\w|]|_", "", re.sub(r"(?<!\d)0+(?=\d)", "", parted))


def resembled(identifier: str, known: Iterable[str]) -> str | None:
    """The known id that an id resembles; None where there is none, or where it is known itself."""
    alike = sorted({one for one in known if fold_id(one) == fold_id(identifier)})
    return None if identifier in alike or not alike else alike[0]


def resembling(batch: Batch, known: Mapping[str, frozenset[str]], stored: Frames) -> list[Fault]:
    """A warning for every writing that an import brings in and that resembles another, of its files or stored.

    Args:
        batch: with the origin of its rows.
        known: table → ids already stored.
        stored: the stored rows of mentors and businesses.
    """
    found: list[Fault] = []
    origins, tables = Origins(batch), batch.tables
    for name in (name for name in TABLES if name in tables and len(TABLES[name].key) == 1):
        there = known.get(name, frozenset())
        found += _ids(tables[name], name, there, origins)
        if name in NAMED:
            found += _names(tables[name], name, there, stored.get(name), origins)
    return [*found, *spellings(tables, stored, origins)]


def _ids(frame: pd.DataFrame, name: str, known: frozenset[str], origins: Origins) -> Iterator[Fault]:
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
    frame: pd.DataFrame, name: str, known: frozenset[str], stored: pd.DataFrame | None, origins: Origins
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
    places = {district: words_of(district, PREFIXES) for district in rows["district"].unique()}
    traits = zip(*(rows[column] for column in NAMED[name]), strict=True)
    columns = (rows[TABLES[name].key[0]], rows["name"], rows["district"], traits, rows.index)
    for identifier, called, district, told, at in zip(*columns, strict=True):
        yield (" ".join(words_of(called)), " ".join(places[district])), _Row(identifier, told, int(at))


def _alike(one: _Row, other: _Row) -> bool:
    """Whether nothing that both rows give tells them apart; ids that resemble each other are told as such."""
    if fold_id(one.id) == fold_id(other.id):
        return False
    pairs = zip(one.traits, other.traits, strict=True)
    return all(pd.isna(a) or pd.isna(b) or a == b or fold(str(a)) == fold(str(b)) for a, b in pairs)
