"""Data versions: the numbered imports, what came with each, and the dataset that holds at one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from data.batch import Dataset
from data.store.schema import data_version, undone_version
from model.framework import Area
from model.refusals import InputRefused, NotFound
from model.sentences import Label, sentence


@dataclass(frozen=True)
class Counts:
    """Rows of an import by table: ``new`` keys, ``changed`` ones, and those ``unchanged``."""

    new: Mapping[str, int]
    changed: Mapping[str, int]
    unchanged: Mapping[str, int]

    @property
    def any_written(self) -> bool:
        """Whether a row is new or changed."""
        return any(self.new.values()) or any(self.changed.values())

    def as_json(self) -> dict[str, dict[str, int]]:
        """The three tables of counts by name."""
        return {"new": dict(self.new), "changed": dict(self.changed), "unchanged": dict(self.unchanged)}


@dataclass(frozen=True)
class Version:
    """One import: ``files`` are (name, sha256) pairs, ``created_at`` is UTC.

    ``undone_by``: the version that took it back. ``undoes``: the version that it took back, where it is no import.
    """

    version: int
    created_at: datetime
    note: str
    files: tuple[tuple[str, str], ...]
    counts: Counts
    undone_by: int | None = None
    undoes: int | None = None


def current_version(connection: sa.Connection) -> int:
    """Number of the newest data version; 0 when nothing was imported yet."""
    return connection.scalar(sa.select(sa.func.max(data_version.c.version))) or 0


def existing_version(connection: sa.Connection, version: int | None) -> int:
    """The version asked for, or the newest one for None.

    Raises:
        NotFound: there is no such version.
    """
    newest = current_version(connection)
    if version is not None and not 0 <= version <= newest:
        raise NotFound(sentence("data version"), str(version))
    return newest if version is None else version


def add_version(
    connection: sa.Connection, counts: Counts, dataset: Dataset | None, files: Sequence[tuple[str, str]], note: str
) -> int:
    """Append the next data version and return its number; the caller holds the writing transaction."""
    version = current_version(connection) + 1
    row = {
        "version": version,
        "created_at": datetime.now(UTC),
        "note": note,
        "files": [{"name": name, "sha256": digest} for name, digest in files],
        "counts": counts.as_json(),
        "dataset": None if dataset is None else _dataset_json(dataset),
    }
    connection.execute(sa.insert(data_version).values(row))
    return version


def all_versions(connection: sa.Connection) -> list[Version]:
    """Every data version, the newest first."""
    rows = connection.execute(sa.select(data_version).order_by(data_version.c.version.desc()))
    taken_back = {row.undone: row.version for row in connection.execute(sa.select(undone_version))}
    return [_version(row, taken_back) for row in rows]


def _version(row: sa.Row[Any], taken_back: Mapping[int, int]) -> Version:
    files = tuple((file["name"], file["sha256"]) for file in row.files)
    undoes = next((undone for undone, by in taken_back.items() if by == row.version), None)
    return Version(
        row.version, row.created_at, row.note, files, Counts(**row.counts), taken_back.get(row.version), undoes
    )


def undone_at(connection: sa.Connection, version: int) -> frozenset[int]:
    """The data versions that had been taken back by a version: their rows do not count there."""
    query = sa.select(undone_version.c.undone).where(undone_version.c.version <= version)
    return frozenset(connection.scalars(query))


def standing_import(connection: sa.Connection) -> int | None:
    """The newest import that was not taken back; None where there is none."""
    return next((v.version for v in all_versions(connection) if v.undone_by is None and v.undoes is None), None)


def undo(connection: sa.Connection, version: int, note: str) -> int:
    """Append a data version at which the newest standing import, ``version``, does not count; returns its number.

    Raises:
        InputRefused: it is not the newest standing import.
    """
    standing = standing_import(connection)
    if version != standing:
        raise InputRefused(
            sentence("Only the newest import can be taken back, and %(version)s is not it.", version=str(version)),
            where=sentence("the imports"),
            mend=sentence("Take back the newer imports first, one after the other, newest first."),
        )
    made = add_version(connection, Counts({}, {}, {}), None, (), note)
    connection.execute(sa.insert(undone_version).values(undone=version, version=made))
    return made


def dataset_at(connection: sa.Connection, version: int) -> Dataset:
    """The newest dataset that came with an import at or before the version; the contract's own if none did."""
    held = connection.scalar(
        sa.select(data_version.c.dataset)
        .where(data_version.c.dataset.is_not(None), data_version.c.version <= version)
        .where(data_version.c.version.not_in(undone_at(connection, version)))
        .order_by(data_version.c.version.desc())
        .limit(1)
    )
    return Dataset() if held is None else _dataset_of(held)


def _dataset_json(dataset: Dataset) -> dict[str, Any]:
    return {
        "areas": {code: _area_json(area) for code, area in dataset.areas.items()},
        "outcome": dataset.outcome,
        "unit": dataset.unit,
        "controls": list(dataset.controls),
    }


def _area_json(area: Area) -> dict[str, Any]:
    label = {"id": area.label.id, "en": area.label.en}
    return {"label": label, "standard": area.standard, "units": list(area.units), "source": area.source}


def _dataset_of(held: Mapping[str, Any]) -> Dataset:
    return Dataset(
        areas={code: _area_of(code, area) for code, area in held["areas"].items()},
        outcome=held["outcome"],
        unit=held["unit"],
        controls=tuple(held["controls"]),
    )


def _area_of(code: str, held: Mapping[str, Any]) -> Area:
    return Area(code, Label(**held["label"]), held["standard"], tuple(held["units"]), held["source"])
