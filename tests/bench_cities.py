"""How the learner fares against a known truth: ``python -m tests.bench_cities [CITIES [FIRST_SEED]]``.

For each kind of sample city: how often a gain is supported, and how often the 90 % ranges of the effects hold the true
effect. The cities are other ones than those looked at while building (seeds below 100).
"""

import sys
import tempfile
import time
from pathlib import Path

from data.batch import Dataset
from data.framework_file import read_framework
from data.reading.batches import read_batch
from data.sample import KINDS, make_city, write_city
from data.snapshot import Snapshot, snapshot_of
from training.learning.training import train

FRAMEWORK = read_framework()


def city_of(kind: str, seed: int) -> tuple[Snapshot, dict[tuple[str, bool], float]]:
    """A city as an office would bring it, through its files; the true effect per area and need."""
    with tempfile.TemporaryDirectory() as folder:
        city = make_city(kind, seed=seed)
        write_city(city, Path(folder))
        batch = read_batch([Path(folder)], FRAMEWORK)
    assert not batch.faults
    truth = {(row["area"], row["need"]): row["mean"] for row in city.truth["effects"]}
    return snapshot_of(batch.tables, 1, Dataset(), None), truth


def main() -> None:
    """Print one line a kind."""
    given = [int(text) for text in sys.argv[1:]]
    cities, first = [*given, *(10, 100)[len(given) :]]
    print(f"{cities} cities of each kind, seeds from {first}")
    print(f"{'kind':18} {'supported':>9} {'covered':>8} {'of':>5} {'train, s':>9}")
    for kind in KINDS:
        supported, held, asked, spent = 0, 0, 0, 0.0
        for seed in range(first, first + cities):
            seen, truth = city_of(kind, seed)
            start = time.process_time()
            answer = train(seen, FRAMEWORK).answer
            spent += time.process_time() - start
            supported += answer["supported_gain"]
            rows = [row for row in answer["effects"] if (row["area"], row["need"]) in truth]
            held += sum(row["low"] <= truth[row["area"], row["need"]] <= row["high"] for row in rows)
            asked += len(rows)
        print(f"{kind:18} {supported:6}/{cities:<2} {held / asked:8.2f} {asked:5} {spent / cities:9.1f}", flush=True)


if __name__ == "__main__":
    main()
