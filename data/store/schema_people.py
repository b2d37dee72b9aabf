"""The database tables about people who use Suluh: accounts, sessions, tokens, tries to log in, and the audit log.

Of a session and of a token only the SHA-256 is stored, so that a reader of the database cannot use either.
"""

import sqlalchemy as sa

from data.store.schema import Moment, metadata

account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("districts", sa.JSON(none_as_null=True)),
    sa.Column("mentor_id", sa.Text),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("password_set_at", Moment, nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled_at", Moment),
)

login_session = sa.Table(
    "login_session",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)

api_token = sa.Table(
    "api_token",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("districts", sa.JSON(none_as_null=True)),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("revoked_at", Moment),
)

login_attempt = sa.Table(
    "login_attempt",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("key", sa.Text, nullable=False, index=True),
    sa.Column("tried_at", Moment, nullable=False),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("actor", "action", "subject", "details")),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("previous", "digest")),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("slot", sa.Integer, sa.CheckConstraint("slot = 1"), primary_key=True, autoincrement=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
)
