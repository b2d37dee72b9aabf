"""What a card is made of: sections of text, facts and tables, in one language, alike for page, Markdown and JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from service import words
from service.language import Language

Plain = Mapping[str, Any]
Show = Callable[[float | None], str]


@dataclass(frozen=True)
class Table:
    """A table; ``figures`` are the columns set right, ``pushes`` a bar to the left or right of nought for each row.

    ``reach``: what a bar of full length stands for; 0 where the longest bar has it. ``opens``: for each cell, the
    page with the rows behind it as ``ENDPOINT?ARGUMENTS``; empty where there is none.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    pushes: tuple[float | None, ...] = ()
    reach: float = 0.0
    opens: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the card: ``caveat`` stands out, ``facts`` are (name, value), ``points`` a list at its end.

    ``how``: how its figures are reckoned, for those that rest on no rows; ``place``: the id by which an address leads
    to it. ``opens``: per fact what :class:`Table` has per cell. ``pieces``:
    per point its text cut into (text, page of the rows behind it or empty); none where no point has such.
    """

    title: str
    caveat: str = ""
    said: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    points: tuple[str, ...] = ()
    place: str = ""
    how: str = ""
    opens: tuple[str, ...] = ()
    pieces: tuple[tuple[tuple[str, str], ...], ...] = ()

    def told(self) -> tuple[str, ...]:
        """What is said, and after it how its figures are reckoned."""
        return (*self.said, self.how) if self.how else self.said


@dataclass(frozen=True)
class Card:
    """A whole card, of the model of that name, in the language of that code."""

    model: str
    lang: str
    title: str
    sections: tuple[Section, ...]


def ranged(show: Show, row: Plain) -> str:
    """A figure with its 90 % range, where it has one."""
    return words.ranged(show, row["mean"], row["low"], row["high"])


def shown_in(told: Plain, lang: Language) -> Show:
    """How a difference in the model's outcome is written: growth as the percentage it stands for."""
    return lang.change if told["outcome"] == "growth" else lambda value: lang.signed(value, 3)


def area(code: str, told: Plain) -> str:
    """The label of an area."""
    known = told["areas"].get(code)
    return str(known["label"]) if known else code


def need(row: Plain, lang: Language) -> str:
    """Which businesses a row of effects speaks of."""
    return lang.text("with the need") if row["need"] else lang.text("without the need")


def lacking(lang: Language) -> str:
    """That an older version did not keep this."""
    return lang.text("This version was learned before this was kept; run train to have it.")


def rows_behind(told: Plain, **of: object) -> str:
    """The page of the engagements behind a count of the card: all that were learned from, left out, or of a group."""
    return f"pages.model_rows?{urlencode({'name': told['model'], **of})}"
