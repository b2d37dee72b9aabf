"""Published reports: what was told, and the very bytes of every file, never changed afterwards.

Every function that writes expects the caller's writing transaction.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from data.store import schema
from model.refusals import NotFound, StoreRefused
from model.sentences import sentence


@dataclass(frozen=True)
class ReportDraft:
    """A report to be published.

    ``kind``: period, transparency or dpia; ``period``: code of the period, None where there is none; ``number``: of the
    letter, empty where none was given; ``name`` and ``role``: of who publishes; ``answer``: what is told, as kept JSON.
    """

    kind: str
    period: str | None
    number: str
    name: str
    role: str
    data_version: int
    as_of: date
    model: str | None
    answer: str


@dataclass(frozen=True)
class ReportRecord(ReportDraft):
    """A published report: its ``id`` (1, 2, …), when it was published, in UTC, and the sha256 of the answer."""

    id: int
    created_at: datetime
    sha256: str


@dataclass(frozen=True)
class ReportFile:
    """One file of a report in a language (id, en) and form (pdf, xlsx, md)."""

    lang: str
    form: str
    content: bytes


@dataclass(frozen=True)
class FiledAs:
    """That a report has a file in a language and form, its sha256 and its size in bytes."""

    lang: str
    form: str
    sha256: str
    size: int


def add_report(connection: sa.Connection, draft: ReportDraft, files: Sequence[ReportFile]) -> ReportRecord:
    """Append a report with its files."""
    number = (connection.scalar(sa.select(sa.func.max(schema.report.c.id))) or 0) + 1
    made = ReportRecord(**vars(draft), id=number, created_at=datetime.now(UTC), sha256=_digest(draft.answer.encode()))
    connection.execute(sa.insert(schema.report).values(vars(made)))
    rows = [
        {"report": number, **vars(file), "sha256": _digest(file.content), "size": len(file.content)} for file in files
    ]
    connection.execute(sa.insert(schema.report_file), rows)
    return made


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def all_reports(connection: sa.Connection) -> list[ReportRecord]:
    """Every published report, the newest first."""
    rows = connection.execute(sa.select(schema.report).order_by(schema.report.c.id.desc())).mappings()
    return [ReportRecord(**row) for row in rows]


def stored_report(connection: sa.Connection, identifier: int) -> ReportRecord:
    """The report of that id.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(sa.select(schema.report).where(schema.report.c.id == identifier)).mappings().one_or_none()
    if row is None:
        raise NotFound(sentence("report"), str(identifier))
    return ReportRecord(**row)


def files_of(connection: sa.Connection, identifier: int) -> list[FiledAs]:
    """Which files a report has, without their bytes."""
    table = schema.report_file
    columns = (table.c.lang, table.c.form, table.c.sha256, table.c.size)
    rows = connection.execute(
        sa.select(*columns).where(table.c.report == identifier).order_by(table.c.lang.desc(), table.c.form)
    )
    return [FiledAs(*row) for row in rows]


def content_of(connection: sa.Connection, identifier: int, lang: str, form: str) -> bytes:
    """The bytes of a file as they were published.

    Raises:
        NotFound: the report has no such file.
        StoreRefused: the bytes are not those whose digest was kept.
    """
    table = schema.report_file
    query = sa.select(table.c.content, table.c.sha256).where(
        table.c.report == identifier, table.c.lang == lang, table.c.form == form
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(sentence("file of this report"), f"{lang}.{form}")
    content = bytes(row[0])
    if _digest(content) != row[1]:
        raise StoreRefused(
            sentence("The file is not the one that was published: its digest differs."),
            where=sentence("the report %(id)s", id=str(identifier)),
            mend=sentence("Bring the database back from a backup; the damaged file is not given out."),
        )
    return content
