"""The commands of the intake desk: decide on its advice, list, show and withdraw decisions (the advice: match best)."""

from typing import Any

import click

from service.commands.options import Ask, Group, asking, option
from service.commands.signing import role_of
from service.language import mark
from service.people.roles import Permission
from service.printing import desk as tell

_NUMBER = click.argument("number", metavar=mark("NUMBER"))
_NAME = option("--name", required=True, metavar=mark("NAME"), help=mark("Name of who decides."))
_ROLE = role_of(Permission.DECIDE)


@click.group(cls=Group, help=mark("What was decided on the advice for businesses that come in now (match best)."))
def desk() -> None:
    """The intake desk."""


@desk.command(help=mark("Accept the advice for a business, take another mentor, or refuse it; recorded for good."))
@click.argument("decision", metavar="accept|change|refuse")
@option("--business", required=True, metavar="ID", help=mark("Id under which it is or will be registered."))
@option("--district", required=True, help=mark("District of the business."))
@option("--needs", default="", metavar="A,B", help=mark("Its problem codes, separated by commas."))
@option("--sector", help=mark("Its sector, where rules of sector are given."))
@option("--mentor", metavar="ID", help=mark("Whom it gets; leave out to refuse."))
@option("--mark", metavar=mark("MARK"), help=mark("Mark of the advice that you have seen: refused if it has changed."))
@option("--reason", default="", help=mark("Why; needed unless you accept."))
@_NAME
@_ROLE
@asking()
def decide(ask: Ask, decision: str, needs: str, **told: Any) -> None:
    """A decision."""
    codes = [code.strip() for code in needs.replace(";", ",").split(",") if code.strip()]
    ask.answer(lambda programme: programme.decide_desk(decision, needs=codes, **told), tell.one)


@desk.command("list", help=mark("Every decision of the desk, the newest first, and how it stands."))
@asking()
def list_(ask: Ask) -> None:
    """All decisions."""
    ask.answer(lambda programme: programme.desk_decisions(), tell.listed)


@desk.command(help=mark("A decision of the desk, with the advice as it was then."))
@_NUMBER
@asking()
def show(ask: Ask, number: str) -> None:
    """One decision."""
    ask.answer(lambda programme: programme.desk_decision(number), tell.whole)


@desk.command(help=mark("Withdraw a decision: the place is free again."))
@_NUMBER
@option("--reason", required=True, help=mark("Why it no longer holds."))
@_NAME
@_ROLE
@asking()
def withdraw(ask: Ask, number: str, **told: Any) -> None:
    """A decision withdrawn."""
    ask.answer(lambda programme: programme.withdraw_desk(number, **told), tell.one)
