"""Takes tables in: reads files, checks them across tables and against what is stored, and stores all or nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from data.batch import Batch, Fault
from data.checking import cross_faults
from data.items import draw_items
from data.likeness import NAMED, resembling
from data.personal_ids import niks_as_ids, niks_in_texts
from data.reading.batches import read_batch
from data.reading.dates import Order
from data.reading.finding import find_files
from data.reading.numbers import Writing
from data.reading.recognising import UNNAMED, Naming
from data.remarks import notes_on
from data.store.store import Store
from model.framework import Framework
from model.progress import Progress
from model.sentences import listed, sentence
from model.tables import TABLES

_FILL = sentence("Fill it in on the rows that are ready, then import the file again.")
_FILL_IN = {
    "completed_on": sentence(
        "Write the day on which the course was completed on the rows that are ready, then import the file again."
    ),
    "started_on": sentence(
        "Write the day on which the mentor began with the business on the rows that are ready, then import the file "
        "again."
    ),
}
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Reading:
    """How files are to be read: a ``mapping`` file or what the user says of sheets (``naming``), and two readings.

    ``today``: the office's day; dates after it are told of.
    """

    today: date
    mapping: Path | None = None
    dates: Order | None = None
    numbers: Writing | None = None
    naming: Naming = UNNAMED


def take_in(
    paths: Sequence[Path],
    reading: Reading,
    framework: Framework,
    store: Store | None,
    progress: Progress,
    *,
    keep: bool,
) -> dict[str, Any]:
    """Read, check, and with ``keep`` store: counts per table, faults, columns not used, notes.

    Args:
        paths: files and folders.
        reading: how they are to be read.
        framework: areas, headers and words of the office.
        store: what is stored; None where there is no store yet, so that a dry run makes none.
        progress: told how far the reading has come.
        keep: store the rows; else only say what storing would do.
    """
    batch = checked(paths, reading, framework, store, progress)
    if batch.faults or store is None or not keep:
        return weighed(batch, store)
    progress(1.0, sentence("Storing the rows"))
    return stored(batch, store, paths)


def checked(
    paths: Sequence[Path], reading: Reading, framework: Framework, store: Store | None, progress: Progress
) -> Batch:
    """The rows of the files, with all that is wrong in them, among them and against what is stored."""
    batch = read_batch(
        paths,
        framework,
        reading.mapping,
        dates=reading.dates,
        numbers=reading.numbers,
        naming=reading.naming,
        progress=progress,
    )
    known = store.known() if store else {}
    if not known.get("items"):
        draw_items(batch)
    batch.faults += crossed(batch, store)
    warnings = niks_in_texts(batch) + resembling(batch, known, _named(batch, store))
    batch.warnings += sorted(warnings, key=lambda one: (one.file, one.sheet or "", one.row or 0))
    batch.notes += notes_on(batch, framework, reading.today)
    if not batch.faults and not any(len(frame) for frame in batch.tables.values()):
        batch.faults.append(_nothing(paths, reading, batch))
    return batch


def crossed(batch: Batch, store: Store | None) -> list[Fault]:
    """What contradicts the batch's other tables or what is stored, and new ids that are a NIK."""
    tables = store.now("courses") if store and "courses" in batch.tables else {}
    known = store.known() if store else {}
    return [*cross_faults(batch, known, tables), *niks_as_ids(batch, known)]


def _named(batch: Batch, store: Store | None) -> Mapping[str, pd.DataFrame]:
    """The stored rows whose names, districts and sectors those of the batch may resemble."""
    return store.now(*NAMED) if store and NAMED.keys() & batch.tables.keys() else {}


def weighed(batch: Batch, store: Store | None) -> dict[str, Any]:
    """What storing a batch would do; nothing where it has faults."""
    none = dict.fromkeys(batch.tables, 0)
    if batch.faults:
        return _answer(batch, dict.fromkeys(("new", "changed", "unchanged"), none))
    if store is None:
        new = {name: len(frame) for name, frame in batch.tables.items()}
        return _answer(batch, {"new": new, "changed": none, "unchanged": none})
    return _answer(batch, store.compare(batch).as_json())


def stored(batch: Batch, store: Store, paths: Sequence[Path], note: str = "") -> dict[str, Any]:
    """Store a batch without faults, and say what that did."""
    version, counts = store.commit(batch, files=_digests(paths), note=note)
    return _answer(batch, counts.as_json()) | {"version": version} | _firms(batch, store)


def _nothing(paths: Sequence[Path], reading: Reading, batch: Batch) -> Fault:
    if batch.unfilled:
        columns = sorted(set(batch.unfilled))
        message = sentence(
            "Nothing has been filled in yet in the column %(columns)s, so there is nothing to store. %(mend)s",
            columns=listed(columns),
            mend=_FILL_IN.get(columns[0], _FILL) if len(columns) == 1 else _FILL,
        )
    elif reading.mapping is not None:
        message = sentence(
            "No row could be taken from these files by the mapping file. Correct the sheets, columns and choices of "
            "rows that it names, or give the files that it is for."
        )
    else:
        message = sentence(
            "No row could be taken from these files. Name each file or sheet after its table, or give a mapping file."
        )
    return Fault(", ".join(path.name for path in paths), None, None, None, None, message)


def _answer(batch: Batch, counts: Counts) -> dict[str, Any]:
    order = [name for name in TABLES if name in batch.tables]
    sorted_counts = {kind: {name: of.get(name, 0) for name in order} for kind, of in counts.items()}
    told = {"refused": batch.faults, "warnings": batch.warnings, "unmapped": batch.unmapped}
    return {**sorted_counts, **told, "notes": list(batch.notes)}


def _digests(paths: Sequence[Path]) -> list[tuple[str, str]]:
    files = find_files(paths).paths
    return [(name, hashlib.sha256(path.read_bytes()).hexdigest()) for name, path in files.items()]


def _firms(batch: Batch, store: Store) -> dict[str, Any]:
    """Growth of the firms themselves, where there are reports but nobody is engaged with anybody."""
    if "reports" not in batch.tables or store.known()["engagements"]:
        return {}
    from training.learning.engagements import growth_of_firms  # noqa: PLC0415 - only where there are no engagements

    return {"growth_of_firms": growth_of_firms(store.snapshot())}
