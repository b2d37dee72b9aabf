"""Lays text out for a terminal: aligned columns and wrapped paragraphs."""

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 100


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, right: str = "") -> str:
    """Aligned columns under their headers.

    ``right``: one letter a column, ``r`` to align it right, anything else left; missing letters mean left.
    """
    lines = [list(headers), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headers))]
    lines.insert(1, ["─" * width for width in widths])
    sides = right.ljust(len(headers))
    return "\n".join(_line(line, widths, sides) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int], sides: str) -> str:
    placed = (
        cell.rjust(width) if side == "r" else cell.ljust(width)
        for cell, width, side in zip(cells, widths, sides, strict=False)
    )
    return "  ".join(placed).rstrip()


def paragraph(text: str, indent: str = "") -> str:
    """A text wrapped to the width of a page, every line indented."""
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def bullets(texts: Iterable[str], indent: str = "  ") -> str:
    """Texts as a list, one bullet each."""
    return "\n".join(
        textwrap.fill(text, WIDTH, initial_indent=f"{indent}- ", subsequent_indent=f"{indent}  ") for text in texts
    )
