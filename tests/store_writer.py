"""A process of its own that uses a store; tests start it: ``python -m tests.store_writer URL ACTION [NAME COUNT]``.

Every action prepares the database first. imports NAME COUNT: that many imports, each with one new mentor and one that
all writers share; prints every version. plans NAME COUNT: that many plans, each under the number after the newest one.
claims COUNT: that many threads, each with a store of its own, approve plan 1 at once; prints "won" or "lost".
half: begin an import, say so when half of it is written, and wait. whole: import, say so, and wait.
"""

import os
import sys
import threading
import time
from datetime import date

import pandas as pd

import data.store.importing
from data.batch import Batch
from data.store.records import PlanDraft
from data.store.rows import normal
from data.store.store import Store
from model.refusals import PlanRefused
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


def plans(store, name, count):
    for _ in range(int(count)):
        print(store.save_plan(PlanDraft(1, date(2026, 1, 31), None, 1, {"by": name}, "{}")).id, flush=True)


def claims(store, count):
    ready, said = threading.Barrier(int(count)), []

    def claim(number):
        own = Store(store._engine.url.render_as_string(hide_password=False))
        ready.wait()
        try:
            own.approve_plan(1, f"{os.getpid()}-{number}", "manager", [], [])
        except PlanRefused:
            said.append("lost")
        else:
            said.append("won")
        own.close()

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(int(count))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(*said, sep="\n", flush=True)


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
    actions = {"imports": imports, "plans": plans, "claims": claims, "half": half, "whole": whole}
    actions[action](store, *details)


if __name__ == "__main__":
    main(*sys.argv[1:])
