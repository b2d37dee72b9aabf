"""The database under stress: several writers at once, writers that are killed, addresses that cannot be used."""

import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from data.batch import Batch
from data.store.engine import open_engine, reading
from data.store.records import PlanDraft
from data.store.store import Store
from model.refusals import StoreRefused
from tests.store_writer import mentors

ROOT = Path(__file__).parents[1]


def start(url, *action):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store_writer", url, *action],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_several_processes_prepare_and_write_and_no_version_is_lost(store_url):
    writers = [start(store_url, "imports", f"W{number}", "10") for number in range(4)]
    said = [writer.communicate(timeout=120) for writer in writers]
    assert [error for _, error in said] == ["", "", "", ""]
    lines = [line.split() for out, _ in said for line in out.splitlines()]
    assert sorted(int(version) for version, _ in lines) == list(range(1, 41))
    assert sorted(int(new) for _, new in lines) == [1] * 39 + [2]
    store = Store(store_url)
    ids = set(store.snapshot()["mentors"]["mentor_id"])
    assert ids == {"shared", *(f"W{writer}-{number}" for writer in range(4) for number in range(10))}
    store.close()


def reads_then_writes(store, url, processes, times):
    store.commit(Batch({"mentors": mentors("M1")}))
    said = [
        writer.communicate(timeout=600)
        for writer in [start(url, "plans", f"W{n}", str(times)) for n in range(processes)]
    ]
    assert [error for _, error in said] == [""] * processes
    assert sorted(int(line) for out, _ in said for line in out.splitlines()) == list(range(1, processes * times + 1))
    by = Counter(plan.request["by"] for plan in store.plans())
    assert by == {f"W{n}": times for n in range(processes)}
    assert (store.check_audit().rows, store.check_audit().broken) == (processes * times + 1, None)


def test_what_is_read_and_then_written_counts_exactly(store, store_url):
    reads_then_writes(store, store_url, 4, 10)


@pytest.mark.long
def test_eight_processes_read_and_then_write_a_hundred_times_each(store, store_url):
    reads_then_writes(store, store_url, 8, 100)


def one_winner(store, url, processes, threads):
    store.commit(Batch({"mentors": mentors("M1")}))
    store.save_plan(PlanDraft(1, date(2026, 1, 31), None, 1, {}, "{}"))
    said = [one.communicate(timeout=600) for one in [start(url, "claims", str(threads)) for _ in range(processes)]]
    assert [error for _, error in said] == [""] * processes
    lines = Counter(line for out, _ in said for line in out.splitlines())
    assert lines == {"won": 1, "lost": processes * threads - 1}
    assert store.approval(1) is not None
    assert [row.action for row in store.audit_entries()].count("plan.approve") == 1


def test_fifty_claims_have_one_winner(store, store_url):
    one_winner(store, store_url, 2, 25)


@pytest.mark.long
def test_fifty_claims_of_many_processes_have_one_winner(store, store_url):
    one_winner(store, store_url, 10, 5)


def killed_after_a_line(url, action):
    writer = start(url, action)
    line = writer.stdout.readline()
    writer.kill()
    writer.communicate(timeout=30)
    return line


def test_a_writer_killed_halfway_leaves_nothing(store, store_url):
    assert killed_after_a_line(store_url, "half") == "half\n"
    assert store.version() == 0
    assert store.known()["mentors"] == frozenset()
    with reading(store._engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mentors").scalar() == 0
    assert start(store_url, "imports", "W", "1").communicate(timeout=120) == ("1 2\n", "")


def test_an_acknowledged_import_survives_the_kill(store, store_url):
    assert killed_after_a_line(store_url, "whole").startswith("1 ")
    assert store.version() == 1
    assert list(store.snapshot()["courses"]["course_id"]) == ["C1"]


def test_a_reader_is_not_disturbed_by_a_writer_at_work(store, store_url):
    writer = start(store_url, "half")
    assert writer.stdout.readline() == "half\n"
    assert store.version() == 0
    assert len(store.snapshot()["mentors"]) == 0
    writer.kill()
    writer.communicate(timeout=30)


def test_sqlite_waits_checks_references_and_writes_through(tmp_path):
    with reading(open_engine(f"sqlite:///{tmp_path / 'x.db'}")) as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        held = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert held == ["wal", 2, 1, 60_000]


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "oracle+thin://x/y", "sqlite:///"]
)
def test_an_address_of_no_usable_database_is_refused(url):
    with pytest.raises(StoreRefused) as refusal:
        Store(url)
    assert "sqlite:///" in str(refusal.value.mend)


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path):
    file = tmp_path / "suluh.db"
    file.write_bytes(b"a letter, not a database" * 100)
    with pytest.raises(StoreRefused, match="file is not a database"):
        Store(f"sqlite:///{file}").prepare()
    assert file.read_bytes() == b"a letter, not a database" * 100


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreRefused, match="folder"):
        Store(f"sqlite:///{tmp_path / 'home' / 'suluh.db'}").prepare()


def test_a_server_that_does_not_answer_is_refused_without_showing_the_password():
    with pytest.raises(StoreRefused) as refusal:
        Store("postgresql://somebody:verysecret@127.0.0.1:1/suluh").prepare()
    assert "127.0.0.1:1/suluh" in str(refusal.value.where)
    assert "verysecret" not in f"{refusal.value.what} {refusal.value.where} {refusal.value.mend}"
