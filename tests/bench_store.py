"""What the store costs beside the bare driver: ``python -m tests.bench_store [ROWS]``, SQLite, ratios in one run.

The peer writes the same cells with one executemany of the sqlite3 module (same pragmas, no comparing, no checks) and
reads them back with one fetchall into a frame.
"""

import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from data.batch import Batch
from data.store.rows import normal
from data.store.store import Store
from model.tables import TABLES


def batch(rows):
    rng = np.random.default_rng(0)
    ids = np.array([f"B{number:06d}" for number in range(rows // 24 + 1)], dtype=object)
    businesses = pd.DataFrame({"business_id": ids, "name": "W", "district": "D", "sector": "S"})
    at = np.arange(rows)
    reports = pd.DataFrame(
        {
            "business_id": ids[at // 24],
            "month": 2023 * 12 + at % 24,
            "turnover_idr": rng.integers(0, 10**8, rows).astype(float),
            "profit_idr": np.where(rng.random(rows) < 0.3, np.nan, rng.integers(0, 10**7, rows)),
            **{name: rng.integers(0, 2, rows).astype(float) for name in TABLES["reports"].names[4:]},
        }
    )
    frames = {"businesses": businesses, "reports": reports}
    return Batch({name: normal(TABLES[name], frame) for name, frame in frames.items()})


def timed(label, work, peer=None):
    start = time.perf_counter()
    outcome = work()
    spent = time.perf_counter() - start
    beside = "" if peer is None else f"  {spent / peer:5.1f} × the bare driver"
    print(f"{label:42} {spent:7.3f} s{beside}")
    return outcome, spent


def bare_write(file, frame):
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"CREATE TABLE reports ({', '.join(frame.columns)})")
        rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
        places = ", ".join("?" * len(frame.columns))
        connection.executemany(f"INSERT INTO reports VALUES ({places})", rows)  # noqa: S608 - no value in it


def bare_read(file):
    with sqlite3.connect(file) as connection:
        found = connection.execute("SELECT * FROM reports")
        return pd.DataFrame(found.fetchall(), columns=[column[0] for column in found.description])


def main(rows=100_000):
    with tempfile.TemporaryDirectory() as folder:
        given = batch(int(rows))
        print(f"{rows} report rows")
        bare = Path(folder) / "bare.db"
        _, peer_write = timed("bare driver, write", lambda: bare_write(bare, given.tables["reports"]))
        _, peer_read = timed("bare driver, read", lambda: bare_read(bare))
        store = Store(f"sqlite:///{Path(folder) / 'suluh.db'}")
        timed("prepare", store.prepare)
        timed("first import (compare and write)", lambda: store.commit(given), peer_write)
        timed("the same import again", lambda: store.commit(given), peer_write)
        given.tables["reports"]["workers"] += 1
        timed("an import that changes every row", lambda: store.commit(given), peer_write)
        timed("snapshot of version 1", lambda: store.snapshot(1), peer_read)
        timed("snapshot of version 2 (two rows a key)", store.snapshot, peer_read)
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'largest memory of the process':42} {peak:7.0f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:2])
