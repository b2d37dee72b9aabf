"""Brings a database to the tables of this version of Suluh; runs from an installed package, without an alembic.ini."""

from pathlib import Path

import sqlalchemy as sa

from data.store.engine import reading, writing
from data.store.schema import HEAD
from model.refusals import StoreRefused
from model.sentences import sentence

_MIGRATIONS = Path(__file__).with_name("migrations")


def prepare(engine: sa.Engine) -> None:
    """Migrate to the newest revision, making the SQLite file and its folder where they are missing.

    Several processes may do so at once: the first migrates, the others wait and find it done. A database that stands
    at the newest revision is only read.

    Raises:
        StoreRefused: the folder or database cannot be made or reached, or a newer version of Suluh made it.
    """
    make_folder(engine)
    with reading(engine) as connection:
        standing = revision_of(connection)
    if standing == HEAD:
        return
    with writing(engine) as connection:
        upgrade_to(connection, HEAD)


def made(engine: sa.Engine) -> bool:
    """Whether the database has been made; looks only, so that a dry run leaves an empty server empty."""
    with reading(engine) as connection:
        return revision_of(connection) is not None


def make_folder(engine: sa.Engine) -> None:
    """Make the folder of an SQLite file where it is missing.

    Raises:
        StoreRefused: it cannot be made.
    """
    if engine.dialect.name != "sqlite":
        return
    folder = Path(str(engine.url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreRefused(
            sentence("The folder for the database cannot be made: %(fault)s.", fault=str(fault.strerror)),
            where=sentence("%(place)s", place=str(folder)),
            mend=sentence("Choose another folder with --home, or make this one yourself."),
        ) from fault


def revision_of(connection: sa.Connection) -> str | None:
    """The migration at which the tables stand; None where there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    standing: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return standing


def upgrade_to(connection: sa.Connection, revision: str) -> None:
    """Run migrations up to a revision, in the caller's writing transaction.

    Raises:
        StoreRefused: the tables, or the revision asked for, come from a newer version of Suluh.
    """
    from alembic import command  # noqa: PLC0415 - only a database that must be migrated pays for Alembic's import
    from alembic.config import Config  # noqa: PLC0415 - the same
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    standing = revision_of(connection) or revision
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = {standing, revision} - known
    if unknown:
        raise StoreRefused(
            sentence("The database was made by a newer version of Suluh (%(revision)s).", revision=min(unknown)),
            where=sentence("%(place)s", place=connection.engine.url.render_as_string(hide_password=True)),
            mend=sentence("Update Suluh, or choose another folder with --home."),
        )
    command.upgrade(config, revision)
