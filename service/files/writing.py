"""Files that advice is written to: which endings there are, refusals before the work, and writing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from model.refusals import InputRefused
from model.sentences import Sentence, sentence
from service.language import Language
from service.rendering import as_json, render

SUFFIXES = (".json", ".pdf", ".xlsx")
Writer = Callable[[dict[str, Any]], None]
"""Writes an answer already rendered to plain values."""


def check_out(out: Path | None) -> None:
    """Refuse a file that advice cannot be written to, before it is made.

    Raises:
        InputRefused: the ending is not .xlsx, .pdf or .json, or the folder is not there.
    """
    if out is None:
        return
    if out.suffix.lower() not in SUFFIXES:
        _refuse_out(out, sentence("This cannot be written as %(kind)s.", kind=out.suffix or out.name))
    if not out.resolve().parent.is_dir():
        _refuse_out(out, sentence("The folder of the file is not there."))


def write_as(answer: dict[str, Any], out: Path, lang: Language, writers: Mapping[str, Writer]) -> None:
    """Write an answer to a file of the kind its ending names; ``writers``: by ending, JSON where there is none.

    Raises:
        InputRefused: the file cannot be written.
    """
    try:
        write = writers.get(out.suffix.lower())
        if write is None:
            out.write_text(as_json(answer, lang) + "\n", encoding="utf-8")
        else:
            write(render(answer, lang))
    except OSError as fault:
        _refuse_out(out, sentence("The file cannot be written: %(fault)s.", fault=fault.strerror or str(fault)))


def _refuse_out(out: Path, what: Sentence) -> NoReturn:
    raise InputRefused(
        what,
        where=sentence("the option %(option)s with the file %(file)s", option="--out", file=out.name),
        mend=sentence("Name a file that ends in .xlsx, .pdf or .json, in a folder that is there."),
    )
