"""Training plans: the form that asks for one, the stored ones, and one plan."""

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from model.refusals import Refused
from model.sentences import sentence
from service.grouping import by_reason
from service.guard import needs, seen
from service.language import mark
from service.pages.frame import page, pages, plain, programme
from service.people.roles import Permission

FIELDS = {
    "--budget": mark("Budget in rupiah"),
    "--max-courses-per-mentor": mark("Most courses a mentor"),
    "--risk": mark("Value choices"),
}
"""The field of the form that stands for each option of the command."""


@pages.get("/plans")
@needs(Permission.SEE_PLANS)
def plans() -> str:
    """The form that asks for a plan, and the stored ones."""
    return page("plans.html", plans=plain(programme().plans())["plans"])


@pages.post("/plans")
@needs(Permission.MAKE_PLANS)
def make_plan() -> Response:
    """Make and store a plan, then show it."""
    form = request.form
    try:
        answer = programme().plan(
            budget=form.get("budget", ""), most=form.get("most", "2"), risk=form.get("risk", "mean"), lock=(), forbid=()
        )
    except Refused as fault:
        field = FIELDS.get(str(fault.where.values.get("option")))
        if field:
            fault.where = sentence("the field %(field)s", field=g.lang.text(field))
        raise
    return redirect(url_for("pages.plan", plan_id=answer["plan"]), 303)


@pages.get("/plans/<plan_id>")
@needs(Permission.SEE_PLANS)
def plan(plan_id: str) -> str:
    """One stored plan; what was left out is grouped by reason."""
    answer = programme().stored_plan(plan_id)
    shown = {name: value for name, value in answer.items() if name != "left_out"}
    return page("plan.html", plan=plain(shown), left_out=plain(by_reason(seen(answer["left_out"]))))
