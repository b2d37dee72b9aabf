"""Imports taken back: which data version does not count from which later one on; append-only rows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table with its guard."""
    op.create_table(
        "undone_version",
        sa.Column("undone", sa.Integer, sa.ForeignKey("data_version.version"), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, sa.ForeignKey("data_version.version"), nullable=False, unique=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER undone_version_no_{action.lower()} BEFORE {action} ON undone_version "
                "BEGIN SELECT RAISE(ABORT, 'rows of undone_version are never overwritten'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER undone_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON undone_version "
            "FOR EACH STATEMENT EXECUTE FUNCTION suluh_append_only()"
        )
