"""CSV that a spreadsheet opens without reckoning anything, and that an import reads back as it was."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

_RECKONED = ("=", "+", "-", "@", "\t", "\r")


def safe_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV text in UTF-8 with its mark, which Excel needs.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, which reading takes off again;
    numbers keep their minus sign; yes and no are written as the reading knows them.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.startswith(_RECKONED) else value
