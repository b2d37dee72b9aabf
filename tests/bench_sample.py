"""How long the sample city takes: drawn and written, beside pandas writing the same tables in the same run."""

import tempfile
import time
from pathlib import Path

from data.sample import make_city, write_city


def seconds(work):
    """Processor seconds, which a busy machine does not stretch."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main():
    for businesses in (4000, 10_000):
        wall = time.perf_counter()
        drawing, city = seconds(lambda businesses=businesses: make_city(businesses=businesses))
        with tempfile.TemporaryDirectory() as folder:
            ours, counts = seconds(lambda city=city, folder=folder: write_city(city, folder))
            wall = time.perf_counter() - wall
            peer, _ = seconds(
                lambda city=city, folder=folder: [
                    frame.to_csv(Path(folder) / f"{name}.csv", index=False) for name, frame in city.tables.items()
                ]
            )
        print(
            f"160 mentors, {businesses:,} businesses, {counts['reports']:,} reports: drawn in {drawing:.2f} s, "
            f"written in {ours:.2f} s ({peer / ours:.1f} x as fast as pandas), together {drawing + ours:.2f} s "
            f"of processor, {wall:.2f} s by the clock; asked for: 3 s"
        )


if __name__ == "__main__":
    main()
