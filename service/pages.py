"""The plain pages: home, mentors, one mentor, the model, training plans.

Every page asks the use cases and lays the answer out.
"""

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from model.refusals import DataMissing, Refused
from model.sentences import sentence
from service.grouping import by_reason
from service.language import mark
from service.rendering import refusal, render
from service.usecases import Programme
from service.words import BASES, EVIDENCE, RISKS

if TYPE_CHECKING:
    from service.model_card.form import Card

pages = Blueprint("pages", __name__)

FIELDS = {
    "--budget": mark("Budget in rupiah"),
    "--max-courses-per-mentor": mark("Most courses a mentor"),
    "--risk": mark("Value choices"),
}
"""The field of the form that stands for each option of the command."""


def _programme() -> Programme:
    return cast("Programme", current_app.extensions["programme"])


def _page(template: str, **given: Any) -> str:
    """A page with what all pages show: the state of the data and the model, and the banner."""
    state = _plain(_programme().standing())
    words = {"evidence_words": EVIDENCE, "risks": RISKS, "bases": BASES}
    return render_template(template, state=state, notice=state["banner"], **words, **given)


def _plain(answer: Any) -> Any:
    return render(answer, g.lang)


@pages.get("/")
def home() -> str:
    """The programme's index with its caveat and companions; what to do next where something is missing."""
    programme = _programme()
    if not programme.store.version():
        return _page("empty.html")
    try:
        index, missing = _plain(programme.index())["groups"][0], None
    except DataMissing as fault:
        index, missing = None, refusal(fault, g.lang)["error"]
    return _page("home.html", index=index, missing=missing, learned=_plain(programme.learned()))


@pages.get("/mentors")
def mentors() -> str:
    """Every mentor against the standard, in the order of the table; never ranked."""
    return _page("mentors.html", **_plain(_programme().score()))


@pages.get("/mentors/<mentor_id>")
def mentor(mentor_id: str) -> str:
    """One mentor: scores, reasons, and what the expected growth is made of."""
    programme = _programme()
    answer = _plain(programme.score(mentor=mentor_id))
    try:
        explained, unexplained = _plain(programme.explain_mentor(mentor_id)), None
    except Refused as fault:
        explained, unexplained = None, refusal(fault, g.lang)["error"]
    return _page("mentor.html", mentor=answer["mentors"][0], explained=explained, unexplained=unexplained, **answer)


@pages.get("/model")
def model() -> str:
    """The card of the model in use, and every version."""
    name = _programme().shelf().name
    return _model(None if name is None else _programme().model_card(name, lang=g.lang.code))


@pages.get("/model/<name>")
def model_version(name: str) -> str:
    """The card of one version."""
    return _model(_programme().model_card(name, lang=g.lang.code))


def _model(card: "Card | None") -> str:
    return _page("model.html", card=_plain(card), versions=_plain(_programme().models())["models"])


@pages.get("/plans")
def plans() -> str:
    """The form that asks for a plan, and the stored ones."""
    return _page("plans.html", plans=_plain(_programme().plans())["plans"])


@pages.post("/plans")
def make_plan() -> Response:
    """Make and store a plan, then show it."""
    form = request.form
    try:
        answer = _programme().plan(
            budget=form.get("budget", ""), most=form.get("most", "2"), risk=form.get("risk", "mean"), lock=(), forbid=()
        )
    except Refused as fault:
        field = FIELDS.get(str(fault.where.values.get("option")))
        if field:
            fault.where = sentence("the field %(field)s", field=g.lang.text(field))
        raise
    return redirect(url_for("pages.plan", plan_id=answer["plan"]), 303)


@pages.get("/plans/<plan_id>")
def plan(plan_id: str) -> str:
    """One stored plan; what was left out is grouped by reason."""
    answer = _programme().stored_plan(plan_id)
    shown = {name: value for name, value in answer.items() if name != "left_out"}
    return _page("plan.html", plan=_plain(shown), left_out=_plain(by_reason(answer["left_out"])))
