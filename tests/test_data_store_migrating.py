"""Migrations make the tables that the code describes, once, from wherever the package is installed."""

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from data.store import migrating
from data.store.decisions import Decision, Promise
from data.store.desk import DeskChoice
from data.store.engine import open_engine, reading, writing
from data.store.matches import Refusal
from data.store.objections import ObjectionDraft
from data.store.records import ModelDraft, PlanDraft
from data.store.reports import ReportDraft, ReportFile
from data.store.schema import APPEND_ONLY, DATA, HEAD, metadata
from data.store.store import Store
from model.refusals import StoreRefused
from model.tables import TABLES

ROOT = Path(__file__).parents[1]
DAY = date(2024, 1, 1)


def test_the_migrated_database_has_the_tables_of_the_schema(store):
    with reading(store._engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_table_and_column_of_the_contract_is_stored():
    for name, table in TABLES.items():
        assert set(table.names) <= set(DATA[name].c.keys())
    assert set(DATA["engagements"].c.keys()) >= {"outcome", "controls"}


def test_the_newest_revision_is_the_one_that_the_code_expects():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "data" / "store" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_preparing_twice_changes_nothing(store):
    store.put("mark", "kept")
    store.prepare()
    assert store.get("mark") == "kept"


def test_a_database_of_a_newer_version_is_refused(store, store_url):
    with writing(store._engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'f00d'"))
    with pytest.raises(StoreRefused, match="newer version") as refusal:
        Store(store_url).prepare()
    assert "Update Suluh" in str(refusal.value.mend)


def test_a_model_in_use_before_its_uses_were_recorded_has_one_since_it_was_recorded(store_url):
    store = Store(store_url)
    migrating.make_folder(store._engine)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "data" / "store" / "migrations"))
    with writing(store._engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (
            "INSERT INTO data_version VALUES (1, '2025-03-04 05:06:07', '', '[]', '{}', NULL)",
            "INSERT INTO model VALUES (7, 'm-7', 1, '2025-03-04', '2025-03-04 05:06:07', 'm.npz', 'ab', 1, '{}')",
            "INSERT INTO model_pointer VALUES (1, 7)",
        ):
            connection.exec_driver_sql(statement)
    store.prepare()
    (use,) = store.model_uses()
    assert (use.name, use.used_at) == ("m-7", datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC))
    assert store.current_model().name == "m-7"
    assert [(row.action, row.subject) for row in store.audit_entries()] == [
        ("log.begin", "model:m-7"),
        ("log.begin", "data:1"),
    ]
    assert store.check_audit().broken is None
    store.close()


def test_a_migration_that_fails_leaves_no_table(store_url, monkeypatch):
    engine = open_engine(store_url)
    monkeypatch.setattr(migrating, "upgrade_to", half_an_upgrade)
    with pytest.raises(ZeroDivisionError):
        migrating.prepare(engine)
    with reading(engine) as connection:
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()


def half_an_upgrade(connection, revision):
    DATA["items"].metadata.create_all(connection)
    raise ZeroDivisionError


def test_the_database_refuses_to_change_or_remove_a_row(store, batch_of):
    store.commit(batch_of(**one_row_of_each()))
    store.save_model(ModelDraft("m", 1, DAY, "m.npz", "ab", 1, {}))
    store.save_plan(PlanDraft(1, DAY, "m", 1, {}, "{}"))
    made = store.decide(Decision(1, "M1", "K1", "accept", "", "Sari", "manager", "m", datetime.now(UTC)))
    store.approve_plan(1, "Sari", "manager", [made], [Promise("score", "M1", "K1", 8.0, -2.0, 18.0, 0.0, 6.0)])
    draft = PlanDraft(1, DAY, "m", 1, {}, "{}")
    store.save_match(draft)
    store.approve_match(1, "Sari", "manager", [])
    store.decline_pairs(1, [Refusal("B1", "M1")], draft, name="Sari", role="manager", reason="ill")
    store.decide_desk(draft, DeskChoice("accept", "B1", "M1", "", "Sari", "manager"), store.desk_state())
    told = ReportDraft("period", "2024", "", "Sari", "manager", 1, DAY, "m", "{}")
    store.publish_report(told, [ReportFile("id", "pdf", b"%PDF")])
    store.raise_objection(ObjectionDraft("M", "objection", "plan", 1, "K1", "no", "Ayu", "mentor"))
    store.answer_objection(1, "upheld", "yes", "Sari", "manager")
    store.undo(1)
    store.erase("mentor", "M")
    for name in APPEND_ONLY:
        table = metadata.tables[name]
        before = rows_of(store, table)
        assert len(before) == {"audit_log": 15, "data_version": 2, "match": 2, "match_event": 2}.get(name, 1)
        for statement in (sa.update(table).values({table.c[0]: 7}), sa.delete(table)):
            with pytest.raises(sa.exc.DBAPIError, match="never overwritten"), writing(store._engine) as connection:
                connection.execute(statement)
        assert rows_of(store, table) == before


def rows_of(store, table):
    with reading(store._engine) as connection:
        return connection.execute(sa.select(table)).all()


def one_row_of_each():
    return {
        "mentors": [{"mentor_id": "M", "name": "N", "district": "D"}],
        "assessments": [{"mentor_id": "M", "area": "a", "score": 1, "assessed_on": "2024-01-01"}],
        "businesses": [{"business_id": "B", "name": "N", "district": "D", "sector": "S"}],
        "engagements": [{"engagement_id": "E", "mentor_id": "M", "business_id": "B", "started_on": "2024-01-01"}],
        "reports": [{"business_id": "B", "month": "2024-01", "turnover_idr": 1}],
        "items": [{"item_id": "I", "text_id": "T"}],
        "responses": [{"respondent_id": "R", "mentor_id": "M", "item_id": "I", "answer": 1}],
        "courses": [{"course_id": "C", "title": "T", "area": "a", "cost_per_participant_idr": 1}],
        "trainings": [{"mentor_id": "M", "course_id": "C", "completed_on": "2024-01-01"}],
    }


def test_it_runs_from_an_installed_package(tmp_path):
    site = tmp_path / "100% site"
    for floor in ("model", "data"):
        shutil.copytree(ROOT / floor, site / floor, ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "from data.store.store import Store; s = Store('sqlite:///here.db'); s.prepare(); "
        "print(s.version(), s.__module__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("0 data.store.store\n", "")
