"""Sheets as they lie in files, before anything is understood, and the raw tables drawn from them."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class RawSheet:
    """One CSV file or one sheet of a workbook.

    ``cells``: object cells, one column per header (the header as typed, unique); the index is the file's own row
    number, the first line of the file being 1. A CSV cell is str; an Excel cell is str, float, int, bool, date,
    datetime or None. An empty cell is None.
    """

    file: str
    sheet: str | None
    cells: pd.DataFrame

    @property
    def place(self) -> str:
        """How the sheet is named to a user."""
        return self.file if self.sheet is None else f"{self.file} › {self.sheet}"


@dataclass(frozen=True)
class RawTable:
    """Rows meant for one of the contract's tables, cells still as typed.

    ``cells``: columns are names of the table's columns (engagements may add outcome and controls, already typed);
    ``origin``: same index, columns file, sheet, row; ``headers``: column → header in the file, for naming a fault.
    ``assumed``: columns no file gave, filled in for want of better; what is stored already goes before them.
    """

    table: str
    cells: pd.DataFrame
    origin: pd.DataFrame
    headers: dict[str, str] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()
