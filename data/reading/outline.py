"""What lies in files before it is taken in: each sheet, the table it is thought to be, and what each column means."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.batch import Batch, plain
from data.headings import meant
from data.reading.batches import read_grids
from data.reading.grids import Grid, header_at, header_text, letters
from data.reading.recognising import UNNAMED, Naming, passed_over, table_of, words_of
from data.reading.wide_sheets import is_wide, wide_columns
from model.framework import Framework
from model.tables import TABLES

_SAMPLES = 3


@dataclass(frozen=True)
class SeenColumn:
    """One column: its header as typed, the contract's column it is taken for (None: not used), some of its cells.

    ``wide``: its header is an item or an area, and its cells are answers or scores. ``position`` counts from 0.
    """

    header: str
    position: int
    column: str | None
    wide: bool
    samples: tuple[str, ...]


@dataclass(frozen=True)
class SeenSheet:
    """One sheet: its grid, its table (None: unknown), whether it is ``used``, where its header stands, its columns."""

    grid: Grid
    table: str | None
    used: bool
    header: int
    columns: tuple[SeenColumn, ...]

    @property
    def place(self) -> str:
        """How the sheet is named to a user."""
        return self.grid.place

    @property
    def lacking(self) -> tuple[str, ...]:
        """Required columns that no header stands for; columns that a wide sheet fills do not count."""
        if self.table is None or not self.used:
            return ()
        has = {seen.column for seen in self.columns}
        filled = {"item_id", "answer", "area", "score"} if any(seen.wide for seen in self.columns) else set()
        asked = (column.name for column in TABLES[self.table].columns if column.required)
        return tuple(name for name in asked if name not in has | filled)

    def position(self, column: str | None) -> int | None:
        """Where a column that a fault names stands: by header, contract's name (the first of several) or letter."""
        if column is None:
            return None
        for name in (column, column.split(", ")[0]):
            for seen in self.columns:
                if name in (seen.header, seen.column, letters(seen.position + 1)):
                    return seen.position
        return None


def outline(paths: Sequence[Path], framework: Framework, naming: Naming = UNNAMED) -> list[SeenSheet]:
    """Every sheet of the files, in order; files that cannot be read have none."""
    grids = read_grids(paths, None, Batch())
    return [_seen(grid, grids, framework, naming) for grid in grids]


def _seen(grid: Grid, grids: list[Grid], framework: Framework, naming: Naming) -> SeenSheet:
    table = table_of(grid, grids, framework, naming)
    used = not passed_over(grid, grids, framework, naming)
    words = words_of(grid, table, framework, naming) if table else {}
    header = header_at(grid, lambda text: meant(words, text) or None) if grid.rows else 0
    names = [header_text(cell) for cell in grid.rows[header]] if grid.rows else []
    found = {column: name for name in names if (column := meant(words, name))}
    free = [name for name in names if name and meant(words, name) is None]
    wide = wide_columns(table, free, framework) if table and is_wide(table, found) else {}
    columns = tuple(
        SeenColumn(name, at, meant(words, name) or None, name in wide, _samples(grid, header, at))
        for at, name in enumerate(names)
        if name
    )
    return SeenSheet(grid, table, used, header, columns)


def _samples(grid: Grid, header: int, at: int) -> tuple[str, ...]:
    cells = (plain(row[at]) for row in grid.rows[header + 1 :][:50] if at < len(row) and row[at] is not None)
    return tuple(dict.fromkeys(cell for cell in cells if cell))[:_SAMPLES]
