"""Looks into an .xlsx package before its cells are read: sizes, far cells, error cells, formulas without a value.

Runs in the child process of data/reading/excel_child.py, under its limits; speaks in codes, which
data/reading/excel.py puts into sentences.
"""

import re
import zipfile
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree as ET

MOST_BYTES = 300_000_000  # all parts of a workbook, unpacked; 100,000 rows of 8 columns take about 30 million
MOST_SWELLING = 60  # unpacked ÷ packed, beyond FREE_BYTES; a full table swells 10 to 25 times, even one of equal cells
FREE_BYTES = 20_000_000
_LOOKED_AT = 4096  # bytes of a file that is no package
MOST_CELLS = 12_000_000  # rows × columns of the rectangle a sheet spans

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>\s*'
    rb"(?:<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]*)<"
)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)(?<!/)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>|(?=</(?:\w+:)?c>))"
)
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_FROM, _TO = re.compile(rb'\bmin="(\d{1,5})"'), re.compile(rb'\bmax="(\d{1,5})"')
_ROW_NUMBER = re.compile(rb'(?:^|\s)r="(\d{1,7})"')
_PAGE = re.compile(rb"<(?:!doctype html|html|table|meta)\b", re.IGNORECASE)
_REF = re.compile(rb'(?:^|\s)r="([A-Z]{1,3})(\d{1,7})"')
_TEXT_RESULT = re.compile(rb'\bt="str"')


class Unfit(Exception):  # noqa: N818 - the workbook is unfit, the program is not in error
    """The workbook must not be read; ``code`` says why, ``sheet`` where."""

    def __init__(self, code: str, sheet: str | None = None) -> None:
        super().__init__(code)
        self.code, self.sheet = code, sheet


@dataclass(frozen=True)
class Marks:
    """Cells of a sheet that the reader does not tell of: (row, column) from 0 → the text to show for them.

    An error cell shows its error (``#N/A``), a formula without a stored value shows ``=`` and the formula.
    """

    cells: dict[tuple[int, int], str]


@dataclass(frozen=True)
class Package:
    """The sheets of a workbook: name → unpacked XML; hidden ones apart. ``fresh``: never calculated by Excel."""

    sheets: dict[str, bytes]
    hidden: list[str]
    fresh: bool


def open_package(raw: bytes) -> Package:
    """Unpack a workbook within the size limit.

    Raises:
        Unfit: locked (password), old (.xls), binary (.xlsb), text, web_page, not_excel, damaged, too_large,
            calendar_1904.
    """
    _check_kind(raw)
    try:
        parts = _parts(raw)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as fault:
        raise Unfit("damaged") from fault
    if "xl/workbook.bin" in parts:
        raise Unfit("binary")
    book = parts.get("xl/workbook.xml")
    if book is None:
        raise Unfit("not_excel")
    try:
        return _package(ET.fromstring(book), parts)  # noqa: S314 - the child process is limited
    except ET.ParseError as fault:
        raise Unfit("damaged") from fault


def _check_kind(raw: bytes) -> None:
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unfit("locked" if "EncryptedPackage".encode("utf-16-le") in raw else "old")
    if not raw.startswith(b"PK"):
        head = raw[:_LOOKED_AT]
        raise Unfit("web_page" if _PAGE.search(head) else "not_excel" if b"\0" in head or not head.strip() else "text")


def _parts(raw: bytes) -> dict[str, bytes]:
    """All parts that make up the cells, unpacked; a part that unpacks to more than it declares is damaged."""
    with zipfile.ZipFile(BytesIO(raw)) as package:
        entries = [entry for entry in package.infolist() if not entry.filename.startswith(("xl/media/", "docProps/"))]
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > MOST_BYTES or (unpacked > FREE_BYTES and unpacked > MOST_SWELLING * len(raw)):
            raise Unfit("too_large")
        if len({entry.filename for entry in entries}) < len(entries):
            raise Unfit("damaged")
        return {entry.filename.lstrip("/"): _part(package, entry) for entry in entries}


def _part(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One part, never unpacked beyond the size it declares."""
    with package.open(entry) as part:
        return part.read(entry.file_size + 1)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _package(book: ET.Element, parts: dict[str, bytes]) -> Package:
    by_tag = {_local(element): element for element in book.iter() if _local(element) in ("workbookPr", "calcPr")}
    if "workbookPr" in by_tag and by_tag["workbookPr"].get("date1904", "0") in ("1", "true"):
        raise Unfit("calendar_1904")
    fresh = "calcPr" in by_tag and by_tag["calcPr"].get("fullCalcOnLoad", "0") in ("1", "true")
    links = ET.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))  # noqa: S314 - as above
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets: dict[str, bytes] = {}
    hidden = []
    for sheet in (element for element in book.iter() if _local(element) == "sheet"):
        target = targets.get(next((v for k, v in sheet.attrib.items() if k.endswith("}id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        name = sheet.get("name", "")
        if sheet.get("state", "visible") != "visible":
            hidden.append(name)
        elif part in parts and "worksheet" in part:
            sheets[name] = parts[part]
    return Package(sheets, hidden, fresh)


def check_reach(xml: bytes, sheet: str) -> None:
    """Refuse a sheet whose cells span a rectangle too large to hold.

    Raises:
        Unfit: far_cell.
    """
    found = _CELL.findall(xml)
    if not found:
        return
    columns = [_column(name) for name in {name for name, _ in found}]
    rows = [int(row) for _, row in found]
    if (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) > MOST_CELLS:
        raise Unfit("far_cell", sheet)


def hidden_rows(xml: bytes) -> list[int]:
    """Numbers of the rows that a filter or a hand hides, from 1; a row without a number of its own is not told."""
    if b'hidden="' not in xml:
        return []
    found = (_ROW_NUMBER.search(row[1]) for row in _ROW.finditer(xml) if _HIDDEN.search(row[1]))
    return [int(number[1]) for number in found if number]


def hidden_columns(xml: bytes) -> list[tuple[int, int]]:
    """Runs of columns that are hidden: first and last, from 1."""
    head = xml[: xml.find(b"sheetData")]  # the columns stand before the cells
    runs = [(_FROM.search(one[1]), _TO.search(one[1])) for one in _COLUMNS.finditer(head) if _HIDDEN.search(one[1])]
    return [(int(first[1]), int(last[1])) for first, last in runs if first and last]


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number - 1


def marks(xml: bytes, *, fresh: bool) -> Marks:
    """Error cells and formulas without a stored value.

    A workbook written by a program and never opened in Excel stores 0 or nothing for its formulas; in such a
    ``fresh`` workbook a formula's 0 counts as no value.
    """
    cells: dict[tuple[int, int], str] = {}
    formulas = _FORMULA.finditer(xml) if b"<f" in xml or b":f" in xml else ()
    errors = _ERROR.finditer(xml) if b't="e"' in xml else ()
    for found in formulas:
        stored = found[3] or b""
        if (not stored and not _TEXT_RESULT.search(found[1])) or (fresh and stored == b"0"):
            _mark(cells, found[1], "=" + (found[2] or b"").decode("utf-8", "replace"))
    for found in errors:
        _mark(cells, found[1], found[2].decode("utf-8", "replace"))
    return Marks(cells)


def _mark(cells: dict[tuple[int, int], str], attributes: bytes, shown: str) -> None:
    place = _REF.search(attributes)
    if place:
        cells[int(place[2]) - 1, _column(place[1])] = unescape(shown)
