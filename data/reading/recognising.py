"""Which table a sheet or file is, by its name, and which column a header is, by the framework's synonyms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from data.batch import Fault
from data.headings import meant
from data.reading.footers import without_footers
from data.reading.grids import HEADER_ONLY, Grid, header_at, header_text, to_sheet
from data.reading.odd_rows import without_blanks, without_headings
from data.reading.own_workbooks import OWN, comes_back, without_unfilled
from data.reading.sheets import RawSheet, RawTable
from data.reading.unrecognised import months_beside, no_header, unknown_name
from data.reading.wide_sheets import is_wide, item_rows, long_tables, origin_of, wide_columns
from model.framework import Framework, fold
from model.sentences import Number, Sentence, sentence
from model.tables import TABLES

_COUNTED = re.compile(r"[\s\d()]+$")


@dataclass
class Recognised:
    """Raw tables drawn from sheets by name, and what was not used.

    ``unfilled``: columns for whose emptiness a workbook of Suluh's own has no row yet.
    """

    tables: list[RawTable] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)
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


@dataclass(frozen=True)
class Naming:
    """What the user says of sheets, each named by its place, before names and headers are looked at.

    ``tables``: place → table, None for a sheet that is not to be used. ``columns``: place → folded header → column,
    empty for one that is not to be used.
    """

    tables: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


UNNAMED = Naming()


def recognise(grids: list[Grid], framework: Framework, naming: Naming = UNNAMED) -> Recognised:
    """Turn sheets into raw tables; items are drawn from wide responses where no sheet brings them."""
    result = Recognised()
    used = [grid for grid in grids if not passed_over(grid, grids, framework, naming)]
    result.notes += [_not_used(grid) for grid in grids if grid not in used]
    used = [kept for grid in used if (kept := _filled_in(grid, grids, result))]
    sheets = [sheet for grid in used if (sheet := _sheet(grid, used, framework, naming, result))]
    for sheet in sheets:
        result.tables += _tables(sheet, result)
    if all(sheet.table != "items" for sheet in sheets):
        _draw_items(sheets, result)
    return result


def _filled_in(grid: Grid, grids: list[Grid], result: Recognised) -> Grid | None:
    """The sheet; of a workbook of Suluh's own only the rows that are filled in, None where there is none."""
    table = comes_back(grid.file, grids)
    if table is None or grid.sheet != table:
        return grid
    kept, told = without_unfilled(grid, table)
    result.notes += told
    if len(kept.rows) > 1 or len(grid.rows) == 1:
        return kept
    result.unfilled.append(OWN[table].day)
    return None


def passed_over(grid: Grid, grids: list[Grid], framework: Framework, naming: Naming = UNNAMED) -> bool:
    """Whether a sheet is not to be used: the user says so, it is for the reader, or a template left empty."""
    if grid.place in naming.tables:
        return naming.tables[grid.place] is None
    if grid.sheet is None:
        return False
    if (own := comes_back(grid.file, grids)) is not None:
        return grid.sheet != own
    named = table_named(grid.sheet, framework) is not None
    if fold(grid.sheet) in framework.guides or not (grid.rows or named):
        return True
    return (
        named
        and len(grid.rows) == 1
        and any(other.file == grid.file and len(other.rows) > 1 for other in grids if other is not grid)
    )


def _not_used(grid: Grid) -> Sentence:
    if grid.sheet is not None and len(grid.rows) <= 1:
        return sentence("%(place)s is empty and was not used.", place=grid.place)
    return sentence("%(place)s was not used.", place=grid.place)


def table_of(grid: Grid, grids: list[Grid], framework: Framework, naming: Naming = UNNAMED) -> str | None:
    """The table of a sheet: what the user says, else what its name or, for a file's only sheet, the file's name is."""
    if grid.place in naming.tables:
        return naming.tables[grid.place]
    stem = PurePath(grid.file).stem
    table = table_named(grid.sheet or stem, framework)
    return table_named(stem, framework) if table is None and _alone(grid, grids) else table


REMARKS: Mapping[str, str] = {"id": "Pesan Suluh", "en": "Suluh says"}
"""Header, by language, of the column of messages in a workbook of rows to mend; nothing is ever read from it."""


def words_of(grid: Grid, table: str, framework: Framework, naming: Naming = UNNAMED) -> dict[str, str]:
    """Folded header → column of a sheet of that table; an empty one is not used."""
    ours = {fold(header): "" for header in REMARKS.values()}
    return {**ours, **framework.headers[table], **naming.columns.get(grid.place, {})}


def _alone(grid: Grid, grids: list[Grid]) -> bool:
    """Whether it is the only sheet with anything in it of its file."""
    return bool(grid.rows) and sum(other.file == grid.file and bool(other.rows) for other in grids) == 1


def table_named(name: str, framework: Framework) -> str | None:
    """The table of a sheet's or file's name; a count or date behind the name does not matter. None if unknown."""
    folded = fold(name)
    return framework.sheets.get(folded) or framework.sheets.get(_COUNTED.sub("", folded))


def _sheet(grid: Grid, grids: list[Grid], framework: Framework, naming: Naming, result: Recognised) -> Sheet | None:
    table = table_of(grid, grids, framework, naming)
    if table is None:
        result.faults.append(unknown_name(grid, framework))
        return None
    headers = words_of(grid, table, framework, naming)

    def known(header: str) -> object:
        return meant(headers, header) or None

    position = header_at(grid, known)
    required = {column.name for column in TABLES[table].columns if column.required}
    top = grid.rows[position] if grid.rows else []
    needed = [i for i, cell in enumerate(top) if known(header_text(cell)) in required]
    grid, told = without_footers(grid, position, needed)
    result.notes += told
    if grid.rows and not any(known(header_text(cell)) for cell in top):
        result.faults.append(no_header(grid, table, framework))
        return None
    raw = to_sheet(grid, position, result.faults)
    if raw is None:
        return None
    if position:
        result.notes.append(_skipped(grid, position))
    found = _found(raw, grid.numbers[position], headers, result)
    others = [header for header in raw.cells.columns.astype(str) if known(header) is None]
    free = [header for header in others if meant(headers, header) is None]
    wide = wide_columns(table, free, framework) if is_wide(table, found) else {}
    unused = [header for header in others if header not in wide and header not in REMARKS.values()]
    if unused:
        result.unmapped[raw.place] = unused
        if table == "reports" and "month" not in found:
            result.faults += months_beside(grid, position, unused)
    raw, told = without_blanks(raw, [*found.values(), *wide])
    result.notes += told
    raw, faults = without_headings(raw, len(needed))
    result.faults += faults
    return Sheet(raw, table, grid.numbers[position], found, wide)


def _skipped(grid: Grid, position: int) -> Sentence:
    return sentence(
        "%(place)s: the header was found in row %(row)s; the rows above it were not used.",
        place=grid.place,
        row=str(grid.numbers[position]),
    )


def _found(raw: RawSheet, row: int, headers: Mapping[str, str], result: Recognised) -> dict[str, str]:
    """Column → header; a second header of the same column is a fault and is left out."""
    found: dict[str, str] = {}
    for header in raw.cells.columns.astype(str):
        column = meant(headers, header)
        if not column:
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
