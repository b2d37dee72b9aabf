"""Which table a sheet or file is, by its name, and which column a header is, by the framework's synonyms."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from data.batch import Fault
from data.reading.grids import HEADER_ONLY, Grid, header_at, to_sheet
from data.reading.sheets import RawSheet, RawTable
from data.reading.wide_sheets import is_wide, item_rows, long_tables, origin_of, wide_columns
from model.framework import Framework, fold
from model.sentences import Number, Sentence, sentence
from model.tables import TABLES

_COUNTED = re.compile(r"[\s\d()]+$")


@dataclass
class Recognised:
    """Raw tables drawn from sheets by name, and what was not used."""

    tables: list[RawTable] = field(default_factory=list)
    unmapped: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A sheet known to be of a table: its rows, its header row's number, column → header and the wide columns."""

    raw: RawSheet
    table: str
    header_row: int
    found: Mapping[str, str]
    wide: Mapping[str, str]


def recognise(grids: list[Grid], framework: Framework) -> Recognised:
    """Turn sheets into raw tables; items are drawn from wide responses where no sheet brings them."""
    result = Recognised()
    sheets = [sheet for grid in grids if (sheet := _sheet(grid, framework, _alone(grid, grids), result))]
    for sheet in sheets:
        result.tables += _tables(sheet, result)
    if all(sheet.table != "items" for sheet in sheets):
        _draw_items(sheets, result)
    return result


def _alone(grid: Grid, grids: list[Grid]) -> bool:
    """Whether it is the only sheet with anything in it of its file."""
    return bool(grid.rows) and sum(other.file == grid.file and bool(other.rows) for other in grids) == 1


def table_named(name: str, framework: Framework) -> str | None:
    """The table of a sheet's or file's name; a count or date behind the name does not matter. None if unknown."""
    folded = fold(name)
    return framework.sheets.get(folded) or framework.sheets.get(_COUNTED.sub("", folded))


def _sheet(grid: Grid, framework: Framework, alone: bool, result: Recognised) -> Sheet | None:  # noqa: FBT001 - a fact
    stem = PurePath(grid.file).stem
    table = table_named(grid.sheet or stem, framework)
    if table is None and alone:
        table = table_named(stem, framework)
    if table is None:
        _unknown(grid, framework, result)
        return None
    headers = framework.headers[table]

    def known(header: str) -> object:
        return headers.get(fold(header))

    position = header_at(grid, known)
    raw = to_sheet(grid, position, result.faults)
    if raw is None:
        return None
    if position:
        result.notes.append(_skipped(grid, position))
    found = _found(raw, grid.numbers[position], headers, result)
    others = [header for header in raw.cells.columns.astype(str) if known(header) is None]
    wide = wide_columns(table, others, framework) if is_wide(table, found) else {}
    unused = [header for header in others if header not in wide]
    if unused:
        result.unmapped[raw.place] = unused
    return Sheet(raw, table, grid.numbers[position], found, wide)


def _skipped(grid: Grid, position: int) -> Sentence:
    return sentence(
        "%(place)s: the header was found in row %(row)s; the rows above it were not used.",
        place=grid.place,
        row=str(grid.numbers[position]),
    )


def _unknown(grid: Grid, framework: Framework, result: Recognised) -> None:
    """A sheet whose name is no table's: a note if it is empty, else a fault with the nearest name."""
    if grid.sheet is not None and not grid.rows:
        result.notes.append(sentence("%(place)s is empty and was not used.", place=grid.place))
        return
    name = grid.sheet or PurePath(grid.file).stem
    near = difflib.get_close_matches(fold(name), list(framework.sheets), n=1, cutoff=0.7)
    suggestion = framework.sheets[near[0]] if near else _by_headers(grid, framework)
    accepted = ", ".join(TABLES)
    if suggestion is None:
        message = sentence(
            "The name %(name)s is no table's. Rename the file or sheet to one of: %(accepted)s.",
            name=name,
            accepted=accepted,
        )
    else:
        message = sentence(
            "The name %(name)s is no table's; did you mean %(suggestion)s? Rename the file or sheet to one of: "
            "%(accepted)s.",
            name=name,
            suggestion=suggestion,
            accepted=accepted,
        )
    result.faults.append(grid.fault(message, None, None, name))


def _by_headers(grid: Grid, framework: Framework) -> str | None:
    """The one table all of whose required columns the first row has."""
    first = {fold(str(cell)) for cell in (grid.rows[0] if grid.rows else []) if cell is not None}
    fitting = [
        name
        for name, table in TABLES.items()
        if {column.name for column in table.columns if column.required}
        <= {framework.headers[name].get(header) for header in first}
    ]
    return fitting[0] if len(fitting) == 1 else None


def _found(raw: RawSheet, row: int, headers: Mapping[str, str], result: Recognised) -> dict[str, str]:
    """Column → header; a second header of the same column is a fault and is left out."""
    found: dict[str, str] = {}
    for header in raw.cells.columns.astype(str):
        column = headers.get(fold(header))
        if column is None:
            continue
        if column not in found:
            found[column] = header
            continue
        message = sentence(
            "The headers “%(first)s” and “%(second)s” both mean %(column)s. Rename or delete one of them.",
            first=found[column],
            second=header,
            column=column,
        )
        result.faults.append(Fault(raw.file, raw.sheet, row, header, header, message))
    return found


def _tables(sheet: Sheet, result: Recognised) -> list[RawTable]:
    raw = sheet.raw
    if sheet.wide:
        made = long_tables(sheet.table, raw, sheet.found, sheet.wide)
        if not any(len(table.cells) for table in made):
            result.faults.append(Fault(raw.file, raw.sheet, sheet.header_row, None, None, HEADER_ONLY))
        return made
    cells = raw.cells[list(sheet.found.values())].set_axis(list(sheet.found), axis=1)
    return [RawTable(sheet.table, cells, origin_of(raw, cells.index), dict(sheet.found))]


def _draw_items(sheets: list[Sheet], result: Recognised) -> None:
    """Items from the columns of wide responses, each once, in order."""
    seen: set[str] = set()
    for sheet in sheets:
        if sheet.table == "responses" and sheet.wide:
            fresh = {header: code for header, code in sheet.wide.items() if header not in seen}
            seen |= set(fresh)
            if fresh:
                result.tables.append(item_rows(sheet.raw, fresh, sheet.header_row))
    if seen:
        result.notes.append(
            sentence(
                "There is no table of items: %(count)s items were drawn from the headers of the responses.",
                count=Number(len(seen)),
            )
        )
