"""What offices write around the rows of a table: numbers of its columns, the header again, totals, notes, signatures.

Never a row of the table; left out and told. A row of the table that lacks a cell must still be refused, so a row goes
only where its own words say what it is.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from data.batch import plain
from data.reading.grids import Grid, header_text, row_runs
from model.framework import fold
from model.sentences import Sentence, sentence

TOTALS = frozenset(
    {"jumlah", "jml", "total", "jumlah total", "total keseluruhan", "sub total", "subtotal", "grand total"}
)
_SPACED = re.compile(r"(\w )+\w")
_FEWEST = 3  # columns whose numbers are no row
_SIGNED = re.compile(
    r"((mengetahui|menyetujui|disetujui|diketahui|mengesahkan|diperiksa|dibuat|disusun)( (dan|oleh|menyetujui)\b.*)?"
    r"|(mengetahui|menyetujui)? ?(a n |an |plt |plh |pj )?kepala (dinas|bidang|seksi|sub|bagian|upt|kantor|badan)\b.*"
    r"|yang (membuat|menyusun|melaporkan)\b.*|penanggung jawab|ttd|approved by\b.*|prepared by\b.*|acknowledged by\b.*)"
)
"""Folded texts that only a signature block has."""
_NIP = re.compile(r"nip\b[\d\s.:…_-]*", re.IGNORECASE)
_PLACE_AND_DAY = re.compile(r"[^\d,]{3,40},\s*(\d{1,2}|[.…_\s]+)\s*([^\W\d]+\s+)?(\d{4}|20[.…_]+)")
_NOTE = re.compile(r"(catatan|keterangan|ket|sumber|notes?|source)\s*[:.]|\*", re.IGNORECASE)

Row = list[Any]


@dataclass(frozen=True)
class _Table:
    """Positions of the columns in which every row of the table must have a cell, the first of them first."""

    needed: tuple[int, ...]

    def filled(self, row: Row) -> list[int]:
        """Those of the needed columns that have a cell."""
        return [i for i in self.needed if i < len(row) and row[i] is not None]

    def lacks(self, row: Row) -> bool:
        """Whether it could not be stored whatever it were."""
        return len(self.filled(row)) < len(self.needed)

    def is_total(self, row: Row) -> bool:
        """A row that begins with a word for totals and lacks a cell that every row must have."""
        first = next(_cells(row), None)
        if not self.lacks(row) or not isinstance(first, str):
            return False
        words = fold(header_text(first))
        return (words.replace(" ", "") if _SPACED.fullmatch(words) else words) in TOTALS

    def is_signature(self, row: Row) -> bool:
        """A row of a signature block by its own words; one with an id and a remark of such words is none."""
        if not any(_signed(cell) for cell in _cells(row)):
            return False
        others = [i for i in self.filled(row) if not _signed(row[i])]
        return len(others) <= 1 and self.needed[:1] != tuple(others)

    def signatures(self, rows: list[Row]) -> set[int]:
        """Positions of the rows of notes and signatures at the end."""
        start = len(rows)
        while start and self._may_close(rows, start - 1):
            start -= 1
        own = [i for i in range(start, len(rows)) if self.is_signature(rows[i]) or _is_note(rows[i])]
        if not own:
            return set()
        return {*range(own[0], own[-1] + 1), *(i for i in range(own[-1], len(rows)) if _alone(rows[i]))}

    def _may_close(self, rows: list[Row], at: int) -> bool:
        """Whether a row may stand under the table: it could not be stored, or is of a signature."""
        names = at + 1 < len(rows) and any(_is_nip(cell) for cell in _cells(rows[at + 1]))
        return names or self.lacks(rows[at]) or self.is_signature(rows[at])


def without_footers(grid: Grid, header: int, needed: Collection[int]) -> tuple[Grid, list[Sentence]]:
    """The sheet without what stands around the rows of its table, and what to tell of it.

    Args:
        grid: the sheet.
        header: position of its header row.
        needed: positions of the columns in which every row of the table must have a cell.
    """
    head, below = grid.rows[header] if grid.rows else [], grid.rows[header + 1 :]
    table = _Table(tuple(sorted(needed)))
    heads = {i for i, row in enumerate(below) if row == head or (i == 0 and _numbers_columns(row, head))}
    totals = {i for i, row in enumerate(below) if table.is_total(row)} - heads
    rest = [i for i in range(len(below)) if i not in totals | heads]
    signed = {rest[i] for i in table.signatures([below[i] for i in rest])}
    out = heads | totals | signed
    if not out:
        return grid, []
    kept = [i for i in range(len(grid.rows)) if i - header - 1 not in out]
    numbers = [grid.numbers[i] for i in kept]
    merged = tuple(part for part in grid.merged if _holds(numbers, part[0], part[2]))
    places = [row_runs(grid.numbers[header + 1 + i] for i in some) for some in (heads, totals, signed)]
    told = [tell(grid.place, rows) for rows, tell in zip(places, (_heads, _totals, _signatures), strict=True) if rows]
    return replace(grid, rows=[grid.rows[i] for i in kept], numbers=numbers, merged=merged), told


def _numbers_columns(row: Row, head: Row) -> bool:
    """Whether a row holds nothing but the numbers of the columns: 1, 2, 3 or (1), (2), (3)."""
    columns = [i for i, cell in enumerate(head) if cell is not None]
    given = [i for i, cell in enumerate(row) if cell is not None]
    if len(columns) < _FEWEST or given != columns:
        return False
    told = [plain(row[i]) for i in given]
    numbers = [str(n + 1) for n in range(len(given))]
    return told in (numbers, [f"({number})" for number in numbers])


def _heads(place: str, rows: str) -> Sentence:
    return sentence(
        "%(place)s: numbers of columns, or the header once more, were not used: row %(rows)s.", place=place, rows=rows
    )


def _totals(place: str, rows: str) -> Sentence:
    return sentence("%(place)s: a row of totals was not used: row %(rows)s.", place=place, rows=rows)


def _signatures(place: str, rows: str) -> Sentence:
    return sentence(
        "%(place)s: notes and signatures under the table were not used: row %(rows)s.", place=place, rows=rows
    )


def _holds(numbers: list[int], top: int, bottom: int) -> bool:
    """Whether one of the sorted row numbers lies from ``top`` to ``bottom``."""
    at = bisect_left(numbers, top)
    return at < len(numbers) and numbers[at] <= bottom


def _cells(row: Row) -> Iterator[Any]:
    return (cell for cell in row if cell is not None)


def _signed(cell: Any) -> bool:
    if not isinstance(cell, str):
        return False
    words = fold(re.sub("[,/]", " ", header_text(cell)))
    return _is_nip(cell) or bool(_SIGNED.fullmatch(words) or _PLACE_AND_DAY.fullmatch(cell.strip()))


def _is_nip(cell: Any) -> bool:
    return isinstance(cell, str) and bool(_NIP.fullmatch(cell.strip()))


def _alone(row: Row) -> bool:
    """Whether the row is one text and nothing else."""
    cells = list(_cells(row))
    return len(cells) == 1 and isinstance(cells[0], str)


def _is_note(row: Row) -> bool:
    return _alone(row) and bool(_NOTE.match(next(_cells(row)).strip()))
