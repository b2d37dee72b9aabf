"""From a database URL to an engine, and the two ways to use it: reading and writing.

SQLite runs in WAL mode with foreign keys on and ``synchronous=FULL``, so that an acknowledged write survives a kill.
SQLAlchemy emits BEGIN itself (its documented recipe for the sqlite3 driver on every Python version), so that a writing
transaction can begin IMMEDIATE: it waits for its turn instead of failing halfway with "database is locked". On
PostgreSQL a writing transaction takes one advisory lock and, being READ COMMITTED, sees after it all that was written
before. Writers follow one another on both databases.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from model.refusals import StoreRefused
from model.sentences import sentence

WAIT_SECONDS = 60
"""How long a writing transaction waits for its turn."""

_WRITES = "suluh_writes"
_json = partial(json.dumps, ensure_ascii=False, allow_nan=False)
_LOCK = 0x53756C7568  # "Suluh" in ASCII: the number of the advisory lock on PostgreSQL


def open_engine(url: str) -> sa.Engine:
    """Engine for ``sqlite:///FILE`` or ``postgresql+psycopg://…``; connects to nothing yet.

    Raises:
        StoreRefused: the URL cannot be read, names another kind of database, names no file, or lacks its driver.
    """
    address = _address(url)
    try:
        if address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
            engine = sa.create_engine(
                address, pool_pre_ping=True, isolation_level="READ COMMITTED", json_serializer=_json
            )
            sa.event.listen(engine, "begin", _begin_postgresql)
            return engine
        engine = sa.create_engine(address, connect_args={"timeout": WAIT_SECONDS}, json_serializer=_json)
    except ModuleNotFoundError as fault:
        raise _unusable(address, "the driver psycopg is not installed") from fault
    sa.event.listen(engine, "connect", _connect_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One connection in a transaction that only reads.

    Raises:
        StoreRefused: the database cannot be reached or read.
    """
    with _refusing(engine.url), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One connection in a transaction that writes: all of it or nothing, one writer after the other.

    Raises:
        StoreRefused: the database cannot be reached or written, or stays taken for ``WAIT_SECONDS``.
    """
    with _refusing(engine.url), engine.execution_options(**{_WRITES: True}).begin() as connection:
        yield connection


def sweep(engine: sa.Engine) -> None:
    """Leave nothing of overwritten cells on the disk: SQLite's log emptied, PostgreSQL's old rows written over.

    SQLite overwrites what it frees (``secure_delete``); a reader at work may keep the log from being emptied, then the
    next sweep does it.
    """
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for table in ("mentors", "businesses", "plan", '"match"', "desk_advice", "objection", "job", "sent_write"):
                connection.exec_driver_sql(f"VACUUM FULL {table}")


@contextmanager
def _refusing(address: sa.URL) -> Iterator[None]:
    try:
        yield
    except OperationalError as fault:
        raise _unusable(address, _first_line(fault)) from fault
    except DatabaseError as fault:
        if isinstance(fault.orig, sqlite3.Error) and type(fault.orig) is sqlite3.DatabaseError:
            raise _unusable(address, _first_line(fault)) from fault
        raise


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        raise StoreRefused(
            sentence("The database URL names no database that Suluh can use."),
            where=sentence("the database URL"),
            mend=sentence("Give sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME."),
        )
    if backend == "sqlite" and address.database in {None, "", ":memory:"}:
        raise StoreRefused(
            sentence("The database URL names no file."),
            where=sentence("the database URL"),
            mend=sentence("Name a file, as in sqlite:///instance/suluh.db."),
        )
    return address


def _unusable(address: sa.URL, fault: str) -> StoreRefused:
    return StoreRefused(
        sentence("The database cannot be used: %(fault)s.", fault=fault),
        where=sentence("%(place)s", place=address.render_as_string(hide_password=True)),
        mend=sentence("See that the database is there, can be written and has room, then do it again."),
    )


def _first_line(fault: DatabaseError) -> str:
    return (str(fault.orig).strip().splitlines() or [type(fault.orig).__name__])[0].rstrip(".")


def _connect_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")


def _begin_postgresql(connection: sa.Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
