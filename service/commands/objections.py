"""The commands about objections: list, raise, answer."""

from typing import Any

import click

from service.commands.options import Ask, Group, asking, option
from service.commands.signing import role_of
from service.language import mark
from service.people.roles import MAY_RAISE, Permission
from service.printing import objections as tell

_SAID = option("--said", required=True, metavar=mark("TEXT"), help=mark("In your own words."))
_NAME = option("--name", required=True, metavar=mark("NAME"), help=mark("Your name."))
_RAISES, _ANSWERS = role_of(*MAY_RAISE), role_of(Permission.ANSWER)


@click.group(cls=Group, help=mark("What mentors object to or ask to be corrected, and how it was answered."))
def objection() -> None:
    """Objections."""


@objection.command("list", help=mark("Every objection with its answer, the oldest first."))
@option("--mentor", metavar="ID", help=mark("Of one mentor only."))
@asking()
def list_(ask: Ask, mentor: str | None) -> None:
    """All objections."""
    ask.answer(lambda programme: programme.objections(mentor=mentor), tell.listed)


@objection.command("raise", help=mark("Record what a mentor objects to; it stands until it is answered."))
@click.argument("mentor_id", metavar="ID")
@option("--kind", default="objection", metavar="objection|correction", help=mark("Which of the two it is."))
@option("--about", default="record", metavar="record|plan|match", help=mark("What it is about."))
@option("--source", metavar=mark("NUMBER"), help=mark("Number of the plan or matching."))
@option("--subject", metavar="ID", help=mark("The course or business in it."))
@_SAID
@_NAME
@_RAISES
@asking()
def raise_(ask: Ask, **told: Any) -> None:
    """A new objection."""
    ask.answer(lambda programme: programme.raise_objection(**told), tell.one)


@objection.command(help=mark("Answer an objection, once and for good."))
@click.argument("number", metavar=mark("NUMBER"))
@click.argument("outcome", metavar="upheld|refused|noted")
@_SAID
@_NAME
@_ANSWERS
@asking()
def answer(ask: Ask, number: str, **told: Any) -> None:
    """The answer to an objection."""
    ask.answer(lambda programme: programme.answer_objection(number, **told), tell.one)
