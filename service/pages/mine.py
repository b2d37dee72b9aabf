"""My record: what Suluh holds about a mentor, the advice about them, their objections; and who answers these."""

from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from model.refusals import NotFound, Refused
from model.sentences import sentence
from service.guard import needs, user
from service.pages.frame import again, page, pages, plain, programme
from service.people.roles import Permission
from service.printing.objections import about
from service.rendering import refusal
from service.words import ABOUTS, KINDS, OUTCOMES, role


@pages.get("/mine")
@needs(Permission.SEE_OWN)
def mine() -> str:
    """The own record with its reasons, the advice about it, and what was objected to."""
    mentor = user().mentor_id
    if mentor is None:
        return page("mine_none.html")
    answer = plain(programme().score(mentor=mentor))
    try:
        explained, unexplained = plain(programme().explain_mentor(mentor)), None
    except Refused as fault:
        explained, unexplained = None, refusal(fault, g.lang)["error"]
    return page(
        "mine.html",
        mentor=answer["mentors"][0],
        explained=explained,
        unexplained=unexplained,
        areas=answer["areas"],
        unit=answer["unit"],
        advice=plain(programme().advice_about(mentor)),
        objections=_shown(programme().objections(mentor=mentor)),
        kinds=KINDS,
    )


@pages.post("/mine/objections")
@needs(Permission.SEE_OWN)
def raise_objection() -> Response:
    """Record an objection or a request for correction of the own record."""
    again(mine, "objections")
    form = request.form
    what, _, rest = form.get("about", "record").partition("|")
    source, _, subject = rest.partition("|")
    programme().raise_objection(
        mentor_id=user().mentor_id or "",
        kind=form.get("kind", ""),
        about=what,
        source=source or None,
        subject=subject or None,
        said=form.get("said", ""),
        name=user().name,
        role=str(user().role),
    )
    return redirect(url_for("pages.mine") + "#objections", 303)


@pages.get("/objections")
@needs(Permission.ANSWER)
def objections() -> str:
    """Every objection in reach, the open ones first."""
    rows = _shown(programme().objections())
    rows.sort(key=lambda row: row["status"] != "open")
    return page("objections.html", objections=rows)


@pages.post("/objections/<int:number>")
@needs(Permission.ANSWER)
def answer_objection(number: int) -> Response:
    """Answer an objection, once and for good."""
    again(objections, f"objection-{number}")
    if number not in {row["id"] for row in _shown(programme().objections())}:
        raise NotFound(sentence("objection"), str(number))
    form, by = request.form, {"name": user().name, "role": str(user().role)}
    programme().answer_objection(number, outcome=form.get("outcome", ""), said=form.get("said", ""), **by)
    return redirect(url_for("pages.objections") + f"#objection-{number}", 303)


def _shown(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Objections in reach, with what each is about in words."""
    return [{**row, "subject_said": about(row, g.lang)} for row in plain(answer)["objections"]]


def open_objections(**on: Any) -> list[dict[str, Any]]:
    """Open objections in reach whose columns have these values (mentor_id, about, source, subject)."""
    if g.get("user") is None:
        return []
    rows = _shown(programme().open_objections())
    return [row for row in rows if all(row[name] == value for name, value in on.items())]


@pages.record_once
def _furnish(state: Any) -> None:
    """Give the templates what they show of objections."""
    names = {"open_objections": open_objections, "objection_kinds": KINDS, "objection_outcomes": OUTCOMES}
    state.app.jinja_env.globals.update(names, objection_abouts=ABOUTS)
    state.app.jinja_env.filters["role"] = lambda given: role(given, g.lang)
