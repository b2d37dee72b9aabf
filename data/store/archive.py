"""All that the database holds as plain files of an archive, and back: the same form for SQLite and PostgreSQL.

Each table is one file of JSON lines, a row as the list of its cells in the order of the line before it, which names
the columns. Rows are read in one transaction that sees one moment, while others write on. Log-ins, jobs and answers
kept for repeated requests are left behind: a backup brings no session back to life, and the key by which forms are
signed is made anew.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from data import failpoints
from data.store.audit import verify
from data.store.engine import reading, writing
from data.store.migrating import make_folder, revision_of, upgrade_to
from data.store.schema import HEAD, metadata, setting
from model.refusals import StoreRefused
from model.sentences import sentence

_LEFT = {"login_session", "login_attempt", "job", "sent_write"}
_SECRET = "secret_key"  # noqa: S105 - the name of a setting
_CHUNK = 2000


def tables() -> list[sa.Table]:
    """The tables of an archive, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in _LEFT]


class Dump:
    """One moment of the database, as the archive tells of it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def head(self) -> dict[str, Any]:
        """Revision of the tables, and the last digest and count of the audit log.

        Raises:
            StoreRefused: the chain of the audit log is broken; a backup of it would hide that.
        """
        found = verify(self._connection)
        if found.broken is not None:
            raise StoreRefused(
                sentence("The chain is broken at row %(row)s: rows were altered or removed.", row=str(found.broken)),
                where=sentence("the audit log"),
                mend=sentence("Find out who can write the database; compare with the newest backup."),
            )
        return {"revision": revision_of(self._connection), "audit_rows": found.rows, "audit_head": found.head}

    def lines(self, table: sa.Table) -> Iterator[bytes]:
        """The table as JSON lines: names of the columns, then the rows by their key."""
        yield _line([column.name for column in table.columns])
        query = sa.select(table).order_by(*table.primary_key.columns)
        if table is setting:
            query = query.where(table.c.key != _SECRET)
        for row in self._connection.execute(query.execution_options(yield_per=_CHUNK)):
            yield _line([_plain(cell) for cell in row])


@contextmanager
def dump(engine: sa.Engine) -> Iterator[Dump]:
    """One moment of the database; others write on meanwhile and are not seen."""
    steady = engine.dialect.name == "postgresql"
    with reading(engine.execution_options(isolation_level="REPEATABLE READ") if steady else engine) as connection:
        yield Dump(connection)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(cell: Any) -> Any:
    if isinstance(cell, bytes):
        return base64.b64encode(cell).decode()
    return cell.isoformat() if isinstance(cell, date) else cell


def load(engine: sa.Engine, revision: str, files: Iterable[tuple[str, Iterable[bytes]]]) -> int:
    """Fill an empty database with the tables of an archive, all of it or nothing.

    Args:
        engine: of a database that was never used.
        revision: of the archive's tables; later migrations run over its rows.
        files: (name of a table, its lines).

    Returns:
        The number of rows.

    Raises:
        StoreRefused: the database holds something, or the archive comes from a newer version of Suluh.
    """
    make_folder(engine)
    with writing(engine) as connection:
        if used(connection):
            raise StoreRefused(
                sentence("The database holds something already; a backup comes back into an empty one only."),
                where=sentence("%(place)s", place=engine.url.render_as_string(hide_password=True)),
                mend=sentence("Restore into a home folder of its own: --home FOLDER."),
            )
        if revision_of(connection) is None:
            upgrade_to(connection, revision)
        known = {table.name: table for table in tables()}
        rows = sum(_fill(connection, known[name], lines) for name, lines in files if name in known)
        failpoints.reach("restore")
        upgrade_to(connection, HEAD)
        return rows


def used(connection: sa.Connection) -> bool:
    """Whether the database holds any row but settings, or tables that are not the newest."""
    standing = revision_of(connection)
    if standing is None:
        return False
    held = (connection.execute(sa.select(table).limit(1)).first() for table in tables() if table is not setting)
    return standing != HEAD or any(row is not None for row in held)


def _fill(connection: sa.Connection, table: sa.Table, lines: Iterable[bytes]) -> int:
    rest, count = iter(lines), 0
    columns = [table.c[name] for name in json.loads(next(rest))]
    connection.execute(sa.delete(table)) if table is setting else None
    while chunk := [_row(columns, line) for line in islice(rest, _CHUNK)]:
        connection.execute(sa.insert(table), chunk)
        count += len(chunk)
    _continue_numbers(connection, table)
    return count


def _row(columns: list[sa.Column[Any]], line: bytes) -> dict[str, Any]:
    return {column.name: _cell(column, cell) for column, cell in zip(columns, json.loads(line), strict=True)}


def _cell(column: sa.Column[Any], cell: Any) -> Any:
    kind = column.type
    if cell is None:
        return None
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(cell)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(cell)
    if isinstance(kind, sa.types.TypeDecorator):  # Moment, the one of the schema
        return datetime.fromisoformat(cell).astimezone(UTC)
    return cell


def _continue_numbers(connection: sa.Connection, table: sa.Table) -> None:
    """On PostgreSQL, let numbers that the database gives go on after the greatest one loaded."""
    counted = table.autoincrement_column
    if connection.dialect.name != "postgresql" or counted is None:
        return
    most = connection.scalar(sa.select(sa.func.max(counted)))
    if most is not None:
        connection.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, counted.name), most)))
