"""Reports to the head of office: as they stand now, published for good, their files."""

from flask import Response, url_for

from service.api.answers.reports import PublishedReport, Report, Reports
from service.api.asking import FilePath, Paging, PeriodQuery, PublishBody, ReportPath, Spoken, WriteHeader
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, reply, signed, told, told_file

KINDS = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@api.get("/report", **told("Reports", Report, 409))
@needs(Permission.SEE_REPORTS)
def report_now(query: PeriodQuery) -> Response:
    """The report of a period as it would be published now."""
    return answered(lambda: programme().report(period=query.period))


@api.get("/reports", **told("Reports", Reports))
@needs(Permission.SEE_REPORTS)
def reports(query: Paging) -> Response:
    """The published reports, the newest first."""
    return answered(lambda: programme().reports(), page=("reports", query))


@api.post("/reports", **told("Reports", PublishedReport, writes=True, status=201))
@needs(Permission.PUBLISH_REPORTS)
def publish_report(header: WriteHeader, query: Spoken, body: PublishBody) -> Response:
    """Publish the report of a period: kept with all its files, never changed."""
    del header, query
    answer = programme().publish_report(period=body.period, number=body.number, **signed())
    made = reply(answer, 201)
    made.headers["Location"] = url_for("api.report", report_id=answer["report"])
    return made


@api.get("/reports/<report_id>", **told("Reports", PublishedReport, 404))
@needs(Permission.SEE_REPORTS)
def report(path: ReportPath, query: Spoken) -> Response:
    """A published report: what it told, and its files with their digests."""
    del query
    return answered(lambda: programme().show_report(path.report_id))


@api.get("/reports/<report_id>/files/<language>/<form>", **told_file("Reports", *KINDS.values()))
@needs(Permission.SEE_REPORTS)
def report_file(path: FilePath, query: Spoken) -> Response:
    """The bytes of a file of a published report, as they were published."""
    del query
    content = programme().report_file(path.report_id, path.language, path.form)
    answer = Response(content, mimetype=KINDS[path.form])
    name = f"report-{path.report_id}-{path.language}.{path.form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
