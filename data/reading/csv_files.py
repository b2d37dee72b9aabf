"""CSV files: encoding, separator and quotes found out, rows kept with the file's own line numbers."""

import csv
import re
from collections import Counter
from io import StringIO
from pathlib import Path

from data.batch import Fault
from data.reading.grids import Grid, Grids
from model.sentences import Number, Sentence, sentence

_SEPARATORS = ";\t,"
_LOOKED_AT = 20
_QUOTED = re.compile(r'"[^"]*"')
_BLANK = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\u200b\ufeff", " "))

NOT_TEXT = sentence("This is not a CSV text file. Open it in its program and save it as “CSV UTF-8”.")
A_WORKBOOK = sentence(
    "This is an Excel workbook with the name of a CSV file. Rename it so that its name ends in .xlsx."
)
UNREADABLE = sentence("The file cannot be opened. Close it in other programs and check that you may read it.")


def read_csv(path: Path, name: str) -> Grids:
    """Read a CSV file (UTF-8 with or without BOM, UTF-16 with BOM, else cp1252; separator ``;``, tab or ``,``)."""
    try:
        raw = path.read_bytes()
    except OSError:
        return _refused(name, UNREADABLE)
    if raw.startswith(b"PK\x03\x04"):
        return _refused(name, A_WORKBOOK)
    text = _decoded(raw)
    if text is None or "\0" in text:
        return _refused(name, NOT_TEXT)
    return _parsed(text, name)


def _refused(name: str, message: Sentence, row: int | None = None) -> Grids:
    return Grids(faults=[Fault(name, None, row, None, None, message)])


def _decoded(raw: bytes) -> str | None:
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def separator(text: str) -> str:
    """The separator: the one that stands equally often in the most of the first lines; quoted parts do not count."""
    head = text[:100_000].splitlines()[: _LOOKED_AT * 3]
    lines = _QUOTED.sub("", "\n".join(line for line in head if line.strip())).splitlines()[:_LOOKED_AT]
    best, score = ",", (0, 0)
    for sign in _SEPARATORS:
        counts = Counter(count for line in lines if (count := line.count(sign)))
        if counts:
            times, often = max((times, often) for often, times in counts.items())
            if (times, often) > score:
                best, score = sign, (times, often)
    return best


def _parsed(text: str, name: str) -> Grids:
    declared = re.match(r'"?sep=([;,\t])"?\r?\n', text)  # Excel's own first line
    sign = declared[1] if declared else separator(text)
    skipped = 1 if declared else 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=sign, strict=True)
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    line, plain = 1, text.isascii()
    try:
        for row in reader:
            if line > skipped and (cells := _cells(row, plain=plain)):
                rows.append(cells)
                numbers.append(line)
            line = reader.line_num + 1
    except csv.Error as fault:
        return _refused(name, _broken(fault, line), line)
    return Grids([Grid(name, None, list(rows), numbers, comma=sign == ";")])


def _broken(fault: csv.Error, line: int) -> Sentence:
    if "field limit" in str(fault):
        return sentence(
            "The record that begins in line %(line)s holds a text of over %(most)s characters, most likely because a "
            "quotation mark is not closed. Close it, or shorten the text.",
            line=str(line),
            most=Number(csv.field_size_limit()),
        )
    return sentence(
        "The quotation marks do not match in the record that begins in line %(line)s. Close the quotation, and "
        "write a quotation mark inside a text twice.",
        line=str(line),
    )


def _cells(row: list[str], *, plain: bool) -> list[str | None]:
    """The cells of a row, blanks around them taken off, empty ones None, trailing empty ones cut.

    ``plain``: the whole file is ASCII, so that no cell has a blank of another kind.
    """
    typed = row if plain else [cell if cell.isascii() else cell.translate(_BLANK) for cell in row]
    cells = [cell.strip() or None for cell in typed]
    while cells and cells[-1] is None:
        cells.pop()
    return cells
