"""What a card is made of: sections of text, facts and tables, in one language, alike for page, Markdown and JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from model.sentences import Sentence
from service import words
from service.language import Language

Plain = Mapping[str, Any]
Show = Callable[[float | None], str]
Piece = tuple[str, str]
"""A part of a text, and the page of the rows behind it (ENDPOINT?ARGUMENTS) or empty."""
_BETWEEN = "\0"


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
    to it. ``opens``: per fact what :class:`Table` has per cell. ``pieces``, ``said_pieces``: each of ``points`` and of
    ``said`` cut as by :func:`cut`; none where none of them opens to rows.
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
    pieces: tuple[tuple[Piece, ...], ...] = ()
    said_pieces: tuple[tuple[Piece, ...], ...] = ()

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


def cut(said: Sentence, opens: Callable[[str, str], str], lang: Language) -> tuple[Piece, ...]:
    """A sentence cut at its values.

    ``opens``: name of a value and how it is written → the page of the rows behind it, or empty.
    """
    marked = {name: f"{_BETWEEN}{name}{_BETWEEN}" for name in said.values}
    found = []
    for at, text in enumerate(lang.say(Sentence(said.text, marked)).split(_BETWEEN)):
        shown = lang.show(said.values[text]) if at % 2 else text
        found.append((shown, opens(text, shown) if at % 2 else ""))
    return tuple(piece for piece in found if piece[0])


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


def kept_behind(told: Plain, **of: object) -> str:
    """The same, of what was predicted without the mentor's fold; empty where this version did not keep it."""
    return rows_behind(told, **of) if told.get("rows_kept") else ""


def held_of(conformal: Plain, lang: Language) -> str:
    """What ranges promise, and what they held on unseen mentors."""
    return f"{lang.percent(conformal['nominal'])} → {lang.percent(conformal['observed'], 1)}"


def figures_told(found: Plain, told: Plain, lang: Language) -> tuple[tuple[str, str], ...]:
    """Names and texts of the figures that rows give, written as the card writes them.

    Args:
        found: what ``Programme.model_rows`` answers, rendered.
        told: what training answered.
        lang: of the reader.
    """
    figures, show, facts = found["figures"], shown_in(told, lang), []
    counts = {"engagements": lang.text("Engagements"), "mentors": lang.text("Mentors")}
    facts += [(name, lang.number(figures[key])) for key, name in counts.items() if key in figures]
    if "predicted" in figures:
        facts.append((lang.text("Predicted"), show(figures["predicted"])))
    if "observed" in figures and not found["reason"]:
        facts.append((lang.text("Seen"), show(figures["observed"])))
    if "predicted" in figures:
        facts.append((lang.text("Seen − predicted"), show(figures["error"])))
    if "rmse" in figures:
        places = 1 if found["by"] == "unusual" else 0
        facts += [
            (lang.text("Mean of seen − predicted (%(unit)s)", unit=told["unit"]), lang.signed(figures["error"], 3)),
            (lang.text("Typical error (%(unit)s)", unit=told["unit"]), lang.number(figures["rmse"], 3)),
            (lang.text("Held"), lang.percent(figures["covered"], places)),
        ]
    if figures.get("covered_by_mentor") is not None and not found["by"]:
        held = {"nominal": told["conformal"]["nominal"], "observed": figures["covered_by_mentor"]}
        facts.append((lang.text("Promised, and held with every mentor weighing alike"), held_of(held, lang)))
    if figures.get("means_covered") is not None:
        facts.append((lang.text("Means of mentors inside their range"), lang.percent(figures["means_covered"], 1)))
    return tuple(facts)


def learners_told(found: Plain, told: Plain, lang: Language) -> tuple[tuple[str, str, str, str, str], ...]:
    """Rows learner, R² and mean squared error with mentors' scores, the same without; none where they do not apply."""
    figures = found["figures"]
    if "r2" not in figures:
        return ()
    r2, mse = figures["r2"], figures["mse"]

    def pair(name: str) -> tuple[str, str]:
        return (lang.number(r2[name], 3), lang.number(mse[name], 4)) if name in r2 else ("–", "–")

    names = ("linear", "trees", "pairs", "")
    return tuple(
        (row["learner"], *pair(name), *pair(f"{name}_without" if name else "mean"))
        for name, row in zip(names, told["validation"], strict=True)
    )
