"""Lays text out for a terminal: aligned columns and wrapped paragraphs."""

import textwrap
from collections.abc import Callable, Iterable, Sequence

from service.language import Language

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


def chance(p: float, lang: Language) -> str:
    """A p-value; what would round to nought is said to be below the last figure shown."""
    least = 0.001
    return lang.number(p, 3) if p >= least else f"< {lang.number(least, 3)}"


def ranged(show: Callable[[float | None], str], mean: float | None, low: float | None, high: float | None) -> str:
    """A figure with its range."""
    return show(mean) if low is None or high is None else f"{show(mean)} ({show(low)} … {show(high)})"
