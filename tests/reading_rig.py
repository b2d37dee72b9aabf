"""Writes tables into a folder and reads them back, for the tests of reading."""

from pathlib import Path

from data.batch import Batch, Fault
from data.framework_file import read_framework
from data.reading.batches import read_batch

FRAMEWORK = read_framework()


def read(folder: Path, /, files: dict[str, str] | None = None, **how) -> Batch:
    """Write ``files`` (name without .csv → text) into the folder and read it."""
    for name, text in (files or {}).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_batch([folder], FRAMEWORK, **how)


def clean(folder: Path, /, files: dict[str, str] | None = None, **how) -> Batch:
    """The same, asserting that nothing is wrong."""
    batch = read(folder, files, **how)
    assert [told(fault) for fault in batch.faults] == []
    return batch


def only_fault(folder: Path, /, files: dict[str, str] | None = None, **how) -> Fault:
    """The one fault of a reading."""
    batch = read(folder, files, **how)
    assert len(batch.faults) == 1, [told(fault) for fault in batch.faults]
    return batch.faults[0]


def told(fault: Fault) -> tuple[object, ...]:
    """A fault as plain values."""
    return (fault.file, fault.sheet, fault.row, fault.column, fault.value, str(fault.message))
