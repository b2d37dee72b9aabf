"""What tells whether anything has changed: a mark of all that answers are made of, and a pulse of the whole database.

The mark is the same in every process and after a restart, so that it can stand in an ETag. The pulse is only compared
with an earlier one of the same process, and costs a few microseconds on SQLite: whatever any process commits moves it,
so that what was read under a pulse holds for as long as the pulse stays.
"""

import sqlite3
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

import sqlalchemy as sa

from data.store import schema
from data.store.engine import reading

T = TypeVar("T")
MOST = 2000
"""Answers held at most."""

MARKED = (
    schema.data_version.c.version,
    schema.model.c.number,
    schema.model_use.c.id,
    schema.plan.c.id,
    schema.plan_approval.c.approved_at,
    schema.plan_decision.c.id,
    schema.match.c.id,
    schema.match_event.c.id,
    schema.report.c.id,
    schema.objection.c.id,
    schema.erasure.c.id,
    schema.objection_answer.c.answered_at,
    schema.desk_event.c.id,
)
"""Columns that grow with every row appended to their table."""


def mark(engine: sa.Engine) -> str:
    """Mark of what answers are made of: data, models, plans and decisions.

    Raises:
        StoreRefused: the database cannot be read.
    """
    newest = [sa.select(sa.func.max(column)).scalar_subquery() for column in MARKED]
    with reading(engine) as connection:
        return ".".join("0" if found is None else str(found) for found in connection.execute(sa.select(*newest)).one())


class Held:
    """Keeps what was read from a database for as long as nothing is committed to it, by whatever process."""

    def __init__(self, pulse: "Pulse") -> None:
        self._pulse = pulse
        self._kept: tuple[object, dict[Hashable, object]] = (None, {})

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """What ``read`` gives, read again only after a commit."""
        now, (then, kept) = self._pulse.beat(), self._kept
        if now != then or len(kept) > MOST:
            self._kept = (now, kept := {})
        if key not in kept:
            kept[key] = read()
        return cast("T", kept[key])


class Pulse:
    """Reads the pulse of one database, on a connection that writes nothing."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._lock = engine, Lock()
        self._watch: sqlite3.Connection | None = None

    def beat(self) -> object:
        """Something that equals the last one only if nothing was committed since.

        Raises:
            StoreRefused: the database cannot be read.
        """
        if self._engine.dialect.name == "sqlite":
            with self._lock:
                return self._sqlite()
        with reading(self._engine) as connection:
            return connection.scalar(sa.text("SELECT pg_current_snapshot()::text"))

    def _sqlite(self) -> object:
        try:
            if self._watch is None:
                file = str(self._engine.url.database)
                self._watch = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            return self._watch.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return object()  # equals nothing: whoever asks reads the database itself, which says what is wrong

    def close(self) -> None:
        """Close the connection; it is opened anew when asked again."""
        with self._lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
