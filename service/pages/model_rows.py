"""The rows behind a model's card: a page of them, filtered by the address, and the same as CSV or workbook."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from service import guard
from service.guard import needs
from service.model_card.form import figures_told, learners_told, shown_in
from service.model_card.promises import KINDS, MADE, shown_by
from service.models.rows_asked import BY_WORDS, HEADS, which
from service.pages import downloads
from service.pages.frame import page, pages, plain, programme
from service.pages.index import download
from service.pages.listing import PER_PAGE, part
from service.people.roles import Permission

LEARNERS = "learners"
"""In an address: also show what every learner predicted."""


@pages.get("/model/<name>/rows")
@needs(Permission.SEE_BUSINESSES)
def model_rows(name: str) -> str | Response:
    """The rows behind figures of the card, and these figures reckoned from them."""
    if "only" in request.args:
        by, _, group = request.args["only"].partition(":")
        return redirect(url_for("pages.model_rows", name=name, by=by or None, group=group or None), 302)
    shown = part(_asked(name, slice(0))["count"])
    found = plain(_asked(name, slice(shown.first - 1, shown.first - 1 + PER_PAGE)))
    told = plain(programme().model(name))
    every = LEARNERS in request.args
    return page(
        "model_rows.html",
        model=told,
        found=found,
        columns=[one for one in found["columns"] if every or not one.startswith("by_")],
        heads=HEADS,
        words=BY_WORDS,
        figures=figures_told(found, told, g.lang),
        learners=learners_told(found, told, g.lang),
        every=every,
        show=shown_in(told, g.lang),
        part=shown,
    )


@pages.get("/model/<name>/rows.csv")
@needs(Permission.SEE_BUSINESSES)
def model_rows_csv(name: str) -> Response:
    """All of them as CSV."""
    from service.models.rows import as_csv  # noqa: PLC0415 - serving waits for no learner

    return download(as_csv(_asked(name, slice(None)), g.lang), f"{name}.csv")


@pages.get("/model/<name>/rows.xlsx")
@needs(Permission.SEE_BUSINESSES)
def model_rows_xlsx(name: str) -> Response:
    """All of them as a workbook, with the figures they give."""
    from service.models.rows import write_xlsx  # noqa: PLC0415 - the same

    with TemporaryDirectory() as folder:
        out = Path(folder) / "rows.xlsx"
        write_xlsx(_asked(name, slice(None)), out, g.lang)
        return downloads.download(out.read_bytes(), "xlsx", name)


@pages.get("/model/<name>/promises")
@needs(Permission.SEE_PLANS)
def promise_rows(name: str) -> str:
    """The kept predictions behind a row of the card's record of past promises."""
    kind, every = request.args.get("kind", "growth"), "every" in request.args
    found = plain(programme().promise_rows(kind, None if every else name))
    shown, figures = part(len(found["rows"])), found["figures"]
    show = shown_by(kind, g.lang)
    facts = (
        (g.lang.text("Predictions"), g.lang.number(figures["predictions"])),
        (g.lang.text("Seen"), g.lang.number(figures["observed"])),
        (g.lang.text("Held"), g.lang.percent(figures["coverage_90"])),
        (g.lang.text("Mean of seen − predicted"), show(figures["bias"])),
    )
    return page(
        "promise_rows.html",
        model=name,
        title=KINDS[kind],
        made=MADE["every" if every else "own"],
        facts=facts,
        limited=guard.user().limited,
        rows=shown.of(found["rows"]),
        show=show,
        part=shown,
    )


def _asked(name: str, part_: slice) -> dict[str, Any]:
    asked = which(request.args)
    if asked.sums:
        guard.require(Permission.SEE_PROGRAMME)
    found: dict[str, Any] = programme().model_rows(name, ids=guard.reach().ids, part=part_, **asked.given())
    return found
