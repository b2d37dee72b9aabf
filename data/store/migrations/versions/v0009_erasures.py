"""Erasure of personal data: the one way by which stored rows may lose cells, recorded in rows only ever added.

While the table ``erasing`` holds a row (within one transaction), the columns named here may be emptied, nothing else.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_PERSON = ("name", "gender", "birth_year", "disability", "phone", "nik")
_EMPTIED = {"mentors": _PERSON, "businesses": _PERSON, "objection": ("said", "name")}
"""Columns that may be emptied: to NULL, or to no text where one is needed."""
_REWRITTEN = {"plan": ("answer", "sha256"), "match": ("answer", "sha256")}
"""Columns of stored answers, from which a person's name is taken out."""


def upgrade() -> None:
    """Make the two tables, and guards that know of them."""
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("erased_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "erasing",
        sa.Column("slot", sa.Integer, sa.CheckConstraint("slot = 1"), primary_key=True, autoincrement=False),
    )
    lite = op.get_bind().dialect.name == "sqlite"
    _close("erasure", lite=lite)
    for table in (*_EMPTIED, *_REWRITTEN):
        _open(table, lite=lite)


def _close(table: str, *, lite: bool) -> None:
    if lite:
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


def _open(table: str, *, lite: bool) -> None:
    quoted = f'"{table}"'
    wrong = _wrong(table, "IS NOT" if lite else "IS DISTINCT FROM")
    if lite:
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {quoted} WHEN {wrong} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never overwritten'); END"
        )
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {quoted}")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {quoted} "
        "FOR EACH STATEMENT EXECUTE FUNCTION suluh_append_only()"
    )
    op.execute(
        f"CREATE FUNCTION suluh_erasure_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {wrong} "
        f"THEN RAISE EXCEPTION 'rows of {table} are never overwritten'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_erasure BEFORE UPDATE ON {quoted} "
        f"FOR EACH ROW EXECUTE FUNCTION suluh_erasure_{table}()"
    )


def _wrong(table: str, differs: str) -> str:
    """SQL that is true of an update that is no erasure."""
    emptied, rewritten = _EMPTIED.get(table, ()), _REWRITTEN.get(table, ())
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    kept = [name for name in columns if name not in {*emptied, *rewritten}]
    other = [f'CAST(NEW."{name}" AS TEXT) {differs} CAST(OLD."{name}" AS TEXT)' for name in kept]
    filled = [f'(NEW."{name}" IS NOT NULL AND CAST(NEW."{name}" AS TEXT) <> \'\')' for name in emptied]
    return " OR ".join(["NOT EXISTS (SELECT 1 FROM erasing)", *other, *filled])
