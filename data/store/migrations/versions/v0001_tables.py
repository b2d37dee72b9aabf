"""First tables: the contract's, as append-only rows of data versions; models, plans and settings beside them.

Frozen: a later change of the tables is a further revision, never an edit of this one.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "double": sa.Double(),
    "whole": sa.BigInteger(),
    "yesno": sa.Boolean(),
    "date": sa.Date(),
    "month": sa.Integer(),
}

_DATA = {
    "mentors": "mentor_id* text, name* text, district* text, capacity whole, start_year whole, extra_districts text, "
    "gender text, birth_year whole, disability yesno, phone text, nik text",
    "assessments": "mentor_id* text, area* text, score* double, assessed_on* date, assessor text",
    "businesses": "business_id* text, name* text, district* text, sector* text, start_year whole, workers whole, "
    "turnover_month_idr whole, has_nib yesno, needs text, gender text, birth_year whole, disability yesno, phone text, "
    "nik text",
    "engagements": "engagement_id* text, mentor_id* text, business_id* text, started_on* date, ended_on date, "
    "visits whole, hours double, outcome double, controls text",
    "reports": "business_id* text, month* month, turnover_idr* whole, profit_idr whole, workers whole, has_nib yesno, "
    "has_cashbook yesno, got_credit yesno, has_partner yesno",
    "items": "item_id* text, text_id* text, text_en text, area text, position whole",
    "responses": "respondent_id* text, mentor_id* text, item_id* text, answer* yesno, answered_on date",
    "courses": "course_id* text, title* text, area* text, cost_per_participant_idr* whole, fixed_cost_idr whole, "
    "seats whole, min_participants whole, hours_jp double, starts_on date, expected_gain double, "
    "expected_gain_sd double, prerequisite text",
    "trainings": "mentor_id* text, course_id* text, completed_on* date",
}

_KEYS = {
    "mentors": ("mentor_id",),
    "assessments": ("mentor_id", "area", "assessed_on"),
    "businesses": ("business_id",),
    "engagements": ("engagement_id",),
    "reports": ("business_id", "month"),
    "items": ("item_id",),
    "responses": ("respondent_id", "mentor_id", "item_id", "answered_on"),
    "courses": ("course_id",),
    "trainings": ("mentor_id", "course_id", "completed_on"),
}

_APPEND_ONLY = (*_DATA, "data_version", "model", "plan")


def upgrade() -> None:
    """Make the tables and the triggers that keep rows from being changed or removed."""
    _records()
    for name, columns in _DATA.items():
        once = sa.UniqueConstraint(*_KEYS[name], "version", name=f"uq_{name}")
        op.create_table(name, *_surrogate(), *(_column(text) for text in columns.split(", ")), once)
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    guard()


def _surrogate() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("row_id", _ROW_ID, primary_key=True),
        sa.Column("version", sa.Integer, sa.ForeignKey("data_version.version"), nullable=False),
    )


def _column(text: str) -> sa.Column[Any]:
    name, kind = text.split(" ")
    return sa.Column(name.rstrip("*"), _KINDS[kind], nullable=not name.endswith("*"))


def _records() -> None:
    op.create_table(
        "data_version",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("dataset", sa.JSON),
    )
    op.create_table(
        "model",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("data_version", sa.Integer, sa.ForeignKey("data_version.version"), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
    )
    op.create_table(
        "model_pointer",
        sa.Column("slot", sa.Integer, sa.CheckConstraint("slot = 1"), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, sa.ForeignKey("model.number"), nullable=False),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("data_version", sa.Integer, sa.ForeignKey("data_version.version"), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("model", sa.Text, sa.ForeignKey("model.name")),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )


def _guard_sqlite() -> None:
    for table in _APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never overwritten'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION suluh_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'rows of % are never overwritten', TG_TABLE_NAME; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION suluh_append_only()"
        )
