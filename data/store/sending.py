"""Writes that were sent under a key, and what was answered. Every writer expects the caller's transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from data.store import schema

KEPT = timedelta(hours=24)
"""How long an answer is given once more."""

WORKING = timedelta(minutes=15)
"""How long an unanswered write is thought to be worked on still; after that whoever sends it again does it."""


@dataclass(frozen=True)
class Answered:
    """What was answered: ``status``, media type (``kind``), ``location`` of what was made, ``body``."""

    status: int
    kind: str
    location: str | None
    body: str


@dataclass(frozen=True)
class SentBefore:
    """A write that was sent before: its ``address``, digest of its body, and the answer, None while it is worked on."""

    address: str
    sha256: str
    answered: Answered | None


def claim(connection: sa.Connection, who: str, key: str, address: str, sha256: str) -> SentBefore | None:
    """Take a key for a write; what was sent under it before, where there is such a thing."""
    table, now = schema.sent_write, datetime.now(UTC)
    unanswered = table.c.status.is_(None) & (table.c.sent_at < now - WORKING)
    connection.execute(sa.delete(table).where((table.c.sent_at < now - KEPT) | unanswered))
    row = connection.execute(sa.select(table).where(_of(who, key))).mappings().one_or_none()
    if row is None:
        fresh = {"who": who, "key": key, "address": address, "sha256": sha256, "sent_at": now}
        connection.execute(sa.insert(table).values(fresh))
        return None
    given = {name: row[name] for name in ("status", "kind", "location", "body")}
    return SentBefore(row["address"], row["sha256"], None if row["status"] is None else Answered(**given))


def answer(connection: sa.Connection, who: str, key: str, given: Answered) -> None:
    """Keep what was answered."""
    connection.execute(sa.update(schema.sent_write).where(_of(who, key)).values(vars(given)))


def release(connection: sa.Connection, who: str, key: str) -> None:
    """Give a key back, so that the write can be sent anew."""
    connection.execute(sa.delete(schema.sent_write).where(_of(who, key)))


def _of(who: str, key: str) -> sa.ColumnElement[bool]:
    return (schema.sent_write.c.who == who) & (schema.sent_write.c.key == key)
