"""The rows behind a model's card: a page of them, filtered by the address, and the same as CSV or workbook."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from service import guard
from service.guard import needs
from service.model_card import form
from service.model_card.promises import KINDS, MADE, figures_told, shown_by, title_of
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
        figures=form.figures_told(found, told, g.lang),
        learners=form.learners_told(found, told, g.lang),
        every=every,
        show=form.shown_in(told, g.lang),
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
    """The kept predictions behind the card's record of past promises."""
    asked = {key: request.args[key] for key in ("kind", "made") if key in request.args}
    found = plain(programme().model_promises(name, **asked))
    shown = part(len(found["rows"]))
    return page(
        "promise_rows.html",
        found=found,
        title=title_of(found["kind"], g.lang),
        kinds=KINDS,
        made=MADE,
        facts=figures_told(found, g.lang),
        limited=guard.user().limited,
        rows=shown.of(found["rows"]),
        show=lambda row, value: shown_by(row["kind"], g.lang)(value),
        part=shown,
    )


def _asked(name: str, part_: slice) -> dict[str, Any]:
    asked = which(request.args)
    if asked.sums:
        guard.require(Permission.SEE_PROGRAMME)
    found: dict[str, Any] = programme().model_rows(name, ids=guard.reach().ids, part=part_, **asked.given())
    return found
