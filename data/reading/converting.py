"""Raw tables made into tables whose every cell is understood; required cells, ranges and keys checked on the way."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batch import Batch, Fault, plain
from data.headings import column_labels
from data.reading.columns import Manner, Read, as_series, read_column
from data.reading.sheets import RawTable
from data.snapshot import with_extras
from model.framework import fold
from model.sentences import Number, Sentence, sentence
from model.tables import TABLES, Kind, Table
from model.unseen import unseen, without_unseen

EMPTY_CELL = sentence("The cell is empty, but every row needs a value here. Fill it in.")
_EXTRAS = ("outcome", "controls")


def convert(raw: Iterable[RawTable], manner: Manner, batch: Batch) -> None:
    """Add to ``batch`` the tables that the raw ones make, their origin, and what is wrong in them.

    A row with a fault stays, its faulty cell missing, so that rows of other tables that refer to it are not called
    faulty too; a row without its month cannot be held and is left out.
    """
    parts: dict[str, list[_Part]] = {}
    raw, cleaned = list(raw), Counter[str]()
    batch.headers = _headers(raw)
    for table in raw:
        if len(table.cells):
            parts.setdefault(table.table, []).append(_converted(table, manner, batch.faults, cleaned))
    batch.notes += [_taken_out(column, count) for column, count in cleaned.items()]
    for name in (name for name in TABLES if name in parts):
        frame = pd.concat([part.frame for part in parts[name]], ignore_index=True)
        origin = pd.concat([part.origin for part in parts[name]], ignore_index=True)
        batch.faults.extend(_doubled(TABLES[name], frame, origin))
        batch.tables[name], batch.origin[name] = frame, origin
        batch.silent[name] = _silent(parts[name], frame.columns)
    batch.faults = _in_order(batch.faults)


def _headers(raw: Iterable[RawTable]) -> dict[tuple[str, str | None, str], str]:
    """(File, sheet, column) → header, of the columns that one header feeds."""
    found: dict[tuple[str, str | None, str], set[str]] = {}
    for table in (table for table in raw if len(table.origin)):
        for file, sheet in table.origin[["file", "sheet"]].drop_duplicates().itertuples(index=False):
            for column, header in table.headers.items():
                found.setdefault((file, sheet, column), set()).add(header)
    return {place: min(headers) for place, headers in found.items() if len(headers) == 1}


def _in_order(faults: list[Fault]) -> list[Fault]:
    """Each fault once (a cell of a wide sheet serves many rows), by file and sheet as first met, then row."""
    once = {(f.file, f.sheet, f.row, f.column, f.value, f.message.text): f for f in faults}
    places = {place: i for i, place in enumerate(dict.fromkeys((fault.file, fault.sheet) for fault in faults))}
    return sorted(once.values(), key=lambda fault: (places[fault.file, fault.sheet], fault.row or 0))


@dataclass(frozen=True)
class _Part:
    """Rows of one raw table, where they stand, and the columns their file gave."""

    frame: pd.DataFrame
    origin: pd.DataFrame
    given: frozenset[str]


def _silent(parts: list[_Part], columns: Iterable[str]) -> dict[str, NDArray[np.bool_]]:
    """Per column that some file lacks: the rows of that file."""
    masks = {name: np.concatenate([np.full(len(p.frame), name not in p.given) for p in parts]) for name in columns}
    return {name: mask for name, mask in masks.items() if mask.any()}


def _converted(raw: RawTable, manner: Manner, faults: list[Fault], cleaned: Counter[str]) -> _Part:
    table = TABLES[raw.table]
    origin = raw.origin.reset_index(drop=True)
    file = origin["file"].iloc[0]
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name not in raw.cells:
            if column.required:
                faults.append(_missing(raw, column.name, manner))
            columns[column.name] = as_series(column, [None] * len(origin))
            continue
        cells = _cells(raw.cells[column.name])
        if count := _clean(cells):
            cleaned[f"{table.name}.{column.name}"] += count
        read = read_column(column, cells, manner, comma=file in manner.comma_files)
        columns[column.name] = read.held
        _tell(raw, column.name, cells, read, faults)
    frame = pd.DataFrame(columns)
    for extra in (name for name in _EXTRAS if name in raw.cells):
        frame[extra] = raw.cells[extra].to_numpy()
    kept = _whole(table, frame)
    given = frozenset(raw.cells.columns) - raw.assumed
    held = with_extras(table, frame[kept].reset_index(drop=True))
    return _Part(held, origin[kept].reset_index(drop=True), given)


def _cells(column: pd.Series) -> list[object]:
    """The cells, a missing one or blank text as None."""
    cells = column.to_numpy(dtype=object)
    missing = pd.isna(cells) | (cells == "")
    return [None if gone else cell for cell, gone in zip(cells, missing, strict=True)]


def _clean(cells: list[object]) -> int:
    """Take signs that nobody sees out of texts, where they stand; how many cells held some."""
    texts = [(i, cell) for i, cell in enumerate(cells) if isinstance(cell, str) and not cell.isprintable()]
    held = [(i, cell) for i, cell in texts if unseen(cell)]
    for i, cell in held:
        cells[i] = without_unseen(cell).strip() or None
    return len(held)


def _taken_out(column: str, count: int) -> Sentence:
    return sentence(
        "Signs that nobody sees and that may turn the order of reading were taken out of %(column)s: %(count)s cells. "
        "They often come along when a number or name is copied from a chat.",
        column=column,
        count=Number(count),
    )


def _whole(table: Table, frame: pd.DataFrame) -> pd.Series:
    """Rows that can be held: those with a month where the table has one."""
    months = [column.name for column in table.columns if column.kind is Kind.MONTH]
    return (frame[months] != 0).all(axis=1) if months else pd.Series(True, index=frame.index)  # noqa: FBT003 - a mask


def _missing(raw: RawTable, name: str, manner: Manner) -> Fault:
    place = raw.origin.iloc[0]
    words = [word for word, column in manner.framework.headers[raw.table].items() if column == name]
    message = sentence(
        "The column %(column)s is missing and every row needs it. Add it; accepted headers: %(accepted)s.",
        column=column_labels(raw.table, manner.framework)[name],
        accepted=", ".join(dict.fromkeys([name, *(word for word in words if word != fold(name))])),
    )
    return Fault(place["file"], place["sheet"], None, name, None, message)


def _tell(raw: RawTable, name: str, cells: list[object], read: Read, faults: list[Fault]) -> None:
    """Faults of a column: cells that cannot be read, and empty ones where a value is required."""
    wrong: dict[int, Sentence] = dict(read.wrong)
    if TABLES[raw.table].column(name).required:
        wrong |= {i: EMPTY_CELL for i, cell in enumerate(cells) if cell is None}
    if not wrong:
        return
    files, sheets, rows = (raw.origin[column].to_numpy() for column in ("file", "sheet", "row"))
    header = raw.headers.get(name, name)
    faults += [Fault(files[i], sheets[i], int(rows[i]), header, plain(cells[i]), wrong[i]) for i in sorted(wrong)]


def _doubled(table: Table, frame: pd.DataFrame, origin: pd.DataFrame) -> list[Fault]:
    """Rows whose key stands earlier in the batch; a row without a required part of its key is a fault already."""
    key = list(table.key)
    complete = frame[[name for name in key if table.column(name).required]].notna().all(axis=1)
    held = frame.loc[complete, key]
    again = held.index[held.duplicated()]
    if not len(again):
        return []
    groups = held.groupby(key, dropna=False, sort=False).ngroup()
    first = dict(zip(groups.drop_duplicates(), groups.drop_duplicates().index, strict=True))
    parts = zip(*(held.loc[again, name] for name in key), strict=True)
    shown = [", ".join(_key_parts(table, part)) for part in parts]
    files, sheets, rows = (origin[column].to_numpy() for column in ("file", "sheet", "row"))
    columns = ", ".join(key)
    found = []
    for row, text in zip(again, shown, strict=True):
        other = first[groups[row]]
        place = files[other] if sheets[other] is None else f"{files[other]} › {sheets[other]}"
        message = sentence(
            "The same %(key)s stands already in row %(row)s (%(place)s). Delete one of the two rows or correct it.",
            key=columns,
            row=str(rows[other]),
            place=place,
        )
        found.append(Fault(files[row], sheets[row], int(rows[row]), columns, plain(text), message))
    return found


def _key_parts(table: Table, key: tuple[Any, ...]) -> list[str]:
    shown = []
    for name, value in zip(table.key, key, strict=True):
        kind = table.column(name).kind
        if kind is Kind.MONTH:
            shown.append(f"{value // 12}-{value % 12 + 1:02}")
        elif not pd.isna(value):
            shown.append(value.date().isoformat() if kind is Kind.DATE else str(value))
    return shown
