"""Accounts, sessions, API tokens, tries to log in, and the audit log, whose rows are only ever added."""

import sqlalchemy as sa
from alembic import op

from data.store.audit import record

revision = "0005"
down_revision = "0004"

_PAST = {
    "data": "SELECT version FROM data_version ORDER BY 1",
    "model": "SELECT name FROM model ORDER BY number",
    "plan": "SELECT id FROM plan ORDER BY 1",
    "report": "SELECT id FROM report ORDER BY 1",
    "objection": "SELECT id FROM objection ORDER BY 1",
}
_ATTEMPT_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, and the guard of the audit log."""
    _accounts()
    op.create_table(
        "login_attempt",
        sa.Column("id", _ATTEMPT_ID, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("tried_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_login_attempt_key", "login_attempt", ["key"])
    _audit()
    _tell_of_the_past()


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("districts", sa.JSON),
        sa.Column("mentor_id", sa.Text),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("password_set_at", sa.DateTime, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("disabled_at", sa.DateTime),
    )
    op.create_table(
        "login_session",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("districts", sa.JSON),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
    )


def _audit() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("actor", "action", "subject", "details")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("previous", "digest")),
    )
    op.create_table(
        "audit_head",
        sa.Column("slot", sa.Integer, sa.CheckConstraint("slot = 1"), primary_key=True, autoincrement=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_log_no_{action.lower()} BEFORE {action} ON audit_log "
                "BEGIN SELECT RAISE(ABORT, 'rows of audit_log are never overwritten'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION suluh_append_only()"
        )


def _tell_of_the_past() -> None:
    """One row for everything made before there was a log, for the check holds that whatever stands was recorded."""
    connection = op.get_bind()
    for kind, query in _PAST.items():
        for key in connection.scalars(sa.text(query)).all():
            record(connection, "log.begin", f"{kind}:{key}")
