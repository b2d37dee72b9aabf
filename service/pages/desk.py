"""The intake desk: who fits a business that comes in now, the decision on that advice, and those made so far."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from model.refusals import Refused
from service.guard import check_desk, check_desk_decision, needs, user
from service.language import mark
from service.pages.frame import again, page, pages, plain, programme
from service.pages.listing import part
from service.pages.matches import desk_choices, matches
from service.pages.plans import named
from service.people.roles import Permission
from service.words import DESK_DECISIONS, DESK_STATES

FIELDS = {
    "--business": mark("Business (id)"),
    "--mentor": mark("Mentor (id)"),
    "--district": mark("District"),
    "--reason": mark("Reason"),
}
"""The field of the form that stands for each option of the command."""


@pages.get("/matches/intake")
@needs(Permission.SEE_PLANS)
def intake() -> str:
    """The best mentors with a free place for one business that comes in now, and the form to decide on it."""
    again(matches)
    return _intake()


def _intake() -> str:
    district, wanted = request.values.get("district", ""), request.values.getlist("need")
    answer = plain(programme().best_mentor(district=district, needs=wanted))
    return page("intake.html", answer=answer, asked={"district": district, "needs": wanted}, **desk_choices())


@pages.post("/matches/intake")
@needs(Permission.DECIDE)
def decide_desk() -> Response:
    """Record a decision on the advice, under the user's name and role."""
    form, by = request.form, {"name": user().name, "role": str(user().role)}
    again(_intake, "decide")
    asked = {name: form.get(name, "") for name in ("district", "business", "mark", "reason")}
    mentor = form.get("other", "").strip() or form.get("mentor", "").strip() or None
    check_desk(asked["district"], asked["business"].strip(), mentor)
    try:
        made = programme().decide_desk(
            form.get("decision", ""), mentor=mentor, needs=form.getlist("need"), **asked, **by
        )
    except Refused as fault:
        raise named(fault, FIELDS) from fault
    return redirect(url_for("pages.desk_decision", number=made["desk"]), 303)


@pages.get("/matches/intake/decisions")
@needs(Permission.SEE_PLANS)
def desk_decisions() -> str:
    """What was decided at the desk, the newest first; ``status`` keeps those that stand so."""
    wanted = request.args.get("status", "")
    rows = plain(programme().desk_decisions(districts=user().districts))["decisions"]
    rows = [row for row in rows if not wanted or row["status"] == wanted]
    shown = part(len(rows))
    told = {"statuses": DESK_STATES, "decided": DESK_DECISIONS, "wanted": wanted}
    return page("desk.html", rows=shown.of(rows), part=shown, **told)


@pages.get("/matches/intake/decisions/<number>")
@needs(Permission.SEE_PLANS)
def desk_decision(number: str) -> str:
    """One decision: how it stands, and the advice as it was then."""
    row = programme().desk_decision(number, districts=user().districts)
    check_desk_decision(row)
    labels = {code: plain(problem.label) for code, problem in programme().framework.problems.items()}
    return page("desk_decision.html", row=plain(row), labels=labels, statuses=DESK_STATES, decided=DESK_DECISIONS)


@pages.post("/matches/intake/decisions/<number>/withdrawal")
@needs(Permission.DECIDE)
def withdraw_desk(number: str) -> Response:
    """Withdraw a decision: the mentor's place is free again."""
    again(lambda: desk_decision(number), "withdraw")
    check_desk_decision(programme().desk_decision(number, districts=user().districts))
    by = {"name": user().name, "role": str(user().role)}
    try:
        programme().withdraw_desk(number, reason=request.form.get("reason", ""), **by)
    except Refused as fault:
        raise named(fault, FIELDS) from fault
    return redirect(url_for("pages.desk_decision", number=number), 303)
