"""What can be asked of a plan before it is decided: what if, what a budget buys, which assessments to make first."""

from collections.abc import Callable
from typing import Any

from flask import g, request

from model.refusals import Refused
from service.guard import needs, user
from service.pages.frame import again, page, pages, plain, programme
from service.pages.pending import worked_out
from service.pages.plans import asked_for, comparison, named, options, plan, plans
from service.people.roles import Permission
from service.plans.words import told_in_part

WIDTH, HEIGHT, EDGE, LEFT, BELOW = 690, 280, 14, 106, 26
"""Size of the drawing of the budget curve and its margins, in its own units: above and right, left, below."""


@pages.get("/plans/<plan_id>/what-if")
@needs(Permission.SEE_PLANS)
def what_if(plan_id: str) -> str:
    """A stored plan with changes, as a simulation: nothing is stored."""
    again(lambda: plan(plan_id))
    try:
        answer = programme().plan_what_if(plan_id, **options(request.args))
    except Refused as fault:
        raise named(fault) from fault
    whole = told_in_part(answer, user().districts)
    shown = {name: value for name, value in whole.items() if name not in {"left_out", "gains"}}
    told = plain(shown)
    return page("what_if.html", plan=told, compared=comparison(answer["compare"]), asked=asked_for(told))


@pages.get("/plans/curve")
@needs(Permission.MAKE_PLANS)
def curve() -> str:
    """What budgets from a quarter to twice the one asked would bring, drawn and as a table."""
    title = g.lang.text("What budgets would bring")
    if "budget" not in request.args:
        return page("plan_ask.html", title=title)
    answer = _asked_of_plans("curve", programme().plan_curve)
    if answer is None:
        return page("waiting.html", title=title)
    answer = plain(answer)
    return page("plan_curve.html", curve=answer, drawing=drawing(answer["points"]), budget=answer["budget_idr"])


def _asked_of_plans(name: str, question: Callable[..., Any]) -> Any:
    """The answer to a question about the plans for a budget; None while it is being worked out."""
    given = {"budget": "", **options(request.args)}
    again(plans)
    try:
        return worked_out(name, given, lambda: question(**given))
    except Refused as fault:
        raise named(fault) from fault


def drawing(points: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The curve as an SVG's own numbers: line, band (90 % range) and dots; None where nothing can be drawn.

    The height is the extra turnover in rupiah where every plan has one (``money``), else the benefit, else the value;
    both axes begin at nought.
    """
    known = [point for point in points if point["value"] is not None]
    money = all(point["turnover_idr"] and point["turnover_idr"]["high"] for point in known)
    ranged = money or all(point["benefit"] and point["benefit"]["high"] for point in known)
    name = "turnover_idr" if money else "benefit"
    means, lows, highs = (
        [point[name][end] if ranged else point["value"] for point in known] for end in ("mean", "low", "high")
    )
    if not known or max(highs) <= 0:
        return None
    widest, tallest = max(point["budget_idr"] for point in known), max(highs)
    across = [_across(point["budget_idr"] / widest) for point in known]
    up = [[_up(max(value, 0) / tallest) for value in row] for row in (means, lows, highs)]
    dots = list(zip(across, up[0], strict=True))
    band = [*zip(across, up[2], strict=True), *reversed(list(zip(across, up[1], strict=True)))]
    return {
        "money": money,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "foot": HEIGHT - BELOW,
        "ticks": [(f"{_across(share):.1f}", share * widest) for share in (0, 0.25, 0.5, 0.75, 1)],
        "heights": [(f"{_up(share):.1f}", share * tallest) for share in (0, 0.5, 1)],
        "line": _points(dots),
        "band": _points(band) if ranged else "",
        "dots": [(f"{x:.1f}", f"{y:.1f}") for x, y in dots],
    }


def _across(share: float) -> float:
    return LEFT + (WIDTH - LEFT - EDGE) * share


def _up(share: float) -> float:
    return HEIGHT - BELOW - (HEIGHT - BELOW - EDGE) * share


def _points(pairs: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)


@pages.get("/plans/assess-first")
@needs(Permission.MAKE_PLANS)
def assess_first() -> str:
    """Which new assessments would most change the plan for a budget."""
    title = g.lang.text("Whom to assess first")
    if "budget" not in request.args:
        return page("plan_ask.html", title=title)
    answer = _asked_of_plans("assess-first", programme().assess_first)
    if answer is None:
        return page("waiting.html", title=title)
    return page("assess_first.html", answer=plain(answer))
