"""What a report is made of: sections as on a model card, and grids that keep their figures for a workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.files.letterhead import Letter
from service.language import UNKNOWN, Language
from service.model_card.form import Section, Table

SHOWN: Mapping[str, Callable[[Language, Any], str]] = {
    "text": lambda lang, value: lang.show(value),
    "count": lambda lang, value: lang.number(value),
    "signed": lambda lang, value: lang.signed(value),
    "logs": lambda lang, value: lang.signed(value, 3),
    "decimal": lambda lang, value: lang.number(value, 2),
    "points": lambda lang, value: lang.number(value, 1),
    "share": lambda lang, value: lang.percent(value, 1),
    "change": lambda lang, value: UNKNOWN if value is None else f"{lang.signed(100 * value, 1)}%",
    "rupiah": lambda lang, value: lang.rupiah(value),
}
"""How a cell of each kind is written; change is a share with its sign."""


@dataclass(frozen=True)
class Cell:
    """A cell of another kind than its column; ``opens``: the page of the rows behind it, as in a card's tables."""

    value: Any
    kind: str
    opens: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its heading and the kind of its cells (a name of :data:`SHOWN`)."""

    head: str
    kind: str = "text"


@dataclass(frozen=True)
class Grid:
    """A table that keeps its figures: ``sheet`` is its name in a workbook."""

    sheet: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """Every cell with its kind."""
        return tuple(
            tuple(
                cell if isinstance(cell, Cell) else Cell(cell, column.kind)
                for column, cell in zip(self.columns, row, strict=True)
            )
            for row in self.rows
        )

    def table(self, lang: Language) -> Table:
        """The same with every cell written."""
        return Table(
            self.caption,
            tuple(column.head for column in self.columns),
            tuple(tuple(SHOWN[cell.kind](lang, cell.value) for cell in row) for row in self.cells()),
            figures=tuple(at for at, column in enumerate(self.columns) if column.kind != "text"),
            opens=tuple(tuple(cell.opens for cell in row) for row in self.cells()),
        )


@dataclass(frozen=True)
class Document:
    """A report or record in a language.

    ``about``: what it was made from, name and value. ``front``: how many sections fill the first page, to be signed;
    0 where the signature stands at the end. ``day``: ISO day the data were seen on.
    """

    kind: str
    lang: str
    title: str
    subtitle: str
    day: str
    letter: Letter
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    grids: tuple[Grid, ...] = ()
    front: int = 0
