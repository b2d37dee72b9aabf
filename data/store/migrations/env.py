"""Alembic's entry point: runs the revisions on the connection that data/store/migrating.py hands over.

The caller holds the transaction, so that all revisions come to stand together or not at all.
"""

from alembic import context

from data.store import schema_people

context.configure(connection=context.config.attributes["connection"], target_metadata=schema_people.account.metadata)
with context.begin_transaction():
    context.run_migrations()
