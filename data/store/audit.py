"""The audit log: who did what and when, each row bound by SHA-256 to the row before it, so that tampering shows.

A row's digest covers the former row's digest and its own content; a row beside the log holds the count and the last
digest, so that rows cut off at the end show too; and what stands in the other tables was recorded when it was made,
so that a log emptied together with that row shows. Whoever may write the whole database could forge all of it anew:
backups carry the last digest, and a log that no longer contains it is not the same log. Rows name accounts by number
and never hold names, phones or other personal data.
"""

import hashlib
import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from data.store import schema
from data.store.schema_people import account, api_token, audit_head, audit_log

ACTOR: ContextVar[str] = ContextVar("suluh_actor", default="command")
"""Who acts: ``command``, ``user:3``, ``token:2`` or ``nobody``; pages and API set it for each request."""

START = "0" * 64
"""Former digest of the first row."""


_RECORDED = {
    "data": (schema.data_version.c.version, schema.undone_version.c.version),
    "model": (schema.model.c.name, None),
    "plan": (schema.plan.c.id, None),
    "match": (schema.match.c.id, schema.match_event.c.led_to),
    "desk": (schema.desk_advice.c.id, None),
    "report": (schema.report.c.id, None),
    "objection": (schema.objection.c.id, None),
    "user": (account.c.id, None),
    "token": (api_token.c.id, None),
}
"""Kind of subject → key of the rows whose making was recorded, but for those a row about another subject led to."""


@dataclass(frozen=True)
class Entry:
    """One row of the log."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class ChainCheck:
    """What the check of the chain found: ``broken`` is the first row that is altered or missing, None where none is.

    Where things stand of which no row tells, it is the row after the last.
    """

    rows: int
    head: str
    broken: int | None


def record(connection: sa.Connection, action: str, subject: str = "", **details: Any) -> None:
    """Append a row about what the caller's writing transaction does."""
    head = connection.execute(sa.select(audit_head)).one_or_none()
    rows, previous = (head.rows, head.digest) if head else (0, START)
    row = {
        "id": rows + 1,
        "at": datetime.now(UTC),
        "actor": ACTOR.get(),
        "action": action,
        "subject": subject,
        "details": json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
    }
    digest = _digest(previous, row)
    connection.execute(sa.insert(audit_log).values(**row, previous=previous, digest=digest))
    standing = {"rows": rows + 1, "digest": digest}
    connection.execute(
        sa.update(audit_head).values(standing) if head else sa.insert(audit_head).values(slot=1, **standing)
    )


def _digest(previous: str, row: Mapping[str, Any] | RowMapping) -> str:
    held = [
        previous,
        row["id"],
        row["at"].isoformat(),
        *(row[name] for name in ("actor", "action", "subject", "details")),
    ]
    return hashlib.sha256(json.dumps(held, ensure_ascii=False).encode()).hexdigest()


def verify(connection: sa.Connection) -> ChainCheck:
    """Work every digest out anew and compare; finds altered, added and removed rows, also at the end or all of them."""
    previous, count, told = START, 0, set()
    for row in connection.execute(sa.select(audit_log).order_by(audit_log.c.id)).mappings():
        count += 1
        if row["id"] != count or row["previous"] != previous or row["digest"] != _digest(previous, row):
            return ChainCheck(count, previous, count)
        previous = row["digest"]
        told.add(row["subject"])
    head = connection.execute(sa.select(audit_head)).one_or_none()
    whole = (head.rows, head.digest) == (count, previous) if head else count == 0
    return ChainCheck(count, previous, None if whole and _made(connection) <= told else count + 1)


def _made(connection: sa.Connection) -> set[str]:
    """Subject of everything that stands and whose making was recorded."""
    found = set()
    for kind, (key, elsewhere) in _RECORDED.items():
        query = sa.select(key)
        if elsewhere is not None:
            query = query.where(key.not_in(sa.select(elsewhere).where(elsewhere.is_not(None))))
        found |= {f"{kind}:{value}" for value in connection.scalars(query)}
    return found


def entries(
    connection: sa.Connection, *, actor: str = "", action: str = "", before: int | None = None, most: int = 100
) -> list[Entry]:
    """Rows of the log, the newest first, of an actor and an action where these are given, before a row's number."""
    query = sa.select(audit_log).order_by(audit_log.c.id.desc()).limit(most)
    query = query.where(audit_log.c.actor == actor) if actor else query
    query = query.where(audit_log.c.action == action) if action else query
    query = query.where(audit_log.c.id < before) if before is not None else query
    return [_entry(row) for row in connection.execute(query).mappings()]


def _entry(row: RowMapping) -> Entry:
    told = {name: row[name] for name in ("id", "at", "actor", "action", "subject", "digest")}
    return Entry(**told, details=json.loads(row["details"]))


def actions(connection: sa.Connection) -> list[str]:
    """The kinds of action that the log holds."""
    return sorted(connection.scalars(sa.select(audit_log.c.action).distinct()))
