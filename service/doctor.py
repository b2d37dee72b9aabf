"""Looks an installation over: each check is ok, warn or bad, with what was found and how to mend it."""

import importlib.metadata
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from data.framework_file import SHIPPED, read_framework
from data.store.engine import open_engine, reading
from data.store.schema import HEAD
from data.store.store import Store
from model.refusals import Refused
from model.sentences import Number, Sentence, sentence
from service.language import LANGUAGES, ZONES, catalog
from service.settings import Settings

OK, WARN, BAD = "ok", "warn", "bad"
_LOW_SPACE = 1e9
_NO_SPACE = 1e8
_LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "sqlalchemy", "flask", "typst")
_EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Check:
    """One line of the doctor: ``state`` is ok, warn or bad; ``mend`` is empty where nothing is to be done."""

    name: Sentence
    state: str
    found: Sentence
    mend: Sentence | None = None


def guarded(name: Sentence, look: Callable[[], Check]) -> Check:
    """A check that turns a refusal met while looking into a bad line."""
    try:
        return look()
    except Refused as fault:
        return Check(name, BAD, fault.what, fault.mend)


def look(settings: Settings) -> list[Check]:
    """All checks of an installation; changes nothing."""
    there = settings.database is None or settings.database.exists()
    return [
        home(settings.home),
        space(settings.home),
        framework(settings.framework),
        guarded(sentence("Database"), lambda: database(settings) if there else no_database()),
        *([guarded(sentence("Model"), lambda: model(settings))] if there else []),
        *([guarded(sentence("Plans and matchings"), lambda: advice(settings))] if there else []),
        *([guarded(sentence("Audit log"), lambda: audit(settings))] if there else []),
        clock(settings.time_zone),
        versions(),
        languages(),
    ]


def home(folder: Path) -> Check:
    """Whether the home folder can be written, or made where it is not there yet."""
    name, parents = sentence("Home folder"), [folder, *folder.resolve().parents]
    nearest = next(place for place in parents if place.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest) as file:
            file.write(b"suluh")
    except OSError as fault:
        return Check(
            name,
            BAD,
            sentence("%(folder)s cannot be written: %(fault)s", folder=str(folder), fault=fault.strerror or str(fault)),
            sentence("Give another folder with --home, or allow writing in this one."),
        )
    if nearest != folder:
        return Check(name, OK, sentence("%(folder)s is not there yet and can be made.", folder=str(folder)))
    return Check(name, OK, sentence("%(folder)s can be written.", folder=str(folder)))


def space(folder: Path) -> Check:
    """Whether the disk of the home folder has room."""
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free
    found = sentence("%(gigabytes)s GB are free.", gigabytes=Number(free / 1e9, 1))
    mend = sentence("Free some space on the disk of the home folder.")
    state = BAD if free < _NO_SPACE else WARN if free < _LOW_SPACE else OK
    return Check(sentence("Free space"), state, found, None if state == OK else mend)


def framework(own: Path | None) -> Check:
    """Whether the framework file can be used, and which one it is."""
    name = sentence("Framework file")
    return guarded(name, lambda: _framework(name, own))


def _framework(name: Sentence, own: Path | None) -> Check:
    read = read_framework(own or SHIPPED)
    counts = {"areas": Number(len(read.areas)), "problems": Number(len(read.problems))}
    if own:
        found = sentence(
            "The office's own: %(name)s, %(areas)s areas, %(problems)s problems.", name=read.name, **counts
        )
    else:
        found = sentence("The shipped one: %(areas)s areas, %(problems)s problems.", **counts)
    return Check(name, OK, found)


def no_database() -> Check:
    """A home in which nothing was stored yet."""
    return Check(
        sentence("Database"),
        WARN,
        sentence("There is no database yet."),
        sentence("Import your tables, or run demo; either makes it."),
    )


def database(settings: Settings) -> Check:
    """Whether the database answers, is whole, stands at the newest migration, and (SQLite) writes ahead."""
    name, engine = sentence("Database"), open_engine(settings.url)
    try:
        with reading(engine) as connection:
            known = sa.inspect(connection).has_table("alembic_version")
            standing = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if known else None
            lite = engine.dialect.name == "sqlite"
            journal = connection.scalar(sa.text("PRAGMA journal_mode")) if lite else None
            whole = connection.scalar(sa.text("PRAGMA quick_check")) if lite else "ok"
    finally:
        engine.dispose()
    if whole != "ok":
        return Check(name, BAD, sentence("The database file is damaged."), sentence("Bring it back from a backup."))
    if standing != HEAD:
        found = sentence("The tables stand at %(standing)s instead of %(head)s.", standing=standing or "–", head=HEAD)
        return Check(name, WARN, found, sentence("The next command that stores or answers brings them up to date."))
    if lite and journal != "wal":
        found = sentence("It answers, but does not write ahead (journal %(journal)s).", journal=str(journal))
        return Check(name, WARN, found, sentence("Keep the home folder on a local disk."))
    return Check(name, OK, sentence("%(kind)s answers; the tables are the newest.", kind=engine.dialect.name))


def model(settings: Settings) -> Check:
    """Whether the file of the published model is the one that was published."""
    from service.models.shelf import take  # noqa: PLC0415 - the learners' libraries are needed only here

    name, store = sentence("Model"), Store(settings.url)
    try:
        store.prepare()
        record = store.current_model()
        if record is None:
            return Check(name, OK, sentence("None has been learned yet; plans go by the standard."))
        take(store, settings.models, record.name, lenient=False)
    finally:
        store.close()
    return Check(name, OK, sentence("%(name)s is whole.", name=record.name))


def advice(settings: Settings) -> Check:
    """Whether every stored plan and matching is the one that was stored."""
    store = Store(settings.url)
    try:
        store.prepare()
        plans, matches = store.plans(), store.matches()
        for find, rows in ((store.plan, plans), (store.match, matches)):
            for row in rows:
                find(row.id)
    finally:
        store.close()
    found = sentence("%(count)s stored, each as it was put there.", count=Number(len(plans) + len(matches)))
    return Check(sentence("Plans and matchings"), OK, found)


def audit(settings: Settings) -> Check:
    """Whether every row of the audit log is there and as it was written."""
    name, store = sentence("Audit log"), Store(settings.url)
    try:
        store.prepare()
        found = store.check_audit()
    finally:
        store.close()
    if found.broken is not None:
        said = sentence("The chain is broken at row %(row)s: rows were altered or removed.", row=str(found.broken))
        mend = sentence("Find out who can write the database; compare with the newest backup.")
        return Check(name, BAD, said, mend)
    return Check(name, OK, sentence("%(rows)s rows, the chain is whole.", rows=Number(found.rows)))


def clock(zone: str) -> Check:
    """Whether the clock of the machine is plausible, told in the office's time zone, which makes "today"."""
    now = datetime.now(ZONES[zone])
    found = sentence("%(moment)s, time zone %(zone)s.", moment=now.strftime("%Y-%m-%d %H:%M"), zone=zone)
    late = now < _EARLIEST
    mend = sentence("Set the clock of this machine.") if late else None
    return Check(sentence("Clock"), WARN if late else OK, found, mend)


def versions() -> Check:
    """Python and the libraries that make the figures."""
    named = [("Python", platform.python_version())]
    missing = []
    for library in _LIBRARIES:
        try:
            named.append((library, importlib.metadata.version(library)))
        except importlib.metadata.PackageNotFoundError:
            missing.append(library)
    found = sentence("%(versions)s", versions=", ".join(f"{library} {version}" for library, version in named))
    if missing or sys.version_info < (3, 11):
        mend = sentence("Install Suluh again as its README says; missing: %(names)s.", names=", ".join(missing) or "–")
        return Check(sentence("Versions"), BAD, found, mend)
    return Check(sentence("Versions"), OK, found)


def languages() -> Check:
    """Whether the translations are there."""
    name = sentence("Languages")
    count = len(catalog("id"))
    if not count:
        return Check(
            name,
            WARN,
            sentence("The Indonesian texts are missing."),
            sentence("Install Suluh again as its README says."),
        )
    return Check(
        name,
        OK,
        sentence("%(names)s; %(count)s texts.", names=", ".join(LANGUAGES.values()), count=Number(count)),
    )
