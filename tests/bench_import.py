"""Reading of 100,000 report rows: seconds, memory, and ratios against pandas and openpyxl in the same run.

Run: ``python -m tests.bench_import``. The issue asks for under 5 s and 600 MB for a whole import from CSV.
"""

import resource
import tempfile
import time
from pathlib import Path

import openpyxl
import pandas as pd

from data.framework_file import read_framework
from data.reading.batches import read_batch
from data.reading.excel import read_excel
from tests.excel_files import honest

ROWS = 100_000


def write_reports(path: Path) -> None:
    """Write ROWS reports as an office would: dots in amounts, Indonesian months, yes/no words."""
    lines = ["business_id;month;turnover_idr;profit_idr;workers;has_nib;has_cashbook;got_credit;has_partner"]
    for i in range(ROWS):
        amount = f"{(i * 7_919) % 99_999_999:,}".replace(",", ".")
        lines.append(f"U{i // 12:06};{i % 12 + 1:02}/2025;Rp {amount};{i * 13 % 9_999_999};{i % 9};ya;tidak;ya;")
    path.write_text("\n".join(lines), encoding="utf-8")


def timed(work, *arguments):
    """Seconds a call takes, and its answer."""
    begun = time.perf_counter()
    answer = work(*arguments)
    return time.perf_counter() - begun, answer


def main() -> None:
    """Print the figures."""
    framework = read_framework()
    with tempfile.TemporaryDirectory() as folder:
        path, book = Path(folder) / "reports.csv", Path(folder) / "book.xlsx"
        write_reports(path)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ours, batch = timed(read_batch, [path], framework)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        assert len(batch.tables["reports"]) == ROWS
        assert not batch.faults
        plain, _ = timed(lambda: pd.read_csv(path, sep=";", dtype=str))
        print(f"CSV, {ROWS:,} rows understood: {ours:.2f} s, {ours / plain:.1f} x pandas.read_csv of plain text")
        print(f"peak memory of the process: {memory:.0f} MB ({memory - before:.0f} MB above the imports)")
        honest(book, ROWS)
        ours, _ = timed(read_excel, book, "book.xlsx")
        peer, _ = timed(lambda: list(openpyxl.load_workbook(book, read_only=True).active.iter_rows(values_only=True)))
        print(f"xlsx, {ROWS:,} x 8 cells in the child process: {ours:.2f} s, {ours / peer:.2f} x openpyxl")


if __name__ == "__main__":
    main()
