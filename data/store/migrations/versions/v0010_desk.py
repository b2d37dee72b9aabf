"""Advice of the intake desk that was decided on, and the decisions: append-only rows but for names taken out."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_REWRITTEN = ("answer", "sha256")
"""Columns of stored advice, from which a person's name is taken out."""


def upgrade() -> None:
    """Make the two tables with their guards."""
    op.create_table(
        "desk_advice",
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
        "desk_event",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("advice", sa.Integer, sa.ForeignKey("desk_advice.id"), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("business_id", sa.Text, nullable=False),
        sa.Column("mentor_id", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("advice", "event", name="uq_desk_event"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table, condition in (("desk_advice", f" WHEN {_wrong('IS NOT')}"), ("desk_event", "")):
        for action, when in (("UPDATE", condition), ("DELETE", "")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}{when} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never overwritten'); END"
            )


def _guard_postgresql() -> None:
    for table, actions in (("desk_advice", "DELETE OR TRUNCATE"), ("desk_event", "UPDATE OR DELETE OR TRUNCATE")):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {actions} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION suluh_append_only()"
        )
    op.execute(
        "CREATE FUNCTION suluh_erasure_desk_advice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_wrong('IS DISTINCT FROM')} THEN RAISE EXCEPTION 'rows of desk_advice are never overwritten'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER desk_advice_erasure BEFORE UPDATE ON desk_advice "
        "FOR EACH ROW EXECUTE FUNCTION suluh_erasure_desk_advice()"
    )


def _wrong(differs: str) -> str:
    """SQL that is true of an update that is no erasure."""
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("desk_advice")]
    kept = [name for name in columns if name not in _REWRITTEN]
    other = [f'CAST(NEW."{name}" AS TEXT) {differs} CAST(OLD."{name}" AS TEXT)' for name in kept]
    return " OR ".join(["NOT EXISTS (SELECT 1 FROM erasing)", *other])
