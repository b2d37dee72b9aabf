"""Model: its card and versions, going back to one; for analysts the reasons behind engagements, and what-if."""

from typing import TYPE_CHECKING, Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from model.refusals import InputRefused, Refused
from service import guard
from service.guard import needs
from service.pages.frame import again, page, pages, plain, programme
from service.people.roles import Permission
from service.reach import check_ids
from service.rendering import refusal

if TYPE_CHECKING:
    from service.model_card.form import Card

_SCORE = "score-"
"""Before the area in the name of a field of the what-if form."""


@pages.get("/model")
@needs(Permission.SEE_PROGRAMME)
def model() -> str:
    """The card of the model in use, and every version."""
    name = programme().shelf().name
    return _model(None if name is None else programme().model_card(name, lang=g.lang.code))


@pages.get("/model/<name>")
@needs(Permission.SEE_PROGRAMME)
def model_version(name: str) -> str:
    """The card of one version."""
    return _model(programme().model_card(name, lang=g.lang.code))


def _model(card: "Card | None") -> str:
    return page("model.html", card=plain(card), versions=plain(programme().models())["models"])


@pages.post("/model/<name>/use")
@needs(Permission.MANAGE_MODELS)
def use_model(name: str) -> Response:
    """Bring a version into use."""
    programme().roll_back(name)
    return redirect(url_for("pages.model"), 303)


@pages.get("/model/train")
@needs(Permission.TRAIN)
def train() -> str:
    """What learning does, and its button."""
    return page("train.html")


@pages.post("/model/train")
@needs(Permission.TRAIN)
def start_training() -> Response:
    """Learn in a process of its own, and show how far it is."""
    job = programme().start_job("train", asked_by=guard.user().key)
    return redirect(url_for("pages.job", job_id=job["job"]), 303)


@pages.get("/model/engagements")
@needs(Permission.ANALYSE)
def find_engagement() -> str | Response:
    """The form that asks for an engagement; leads on to its reasons."""
    asked = request.args.get("engagement", "").strip()
    if not asked:
        return page("engagement.html", engagement=None, explained=None, unexplained=None)
    against = request.args.get("against", "").strip() or None
    return redirect(url_for("pages.engagement", engagement_id=asked, against=against), 302)


@pages.get("/model/engagements/<engagement_id>")
@needs(Permission.ANALYSE)
def engagement(engagement_id: str) -> str:
    """The reasons behind what is expected of an engagement, alone or against another."""
    again(lambda: page("engagement.html", engagement=engagement_id, explained=None, unexplained=None))
    against = request.args.get("against") or None
    if against:
        check_ids(guard.reach(), {"engagement_id": against}, programme())
    given: dict[str, Any] = {"engagement": engagement_id, "explained": None, "unexplained": None}
    try:
        given["explained"] = plain(programme().explain_engagement(engagement_id, against=against))
    except InputRefused as fault:
        given["unexplained"] = refusal(fault, g.lang)["error"]
    return page("engagement.html", **given)


@pages.get("/model/what-if/<mentor_id>")
@needs(Permission.ANALYSE)
def mentor_what_if(mentor_id: str) -> str:
    """What would be expected if the mentor's scores were others: a simulation."""
    asked, given = programme(), {}
    scores = {name.removeprefix(_SCORE): text for name, text in request.args.items() if name.startswith(_SCORE)}
    try:
        given = {"answer": plain(asked.what_if_scores(mentor_id, scores)), "error": None}
    except InputRefused as fault:
        given = {"answer": plain(asked.what_if_scores(mentor_id, {})), "error": refusal(fault, g.lang)["error"]}
    except Refused as fault:
        given = {"answer": None, "error": refusal(fault, g.lang)["error"]}
    standing = plain(asked.score(mentor=mentor_id))
    return page("mentor_what_if.html", mentor=standing["mentors"][0], areas=standing["areas"], typed=scores, **given)
