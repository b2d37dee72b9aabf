"""Training plans: the form that asks for one, the stored ones, one plan with its decisions, comparing and approving."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from model.refusals import InputRefused, NotFound, Refused
from model.sentences import sentence
from service.files.letterhead import letter_of
from service.guard import check_pair, needs, reach, seen, user
from service.language import mark
from service.pages.downloads import download
from service.pages.frame import again, page, pages, plain, programme
from service.people.roles import Permission
from service.plans.words import by_course, latest, part_of, told_in_part, undecided
from service.printing import plans as tell
from service.printing.grouping import by_reason

_DIGITS = 9
FIELDS = {
    "--budget": mark("Budget in rupiah"),
    "--max-courses-per-mentor": mark("Most courses a mentor"),
    "--risk": mark("Value choices"),
    "--lock": mark("Must be in the plan"),
    "--forbid": mark("Must not be in the plan"),
    "--hours-per-mentor": mark("Most hours (JP) a mentor"),
    "--floor": mark("At least this many places for a district"),
    "--area-cap": mark("At most this many places in an area"),
    "--reason": mark("Reason"),
}
"""The field of the form that stands for each option of the command."""
FORMS = ("xlsx", "pdf", "json")


def options(given: MultiDict[str, str]) -> dict[str, Any]:
    """Options of a plan as a form or an address gives them; what is left empty is not among them."""
    told: dict[str, Any] = {name: given[name] for name in ("budget", "most", "risk", "hours") if given.get(name)}
    for name in ("lock", "forbid", "free"):
        typed = [pair for text in given.getlist(name) for pair in text.replace(",", " ").split()]
        pairs = [*typed, *given.getlist(f"{name}-pair")]
        told |= {name: pairs} if pairs else {}
    for name, key in (("floor", "floor"), ("cap", "area_cap")):
        filled = [f"{field[len(name) + 1 :]}:{given[field]}" for field in given if field.startswith(f"{name}:")]
        filled = [text for text in filled if not text.endswith(":")]
        told |= {key: filled} if filled else {}
    return told


def asked_for(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Fields of the form that would make a plan with the inputs of this one."""
    fields = [
        ("budget", str(told["budget_idr"])),
        ("most", str(told["max_courses_per_mentor"])),
        ("risk", told["risk"]),
    ]
    for name in ("lock", "forbid"):
        fields += [(f"{name}-pair", f"{pair['mentor_id']}:{pair['course_id']}") for pair in told[f"{name}s"]]
    rules = told["rules"]
    fields += [("hours", str(rules["hours_per_mentor"]))] if rules["hours_per_mentor"] else []
    fields += [(f"floor:{row['district']}", str(row["places"])) for row in rules["floors"]]
    return fields + [(f"cap:{row['area']}", str(row["places"])) for row in rules["area_caps"]]


def named(fault: Refused, fields: Mapping[str, str] = FIELDS) -> Refused:
    """The refusal with the form's own name for its field."""
    field = fields.get(str(fault.where.values.get("option")))
    if field:
        fault.where = sentence("the field %(field)s", field=g.lang.text(field))
    return fault


@pages.get("/plans")
@needs(Permission.SEE_PLANS)
def plans() -> str:
    """The form that asks for a plan, and the stored ones."""
    tables = programme().snapshot()
    districts = sorted(set(tables["mentors"]["district"])) if reach().mentors is None else []
    areas = plain(tables.dataset.areas or programme().framework.areas)
    return page("plans.html", plans=plain(programme().plans())["plans"], districts=districts, areas=areas)


@pages.post("/plans")
@needs(Permission.MAKE_PLANS)
def make_plan() -> Response:
    """Make and store a plan, then show it."""
    again(plans)
    try:
        answer = programme().plan(**{"budget": "", **options(request.form)})
    except Refused as fault:
        raise named(fault) from fault
    return redirect(url_for("pages.plan", plan_id=answer["plan"]), 303)


@pages.get("/plans/<plan_id>")
@needs(Permission.SEE_PLANS)
def plan(plan_id: str) -> str:
    """One stored plan with the decisions on it; what was left out is grouped by reason."""
    answer = programme().show_plan(plan_id)
    whole = told_in_part(answer, user().districts)
    shown = {name: value for name, value in whole.items() if name != "left_out"}
    others = [row["plan"] for row in programme().plans()["plans"] if row["plan"] != answer["plan"]]
    left_out, told = plain(by_reason(seen(answer["left_out"]))), plain(shown)
    inputs = MultiDict(asked_for(told)).to_dict(flat=False)
    chosen, decided = ([(row["mentor_id"], row["course_id"]) for row in answer[of]] for of in ("choices", "decisions"))
    given = {"plan": told, "left_out": left_out, "others": others, "asked": inputs}
    return page(
        "plan.html", **given, known=len(answer["decisions"]), undecided=len(undecided(chosen, decided)), latest=latest
    )


@pages.post("/plans/<plan_id>/decisions")
@needs(Permission.DECIDE)
def decide(plan_id: str) -> Response:
    """Record a decision on a choice, under the user's name and role."""
    form, by = request.form, {"name": user().name, "role": str(user().role)}
    choice = form.get("choice", "")
    again(lambda: plan(plan_id), f"choice-{choice}")
    check_pair(choice)
    try:
        told = {"reason": form.get("reason", ""), "known": _known()}
        programme().decide_plan(plan_id, choice, form.get("decision", ""), **told, **by)
    except Refused as fault:
        raise named(fault) from fault
    return redirect(url_for("pages.plan", plan_id=plan_id) + f"#choice-{choice}", 303)


def _known() -> int | None:
    """How many decisions stood on the page from which this is sent; None where it does not say."""
    told = request.form.get("known", "")
    return int(told) if told.isdecimal() and len(told) <= _DIGITS else None


@pages.post("/plans/<plan_id>/approval")
@needs(Permission.APPROVE)
def approve(plan_id: str) -> Response:
    """Approve a plan for good; the box must have been ticked by hand."""
    again(lambda: plan(plan_id), "approve")
    if request.form.get("sure") != "yes":
        raise InputRefused(
            sentence("The plan is not approved: the box was not ticked."),
            where=sentence("the field %(field)s", field=g.lang.text("I have read the plan and approve it for good")),
            mend=sentence("Go back, tick the box, and approve again."),
        )
    programme().approve_plan(plan_id, name=user().name, role=str(user().role), known=_known())
    return redirect(url_for("pages.plan", plan_id=plan_id), 303)


@pages.get("/plans/<plan_id>/plan.<form>")
@needs(Permission.SEE_PLANS)
def plan_file(plan_id: str, form: str) -> Response:
    """A stored plan as a file, cut to what the user may see."""
    from service.plans import stored  # noqa: PLC0415 - serving waits for no planner

    if form not in FORMS:
        raise NotFound(sentence("file of this plan"), form)
    asked = programme()
    whole = asked.stored_plan(plan_id) if form == "json" else asked.show_plan(plan_id)
    answer = plain(told_in_part(whole, user().districts))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"plan.{form}"
        stored.write(answer, path, g.lang, letter_of(programme().framework.office))
        return download(path.read_bytes(), form, f"suluh-{g.lang.text('plan')}-{plan_id}")


@pages.get("/plans/compare")
@needs(Permission.SEE_PLANS)
def compare() -> str:
    """Two stored plans side by side."""
    again(plans)
    first, second = (request.args.get(name, "") for name in ("first", "second"))
    return page(
        "plan_compare.html", compared=comparison(part_of(programme().compare_plans(first, second), user().districts))
    )


def comparison(answer: Any) -> dict[str, Any]:
    """A comparison as a page shows it: lines of (what, first, second), choices added and dropped by course."""
    told: dict[str, Any] = plain(answer)
    by = {name: by_course(told[name]) for name in ("added", "dropped")}
    return {**told, **by, "lines": tell.lines(told, g.lang)}
