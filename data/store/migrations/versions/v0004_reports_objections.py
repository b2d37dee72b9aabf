"""Published reports with the bytes of their files; objections and their answers: append-only rows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TABLES = ("report", "report_file", "objection", "objection_answer")


def upgrade() -> None:
    """Make the four tables with their guards."""
    op.create_table(
        "report",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("period", sa.Text),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("data_version", sa.Integer, sa.ForeignKey("data_version.version"), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("model", sa.Text, sa.ForeignKey("model.name")),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    op.create_table(
        "report_file",
        sa.Column("report", sa.Integer, sa.ForeignKey("report.id"), primary_key=True, autoincrement=False),
        sa.Column("lang", sa.Text, primary_key=True),
        sa.Column("form", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("mentor_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("source", sa.Integer),
        sa.Column("subject", sa.Text),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("raised_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "objection_answer",
        sa.Column("objection", sa.Integer, sa.ForeignKey("objection.id"), primary_key=True, autoincrement=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("answered_at", sa.DateTime, nullable=False),
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
