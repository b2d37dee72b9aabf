"""Shows an upload before it is confirmed: what was understood, and the user's own rows, faults in their cells."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from data.batch import Batch, Fault, plain
from data.reading.outline import SeenSheet
from data.store.store import Store
from model.sentences import sentence
from model.tables import TABLES, Kind
from service.intake.taking import crossed

Place = tuple[str, str | None]
Row = tuple[str, str | None, int]
_WAITS = sentence("This row is right, but it waits for the row it refers to, which has a fault.")
UNDERSTOOD = 5
"""Rows of each table that are shown as understood."""


def understood(batch: Batch) -> list[dict[str, Any]]:
    """The first rows without a fault of every table as they would be stored, columns without any value left out."""
    shown, faulty = [], {(fault.file, fault.sheet, fault.row) for fault in batch.faults}
    for name, frame in batch.tables.items():
        hidden = {column.name for column in TABLES[name].columns if column.hidden}
        columns = [c for c in TABLES[name].names if c in frame and c not in hidden and frame[c].notna().any()]
        rows = [
            [value(name, column, frame[column].iloc[at]) for column in columns]
            for at in _right(batch.origin[name], faulty)
        ]
        shown.append({"table": name, "columns": columns, "rows": rows, "count": len(frame)})
    return shown


def _right(origin: pd.DataFrame, faulty: set[tuple[str, str | None, int | None]]) -> list[int]:
    """Places of the first rows that stand in no fault."""
    places = zip(origin["file"], origin["sheet"], origin["row"], strict=True)
    right = (at for at, (file, sheet, row) in enumerate(places) if (file, sheet or None, int(row)) not in faulty)
    return list(islice(right, UNDERSTOOD))


def value(table: str, column: str, cell: Any) -> Any:
    """A stored cell as a reader sees it: a month and a day as text, a whole number without decimals."""
    kind = TABLES[table].column(column).kind
    if kind is Kind.MONTH:
        return f"{int(cell) // 12}-{int(cell) % 12 + 1:02}"
    if pd.isna(cell):
        return None
    if kind is Kind.YESNO:
        return bool(cell)
    if kind is Kind.DATE:
        return pd.Timestamp(cell).date().isoformat()
    if kind in {Kind.YEAR, Kind.NUMBER}:
        return plain(cell)
    return int(cell) if isinstance(cell, float) else cell


def marked(sheet: SeenSheet, faults: Sequence[Fault], start: int = 0, most: int = 100) -> dict[str, Any]:
    """A sheet's faulty rows as they stand in the file, the messages in their cells.

    Gives place, headers, ``messages`` that belong to no row below the header, ``total`` faulty rows, and ``rows`` (from
    ``start`` on, at most ``most``): number, cells (text, messages) and messages that belong to no cell.
    """
    own = [fault for fault in faults if (fault.file, fault.sheet) == (sheet.grid.file, sheet.grid.sheet)]
    first = sheet.grid.numbers[sheet.header] if sheet.grid.numbers else 0
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in own:
        if fault.row is not None and fault.row > first:
            by_row[fault.row].append(fault)
    lines = dict(zip(sheet.grid.numbers, sheet.grid.rows, strict=True))
    numbers = sorted(by_row)
    names = {seen.position: seen.header for seen in sheet.columns}
    width = max(names, default=-1) + 1
    return {
        "place": sheet.place,
        "headers": [names.get(at, "") for at in range(width)],
        "messages": [_told(fault) for fault in own if fault.row is None or fault.row <= first],
        "total": len(numbers),
        "rows": [_line(sheet, n, lines.get(n, []), by_row[n], width) for n in numbers[start : start + most]],
    }


def to_mend(sheet: SeenSheet, faults: Sequence[Fault]) -> dict[str, Any]:
    """The same with the cells' own values and every faulty row, for a workbook: file and sheet beside."""
    shown = marked(sheet, faults, most=len(sheet.grid.rows))
    lines = dict(zip(sheet.grid.numbers, sheet.grid.rows, strict=True))
    for row in shown["rows"]:
        own = lines.get(row["number"], [])
        for at, cell in enumerate(row["cells"]):
            cell["value"] = own[at] if at < len(own) else None
    return {"file": sheet.grid.file, "sheet": sheet.grid.sheet, **shown}


def _told(fault: Fault) -> dict[str, Any]:
    return {"row": fault.row, "column": fault.column, "message": fault.message}


def _line(sheet: SeenSheet, number: int, cells: Sequence[Any], faults: Iterable[Fault], width: int) -> dict[str, Any]:
    messages: dict[int | None, list[Any]] = defaultdict(list)
    for fault in faults:
        at = sheet.position(fault.column)
        messages[at if at is not None and at < width else None].append(fault.message)
    shown = [
        {"text": plain(cells[at]) if at < len(cells) else None, "messages": messages.get(at, [])} for at in range(width)
    ]
    return {"number": number, "cells": shown, "messages": messages.get(None, [])}


def rows_at_fault(sheets: Sequence[SeenSheet], faults: Sequence[Fault]) -> set[Row] | None:
    """The rows that would have to stay out; None where a fault belongs to a whole sheet or file."""
    headers = {(s.grid.file, s.grid.sheet): s.grid.numbers[s.header] for s in sheets if s.grid.numbers}
    found: set[Row] = set()
    for fault in faults:
        if fault.row is None or fault.row <= headers.get((fault.file, fault.sheet), 0):
            return None
        found.add((fault.file, fault.sheet, fault.row))
    return found


def without(batch: Batch, rows: Collection[Row], store: Store | None) -> tuple[Batch, list[Fault]]:
    """The batch without rows, and without those that then point to nothing; these come back as faults."""
    kept, more = _less(batch, rows), []
    while faults := crossed(kept, store):
        more += [replace(fault, message=_WAITS) for fault in faults]
        kept = _less(kept, {(fault.file, fault.sheet, fault.row or 0) for fault in faults})
    return kept, more


def _less(batch: Batch, rows: Collection[Row]) -> Batch:
    keep = {
        name: np.array([row not in rows for row in zip(o["file"], o["sheet"], o["row"], strict=True)], dtype=bool)
        for name, o in batch.origin.items()
    }
    return replace(
        batch,
        tables={name: frame[keep[name]].reset_index(drop=True) for name, frame in batch.tables.items()},
        origin={name: frame[keep[name]].reset_index(drop=True) for name, frame in batch.origin.items()},
        silent={
            name: {column: mask[keep[name]] for column, mask in masks.items()} for name, masks in batch.silent.items()
        },
        faults=[],
        warnings=[one for one in batch.warnings if (one.file, one.sheet, one.row) not in rows],
    )
