"""The database tables: the contract's as append-only rows of numbered data versions, and the records beside them.

Built from :data:`model.tables.TABLES`, so that a column is described once. A row of a later version with the same key
supersedes the earlier one for every snapshot at or after that version; the earlier row stays. A month is stored as
year · 12 + month − 1, money as whole rupiah, a date as a date. The migrations hold the same tables frozen in time
(data/store/migrations/versions); a test compares the two.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from model.tables import TABLES, Column, Kind, Table

HEAD = "0010"
"""Newest migration; a database that stands there needs no migrating."""

POSITION = "position"

EXTRAS: Mapping[str, tuple[Column, ...]] = {
    "engagements": (Column("outcome", Kind.NUMBER), Column("controls", Kind.TEXT)),
    "items": (Column(POSITION, Kind.INTEGER),),
}
"""Columns beside the contract's: what a mapping file may bring, and the row order of items, which decides ties."""

WHOLE = frozenset({Kind.INTEGER, Kind.MONEY, Kind.YEAR})
"""Kinds held as float64 in frames and as whole numbers in the database."""

_TYPES: Mapping[Kind, type[sa.types.TypeEngine[Any]]] = {
    Kind.ID: sa.Text,
    Kind.TEXT: sa.Text,
    Kind.LIST: sa.Text,
    Kind.NUMBER: sa.Double,
    Kind.INTEGER: sa.BigInteger,
    Kind.MONEY: sa.BigInteger,
    Kind.YEAR: sa.BigInteger,
    Kind.YESNO: sa.Boolean,
    Kind.DATE: sa.Date,
    Kind.MONTH: sa.Integer,
}


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, without a zone in the database."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Drop the zone after turning the moment to UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment its zone back."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


metadata = sa.MetaData()

data_version = sa.Table(
    "data_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("dataset", sa.JSON(none_as_null=True)),
)

undone_version = sa.Table(
    "undone_version",
    metadata,
    sa.Column("undone", sa.ForeignKey("data_version.version"), primary_key=True, autoincrement=False),
    sa.Column("version", sa.ForeignKey("data_version.version"), nullable=False, unique=True),
)

model = sa.Table(
    "model",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("data_version", sa.ForeignKey("data_version.version"), nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
)

model_pointer = sa.Table(
    "model_pointer",
    metadata,
    sa.Column("slot", sa.Integer, sa.CheckConstraint("slot = 1"), primary_key=True, autoincrement=False),
    sa.Column("number", sa.ForeignKey("model.number"), nullable=False),
)

model_use = sa.Table(
    "model_use",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.ForeignKey("model.number"), nullable=False),
    sa.Column("used_at", Moment, nullable=False),
)


def _kept_answer(name: str) -> sa.Table:
    """A table of answers kept with all that they were made from, so that each can be made again."""
    return sa.Table(
        name,
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("data_version", sa.ForeignKey("data_version.version"), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("model", sa.ForeignKey("model.name")),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )


plan = _kept_answer("plan")

plan_approval = sa.Table(
    "plan_approval",
    metadata,
    sa.Column("plan", sa.ForeignKey("plan.id"), primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("approved_at", Moment, nullable=False),
)

plan_decision = sa.Table(
    "plan_decision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("plan", sa.ForeignKey("plan.id"), nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("mentor_id", "course_id", "decision", "reason")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("model", sa.Text),
    sa.Column("decided_at", Moment, nullable=False),
)

prediction_ledger = sa.Table(
    "prediction_ledger",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_id", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "mentor_id", "subject")),
    *(sa.Column(name, sa.Double, nullable=False) for name in ("mean", "low", "high", "shared_sd", "own_sd")),
    sa.Column("model", sa.Text),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
    sa.UniqueConstraint("source", "source_id", "kind", "mentor_id", "subject", name="uq_prediction_ledger"),
)

match = _kept_answer("match")

match_event = sa.Table(
    "match_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("match", sa.ForeignKey("match.id"), nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    *(sa.Column(name, sa.Text) for name in ("business_id", "mentor_id")),
    sa.Column("led_to", sa.ForeignKey("match.id")),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "name", "role")),
    sa.Column("made_at", Moment, nullable=False),
)

desk_advice = _kept_answer("desk_advice")

desk_event = sa.Table(
    "desk_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("advice", sa.ForeignKey("desk_advice.id"), nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("event", "business_id")),
    sa.Column("mentor_id", sa.Text),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "name", "role")),
    sa.Column("made_at", Moment, nullable=False),
    sa.UniqueConstraint("advice", "event", name="uq_desk_event"),
)

report = sa.Table(
    "report",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("period", sa.Text),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("number", "name", "role")),
    sa.Column("data_version", sa.ForeignKey("data_version.version"), nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("model", sa.ForeignKey("model.name")),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
)

report_file = sa.Table(
    "report_file",
    metadata,
    sa.Column("report", sa.ForeignKey("report.id"), primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Text, primary_key=True) for name in ("lang", "form")),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

objection = sa.Table(
    "objection",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("mentor_id", "kind", "about")),
    sa.Column("source", sa.Integer),
    sa.Column("subject", sa.Text),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("said", "name", "role")),
    sa.Column("raised_at", Moment, nullable=False),
)

objection_answer = sa.Table(
    "objection_answer",
    metadata,
    sa.Column("objection", sa.ForeignKey("objection.id"), primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("outcome", "said", "name", "role")),
    sa.Column("answered_at", Moment, nullable=False),
)

job = sa.Table(
    "job",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "lock", "asked_by")),
    sa.Column("given", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("share", sa.Double, nullable=False),
    sa.Column("doing", sa.JSON, nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("fault", sa.JSON(none_as_null=True)),
    sa.Column("asked_at", Moment, nullable=False),
    *(sa.Column(name, Moment) for name in ("begun_at", "ended_at")),
)

sent_write = sa.Table(
    "sent_write",
    metadata,
    *(sa.Column(name, sa.Text, primary_key=True) for name in ("who", "key")),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("address", "sha256")),
    sa.Column("status", sa.Integer),
    *(sa.Column(name, sa.Text) for name in ("kind", "location", "body")),
    sa.Column("sent_at", Moment, nullable=False),
)

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "subject", "request")),
    sa.Column("erased_at", Moment, nullable=False),
)

erasing = sa.Table(
    "erasing",
    metadata,
    sa.Column("slot", sa.Integer, sa.CheckConstraint("slot = 1"), primary_key=True, autoincrement=False),
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)


def stored_columns(table: Table) -> tuple[Column, ...]:
    """The contract's columns of a table, and those beside it."""
    return (*table.columns, *EXTRAS.get(table.name, ()))


def _data_table(table: Table) -> sa.Table:
    return sa.Table(
        table.name,
        metadata,
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("version", sa.ForeignKey("data_version.version"), nullable=False),
        *(sa.Column(c.name, _TYPES[c.kind](), nullable=not c.required) for c in stored_columns(table)),
        sa.UniqueConstraint(*table.key, "version", name=f"uq_{table.name}"),
    )


DATA: Mapping[str, sa.Table] = {name: _data_table(table) for name, table in TABLES.items()}

APPEND_ONLY: tuple[str, ...] = (
    *(*DATA, "data_version", "undone_version", "model", "model_use"),
    *("plan", "plan_approval", "plan_decision", "prediction_ledger"),
    *("report", "report_file", "objection", "objection_answer", "audit_log"),
    *("match", "match_event", "desk_advice", "desk_event", "erasure"),
)
"""Tables whose rows the database itself refuses to change or remove."""
