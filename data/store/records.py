"""Records beside the data: published models and the pointer to the current one, plans, and settings.

Models and plans are only ever added. Every function that writes expects the caller's writing transaction.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from data.store import schema
from model.refusals import NotFound, StoreRefused
from model.sentences import sentence


@dataclass(frozen=True)
class ModelDraft:
    """A model whose file is written and that is to be recorded.

    ``file``: name of its .npz and ``sha256`` of the file's bytes; ``answer``: what training answered.
    """

    name: str
    data_version: int
    as_of: date
    file: str
    sha256: str
    seed: int
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class ModelRecord(ModelDraft):
    """A recorded model: its ``number`` (1, 2, …) and when it was recorded, in UTC."""

    number: int
    created_at: datetime


@dataclass(frozen=True)
class ModelUse:
    """That the model of this name came into use, and when, in UTC."""

    name: str
    used_at: datetime


@dataclass(frozen=True)
class PlanDraft:
    """A plan, or a matching, to be kept: all that is needed to make it again, and its ``answer`` as JSON text."""

    data_version: int
    as_of: date
    model: str | None
    seed: int
    request: Mapping[str, Any]
    answer: str


@dataclass(frozen=True)
class PlanRecord(PlanDraft):
    """A kept one: its ``id`` (1, 2, …), when it was kept, in UTC, and the sha256 of the answer's UTF-8 bytes."""

    id: int
    created_at: datetime
    sha256: str


def canonical(value: Any) -> str:
    """JSON text that is the same for the same value: sorted names, no spaces, letters as they are.

    Raises:
        ValueError: the value holds a NaN or an infinity.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def add_model(connection: sa.Connection, draft: ModelDraft) -> ModelRecord:
    """Append a model, or return the stored one when the very same file is recorded again.

    Raises:
        StoreRefused: another file was recorded under this name.
    """
    standing = find_model(connection, draft.name)
    if standing is not None and standing.sha256 == draft.sha256:
        return standing
    if standing is not None:
        raise StoreRefused(
            sentence("Another model has the name %(name)s already.", name=draft.name),
            where=sentence("the stored models"),
            mend=sentence("Give the new model another name."),
        )
    number = (connection.scalar(sa.select(sa.func.max(schema.model.c.number))) or 0) + 1
    made = ModelRecord(**vars(draft), number=number, created_at=datetime.now(UTC))
    connection.execute(sa.insert(schema.model).values(vars(made)))
    return made


def find_model(connection: sa.Connection, name: str) -> ModelRecord | None:
    """The model of that name, or None."""
    row = connection.execute(sa.select(schema.model).where(schema.model.c.name == name)).mappings().one_or_none()
    return None if row is None else ModelRecord(**row)


def all_models(connection: sa.Connection) -> list[ModelRecord]:
    """Every model, the newest first."""
    rows = connection.execute(sa.select(schema.model).order_by(schema.model.c.number.desc())).mappings()
    return [ModelRecord(**row) for row in rows]


def point_to(connection: sa.Connection, model: ModelRecord) -> bool:
    """Make a stored model the current one, and record the moment; False where it is so already."""
    pointer, use = schema.model_pointer, schema.model_use
    if connection.scalar(sa.select(pointer.c.number)) == model.number:
        return False
    count = (connection.scalar(sa.select(sa.func.max(use.c.id))) or 0) + 1
    connection.execute(sa.insert(use).values(id=count, number=model.number, used_at=datetime.now(UTC)))
    connection.execute(sa.delete(pointer))
    connection.execute(sa.insert(pointer).values(slot=1, number=model.number))
    return True


def pointed_model(connection: sa.Connection) -> ModelRecord | None:
    """The current model, or None when none was published."""
    pointer = schema.model_pointer
    query = sa.select(schema.model).join(pointer, pointer.c.number == schema.model.c.number)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else ModelRecord(**row)


def all_uses(connection: sa.Connection) -> list[ModelUse]:
    """Every move of the pointer, the newest first."""
    model, use = schema.model, schema.model_use
    query = sa.select(model.c.name, use.c.used_at).join(use, use.c.number == model.c.number).order_by(use.c.id.desc())
    return [ModelUse(*row) for row in connection.execute(query)]


def add_plan(connection: sa.Connection, draft: PlanDraft, table: sa.Table = schema.plan) -> PlanRecord:
    """Append a plan (or, to the tables match and desk_advice, one of those) under the next id."""
    number = (connection.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1
    digest = hashlib.sha256(draft.answer.encode()).hexdigest()
    made = PlanRecord(**vars(draft), id=number, created_at=datetime.now(UTC), sha256=digest)
    connection.execute(sa.insert(table).values(vars(made)))
    return made


_KINDS = {
    "plan": sentence("plan"),
    "match": sentence("matching"),
    "desk_advice": sentence("decision of the intake desk"),
}


def stored_plan(connection: sa.Connection, identifier: int, table: sa.Table = schema.plan) -> PlanRecord:
    """The plan (or, of the tables match and desk_advice, one of those) of that id.

    Raises:
        NotFound: there is none.
        StoreRefused: its answer is not the one that was stored.
    """
    kind = _KINDS[table.name]
    row = connection.execute(sa.select(table).where(table.c.id == identifier)).mappings().one_or_none()
    if row is None:
        raise NotFound(kind, str(identifier))
    record = PlanRecord(**row)
    if hashlib.sha256(record.answer.encode()).hexdigest() != record.sha256:
        raise StoreRefused(
            sentence("What is stored is no longer what was put there: its digest does not fit."),
            where=sentence("%(kind)s %(id)s", kind=kind, id=str(identifier)),
            mend=sentence("Find out who can write the database, and bring it back from a backup."),
        )
    return record


def all_plans(connection: sa.Connection, table: sa.Table = schema.plan) -> list[PlanRecord]:
    """Every plan (or matching), the newest first."""
    rows = connection.execute(sa.select(table).order_by(table.c.id.desc())).mappings()
    return [PlanRecord(**row) for row in rows]


def put_setting(connection: sa.Connection, key: str, value: Any) -> None:
    """Set a setting to a JSON value, in place of the former one."""
    connection.execute(sa.delete(schema.setting).where(schema.setting.c.key == key))
    connection.execute(sa.insert(schema.setting).values(key=key, value=value))


def get_setting(connection: sa.Connection, key: str) -> Any:
    """The value of a setting; None where it was never set."""
    return connection.scalar(sa.select(schema.setting.c.value).where(schema.setting.c.key == key))
