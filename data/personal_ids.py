"""NIKs where they do not belong: an id is seen by everybody and kept for good, a text by whoever sees its column.

The number itself is repeated nowhere.
"""

from collections.abc import Mapping
from dataclasses import replace

from data.batch import Batch, Fault
from data.checking import cell_faults
from model.nik import holds_nik, is_nik
from model.sentences import Sentence, sentence
from model.tables import TABLES, Kind

_OWNERS = ("mentors", "businesses")
"""Tables whose rows are persons or theirs."""
_WORDED = frozenset({Kind.ID, Kind.TEXT, Kind.LIST})
_AN_ID = sentence(
    "An id is seen by everybody and kept for good, and this one reads as a NIK. Give the row an id of the office's "
    "own, and write the NIK in the column nik, which is hidden."
)
_IN_A_TEXT = sentence(
    "This text holds a number that reads as a NIK, and whoever sees the column sees it. Take it out; a NIK belongs in "
    "the column nik of mentors or businesses, which is hidden."
)


def niks_as_ids(batch: Batch, known: Mapping[str, frozenset[str]]) -> list[Fault]:
    """New ids of mentors and businesses that are a NIK; one that is stored already (``known``) goes on."""
    found: list[Fault] = []
    for name in (name for name in _OWNERS if name in batch.tables):
        (key,) = TABLES[name].key
        new = set(batch.tables[name][key].dropna()) - known.get(name, frozenset())
        found += _told(batch, name, key, {text for text in new if is_nik(text)}, _AN_ID)
    return found


def niks_in_texts(batch: Batch) -> list[Fault]:
    """A warning for every text that holds a NIK outside the column for it."""
    found: list[Fault] = []
    for name, frame in batch.tables.items():
        told = {*TABLES[name].refers, *(TABLES[name].key if name in _OWNERS else ()), "nik", "phone"}
        for column in TABLES[name].columns:
            if column.kind in _WORDED and column.name in frame and column.name not in told:
                niks = {text for text in frame[column.name].dropna().unique() if holds_nik(text)}
                found += _told(batch, name, column.name, niks, _IN_A_TEXT)
    return found


def _told(batch: Batch, name: str, column: str, niks: set[str], message: Sentence) -> list[Fault]:
    where = batch.tables[name][column].isin(niks).to_numpy(dtype=bool)
    faults = cell_faults(batch, name, column, where, [message] * int(where.sum()))
    return [replace(fault, value=None) for fault in faults]
