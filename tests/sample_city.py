"""A sample city as an office would bring it, through its files, and the truth behind it."""

import tempfile
from pathlib import Path
from typing import Any

from data.batch import Dataset
from data.framework_file import read_framework
from data.reading.batches import read_batch
from data.sample import make_city, write_city
from data.snapshot import Snapshot, snapshot_of

FRAMEWORK = read_framework()


def city_of(kind: str, seed: int) -> tuple[Snapshot, dict[str, Any]]:
    """Snapshot of data version 1, and truth.json."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_city(kind, seed=seed)
        write_city(made, Path(folder))
        batch = read_batch([Path(folder)], FRAMEWORK)
    assert not batch.faults
    return snapshot_of(batch.tables, 1, Dataset(), None), made.truth
