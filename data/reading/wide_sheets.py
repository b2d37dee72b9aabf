"""Wide sheets made long: one answer per item column, one score per area column."""

from collections.abc import Mapping, Sequence

import pandas as pd

from data.headings import meant
from data.reading.cells import code_words
from data.reading.sheets import RawSheet, RawTable
from model.framework import Framework

_LONG_ONLY: Mapping[str, frozenset[str]] = {
    "responses": frozenset({"answer", "item_id"}),
    "assessments": frozenset({"area", "score"}),
}


def is_wide(table: str, found: Mapping[str, str]) -> bool:
    """Whether a sheet of ``table`` lies in the wide form; ``found``: column → header. Other tables have none."""
    return table in _LONG_ONLY and not _LONG_ONLY[table] & set(found)


def wide_columns(table: str, others: Sequence[str], framework: Framework) -> dict[str, str]:
    """Header → item id (the header as typed) or area code, of those ``others`` that hold answers or scores."""
    if table == "responses":
        return {header: header for header in others}
    words = code_words(framework.areas)
    return {header: code for header in others if (code := meant(words, header))}


def long_tables(table: str, sheet: RawSheet, found: Mapping[str, str], columns: Mapping[str, str]) -> list[RawTable]:
    """One raw table per wide column, so that a fault names that column; an empty cell is no row."""
    named, value = ("item_id", "answer") if table == "responses" else ("area", "score")
    made = []
    for header, code in columns.items():
        given = sheet.cells[sheet.cells[header].notna()]
        cells = pd.DataFrame({column: given[source] for column, source in found.items()}, index=given.index)
        cells[named] = pd.Series(code, index=given.index, dtype=object)
        cells[value] = given[header]
        made.append(RawTable(table, cells, origin_of(sheet, given.index), {**found, value: header}))
    return made


def item_rows(sheet: RawSheet, columns: Mapping[str, str], header_row: int) -> RawTable:
    """Items drawn from the columns of a wide sheet of responses: the text of an item is its header."""
    names = pd.Series(list(columns), dtype=object)
    origin = origin_of(sheet, pd.Index([header_row] * len(names))).reset_index(drop=True)
    cells = pd.DataFrame({"item_id": names, "text_id": names})
    return RawTable("items", cells, origin, assumed=frozenset({"text_id"}))


def origin_of(sheet: RawSheet, rows: pd.Index) -> pd.DataFrame:
    """Where rows of a sheet stand."""
    file, name = (pd.Series([value] * len(rows), index=rows, dtype=object) for value in (sheet.file, sheet.sheet))
    return pd.DataFrame({"file": file, "sheet": name, "row": rows.to_numpy()}, index=rows)
