"""The audit log: rows in a chain, whose check finds whatever was altered, removed or slipped in."""

from datetime import date

import pytest
import sqlalchemy as sa

from data.store.accounts import AccountDraft, TokenDraft
from data.store.audit import ACTOR, START, record
from data.store.desk import DeskChoice
from data.store.engine import reading, writing
from data.store.records import PlanDraft
from data.store.schema_people import audit_head, audit_log
from model.refusals import StoreRefused
from service import doctor
from service.settings import settings
from service.usecases import Programme


@pytest.fixture
def logged(store):
    """A store with five rows in its log."""
    for number in range(5):
        store.record("test", f"row:{number}", note="é", count=number)
    return store


def tamper(store, *statements):
    """Change the log as somebody does who can take its guard away."""
    with writing(store._engine) as connection:
        if connection.dialect.name == "sqlite":
            for action in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER audit_log_no_{action}")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_log_append_only ON audit_log")
        for statement in statements:
            connection.execute(statement)


def test_a_log_left_alone_is_whole_and_reads_newest_first(logged):
    found = logged.check_audit()
    assert (found.rows, found.broken) == (5, None)
    rows = logged.audit_entries()
    assert [row.subject for row in rows] == [f"row:{number}" for number in (4, 3, 2, 1, 0)]
    assert rows[0].details == {"note": "é", "count": 4}
    assert rows[0].digest == found.head != START
    assert [row.id for row in logged.audit_entries(before=3, most=1)] == [2]
    assert logged.audit_entries(action="nothing") == logged.audit_entries(actor="user:9") == []
    assert logged.audit_actions() == ["test"]


def test_an_empty_log_is_whole(store):
    assert (store.check_audit().rows, store.check_audit().broken) == (0, None)


def test_the_actor_is_recorded(store):
    token = ACTOR.set("user:7")
    try:
        store.record("test")
    finally:
        ACTOR.reset(token)
    store.record("test")
    assert [row.actor for row in store.audit_entries()] == ["command", "user:7"]


ALTERED = {
    "actor": "user:1",
    "action": "other",
    "subject": "row:9",
    "details": "{}",
    "digest": "0" * 64,
    "previous": "f" * 64,
}


@pytest.mark.parametrize("column", [*ALTERED, "at"])
def test_any_altered_cell_is_found(logged, column):
    value = ALTERED.get(column, sa.select(sa.func.min(audit_log.c.at)).scalar_subquery())
    tamper(logged, sa.update(audit_log).where(audit_log.c.id == 3).values({column: value}))
    assert logged.check_audit().broken == 3


@pytest.mark.parametrize(("gone", "broken"), [([1], 1), ([3], 3), ([5], 5), ([4, 5], 4), ([1, 2, 3, 4, 5], 1)])
def test_removed_rows_are_found_also_at_the_end(logged, gone, broken):
    tamper(logged, sa.delete(audit_log).where(audit_log.c.id.in_(gone)))
    assert logged.check_audit().broken == broken


def test_rows_slipped_in_or_moved_are_found(logged):
    with reading(logged._engine) as connection:
        last = dict(connection.execute(sa.select(audit_log).where(audit_log.c.id == 5)).mappings().one())
    tamper(logged, sa.insert(audit_log).values(last | {"id": 6, "previous": last["digest"]}))
    assert logged.check_audit().broken == 6


def test_a_head_that_was_changed_is_found(logged):
    tamper(logged, sa.update(audit_head).values(rows=4))
    assert logged.check_audit().broken == 6


def test_the_doctor_tells_of_a_broken_chain(store, store_url, tmp_path):
    store.record("test")
    given = settings(home=tmp_path, database_url=store_url)
    assert next(check for check in doctor.look(given) if check.name.text == "Audit log").state == "ok"
    tamper(store, sa.update(audit_log).values(action="other"))
    assert next(check for check in doctor.look(given) if check.name.text == "Audit log").state == "bad"


def test_what_does_not_come_to_stand_is_not_in_the_log(store):
    with pytest.raises(ZeroDivisionError):
        half_done(store)
    assert store.audit_entries() == []


def half_done(store):
    with writing(store._engine) as connection:
        record(connection, "test")
        raise ZeroDivisionError


def test_a_log_emptied_whole_is_found_while_anything_stands_that_was_recorded(store, batch_of):
    store.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "N", "district": "D"}]))
    assert store.check_audit().broken is None
    tamper(store, sa.delete(audit_log), sa.delete(audit_head))
    assert (store.check_audit().rows, store.check_audit().broken) == (0, 1)
    store.record("login")
    assert (store.check_audit().rows, store.check_audit().broken) == (1, 2)


MAKE = {
    "user": lambda store: store.add_account(AccountDraft("sari", "Sari", "admin", "x", must_change=True)),
    "token": lambda store: store.add_token(TokenDraft("ab", "checks", "manager", None, None)),
    "match": lambda store: store.save_match(PlanDraft(1, date(2024, 1, 1), None, 1, {}, "{}")),
    "desk": lambda store: store.decide_desk(
        PlanDraft(1, date(2024, 1, 1), None, 1, {}, "{}"),
        DeskChoice("refuse", "B1", None, "small", "Sari", "manager"),
        store.desk_state(),
    ),
}


@pytest.mark.parametrize("kind", MAKE)
def test_whatever_was_recorded_must_be_told_of(store, batch_of, kind):
    store.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "N", "district": "D"}]))
    with reading(store._engine) as connection:
        kept = connection.execute(sa.select(audit_log)).mappings().all()
        head = connection.execute(sa.select(audit_head)).mappings().all()
    made = MAKE[kind]
    made(store)
    assert store.check_audit().broken is None
    tamper(store, sa.delete(audit_log), sa.delete(audit_head))
    with writing(store._engine) as connection:
        connection.execute(sa.insert(audit_log), [dict(row) for row in kept])
        connection.execute(sa.insert(audit_head), [dict(row) for row in head])
    assert store.check_audit().broken == 2


def test_everybody_who_asks_is_told_of_an_emptied_log(store, store_url, batch_of, tmp_path):
    store.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "N", "district": "D"}]))
    tamper(store, sa.delete(audit_log), sa.delete(audit_head))
    given = settings(home=tmp_path / "home", database_url=store_url)
    check = next(check for check in doctor.look(given) if check.name.text == "Audit log")
    assert (check.state, "row 1" in str(check.found)) == ("bad", True)
    programme = Programme(given)
    assert programme.audit()["check"]["broken"] == 1
    with pytest.raises(StoreRefused, match="broken at row 1"):
        programme.backup(tmp_path / "copy.zip")
    assert not (tmp_path / "copy.zip").exists()
