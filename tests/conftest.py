"""Fixtures for every room: the shipped framework, the shared real data, batches, and both databases."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import psycopg
import pytest
import sqlalchemy as sa

from data.batch import Batch
from data.framework_file import read_framework
from data.store.rows import normal
from data.store.store import Store
from model.framework import Framework
from model.tables import TABLES
from tests.browser import chromium, site

__all__ = ["chromium", "site"]

_HERE = Path(__file__).parents[1]
_SERVER = "SULUH_TEST_POSTGRESQL"


@pytest.fixture(scope="session")
def framework() -> Framework:
    return read_framework()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with contract, domain facts and real data beside a development checkout."""
    folder = _HERE.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with the real data is not on this machine")
    return folder


@pytest.fixture(scope="session")
def batch_of() -> Callable[..., Batch]:
    """Make a batch from rows: ``batch_of(mentors=[{"mentor_id": "M1", …}])``; dates and months as ISO text."""

    def made(**tables: list[Mapping[str, Any]]) -> Batch:
        return Batch(tables={name: _frame(name, rows) for name, rows in tables.items()})

    return made


def _frame(name: str, rows: list[Mapping[str, Any]]) -> pd.DataFrame:
    given = pd.DataFrame(rows, dtype="object")
    if "month" in given:
        given["month"] = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in given["month"]]
    for column in [column for column in given if column.endswith("_on")]:
        given[column] = pd.to_datetime(given[column])
    return normal(TABLES[name], given)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database of its own, not yet prepared: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'suluh.db'}"
    else:
        with _database(request.getfixturevalue("postgresql_server")) as url:
            yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A prepared, empty store on each database."""
    opened = Store(store_url)
    opened.prepare()
    yield opened
    opened.close()


@contextlib.contextmanager
def _database(server: sa.URL) -> Iterator[str]:
    name = f"suluh_test_{uuid.uuid4().hex[:12]}"
    with _maintaining(server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with _maintaining(server) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _maintaining(server: sa.URL) -> psycopg.Connection[Any]:
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, connect_timeout=5)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[sa.URL]:
    """A PostgreSQL server: the one that SULUH_TEST_POSTGRESQL names, else one started for this session."""
    named = os.environ.get(_SERVER)
    if named:
        yield sa.make_url(named)
        return
    programs, user = _programs(), _user()
    if programs is None:
        _without(f"no initdb on this machine; install PostgreSQL or name a server in {_SERVER}")
    elif user is None:
        _without(f"PostgreSQL refuses to run as root and no other user is here; name a server in {_SERVER}")
    else:
        with _started(programs, user) as server:
            yield server


def _without(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"PostgreSQL cannot be had in CI: {reason}")
    pytest.skip(f"PostgreSQL cannot be had: {reason}")


def _programs() -> Path | None:
    """The folder with PostgreSQL's programs: the one on the path, else Debian's newest."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def _user() -> pwd.struct_passwd | None:
    """Who the server runs as: whoever we are, or for root the first of two users without rights."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    present = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next((present[name] for name in ("postgres", "nobody") if name in present), None)


@contextlib.contextmanager
def _started(programs: Path, user: pwd.struct_passwd) -> Iterator[sa.URL]:
    folder = Path(tempfile.mkdtemp(prefix="suluh-postgresql-"))
    rights: dict[str, Any] = {}
    if os.getuid() == 0:
        os.chown(folder, user.pw_uid, user.pw_gid)
        rights = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    options = ["-D", "data", "-U", "suluh", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    try:
        with (folder / "log").open("wb") as out:
            output: dict[str, Any] = {"stdout": out, "stderr": subprocess.STDOUT, "cwd": folder, **rights}
            subprocess.run([programs / "initdb", *options], check=True, **output)
            server, url = _listening(programs, folder, output)
        try:
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _listening(programs: Path, folder: Path, output: dict[str, Any]) -> tuple[subprocess.Popen[bytes], sa.URL]:
    """The server on a free port; on another one if somebody took the port before the server did."""
    for _ in range(5):
        port = _free_port()
        command = [programs / "postgres", "-D", "data", "-k", folder, "-p", str(port), "-c", "fsync=off"]
        server = subprocess.Popen([*command, "-c", "listen_addresses=127.0.0.1"], **output)
        url = sa.URL.create("postgresql+psycopg", "suluh", host="127.0.0.1", port=port, database="postgres")
        if _answers(url, server, folder):
            return server, url
    pytest.fail(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _answers(url: sa.URL, server: subprocess.Popen[bytes], folder: Path) -> bool:
    """Whether this very server, not another on the port, comes to answer before it ends; killed if it never does."""
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg.Error), _maintaining(url) as connection:
            place = connection.execute("SHOW data_directory").fetchone()
            if place == (str(folder / "data"),):
                return True
        time.sleep(0.1)
    server.kill()
    server.wait()
    return False
