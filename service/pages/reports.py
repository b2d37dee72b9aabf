"""Reports: the report of a period, records for the supervisor of personal data, what was published."""

from dataclasses import replace

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from model.refusals import DataMissing, InputRefused, NotFound
from model.sentences import sentence
from service import guard
from service.guard import needs, user
from service.pages.downloads import download
from service.pages.frame import again, may, page, pages, plain, programme, typed
from service.pages.listing import part
from service.people.roles import Permission
from service.printing.reports import KINDS
from service.rendering import refusal
from service.reports import publishing, tables
from service.reports.behind import TITLES, Near, differing, shown_figures

_FORMS = ("pdf", "xlsx")
_RECORD_FORMS = ("pdf", "md")


@pages.get("/reports")
@needs(Permission.SEE_REPORTS)
def reports() -> str:
    """The report of the period asked, as it would be now; what was published."""
    period = request.args.get("period") or typed("period") or None
    published = plain(programme().reports())["reports"]
    try:
        document, error = programme().report_document(period=period, lang=g.lang.code), None
    except (DataMissing, InputRefused) as fault:
        document, error = None, refusal(fault, g.lang)["error"]
    return page(
        "reports.html",
        document=plain(document),
        error=error,
        period=period or "",
        published=published,
        kinds=KINDS,
    )


@pages.get("/reports/rows")
@needs(Permission.SEE_BUSINESSES)
def report_rows() -> str:
    """The businesses behind figures of a period's report, and the figures they give."""
    given, earlier = request.args, bool(request.args.get("earlier"))
    asked = {name: given[name] for name in ("of", "by", "group") if given.get(name)}
    reach = guard.reach().businesses
    found = programme().report_rows(
        period=given.get("period") or None, earlier=earlier, ids=reach, **_report(), **asked
    )
    shown = part(len(found["rows"]))
    figures = [*tables.shown_indicators(found["indicators"], g.lang), *tables.shown_funnel(found["funnel"], g.lang)]
    then = tables.as_published(found["told"], g.lang, earlier=earlier, **asked) if reach is None else {}
    return page(
        "report_rows.html",
        period=found["period"],
        by=asked.get("by"),
        group=given.get("group", ""),
        of=asked.get("of", "accompanied"),
        figures=figures,
        changed=differing(figures, then),
        rows=plain(shown.of(found["rows"])),
        part=shown,
    )


def _report() -> dict[str, str]:
    """The published report that the address asks for, if it asks for one; only who sees reports may."""
    report = request.args.get("report")
    return {"report": report} if report and may("pages.published_report") else {}


@pages.get("/reports/behind")
@needs(Permission.SEE_REPORTS)
def report_behind() -> str:
    """The rows behind figures of a report that are not of businesses, and the figures they give."""
    given = request.args
    found = programme().report_behind(
        given.get("of", "trainings"),
        lang=g.lang.code,
        period=given.get("period") or None,
        group=given.get("group", ""),
        near=Near(guard.reach().mentors, user().districts),
        **_report(),
    )
    shown = part(len(found.grid.rows))
    return page(
        "report_behind.html",
        of=given.get("of", "trainings"),
        titles=TITLES,
        behind={"of": found.of, "figures": shown_figures(found, g.lang), "changed": found.changed},
        table=plain(replace(found.grid, rows=tuple(shown.of(found.grid.rows))).table(g.lang)),
        part=shown,
    )


@pages.get("/reports/draft.<form>")
@needs(Permission.SEE_REPORTS)
def report_draft(form: str) -> Response:
    """The report of the period asked, as a file."""
    _known(form, _FORMS)
    document = programme().report_document(period=request.args.get("period") or None, lang=g.lang.code)
    return download(publishing.content(document, form), form, f"suluh-{request.args.get('period') or document.day[:4]}")


@pages.get("/reports/records/<kind>")
@needs(Permission.SEE_REPORTS)
def record(kind: str) -> str:
    """The transparency record or the impact assessment, filled from the installation."""
    return page("record.html", document=plain(programme().record(kind, lang=g.lang.code)))


@pages.get("/reports/records/<kind>/file.<form>")
@needs(Permission.SEE_REPORTS)
def record_file(kind: str, form: str) -> Response:
    """The same as a file."""
    _known(form, _RECORD_FORMS)
    return download(publishing.content(programme().record(kind, lang=g.lang.code), form), form, f"suluh-{kind}")


@pages.post("/reports")
@needs(Permission.PUBLISH_REPORTS)
def publish_report() -> Response:
    """Publish the report of a period, or a record, for good."""
    form, by = request.form, {"name": user().name, "role": str(user().role)}
    kind, number = form.get("kind", "period"), form.get("number", "")
    again(reports if kind == "period" else lambda: record(kind))
    if kind == "period":
        made = programme().publish_report(period=form.get("period") or None, number=number, **by)
    else:
        made = programme().publish_record(kind, number=number, **by)
    return redirect(url_for("pages.published_report", report_id=made["report"]), 303)


@pages.get("/reports/<int:report_id>")
@needs(Permission.SEE_REPORTS)
def published_report(report_id: int) -> str:
    """A published report: who published it, its files with their digests."""
    report = plain(programme().show_report(report_id))
    pieces = programme().report_pieces(report_id, lang=g.lang.code) if report["kind"] == "period" else []
    return page("report.html", report=report, kinds=KINDS, pieces=pieces)


@pages.get("/reports/<int:report_id>/<lang>.<form>")
@needs(Permission.SEE_REPORTS)
def published_file(report_id: int, lang: str, form: str) -> Response:
    """A file of a published report, byte for byte."""
    _known(form, {*_FORMS, *_RECORD_FORMS})
    return download(programme().report_file(report_id, lang, form), form, f"suluh-{report_id}-{lang}")


@pages.get("/model/<name>/card.pdf")
@needs(Permission.SEE_PROGRAMME)
def card_file(name: str) -> Response:
    """The card of a model as PDF."""
    return download(programme().model_card_pdf(name, lang=g.lang.code), "pdf", f"suluh-{name}")


def _known(form: str, forms: tuple[str, ...] | set[str]) -> None:
    if form not in forms:
        raise NotFound(sentence("file of this report"), form)
