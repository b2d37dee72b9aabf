"""The commands about imports beside check and import: a template to fill in, and taking an import back."""

from pathlib import Path
from typing import Any

import click

from model.refusals import InputRefused
from model.sentences import sentence
from service.commands.options import Ask, Command, asking, option
from service.language import Language, mark


@click.command(
    cls=Command, help=mark("Take the newest import back: a new data version with the rows that stood before it.")
)
@click.argument("version", required=False, type=click.IntRange(1))
@option("--note", default="", help=mark("Why, for the list of imports."))
@asking()
def undo(ask: Ask, version: int | None, note: str) -> None:
    """The newest import, taken back."""
    ask.answer(lambda programme: programme.undo_import(version, note=note), _undone)


@click.command(cls=Command, help=mark("Write an Excel workbook to fill in: a sheet for each table, and a guide."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@asking(begins=True)
def template(ask: Ask, file: Path) -> None:
    """The template."""
    ask.answer(lambda programme: _written(file, programme.import_template(ask.lang)), _template)


def _written(file: Path, content: bytes) -> dict[str, Any]:
    try:
        file.write_bytes(content)
    except OSError as fault:
        raise InputRefused(
            sentence("The template cannot be written: %(fault)s", fault=fault.strerror or str(fault)),
            where=sentence("the file %(file)s", file=str(file)),
            mend=sentence("Name a file in a folder that is there and may be written to."),
        ) from fault
    return {"file": file}


def _undone(answer: dict[str, Any], lang: Language) -> str:
    said = lang.text(
        "Data version %(undone)s is taken back; data version %(version)s stands now.",
        undone=answer["undone"],
        version=answer["version"],
    )
    return f"{said} " + lang.text("Rows that stand now: %(rows)s.", rows=lang.number(sum(answer["rows"].values())))


def _template(answer: dict[str, Any], lang: Language) -> str:
    return lang.text("The template stands in %(file)s.", **answer)
