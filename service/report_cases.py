"""What a person can ask about reports: make one, publish it, see it, take its file.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.language import Language

if TYPE_CHECKING:
    from service.reports.form import Document
    from service.reports.telling import Asked


class ReportCases:
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
            publishing.write(_document(self, told, number, Language(self.settings.lang)), out)
        return told

    def report_document(
        self: "Asked", *, period: str | None = None, number: str = "", lang: str | None = None
    ) -> "Document":
        """The report of a period as a document in a language, for a page."""
        from service.reports.telling import tell

        return _document(self, tell(self, period), number, Language(lang or self.settings.lang))

    def publish_report(
        self: "Asked", *, period: str | None = None, number: str = "", name: str, role: str
    ) -> dict[str, Any]:
        """Publish the report of a period: kept with all its files, never changed."""
        from service.reports import publishing
        from service.reports.telling import tell

        told, by = tell(self, period), publishing.Publisher(number, name, role)
        return publishing.publish(self.store, "period", told, lambda lang: _document(self, told, number, lang), by)

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


def _document(asked: "Asked", told: dict[str, Any], number: str, lang: Language) -> "Document":
    from service.letterhead import letter_of
    from service.reports.composing import compose

    return compose(told, letter_of(asked.framework.office, number), lang)
