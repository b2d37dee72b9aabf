"""A process of its own that does one thing to a store and may die in the midst: ``python -m tests.kill_writer …``.

URL ACTION [--wait] [--bare]. It says ``done`` once the thing is acknowledged, and with --wait stays until it is killed.
--bare: SQLite without a transaction around the statements, the control that must be found out. The variable
SULUH_FAILPOINT names where to die.
"""

import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

import data.store.engine
from data.batch import Batch
from data.store.decisions import Decision, Promise
from data.store.desk import DeskChoice
from data.store.objections import ObjectionDraft
from data.store.records import ModelDraft, PlanDraft
from data.store.reports import ReportDraft, ReportFile
from data.store.rows import normal
from data.store.store import Store
from model.tables import TABLES
from service import backups
from service.settings import settings

DAY = date(2026, 1, 31)


def begin(store):
    """What stands before anything is killed: data, a model in use, a plan, a user."""
    store.prepare()
    take_in(store, "M1")
    store.save_model(model_named("model-1"))
    store.save_plan(PlanDraft(1, DAY, "model-1", 1, {}, "{}"))
    account(store)


def take_in(store, *ids):
    mentors = pd.DataFrame({"mentor_id": ids, "name": "N", "district": "D"}, dtype="object")
    return store.commit(Batch({"mentors": normal(TABLES["mentors"], mentors)}))


def model_named(name):
    return ModelDraft(name, 1, DAY, f"{name}.npz", "ab", 1, {})


def account(store):
    from data.store.accounts import AccountDraft  # noqa: PLC0415 - used here alone

    return store.add_account(AccountDraft("sari", "Sari", "manager", "!", must_change=False))


def decide(store):
    return store.decide(Decision(1, "M1", "K1", "accept", "", "Sari", "manager", None, datetime.now(UTC)))


def approve(store):
    promise = Promise("score", "M1", "K1", 8.0, -2.0, 18.0, 0.0, 6.0)
    return store.approve_plan(1, "Sari", "manager", store.decisions(1), [promise])


def desk(store):
    choice = DeskChoice("accept", "B1", "M1", "", "Sari", "manager")
    return store.decide_desk(PlanDraft(1, DAY, None, 1, {}, "{}"), choice, store.desk_state())


def report(store):
    told = ReportDraft("period", "2025", "", "Sari", "manager", 1, DAY, None, "{}")
    return store.publish_report(told, [ReportFile("id", "pdf", b"%PDF"), ReportFile("en", "pdf", b"%PDF")])


ACTIONS = {
    "import": lambda store: take_in(store, "M2", "M3"),
    "train": lambda store: store.save_model(model_named("model-2"), publish=False),
    "publish": lambda store: store.save_model(model_named("model-2")),
    "plan": lambda store: store.save_plan(PlanDraft(1, DAY, None, 2, {}, "{}")),
    "decide": decide,
    "approve": approve,
    "report": report,
    "desk": desk,
    "objection": lambda store: store.raise_objection(
        ObjectionDraft("M1", "objection", "plan", 1, "K1", "no", "Ayu", "mentor")
    ),
    "erase": lambda store: store.erase("mentor", "M1"),
    "account": lambda store: store.change_account("sari", "user.disable", disabled_at=datetime.now(UTC)),
}
"""What may be killed at the point of the same name."""


def files(store, url, action, file):
    given = settings(home=Path(file).parent, database_url=url)
    return backups.backup(store, given, Path(file)) if action == "backup" else backups.restore(given, Path(file))


def main(url, action, *more):
    if "--bare" in more:
        data.store.engine._begin_sqlite = lambda _: None
    store = Store(url)
    if action in ACTIONS:
        ACTIONS[action](store)
    else:
        files(store, url, action, more[0])
    print("done", flush=True)
    if "--wait" in more:
        time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:])
