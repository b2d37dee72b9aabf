"""Which model came into use when: an append-only row for every move of the pointer.

A pointer that stands already gets a row with the moment at which its model was recorded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TABLE = "model_use"


def upgrade() -> None:
    """Make the table with its guard, and take over the pointer that stands."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, sa.ForeignKey("model.number"), nullable=False),
        sa.Column("used_at", sa.DateTime, nullable=False),
    )
    op.execute(
        "INSERT INTO model_use (id, number, used_at) "
        "SELECT 1, model.number, model.created_at FROM model JOIN model_pointer ON model_pointer.number = model.number"
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {_TABLE}_no_{action.lower()} BEFORE {action} ON {_TABLE} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {_TABLE} are never overwritten'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {_TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {_TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION suluh_append_only()"
        )
