"""Long work with its progress, and answers kept for writes that are sent twice. Their rows change by nature."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "job",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("lock", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("given", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("doing", sa.JSON, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("fault", sa.JSON),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("begun_at", sa.DateTime),
        sa.Column("ended_at", sa.DateTime),
    )
    op.create_table(
        "sent_write",
        sa.Column("who", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("kind", sa.Text),
        sa.Column("location", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("sent_at", sa.DateTime, nullable=False),
    )
