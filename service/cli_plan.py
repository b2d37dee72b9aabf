"""The commands about plans that are there: list, show, compare, decide, approve; and review."""

from typing import Any

import click

from service import printing_plan
from service.language import mark
from service.options import Ask, Command, asking, option

_ID = click.argument("plan_id", metavar="ID")
_NAME = option("--name", required=True, metavar=mark("NAME"), help=mark("Name of who decides."))
_ROLE = option("--role", required=True, metavar=mark("ROLE"), help=mark("Role of who decides."))


@click.command("list", cls=Command, help=mark("Every stored plan, the newest first, and which are approved."))
@asking()
def list_(ask: Ask) -> None:
    """The stored plans."""
    ask.answer(lambda programme: programme.plans(), printing_plan.listed)


@click.command(cls=Command, help=mark("A stored plan: its choices, its status, who approved it, every decision."))
@_ID
@asking()
def show(ask: Ask, plan_id: str) -> None:
    """A stored plan."""
    ask.answer(lambda programme: programme.show_plan(plan_id), printing_plan.shown)


@click.command(cls=Command, help=mark("What differs between two stored plans: inputs, choices, cost, benefit."))
@click.argument("first", metavar="ID")
@click.argument("second", metavar="ID")
@asking()
def compare(ask: Ask, first: str, second: str) -> None:
    """Two plans side by side."""
    ask.answer(lambda programme: programme.compare_plans(first, second), printing_plan.compared)


@click.command(cls=Command, help=mark("Record what you decide about one choice of a plan: accept, change or refuse."))
@_ID
@click.argument("choice", metavar="M:C")
@click.argument("decision", type=click.Choice(["accept", "change", "refuse"]))
@_NAME
@_ROLE
@option("--reason", default="", help=mark("Why; needed unless you accept."))
@asking()
def decide(ask: Ask, plan_id: str, choice: str, decision: str, **told: Any) -> None:
    """A decision on a choice."""
    ask.answer(lambda programme: programme.decide_plan(plan_id, choice, decision, **told), printing_plan.decided)


@click.command(cls=Command, help=mark("Approve a plan: it never changes again, and its predictions are kept."))
@_ID
@_NAME
@_ROLE
@asking()
def approve(ask: Ask, plan_id: str, **told: Any) -> None:
    """An approval."""
    ask.answer(lambda programme: programme.approve_plan(plan_id, **told), printing_plan.approved)


@click.command(cls=Command, help=mark("How the predictions of approved plans held: growth, scores, each plan's sum."))
@asking(as_of=True)
def review(ask: Ask) -> None:
    """Past promises."""
    ask.answer(lambda programme: programme.review(as_of=ask.as_of), printing_plan.reviewed)


PLAN = (list_, show, compare, decide, approve)
"""Commands of the group ``plan``."""
