"""What a person can ask about reports: make one, publish it, see it, take its file.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.installation import Installation
from service.language import Language

if TYPE_CHECKING:
    from service.reports.behind import Behind
    from service.reports.form import Document
    from service.reports.surveying import Known
    from service.reports.telling import Asked


class ReportCases(Installation):
    """Questions about reports."""

    def report(
        self: "Asked", *, period: str | None = None, number: str = "", out: Path | None = None
    ) -> dict[str, Any]:
        """The report of a period: YYYY, YYYY-H1 or YYYY-Q1, by default the year of the newest day.

        ``number``: of the letter; ``out``: also as a file, .pdf or .xlsx.
        """
        from service.reports import publishing
        from service.reports.telling import tell

        publishing.check_out(out)
        told = tell(self, period)
        if out is not None:
            publishing.write(_document(self, told, number, self.settings.language()), out)
        return told

    def report_document(
        self: "Asked", *, period: str | None = None, number: str = "", lang: str | None = None
    ) -> "Document":
        """The report of a period as a document in a language, for a page."""
        from service.reports.telling import tell

        return _document(self, tell(self, period), number, self.settings.language(lang))

    def report_rows(
        self: "Asked", *, period: str | None = None, report: int | str | None = None, **asked: Any
    ) -> dict[str, Any]:
        """The businesses behind figures of a period's report; ``asked``: of, by, group, earlier, ids.

        ``report``: number of a published one, whose rows are of the data that it was made from; ``told`` is what it
        told.
        """
        from service.reports.telling import rows, tables_of

        published = _published(self, report)
        return {**rows(*tables_of(self, period, published), **asked), "told": published}

    def report_behind(
        self: "Asked",
        of: str,
        *,
        report: int | str | None = None,
        lang: str | None = None,
        **asked: Any,
    ) -> "Behind":
        """The scores, trainings, plans, desk decisions, review or objections behind figures.

        ``asked``: period, group, near (what the reader may see).
        """
        from service.reports.behind import rows_of

        return rows_of(self, of, Language(lang or self.settings.lang), published=_published(self, report), **asked)

    def report_pieces(self: "Asked", report: int | str, *, lang: str | None = None) -> list[list[tuple[str, str]]]:
        """The conclusions of a published report, each cut into (text, page of the rows behind it or empty)."""
        from service.reports.linking import as_published

        told = _published(self, report) or {}
        return as_published(told, Language(lang or self.settings.lang))

    def publish_report(
        self: "Asked", *, period: str | None = None, number: str = "", name: str, role: str
    ) -> dict[str, Any]:
        """Publish the report of a period: kept with all its files, never changed."""
        from service.reports import publishing
        from service.reports.telling import tell

        told, by, speak = tell(self, period), publishing.Publisher(number, name, role), self.settings.language
        return publishing.publish(
            self.store, "period", told, lambda lang: _document(self, told, number, speak(lang)), by
        )

    def record(
        self: "Known", kind: str, *, number: str = "", lang: str | None = None, out: Path | None = None
    ) -> "Document":
        """The transparency record or the impact assessment (dpia), filled from the installation as it stands.

        ``out``: also as a file, .pdf or .md.
        """
        from service.reports import publishing
        from service.reports.surveying import survey

        publishing.check_out(out, publishing.RECORD_SUFFIXES)
        made = _record(self, kind, survey(self), number, self.settings.language(lang))
        if out is not None:
            publishing.write(made, out, publishing.RECORD_SUFFIXES)
        return made

    def publish_record(self: "Known", kind: str, *, number: str = "", name: str, role: str) -> dict[str, Any]:
        """Publish the transparency record or the impact assessment: kept with its files, never changed."""
        from service.reports import publishing
        from service.reports.surveying import survey

        told, by, speak = survey(self), publishing.Publisher(number, name, role), self.settings.language
        return publishing.publish(
            self.store, kind, told, lambda lang: _record(self, kind, told, number, speak(lang)), by
        )

    def reports(self: "Asked") -> dict[str, Any]:
        """The published reports, the newest first."""
        from service.reports import publishing

        return publishing.listed(self.store)

    def show_report(self: "Asked", report: int | str) -> dict[str, Any]:
        """A published report: what it told, and its files with their digests."""
        from service.reports import publishing

        return publishing.shown(self.store, report)

    def report_file(self: "Asked", report: int | str, lang: str, form: str) -> bytes:
        """The bytes of a file of a published report, as they were published."""
        from service.reports import publishing

        return self.store.report_content(publishing.whole(report), lang, form)


def _published(asked: "Asked", report: int | str | None) -> dict[str, Any] | None:
    """What a published report of a period told, with its number as ``report``; None where none is asked for."""
    from model.refusals import NotFound
    from model.sentences import sentence
    from service.reports import publishing

    if report is None:
        return None
    record = publishing.shown(asked.store, report)
    if record["kind"] != "period":
        raise NotFound(sentence("rows of this report"), str(report))
    return {**record["told"], "report": record["report"]}


def _document(asked: "Asked", told: dict[str, Any], number: str, lang: Language) -> "Document":
    from service.files.letterhead import letter_of
    from service.reports.composing import compose

    return compose(told, letter_of(asked.framework.office, number), lang)


def _record(asked: "Known", kind: str, told: dict[str, Any], number: str, lang: Language) -> "Document":
    from service.reports import records

    return records.compose(records.kind_of(kind), told, asked.framework.office, number, lang)
