"""Reads one workbook in a process of its own: ``python -m data.reading.excel_child FILE`` prints JSON.

The reader of Excel files can be made to abort its process or to take any amount of memory by a small file; here it
may. The process limits its own memory and time before it opens the file and imports nothing heavy.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from data.reading.excel_scan import Package, Unfit, check_reach, hidden_columns, hidden_rows, marks, open_package

MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 60
MOST_FILE = 100_000_000
MOST_ANSWER = 400_000_000


def limit() -> None:
    """Limit memory, processor time and core dumps of this process; Windows leaves only its parent's limit of time."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not there on Windows

    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def read(path: Path) -> dict[str, Any]:
    """A workbook as plain data: ``sheets`` and names of those ``hidden``, or ``unfit``.

    A sheet has name, rows, numbers, merged ranges, and numbers of hidden rows and columns.
    """
    if path.stat().st_size > MOST_FILE:
        return {"unfit": "too_large"}
    raw = path.read_bytes()
    try:
        package = open_package(raw)
        for name, xml in package.sheets.items():
            check_reach(xml, name)
        return _sheets(raw, package)
    except Unfit as unfit:
        return {"unfit": unfit.code, "sheet": unfit.sheet}


def _sheets(raw: bytes, package: Package) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only once the package is fit

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
        sheets = [_sheet(book, name, xml, fresh=package.fresh) for name, xml in package.sheets.items()]
    except CalamineError as fault:
        raise Unfit("damaged") from fault
    return {"sheets": sheets, "hidden": package.hidden}


def _sheet(book: Any, name: str, xml: bytes, *, fresh: bool) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    top, left = sheet.start or (0, 0)
    rows = {top + i: [None] * left + [_plain(cell) for cell in row] for i, row in enumerate(sheet.to_python())}
    for (row, column), shown in marks(xml, fresh=fresh).cells.items():
        cells = rows.setdefault(row, [])
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = shown
    filled = {row: cells for row in sorted(rows) if (cells := _cut(rows[row]))}
    ranges = [(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
    numbers = [row + 1 for row in filled]
    return {
        "name": name,
        "rows": list(filled.values()),
        "numbers": numbers,
        "merged": ranges,
        "hidden": hidden_rows(xml),
        "hidden_columns": hidden_columns(xml),
    }


def _cut(cells: list[Any]) -> list[Any]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _plain(cell: Any) -> Any:
    """A cell as JSON holds it: a day as ["d", ISO], an hour or a span as ["h", text], blank text as None."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, datetime | date):
        return ["d", cell.isoformat()]
    if isinstance(cell, time | timedelta):
        return ["h", str(cell)]
    return cell


def main() -> int:
    """Read the workbook named on the command line; 0 if an answer was written."""
    limit()
    answer = json.dumps(read(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":")).encode()
    if len(answer) > MOST_ANSWER:
        answer = b'{"unfit":"too_large"}'
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
