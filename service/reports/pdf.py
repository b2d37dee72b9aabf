"""Writes a report, a record or a model card as a PDF: letterhead, sections, tables, signature, page n of m."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from service.files.letterhead import Letter
from service.files.typesetting import typeset
from service.language import Language
from service.model_card.form import Card, Section, Table
from service.reports.form import Document

TEMPLATE = Path(__file__).with_name("document.typ")
_PAGE, _SHORT, _LONG = 95, 14, 60
"""Letters that fit a line of the page; a column up to the second stays as wide as its cells; none counts beyond the
third when the rest of the width is shared out."""


def written(document: Document) -> bytes:
    """The bytes of the PDF; the same document gives the same bytes."""
    lang = Language(document.lang)
    page = {
        "title": document.title,
        "subtitle": document.subtitle,
        "numbered": True,
        "about": document.about,
        "front": document.front,
    }
    return _compiled(page, document.sections, document.letter, document.day, lang)


def of_card(card: Card, letter: Letter, day: str) -> bytes:
    """A model card as PDF; ``day``: ISO day the model's data were seen on."""
    lang = Language(card.lang)
    page = {
        "title": card.title,
        "subtitle": "",
        "numbered": False,
        "about": (),
        "front": 0,
    }
    return _compiled(page, card.sections, letter, day, lang)


def _compiled(page: dict[str, Any], sections: Sequence[Section], letter: Letter, day: str, lang: Language) -> bytes:
    told = {
        **page,
        "lang": lang.code,
        "sections": [
            asdict(section) | {"tables": [_table(t) for t in section.tables], "said": section.told()}
            for section in sections
        ],
    }
    return typeset(TEMPLATE, told, {"about": lang.text("What this was made from")}, letter, day)


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "heads": table.heads,
        "rows": table.rows,
        "figures": table.figures,
        "widths": _widths(table),
    }


def _widths(table: Table) -> list[int]:
    """Per column 0: as wide as its longest cell; else the share of what is left."""
    cells = [[head, *(row[at] for row in table.rows)] for at, head in enumerate(table.heads)]
    longest = [max(map(len, column)) for column in cells]
    if sum(longest) <= _PAGE:
        return [0] * len(longest)
    return [0 if letters <= _SHORT else min(letters, _LONG) for letters in longest]
