"""Checks across tables: ids that must exist, dates and figures that contradict each other, courses in a circle."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batch import Batch, Fault, plain
from data.likeness import fold_id
from model.sentences import Sentence, sentence
from model.tables import TABLES

_SUGGESTED = 20
"""So many unknown ids of one column get a suggestion by likeness; it costs milliseconds each."""
_COMPARED = 20_000
"""With more known ids than this, likeness is not searched, only a difference in capitals, signs and leading zeros."""

Mask = NDArray[np.bool_]
Frames = Mapping[str, pd.DataFrame]


def cross_faults(batch: Batch, known: Mapping[str, frozenset[str]], stored: Frames | None = None) -> list[Fault]:
    """Everything in a batch that contradicts its other tables or what is stored, each cell with its place.

    ``known``: table → ids already stored. ``stored``: table → its stored rows, read only for the prerequisites of
    ``courses``. Tables not in either count as empty.
    """
    return [
        *_references(batch, known),
        *_contradictions(batch),
        *_prerequisites(batch, stored or {}),
    ]


def _references(batch: Batch, known: Mapping[str, frozenset[str]]) -> list[Fault]:
    faults: list[Fault] = []
    for name, frame in batch.tables.items():
        for column, target in TABLES[name].refers.items():
            if column in frame:
                ids = _ids(batch, target) | known.get(target, frozenset())
                faults += _missing(batch, name, column, ids)
    return faults


def _ids(batch: Batch, table: str) -> frozenset[str]:
    key = TABLES[table].key[0]
    return frozenset(batch.tables[table][key].dropna()) if table in batch.tables else frozenset()


def _missing(batch: Batch, name: str, column: str, ids: frozenset[str]) -> list[Fault]:
    """One fault per row whose id is not among ``ids``; each distinct id is looked into once."""
    cells = batch.tables[name][column]
    where = cells.notna() & ~cells.isin(ids)
    if not where.any():
        return []
    unknown = list(dict.fromkeys(cells[where]))
    target = TABLES[name].refers[column]
    if not ids:
        return cell_faults(batch, name, column, where.to_numpy(dtype=bool), [_no_table(target)] * int(where.sum()))
    messages = {i: _no_such(target, near) for i, near in zip(unknown, nearest(unknown, ids), strict=True)}
    return cell_faults(batch, name, column, where.to_numpy(dtype=bool), [messages[i] for i in cells[where]])


def _no_table(table: str) -> Sentence:
    return sentence(
        "The table %(table)s is still empty: nothing is stored, and these files bring none. Import it first or "
        "together with this one.",
        table=table,
    )


def _no_such(table: str, near: str | None) -> Sentence:
    if near is not None:
        return sentence(
            "The table %(table)s has no row with this id. Is %(near)s meant? Correct the id, or add the row.",
            table=table,
            near=near,
        )
    return sentence("The table %(table)s has no row with this id. Correct the id, or add the row.", table=table)


def nearest(unknown: Iterable[str], ids: frozenset[str]) -> list[str | None]:
    """The known id each unknown one probably means, None where none is near."""
    known = sorted(ids)
    folded = {fold_id(i): i for i in reversed(known)}
    found: list[str | None] = []
    for number, identifier in enumerate(unknown):
        near = folded.get(fold_id(identifier))
        if near is None and number < _SUGGESTED and len(ids) <= _COMPARED:
            near = next(iter(difflib.get_close_matches(identifier, known, n=1, cutoff=0.75)), None)
        found.append(near)
    return found


@dataclass(frozen=True)
class _Order:
    """Two columns of a row of which ``later`` must not be less than ``earlier``."""

    table: str
    later: str
    earlier: str
    message: Sentence


_ORDERS = (
    _Order(
        "engagements",
        "ended_on",
        "started_on",
        sentence(
            "The engagement ends before it starts. Correct one of the two dates; leave the end empty if it is active."
        ),
    ),
    _Order(
        "mentors",
        "start_year",
        "birth_year",
        sentence("The mentor starts before being born. Correct the year of the start or of the birth."),
    ),
    _Order(
        "courses",
        "seats",
        "min_participants",
        sentence("The course has fewer seats than its least number of participants. Correct one of the two."),
    ),
)


def _contradictions(batch: Batch) -> list[Fault]:
    faults: list[Fault] = []
    for order in _ORDERS:
        frame = batch.tables.get(order.table)
        if frame is not None and {order.later, order.earlier} <= set(frame.columns):
            where = (frame[order.later] < frame[order.earlier]).to_numpy(dtype=bool)
            faults += cell_faults(batch, order.table, order.later, where, [order.message] * int(where.sum()))
    return faults


def _prerequisites(batch: Batch, stored: Frames) -> list[Fault]:
    """Courses of the batch whose prerequisites lead back to themselves."""
    frame = batch.tables.get("courses")
    if frame is None or "prerequisite" not in frame:
        return []
    asks = {course: before for part in (stored.get("courses"), frame) for course, before in _asks(part)}
    rings = {course: ring for course in frame["course_id"] if (ring := _ring(course, asks))}
    where = frame["course_id"].isin(rings).to_numpy(dtype=bool)
    messages = [_circle(rings[course]) for course in frame.loc[where, "course_id"]]
    return cell_faults(batch, "courses", "prerequisite", where, messages)


def _asks(courses: pd.DataFrame | None) -> Iterable[tuple[str, str | None]]:
    return [] if courses is None else zip(courses["course_id"], courses["prerequisite"], strict=True)


def _ring(course: str, asks: Mapping[str, str | None]) -> list[str]:
    """The way from a course by its prerequisites back to itself; empty if it does not come back."""
    way = [course]
    while (before := asks.get(way[-1])) is not None and before != course:
        if before in way:
            return []  # the circle is further down and stands at its own courses
        way.append(before)
    return [*way, course] if before == course else []


def _circle(ring: list[str]) -> Sentence:
    return sentence(
        "This prerequisite makes a circle: %(ring)s. No one could ever take the course; take one prerequisite out.",
        ring=" → ".join(ring),
    )


def cell_faults(batch: Batch, name: str, column: str, where: Mask, messages: list[Sentence]) -> list[Fault]:
    """A fault for every row in the mask, with the message of its place in ``messages``."""
    origin = batch.origin[name][where]
    values = batch.tables[name].loc[where, column]
    places = zip(origin["file"], origin["sheet"], origin["row"], values, messages, strict=True)
    return [
        Fault(file, sheet, int(row), batch.headers.get((file, sheet, column), column), _shown(value), message)
        for file, sheet, row, value, message in places
    ]


def _shown(value: Any) -> str | None:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return plain(int(value) if isinstance(value, float) and value.is_integer() else value)
