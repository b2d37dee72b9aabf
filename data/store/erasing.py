"""Erasure of a person's data from every stored version, and the copy of all that is held of a person.

Rows stay and so does the id, which is a pseudonym from then on: figures and plans can still be made again. Names,
gender, birth year, disability, phone and NIK are emptied in all versions of the row; the name is taken out of stored
plans, matchings and advice of the intake desk, whose digests change with them; the words of a mentor's objections are
emptied and the mentor's user is shut out. What people decided, and the bytes of published reports, stay: they are the
office's record. Backups made before still hold what was erased here.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from data import failpoints
from data.store import schema
from data.store.audit import record
from data.store.schema import DATA
from data.store.schema_people import account, login_session
from model.refusals import NotFound
from model.sentences import Sentence, sentence
from model.tables import TABLES

KINDS: Mapping[str, tuple[str, Sentence]] = {
    "mentor": ("mentors", sentence("mentor")),
    "business": ("businesses", sentence("business")),
}
"""Kinds of person: their table, and what a reader calls them."""


@dataclass(frozen=True)
class Erasure:
    """That the personal data of ``kind`` (mentor or business) ``subject`` were erased; ``request``: of whose letter."""

    id: int
    kind: str
    subject: str
    request: str
    erased_at: datetime


def held_of(connection: sa.Connection, kind: str, subject: str) -> dict[str, list[dict[str, Any]]]:
    """Every stored row about a person, by table, in all versions.

    Raises:
        NotFound: there is no such person.
    """
    name, shown = KINDS[kind]
    (key,) = TABLES[name].key
    found = {
        table.name: _rows(connection, table, table.c[column] == subject)
        for table, column in _about(key)
        if column in table.c
    }
    if not found[name]:
        raise NotFound(shown, subject)
    advised = {row["advice"] for row in found[schema.desk_event.name]} if kind == "business" else set()
    asked = _rows(connection, schema.desk_advice, schema.desk_advice.c.id.in_(advised))
    found[schema.desk_advice.name] = [{cell: row[cell] for cell in ("id", "created_at", "request")} for row in asked]
    if kind == "mentor":
        users = _rows(connection, account, account.c.mentor_id == subject)
        found["account"] = [{cell: row[cell] for cell in row if cell != "password_hash"} for row in users]
    return {table: rows for table, rows in found.items() if rows}


def _about(key: str) -> list[tuple[sa.Table, str]]:
    records = (schema.plan_decision, schema.objection, schema.prediction_ledger)
    return [(table, key) for table in (*DATA.values(), *records, schema.match_event, schema.desk_event)]


def _rows(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.select(table).where(which)).mappings()]


def erasures(connection: sa.Connection) -> list[Erasure]:
    """Every erasure, the newest first."""
    query = sa.select(schema.erasure).order_by(schema.erasure.c.id.desc())
    return [Erasure(**row) for row in connection.execute(query).mappings()]


def count(connection: sa.Connection) -> int:
    """How many erasures there were."""
    return connection.scalar(sa.select(sa.func.count()).select_from(schema.erasure)) or 0


def erase(connection: sa.Connection, kind: str, subject: str, request: str) -> dict[str, int]:
    """Erase a person's data; gives the number of rows changed, by table.

    Args:
        connection: in a writing transaction.
        kind: mentor or business.
        subject: the id.
        request: number of the letter that asks for it, or no text.

    Raises:
        NotFound: there is no such person.
    """
    name, _ = KINDS[kind]
    names = {row["name"] for row in held_of(connection, kind, subject)[name]} - {""}
    connection.execute(sa.insert(schema.erasing).values(slot=1))
    changed = {name: _empty(connection, DATA[name], subject, names_of(name))}
    if kind == "mentor":
        changed["objection"] = _empty(connection, schema.objection, subject, ("said", "name"))
        changed["account"] = _shut_out(connection, subject)
    alone = names - _names_of_others(connection)
    for table in (schema.plan, schema.match, schema.desk_advice):
        changed[table.name] = _take_out(connection, table, _Person(f"{kind}_id", subject, names, alone))
    failpoints.reach("erase")
    connection.execute(sa.delete(schema.erasing))
    connection.execute(sa.delete(schema.sent_write))
    connection.execute(sa.update(schema.job).values(answer=None, given={}).where(schema.job.c.ended_at.is_not(None)))
    number = count(connection) + 1
    row = Erasure(number, kind, subject, request, datetime.now(UTC))
    connection.execute(sa.insert(schema.erasure).values(vars(row)))
    record(connection, "person.erase", f"{kind}:{subject}", rows=changed, request=request)
    return changed


def names_of(table: str) -> tuple[str, ...]:
    """The personal columns of a table."""
    return tuple(column.name for column in TABLES[table].columns if column.personal)


def _empty(connection: sa.Connection, table: sa.Table, subject: str, columns: tuple[str, ...]) -> int:
    values = {name: None if table.c[name].nullable else "" for name in columns}
    key = table.c["business_id" if table.name == "businesses" else "mentor_id"]
    return connection.execute(sa.update(table).where(key == subject).values(values)).rowcount


def _shut_out(connection: sa.Connection, mentor: str) -> int:
    """Disable the mentor's users and empty their names."""
    numbers = list(connection.scalars(sa.select(account.c.id).where(account.c.mentor_id == mentor)))
    connection.execute(sa.delete(login_session).where(login_session.c.account.in_(numbers)))
    for number in numbers:
        gone = {"name": f"erased-{number}", "display_name": "", "password_hash": "!", "disabled_at": datetime.now(UTC)}
        connection.execute(sa.update(account).where(account.c.id == number).values(gone))
    return len(numbers)


def _names_of_others(connection: sa.Connection) -> set[str]:
    """Names still stored, once the person's own are emptied."""
    tables = (DATA["mentors"], DATA["businesses"])
    return {name for table in tables for name in connection.scalars(sa.select(table.c.name).distinct())}


@dataclass(frozen=True)
class _Person:
    """Whose ``names`` are taken out: where ``key`` is ``subject``, and those that are ``alone`` theirs everywhere."""

    key: str
    subject: str
    names: set[str]
    alone: set[str]

    def without(self, value: Any, *, own: bool = False) -> Any:
        """A JSON value with the person's name emptied; ``own``: what stands around it is about the person."""
        match value:
            case str():
                return "" if value in (self.names if own else self.alone) else value
            case dict():
                here = value[self.key] == self.subject if isinstance(value.get(self.key), str) else own
                return {name: self.without(item, own=here) for name, item in value.items()}
            case list():
                return [self.without(item, own=own) for item in value]
        return value


def _take_out(connection: sa.Connection, table: sa.Table, person: _Person) -> int:
    changed = 0
    for number, text in connection.execute(sa.select(table.c.id, table.c.answer)).all():
        held = json.loads(text)  # its names in their order, as the plan gave them
        left = person.without(held)
        if left != held:
            new = json.dumps(left, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            values = {"answer": new, "sha256": hashlib.sha256(new.encode()).hexdigest()}
            connection.execute(sa.update(table).where(table.c.id == number).values(values))
            changed += 1
    return changed
