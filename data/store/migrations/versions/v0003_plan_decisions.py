"""Who approved and decided what of a plan, and the predictions kept at approval: append-only rows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = ("plan_approval", "plan_decision", "prediction_ledger")


def upgrade() -> None:
    """Make the three tables with their guards."""
    op.create_table(
        "plan_approval",
        sa.Column("plan", sa.Integer, sa.ForeignKey("plan.id"), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("approved_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "plan_decision",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("plan", sa.Integer, sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("mentor_id", sa.Text, nullable=False),
        sa.Column("course_id", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("decided_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "prediction_ledger",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("mentor_id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("mean", sa.Double, nullable=False),
        sa.Column("low", sa.Double, nullable=False),
        sa.Column("high", sa.Double, nullable=False),
        sa.Column("shared_sd", sa.Double, nullable=False),
        sa.Column("own_sd", sa.Double, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("kept_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("source", "source_id", "kind", "mentor_id", "subject", name="uq_prediction_ledger"),
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
