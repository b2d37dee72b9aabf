"""Matchings and what people decided on them: append-only rows."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TABLES = ("match", "match_event")


def upgrade() -> None:
    """Make the two tables with their guards."""
    op.create_table(
        "match",
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
        "match_event",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("match", sa.Integer, sa.ForeignKey("match.id"), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("business_id", sa.Text),
        sa.Column("mentor_id", sa.Text),
        sa.Column("led_to", sa.Integer, sa.ForeignKey("match.id")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
    )
    for table in _TABLES:
        _guard(table)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never overwritten'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION suluh_append_only()"
        )
