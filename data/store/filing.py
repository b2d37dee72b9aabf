"""What the store keeps beside data, models and plans: published reports, objections and their answers."""

from collections.abc import Sequence

import sqlalchemy as sa

from data import failpoints
from data.store import audit, objections, reports
from data.store.engine import reading, writing
from data.store.objections import Objection, ObjectionDraft
from data.store.reports import FiledAs, ReportDraft, ReportFile, ReportRecord


class Filing:
    """A part of :class:`data.store.store.Store`, in a file of its own."""

    _engine: sa.Engine

    def publish_report(self, draft: ReportDraft, files: Sequence[ReportFile]) -> ReportRecord:
        """Keep a report and its files for good, in one transaction."""
        with writing(self._engine) as connection:
            made = reports.add_report(connection, draft, files)
            failpoints.reach("report")
            audit.record(connection, "report.publish", f"report:{made.id}")
            return made

    def reports(self) -> list[ReportRecord]:
        """Every published report, the newest first."""
        with reading(self._engine) as connection:
            return reports.all_reports(connection)

    def report(self, identifier: int) -> tuple[ReportRecord, list[FiledAs]]:
        """A published report and which files it has.

        Raises:
            NotFound: there is none.
        """
        with reading(self._engine) as connection:
            return reports.stored_report(connection, identifier), reports.files_of(connection, identifier)

    def report_content(self, identifier: int, lang: str, form: str) -> bytes:
        """The bytes of a file of a report as they were published.

        Raises:
            NotFound: the report has no such file.
            StoreRefused: the bytes are not those whose digest was kept.
        """
        with reading(self._engine) as connection:
            return reports.content_of(connection, identifier, lang, form)

    def raise_objection(self, draft: ObjectionDraft) -> Objection:
        """Record an objection or a request for correction."""
        with writing(self._engine) as connection:
            made = objections.add_objection(connection, draft)
            failpoints.reach("objection")
            audit.record(connection, "objection.raise", f"objection:{made.id}")
            return made

    def answer_objection(self, identifier: int, outcome: str, said: str, name: str, role: str) -> Objection:
        """Record the answer to an objection.

        Raises:
            NotFound: there is no such objection.
            InputRefused: it is answered already.
        """
        with writing(self._engine) as connection:
            made = objections.answer_objection(connection, identifier, outcome, said, name, role)
            audit.record(connection, "objection.answer", f"objection:{identifier}", outcome=outcome)
            return made

    def objections(self) -> list[Objection]:
        """Every objection with its answer, the oldest first."""
        with reading(self._engine) as connection:
            return objections.all_objections(connection)
