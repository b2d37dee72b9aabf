"""A card as Markdown: headings, lists and pipe tables, every text from data escaped."""

import re
from collections.abc import Sequence
from pathlib import Path

from model.refusals import InputRefused
from model.sentences import Sentence, sentence
from service.files.letterhead import Letter
from service.language import Language
from service.model_card.form import Card, Plain
from service.rendering import render

_BLANK = "…………………"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(card: Plain) -> str:
    """The text of a .md file, of a card as :func:`service.rendering.render` gives it."""
    parts = [f"# {_text(card['title'])}", *(_section(section) for section in card["sections"])]
    return "\n\n".join(parts) + "\n"


def check_out(out: Path | None) -> None:
    """Refuse a file that a card cannot be written to.

    Raises:
        InputRefused: the ending is not .md, or the folder is not there.
    """
    if out is None:
        return
    if out.suffix.lower() not in {".md", ".pdf"}:
        raise _refused(out, sentence("A model card cannot be written as %(kind)s.", kind=out.suffix or out.name))
    if not out.resolve().parent.is_dir():
        raise _refused(out, sentence("The folder of the file is not there."))


def write(card: Card, out: Path, letter: Letter, day: str) -> None:
    """Write the card to a Markdown or PDF file; ``letter``: on the PDF, ``day``: ISO, the data were seen on.

    Raises:
        InputRefused: the file cannot be written.
    """
    try:
        if out.suffix.lower() == ".pdf":
            from service.reports import pdf  # noqa: PLC0415 - only who asks for a PDF waits for its library

            out.write_bytes(pdf.of_card(card, letter, day))
        else:
            out.write_text(markdown(render(card, Language(card.lang))), encoding="utf-8")
    except OSError as fault:
        what = sentence("The file cannot be written: %(fault)s.", fault=fault.strerror or str(fault))
        raise _refused(out, what) from fault


def _refused(out: Path, what: Sentence) -> InputRefused:
    return InputRefused(
        what,
        where=sentence("the option %(option)s with the file %(file)s", option="--out", file=out.name),
        mend=sentence("Name a file that ends in .md or .pdf, in a folder that is there."),
    )


def _section(section: Plain) -> str:
    parts = [f"## {_text(section['title'])}"]
    parts += [f"> {_text(section['caveat'])}"] if section["caveat"] else []
    parts += [_text(said) for said in (*section["said"], *filter(None, [section["how"]]))]
    facts = [f"- {_text(name)}: {f'**{_text(value)}**' if value else _BLANK}" for name, value in section["facts"]]
    points = [f"- {_text(point)}" for point in section["points"]]
    parts += ["\n".join(facts)] if facts else []
    parts += [_table(table) for table in section["tables"]]
    parts += ["\n".join(points)] if points else []
    return "\n\n".join(parts)


def _table(table: Plain) -> str:
    sides = ["---:" if column in table["figures"] else "---" for column in range(len(table["heads"]))]
    rows = [_row(table["heads"]), f"| {' | '.join(sides)} |", *(_row(row) for row in table["rows"])]
    return "\n".join([f"*{_text(table['caption'])}*", "", *rows])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_text(cell) for cell in cells)} |"


def _text(text: str) -> str:
    """On one line, with everything escaped that Markdown or HTML would read as markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
