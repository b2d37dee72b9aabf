"""The rows a mapping entry reads: the sheets it names, one under the other, with their place in the files."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import PurePath

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batch import Fault, plain
from data.mapping.form import Entry, Items, as_text
from data.reading.sheets import RawSheet
from model.framework import fold
from model.sentences import Number, Sentence, sentence

Objects = NDArray[np.object_]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]


def objects(values: Sequence[object]) -> Objects:
    """Values as a column of cells."""
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def given(cells: Objects) -> Mask:
    """Which cells are not empty."""
    return np.array([cell is not None for cell in cells], dtype=bool)


@dataclass(frozen=True)
class Rows:
    """Rows of all sheets of one entry.

    ``cells``: under the headers of the files, and again under the mapping's own spelling where that differs;
    ``origin``: same RangeIndex, columns file, sheet, row. ``places``: the sheets' names as told to a user. ``further``:
    headers the mapping names nowhere, in order.
    """

    cells: pd.DataFrame
    origin: pd.DataFrame
    places: tuple[str, ...] = ()
    further: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.cells)

    def texts(self, header: str) -> Objects:
        """The column's cells as compared texts, empty ones None."""
        return objects([as_text(value) for value in self.cells[header]])

    def take(self, keep: Mask | Places) -> "Rows":
        """Only these rows (a mask, or places that may repeat); each keeps its place in the file."""
        at = np.arange(len(self))[keep]
        cells, origin = (frame.iloc[at].reset_index(drop=True) for frame in (self.cells, self.origin))
        return replace(self, cells=cells, origin=origin)

    def row(self, position: int) -> int:
        """The row number in its file."""
        return int(self.origin["row"].to_numpy()[position])

    def fault(self, position: int, header: str | None, value: object, message: Sentence) -> Fault:
        """A fault at one row."""
        file, sheet, row = (self.origin[name].to_numpy()[position] for name in ("file", "sheet", "row"))
        return Fault(file, sheet, int(row), header, plain(value), message)

    def faults(self, where: Mask, header: str, message: Sentence) -> list[Fault]:
        """The same fault for every row in the mask, each with its own value."""
        values = self.cells[header].to_numpy()
        return [self.fault(int(i), header, values[i], message) for i in np.flatnonzero(where)]


@dataclass
class Gathered:
    """What was found on the way: faults, notes, by place which headers were used, and which left rows out as empty."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    used: dict[str, set[str]] = field(default_factory=dict)
    unfilled: list[str] = field(default_factory=list)


def find_header(header: str, headers: Iterable[str]) -> str | None:
    """The file's header meant by the mapping's: the same text, else the only one alike when folded."""
    known = list(headers)
    if header in known:
        return header
    alike = [name for name in known if fold(name) == fold(header)]
    return alike[0] if len(alike) == 1 else None


def feeds(entry: Entry, sheet: RawSheet) -> bool:
    """Whether the entry names this sheet."""
    name, wanted = PurePath(sheet.file).name.lower(), (entry.file or "*").lower()
    if not fnmatchcase(name, wanted):
        return False
    return entry.sheet is None or (sheet.sheet is not None and fnmatchcase(fold(sheet.sheet), fold(entry.sheet)))


def wide_headers(pattern: str, headers: Iterable[str]) -> dict[str, str]:
    """Headers that fit a pattern with ``{n}`` or ``{month}``: what stands in that place → header."""
    form = re.escape(pattern).replace(r"\{n\}", r"(\d+)").replace(r"\{month\}", "(.+)")
    found = {header: re.fullmatch(form, header, re.IGNORECASE) for header in headers}
    return {match[1]: header for header, match in found.items() if match is not None}


def item_headers(items: Items, rows: Rows) -> tuple[str, ...]:
    """The item columns: those listed, else all further ones but those excepted."""
    if items.columns:
        return items.columns
    out = {fold(name) for name in items.leave_out}
    return tuple(name for name in rows.further if fold(name) not in out)


def gather(entry: Entry, sheets: Sequence[RawSheet], named: Sequence[str], found: Gathered) -> Rows | None:
    """The rows that feed ``entry``; None, with a fault, where a sheet or a column it asks for is missing.

    ``named``: all headers any entry of the mapping reads, so that the further ones are known.
    """
    matching = [sheet for sheet in sheets if feeds(entry, sheet)]
    if not matching:
        found.faults.append(_no_sheet(entry))
        return None
    parts = [_part(entry, sheet, found) for sheet in matching]
    complete = [part for part in parts if part is not None]
    if len(complete) < len(parts):
        return None
    cells = pd.concat(complete, ignore_index=True).astype(object).replace({np.nan: None})
    origin = pd.concat([_origin(sheet) for sheet in matching], ignore_index=True)
    further = [header for sheet in matching for header in _further(sheet, named)]
    places = tuple(sheet.place for sheet in matching)
    return Rows(cells, origin, places, tuple(dict.fromkeys(further)))


def _no_sheet(entry: Entry) -> Fault:
    message = sentence(
        "No file or sheet of this name was given, and the mapping file feeds the table %(table)s from it. "
        "Give the file too, or correct the name in the mapping file.",
        table=entry.table,
    )
    return Fault(entry.file or "*", entry.sheet, None, None, None, message)


def _part(entry: Entry, sheet: RawSheet, found: Gathered) -> pd.DataFrame | None:
    """The sheet with the mapping's spelling of its headers added; None where one is missing."""
    frame, headers = sheet.cells.copy(deep=False), list(sheet.cells.columns)
    wanted = (*entry.headers, *(entry.items.columns if entry.items else ()))
    actual = {header: find_header(header, headers) for header in wanted}
    used = found.used.setdefault(sheet.place, set())
    used.update(name for name in actual.values() if name is not None)
    missing = [header for header, name in actual.items() if name is None]
    found.faults += [_no_column(sheet, header, headers) for header in missing]
    for header, name in actual.items():
        if name is not None and header != name:
            frame[header] = frame[name]
    return None if missing else frame


def _no_column(sheet: RawSheet, header: str, headers: list[str]) -> Fault:
    near = difflib.get_close_matches(header, headers, n=1)
    if near:
        message = sentence(
            "The mapping file asks for the column %(column)s, which is not there. Is it the column %(near)s?",
            column=header,
            near=near[0],
        )
    else:
        message = sentence(
            "The mapping file asks for the column %(column)s, which is not there. Correct the mapping file or the "
            "header.",
            column=header,
        )
    return Fault(sheet.file, sheet.sheet, None, header, None, message)


def _origin(sheet: RawSheet) -> pd.DataFrame:
    return pd.DataFrame({"file": sheet.file, "sheet": sheet.sheet, "row": sheet.cells.index.to_numpy()}, dtype=object)


def _further(sheet: RawSheet, named: Sequence[str]) -> list[str]:
    headers = list(sheet.cells.columns)
    known = {find_header(name, headers) for name in named}
    return [header for header in headers if header not in known]


def filtered(entry: Entry, rows: Rows, found: Gathered) -> Mask:
    """Which rows stay by skip_empty, only and leave_out; every reason is counted in a note."""
    keep = np.ones(len(rows), dtype=bool)
    for header in entry.skip_empty:
        out = ~given(rows.texts(header)) & keep
        keep &= ~out
        _told(found, out, sentence("%(column)s is empty", column=header), entry)
        found.unfilled += [header] if out.any() else []
    for choices, wanted in ((entry.only, True), (entry.leave_out, False)):
        for header, values in choices.items():
            listed = np.isin(_filled(rows.texts(header)), [as_text(value) or "" for value in values])
            out = (listed != wanted) & keep
            keep &= ~out
            _told(found, out, sentence("of their value in %(column)s", column=header), entry)
    return keep


def _filled(texts: Objects) -> NDArray[np.str_]:
    return np.array(["" if text is None else text for text in texts], dtype=str)


def _told(found: Gathered, out: Mask, reason: Sentence, entry: Entry) -> None:
    if out.any():
        found.notes.append(
            sentence(
                "Rows not used for %(table)s because %(reason)s: %(count)s.",
                count=Number(int(out.sum())),
                table=entry.table,
                reason=reason,
            )
        )


def named_headers(entries: Iterable[Entry], sheets: Sequence[RawSheet]) -> list[str]:
    """All headers any entry reads, those of wide monthly columns spelled out."""
    named: list[str] = []
    for entry in entries:
        named += entry.headers
        for cell in entry.months.columns.values() if entry.months else ():
            for sheet in sheets:
                named += wide_headers(cell.column or "", sheet.cells.columns).values()
    return named


def unused(sheets: Sequence[RawSheet], used: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Place → headers no entry read, places with none left out."""
    left = {sheet.place: [h for h in sheet.cells.columns if h not in used.get(sheet.place, ())] for sheet in sheets}
    return {place: headers for place, headers in left.items() if headers}
