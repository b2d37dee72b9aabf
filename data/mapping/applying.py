"""Applies a mapping file: from sheets as they lie in files to raw tables under the contract's names (section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from data.batch import Dataset, Fault
from data.mapping.cells import Making
from data.mapping.form import Entry, MappingFile
from data.mapping.outcome import outcome_columns
from data.mapping.rules import read_mapping
from data.mapping.source import Gathered, Mask, Objects, Places, Rows, filtered, gather, named_headers, unused
from data.mapping.wide import Made, made_long
from data.reading.columns import Manner, manner_of
from data.reading.dates import Order
from data.reading.numbers import Writing
from data.reading.sheets import RawSheet, RawTable
from model.framework import Framework
from model.sentences import Number, Sentence, sentence
from model.tables import TABLES, Table


@dataclass(frozen=True)
class Mapped:
    """What a mapping file made of some sheets.

    ``tables``: raw tables, several of one name where several files or columns feed it. ``unmapped``: place → columns
    the file names nowhere. ``dataset``: None where it brings neither areas nor an outcome nor controls. ``dates`` and
    ``numbers``: how cells are written, None where the file does not say. ``unfilled``: columns for whose emptiness rows
    were left out.
    """

    tables: list[RawTable]
    unmapped: dict[str, list[str]]
    faults: list[Fault]
    notes: list[Sentence]
    dataset: Dataset | None
    dates: Order | None
    numbers: Writing | None
    unfilled: list[str]


def apply_mapping(sheets: list[RawSheet], mapping: Path, framework: Framework, manner: Manner | None = None) -> Mapped:
    """Make the contract's tables from ``sheets`` as the file ``mapping`` says; cells are not yet read as kinds.

    Cells are read here only where new ones are made of them; what ``manner`` says of dates and numbers goes before
    what the file says (default: nothing is said).

    Raises:
        InputRefused: the mapping file itself cannot be used.
    """
    form = read_mapping(mapping, framework)
    given = manner or manner_of(framework)
    manner = replace(given, dates=given.dates or form.dates, numbers=given.numbers or form.numbers)
    found, making = Gathered(), Making(manner)
    entries = [entry for _, entry in form.placed()]
    named = named_headers(entries, sheets)
    tables = [table for entry in entries for table in _tables(entry, sheets, named, making, found)]
    return Mapped(
        tables=tables,
        unmapped=unused(sheets, found.used),
        faults=found.faults + making.faults,
        notes=found.notes,
        dataset=_dataset(form),
        dates=form.dates,
        numbers=form.numbers,
        unfilled=found.unfilled,
    )


def _tables(
    entry: Entry, sheets: Sequence[RawSheet], named: Sequence[str], making: Making, found: Gathered
) -> list[RawTable]:
    """The raw tables of one entry: rows chosen, cells made, rows alike made one."""
    rows = gather(entry, sheets, named, found)
    if rows is None:
        return []
    keep = filtered(entry, rows, found)
    extra = outcome_columns(entry, rows, keep, making)
    parts = list(made_long(entry, rows.take(keep), making, found))
    told = [_distinct(_with(part, extra, entry), TABLES[entry.table], making) for part in parts]
    _tell(entry, sum(len(part.rows) for part in parts), sum(len(table.cells) for table in told), found)
    return told


def _with(made: Made, extra: dict[str, Objects], entry: Entry) -> Made:
    headers = {} if entry.outcome is None else {"outcome": entry.outcome.column}
    return Made(made.columns | extra, made.headers | headers, made.rows)


def _distinct(made: Made, table: Table, making: Making) -> RawTable:
    """Rows of one key that agree in every column become one; those that disagree are faults, naming both rows."""
    cells = pd.DataFrame(made.columns, index=made.rows.cells.index, dtype=object)
    keys = [name for name in table.key if name in cells]
    groups = cells.groupby(keys, dropna=False, sort=False).ngroup().to_numpy()
    first = np.unique(groups, return_index=True)[1][groups]
    keyless = cells[[k for k in keys if table.column(k).required]].isna().any(axis=1).to_numpy()
    later = (first != np.arange(len(first))) & ~keyless
    for name in cells.columns.difference(keys, sort=False):
        making.faults += _contradictions(made, name, first, later)
    kept = cells[~later]
    origin = made.rows.origin[~later]
    if "outcome" in kept:
        kept = kept.astype({"outcome": "float64"})
    return RawTable(table.name, kept, origin, made.headers)


def _contradictions(made: Made, name: str, first: Places, later: Mask) -> list[Fault]:
    """One fault for each key whose rows disagree in the column, at the first row that does."""
    column, rows = made.columns[name], made.rows
    against = column[first]
    empty = pd.isna(column)
    at = np.flatnonzero(later & ~((column == against) | (empty & empty[first])))
    return [
        rows.fault(int(i), made.headers.get(name, name), column[i], _disagree(rows, int(first[i]), against[i]))
        for i in at[np.unique(first[at], return_index=True)[1]]
    ]


def _disagree(rows: Rows, earlier: int, value: object) -> Sentence:
    return sentence(
        "This row and row %(row)s (%(file)s) describe the same thing but differ: there it is %(value)s. Correct one of "
        "them, or leave this column out of the mapping file.",
        row=str(rows.row(earlier)),
        file=rows.origin["file"].to_numpy()[earlier],
        value="–" if value is None else str(value),
    )


def _tell(entry: Entry, before: int, after: int, found: Gathered) -> None:
    if after < before:
        found.notes.append(
            sentence(
                "Distinct rows of %(table)s made from %(rows)s rows: %(distinct)s.",
                rows=Number(before),
                distinct=Number(after),
                table=entry.table,
            )
        )


def _dataset(form: MappingFile) -> Dataset | None:
    """What the file brings beside tables; all its files of engagements bring the same outcome."""
    areas = {code: entry.area(code) for code, entry in form.areas.items()}
    entry = next((entry for entry in form.tables if entry.table == "engagements"), None)
    outcome = None if entry is None else entry.outcome
    controls = () if entry is None else entry.control_names
    if not areas and outcome is None and not controls:
        return None
    name, unit = (None, None) if outcome is None else (outcome.name or outcome.column, outcome.unit)
    return Dataset(areas, name, unit, controls)
