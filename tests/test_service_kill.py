"""``kill -9`` at every named point: no half state, no acknowledged write lost, well again at once.

Once at each point here; five times at each, on both databases, with ``-m long``.
"""

import os
import re
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.failpoints import VARIABLE
from data.store.archive import tables
from data.store.engine import reading
from data.store.store import Store
from tests.api_rig import server
from tests.kill_writer import ACTIONS, begin

ROOT = Path(__file__).parents[1]
KILLED = -9


@pytest.fixture
def begun(store_url):
    store = Store(store_url)
    begin(store)
    yield store
    store.close()


@pytest.fixture
def sqlite(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'home' / 'suluh.db'}")
    begin(store)
    yield store
    store.close()


def start(store, action, *more, point=""):
    url = store._engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kill_writer", url, action, *map(str, more)],
        cwd=ROOT,
        env={**os.environ, VARIABLE: point},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(store, action, *more, point=""):
    process = start(store, action, *more, point=point)
    said, faults = process.communicate(timeout=120)
    return process.returncode, said, faults


def state(store):
    """Every row of the database."""
    with reading(store._engine) as connection:
        return {
            table.name: connection.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
            for table in tables()
        }


def killed_at(store, action, *more):
    """Kill at the point; what was there before must be there still, and nothing else."""
    before = state(store)
    assert run(store, action, *more, point=action)[:2] == (KILLED, "")
    assert state(store) == before
    assert store.check_audit().broken is None


def well_again(store, action, *more):
    """The same thing done anew goes through."""
    rows = store.check_audit().rows
    code, said, faults = run(store, action, *more)
    assert (code, said) == (0, "done\n"), faults
    assert store.check_audit().rows > rows
    assert store.check_audit().broken is None


CONTROL = "import service.app, time; print(time.process_time())"


def patience():
    """How much longer than on a free machine a start takes on this one: of a control, time passed ÷ processor time."""
    since = time.monotonic()
    spent = subprocess.run([sys.executable, "-c", CONTROL], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return max(1.0, (time.monotonic() - since) / float(spent))


def first_answer(home):
    """Seconds from the start of the service to its first answer."""
    since = time.monotonic()
    with server(home, patience=120) as address:
        connection = HTTPConnection(address.removeprefix("http://"), timeout=60)
        connection.request("GET", "/api/v1/health")
        assert connection.getresponse().status == 200
        return time.monotonic() - since


def in_five_seconds(home):
    """The service answers within five seconds of its start, on a machine that is free for it."""
    before, took, after = patience(), first_answer(home), patience()
    print(f"first answer {took:.2f} s after the start; a start takes {before:.2f} and {after:.2f} times as long here")
    assert took <= 5 * max(before, after)


@pytest.mark.parametrize("action", list(ACTIONS))
def test_killed_in_the_midst_nothing_is_half_done(sqlite, action):
    killed_at(sqlite, action)
    well_again(sqlite, action)


@pytest.mark.parametrize("action", ["import", "approve", "report"])
def test_the_control_without_a_transaction_is_found_out(sqlite, action):
    with pytest.raises(AssertionError):
        killed_at(sqlite, action, "--bare")


@pytest.mark.parametrize("action", ["import", "publish", "decide"])
def test_what_was_acknowledged_survives(sqlite, action):
    survives(sqlite, action)


def survives(store, action):
    process = start(store, action, "--wait")
    assert process.stdout.readline() == "done\n"
    process.kill()
    process.communicate(timeout=30)
    newest = store.audit_entries()[0].action
    assert re.match({"import": "import", "publish": "model.use", "train": "model.add"}.get(action, r"\w+\.\w+"), newest)
    assert newest != "user.add"
    assert store.check_audit().broken is None


def test_a_killed_backup_leaves_no_file_and_a_killed_restore_an_empty_home(sqlite, tmp_path):
    files_are_whole(sqlite, tmp_path)


def files_are_whole(store, place):
    file = place / "out" / "suluh.zip"
    model = file.parent / "models" / "model-1.npz"
    model.parent.mkdir(parents=True, exist_ok=True)
    model.write_bytes(b"x")
    killed_at(store, "backup", file)
    assert not file.exists()
    well_again(store, "backup", file)
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == ["suluh.zip"]
    new = Store(f"sqlite:///{file.parent / 'new.db'}")
    assert run(new, "restore", file, point="restore")[:2] == (KILLED, "")
    assert not new.used()
    code, said, faults = run(new, "restore", file)
    assert (code, said) == (0, "done\n"), faults
    assert state(new)["mentors"] == state(store)["mentors"]
    assert new.check_audit().broken is None
    new.close()


@pytest.mark.long
@pytest.mark.parametrize("action", list(ACTIONS))
def test_five_times_at_every_point_on_both_databases(begun, action):
    for _ in range(5):
        killed_at(begun, action)
    well_again(begun, action)


@pytest.mark.long
@pytest.mark.parametrize("action", list(ACTIONS))
def test_every_acknowledged_write_survives_on_both_databases(begun, action):
    survives(begun, action)


@pytest.mark.long
@pytest.mark.parametrize("action", list(ACTIONS))
def test_every_control_is_found_out(sqlite, action):
    with pytest.raises(AssertionError):
        killed_at(sqlite, action, "--bare")


@pytest.mark.long
def test_five_killed_backups_and_restores(sqlite, tmp_path):
    for number in range(5):
        files_are_whole(sqlite, tmp_path / str(number))


def test_the_service_answers_within_five_seconds_after_a_kill(sqlite, tmp_path):
    killed_at(sqlite, "import")
    in_five_seconds(tmp_path / "home")


def test_a_start_that_takes_longer_is_found_out(monkeypatch, tmp_path):
    monkeypatch.setitem(globals(), "first_answer", lambda _: 6.0)
    monkeypatch.setitem(globals(), "patience", lambda: 1.1)
    with pytest.raises(AssertionError):
        in_five_seconds(tmp_path)
