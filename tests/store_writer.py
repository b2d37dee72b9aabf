"""A process of its own that uses a store; tests start it: ``python -m tests.store_writer URL ACTION [NAME COUNT]``.

Every action prepares the database first. imports NAME COUNT: that many imports, each with one new mentor and one that
all writers share; prints every version. half: begin an import, say so when half of it is written,
and wait. whole: import, say so, and wait.
"""

import sys
import time

import pandas as pd

import data.store.importing
from data.batch import Batch
from data.store.rows import normal
from data.store.store import Store
from model.tables import TABLES


def mentors(*ids):
    rows = pd.DataFrame({"mentor_id": ids, "name": "N", "district": "D"}, dtype="object")
    return normal(TABLES["mentors"], rows)


def courses(*ids):
    rows = pd.DataFrame({"course_id": ids, "title": "T", "area": "a", "cost_per_participant_idr": 1.0})
    return normal(TABLES["courses"], rows)


def imports(store, name, count):
    for number in range(int(count)):
        version, counts = store.commit(Batch({"mentors": mentors("shared", f"{name}-{number}")}))
        print(version, counts.new["mentors"], flush=True)


def half(store):
    write = data.store.importing.write_table

    def write_and_wait(connection, table, frame, version):
        write(connection, table, frame, version)
        print("half", flush=True)
        time.sleep(600)

    data.store.importing.write_table = write_and_wait
    store.commit(Batch({"mentors": mentors("M1"), "courses": courses("C1")}))


def whole(store):
    print(*store.commit(Batch({"mentors": mentors("M1"), "courses": courses("C1")})), flush=True)
    time.sleep(600)


def main(url, action, *details):
    store = Store(url)
    store.prepare()
    actions = {"imports": imports, "half": half, "whole": whole}
    actions[action](store, *details)


if __name__ == "__main__":
    main(*sys.argv[1:])
