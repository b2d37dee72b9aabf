"""The commands about plans that are there: list, show, compare, decide, approve; and review."""

from pathlib import Path
from typing import Any

import click

from service.commands.options import Ask, Command, asking, option
from service.commands.signing import role_of
from service.language import mark
from service.people.roles import Permission
from service.printing import around_plans as tell_around
from service.printing import plans as tell

_ID = click.argument("plan_id", metavar="ID")
_NAME = option("--name", required=True, metavar=mark("NAME"), help=mark("Name of who decides."))
_DECIDES, _APPROVES = role_of(Permission.DECIDE), role_of(Permission.APPROVE)


def limits(function: Any) -> Any:
    """The options of further limits."""
    for add in (
        option("--area-cap", multiple=True, metavar="AREA:N", help=mark("At most N places in the area.")),
        option("--floor", multiple=True, metavar="DISTRICT:N", help=mark("At least N places for mentors there.")),
        option("--hours-per-mentor", "hours", metavar="JP", help=mark("Most JP of courses for one mentor.")),
    ):
        function = add(function)
    return function


@click.command("list", cls=Command, help=mark("Every stored plan, the newest first, and which are approved."))
@asking()
def list_(ask: Ask) -> None:
    """The stored plans."""
    ask.answer(lambda programme: programme.plans(), tell.listed)


@click.command(cls=Command, help=mark("A stored plan: its choices, its status, who approved it, every decision."))
@_ID
@option("--out", type=click.Path(path_type=Path), help=mark("Also write it to F.xlsx, F.pdf or F.json."))
@asking()
def show(ask: Ask, plan_id: str, out: Path | None) -> None:
    """A stored plan."""
    ask.answer(lambda programme: programme.show_plan(plan_id, out=out), tell.shown)


@click.command(cls=Command, help=mark("What differs between two stored plans: inputs, choices, cost, benefit."))
@click.argument("first", metavar="ID")
@click.argument("second", metavar="ID")
@asking()
def compare(ask: Ask, first: str, second: str) -> None:
    """Two plans side by side."""
    ask.answer(lambda programme: programme.compare_plans(first, second), tell.compared)


@click.command(cls=Command, help=mark("Record what you decide about one choice of a plan: accept, change or refuse."))
@_ID
@click.argument("choice", metavar="M:C")
@click.argument("decision", type=click.Choice(["accept", "change", "refuse"]))
@_NAME
@_DECIDES
@option("--reason", default="", help=mark("Why; needed unless you accept."))
@asking()
def decide(ask: Ask, plan_id: str, choice: str, decision: str, **told: Any) -> None:
    """A decision on a choice."""
    ask.answer(lambda programme: programme.decide_plan(plan_id, choice, decision, **told), tell.decided)


@click.command(cls=Command, help=mark("Approve a plan: it never changes again, and its predictions are kept."))
@_ID
@_NAME
@_APPROVES
@asking()
def approve(ask: Ask, plan_id: str, **told: Any) -> None:
    """An approval."""
    ask.answer(lambda programme: programme.approve_plan(plan_id, **told), tell.approved)


@click.command(cls=Command, help=mark("How the predictions of approved plans held: growth, scores, each plan's sum."))
@asking(as_of=True)
def review(ask: Ask) -> None:
    """Past promises."""
    ask.answer(lambda programme: programme.review(as_of=ask.as_of), tell.reviewed)


_BUDGET = option("--budget", required=True, metavar="IDR", help=mark("Rupiah to spend, for example 250000000."))


def _limited(function: Any) -> Any:
    """The options that every plan takes beside its budget."""
    for add in (
        limits,
        option("--forbid", multiple=True, metavar="M:C", help=mark("Mentor M must not get course C.")),
        option("--lock", multiple=True, metavar="M:C", help=mark("Mentor M must get course C.")),
    ):
        function = add(function)
    return function


def _valued(function: Any) -> Any:
    """Courses per mentor and risk, with a plan's defaults."""
    most = option(
        "--max-courses-per-mentor",
        "most",
        type=click.IntRange(1),
        default=2,
        help=mark("Most courses one mentor may get."),
    )
    risk = option(
        "--risk",
        type=click.Choice(["mean", "cautious"]),
        default="mean",
        help=mark("Value choices by the mean or cautiously."),
    )
    return most(risk(function))


@click.command(cls=Command, help=mark("Benefit against budget, and what one more seat or 10 percent more would buy."))
@_BUDGET
@option("--point", "budgets", multiple=True, metavar="IDR", help=mark("A budget to look at; may be given again."))
@_valued
@_limited
@asking(as_of=True)
def curve(ask: Ask, **given: Any) -> None:
    """The budget curve."""
    ask.answer(lambda programme: programme.plan_curve(as_of=ask.as_of, **given), tell_around.curve)


@click.command("what-if", cls=Command, help=mark("A stored plan with changes, as a simulation: nothing is stored."))
@_ID
@option("--budget", metavar="IDR", help=mark("Rupiah to spend, for example 250000000."))
@option("--max-courses-per-mentor", "most", type=click.IntRange(1), help=mark("Most courses one mentor may get."))
@option("--risk", type=click.Choice(["mean", "cautious"]), help=mark("Value choices by the mean or cautiously."))
@_limited
@option("--free", multiple=True, metavar="M:C", help=mark("Neither lock nor forbid course C for mentor M any more."))
@option("--seats", multiple=True, metavar="C:N", help=mark("Course C would have N seats."))
@asking()
def what_if(ask: Ask, plan_id: str, **given: Any) -> None:
    """A simulation."""
    ask.answer(lambda programme: programme.plan_what_if(plan_id, **given), tell_around.what_if)


@click.command("assess-first", cls=Command, help=mark("Which new assessments would be worth most to the plan."))
@_BUDGET
@_valued
@_limited
@asking(as_of=True)
def assess_first(ask: Ask, **given: Any) -> None:
    """Assessments advised."""
    ask.answer(lambda programme: programme.assess_first(as_of=ask.as_of, **given), tell_around.assessments)


PLAN = (list_, show, compare, decide, approve, curve, what_if, assess_first)
"""Commands of the group ``plan``."""
