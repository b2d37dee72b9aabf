"""Reports, as answered."""

from typing import Any

from pydantic import Field

from service.api.answers.common import Answer


class Report(Answer):
    """The report of a period as it would be published now."""

    period: str
    first: str
    last: str
    so_far: bool
    data_version: int
    as_of: str
    model: str | None
    indicators: dict[str, Any]
    districts: list[dict[str, Any]]
    sectors: list[dict[str, Any]]
    desk: dict[str, Any] = Field(description="Decisions of the intake desk in the period, in all and by district.")


class ListedReport(Answer):
    """A published report in the list."""

    report: int
    kind: str
    period: str | None
    number: str
    name: str
    role: str
    data_version: int
    as_of: str
    model: str | None
    created_at: str
    sha256: str


class Reports(Answer):
    """The published reports, the newest first."""

    reports: list[ListedReport]


class ReportFile(Answer):
    """A file of a published report."""

    lang: str
    form: str
    sha256: str
    size: int


class PublishedReport(ListedReport):
    """A published report: what it told, and its files."""

    files: list[ReportFile]
    told: dict[str, Any]
