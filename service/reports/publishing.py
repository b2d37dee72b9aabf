"""Writes a report to a file, and publishes one: kept with the bytes of every file, never changed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.store.reports import FiledAs, ReportDraft, ReportFile, ReportRecord
from data.store.store import Store
from model.refusals import InputRefused, NotFound
from model.sentences import Number, Sentence, sentence
from service.keeping import kept_text, thaw
from service.language import LANGUAGES, Language
from service.model_card.markdown import markdown
from service.people.roles import Permission, role_for
from service.rendering import render
from service.reports.form import Document
from service.typed import one_line

SUFFIXES = (".pdf", ".xlsx")
RECORD_SUFFIXES = (".pdf", ".md")
LONGEST = 200


@dataclass(frozen=True)
class Publisher:
    """Who publishes, and the number of the letter, empty where there is none."""

    number: str
    name: str
    role: str


def check_out(out: Path | None, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Refuse a file that a report cannot be written to, before it is made.

    Raises:
        InputRefused: another ending, or the folder is not there.
    """
    if out is None:
        return
    if out.suffix.lower() not in suffixes:
        raise _refused(out, sentence("A report cannot be written as %(kind)s.", kind=out.suffix or out.name), suffixes)
    if not out.resolve().parent.is_dir():
        raise _refused(out, sentence("The folder of the file is not there."), suffixes)


def _refused(out: Path, what: Sentence, suffixes: tuple[str, ...]) -> InputRefused:
    return InputRefused(
        what,
        where=sentence("the option %(option)s with the file %(file)s", option="--out", file=out.name),
        mend=sentence("Name a file that ends in %(kinds)s, in a folder that is there.", kinds=", ".join(suffixes)),
    )


def content(document: Document, form: str) -> bytes:
    """The bytes of a document as pdf, xlsx or md."""
    from service.reports import pdf, workbook  # noqa: PLC0415 - only who asks for a file waits for their libraries

    match form:
        case "pdf":
            return pdf.written(document)
        case "xlsx":
            return workbook.written(document)
        case _:
            return markdown(render(document, Language(document.lang))).encode()


def write(document: Document, out: Path, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Write a document to a file of the kind its ending names.

    Raises:
        InputRefused: the file cannot be written.
    """
    try:
        out.write_bytes(content(document, out.suffix.lower()[1:]))
    except OSError as fault:
        what = sentence("The file cannot be written: %(fault)s.", fault=fault.strerror or str(fault))
        raise _refused(out, what, suffixes) from fault


def publish(
    store: Store,
    kind: str,
    told: Mapping[str, Any],
    compose: Callable[[str], Document],
    by: Publisher,
) -> dict[str, Any]:
    """Keep a report in both languages, as PDF and workbook (a record: as PDF and Markdown), for good.

    Raises:
        InputRefused: no name or role, or a text too long.
        AccessRefused: the role may not publish.
    """
    forms = ("pdf", "xlsx") if kind == "period" else ("pdf", "md")
    draft = ReportDraft(
        kind=kind,
        period=told.get("period"),
        number=_line(by.number, needed=False),
        name=_line(by.name),
        role=role_for(_line(by.role), Permission.PUBLISH_REPORTS),
        data_version=told["data_version"],
        as_of=told["as_of"],
        model=told["model"],
        answer=kept_text(told),
    )
    files = [ReportFile(code, form, content(compose(code), form)) for code in LANGUAGES for form in forms]
    return shown(store, store.publish_report(draft, files).id)


def _line(text: str, *, needed: bool = True) -> str:
    told = one_line(text, sentence("the name, role or number given"))
    if (needed and not told) or len(told) > LONGEST:
        raise InputRefused(
            sentence("A published report needs the name and role of who publishes it, of readable length."),
            where=sentence("the name, role or number given"),
            mend=sentence("Give it in at most %(count)s letters.", count=Number(LONGEST)),
        )
    return told


def shown(store: Store, identifier: int | str) -> dict[str, Any]:
    """A published report: what it told, who published it, its files with their digests.

    Raises:
        NotFound: there is none.
    """
    record, files = store.report(whole(identifier))
    return {**_head(record), "files": [_file(file) for file in files], "told": thaw(json.loads(record.answer))}


def listed(store: Store) -> dict[str, Any]:
    """Every published report, the newest first; ``replaced_by``: a later one of the same kind and period."""
    later: dict[tuple[str, str | None], int] = {}
    found = []
    for record in store.reports():
        found.append({**_head(record), "replaced_by": later.get((record.kind, record.period))})
        later.setdefault((record.kind, record.period), record.id)
    return {"reports": found}


def _head(record: ReportRecord) -> dict[str, Any]:
    head = {name: value for name, value in vars(record).items() if name not in {"id", "answer"}}
    return {"report": record.id, **head}


def _file(file: FiledAs) -> dict[str, Any]:
    return vars(file)


def whole(identifier: int | str) -> int:
    """The number of a report.

    Raises:
        NotFound: it is no number.
    """
    if not str(identifier).isdecimal() or len(str(identifier)) > 15:
        raise NotFound(sentence("report"), str(identifier))
    return int(identifier)
