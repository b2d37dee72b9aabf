"""The commands about matchings: make one, list, show, make again, approve, publish, decline, the best mentor."""

from pathlib import Path
from typing import Any

import click

from service.commands.options import Ask, Group, asking, option
from service.commands.signing import role_of
from service.language import mark
from service.people.roles import Permission
from service.printing import matches as tell

_ID = click.argument("match_id", metavar="ID")
_NAME = option("--name", required=True, metavar=mark("NAME"), help=mark("Name of who decides."))
_DECIDES, _APPROVES = role_of(Permission.DECIDE), role_of(Permission.APPROVE)
_OUT = option(
    "--out", type=click.Path(path_type=Path), help=mark("Also write the matching to a file: .xlsx, .pdf or .json.")
)


@click.group(
    "match",
    cls=Group,
    invoke_without_command=True,
    help=mark("Which business to give to which mentor, and why."),
)
@option(
    "--pool",
    type=click.Choice(["new", "all"]),
    default="new",
    help=mark("Businesses without a mentor, or all of them anew."),
)
@option("--keep", type=float, default=0.02, help=mark("What keeping a present pair is worth, log points (pool all)."))
@option(
    "--balance",
    type=float,
    default=0.0,
    help=mark("What a place beyond a mentor's fair share costs, log points (0: no balance)."),
)
@option("--lock", multiple=True, metavar="B:M", help=mark("Business B must go to mentor M."))
@option("--forbid", multiple=True, metavar="B:M", help=mark("Business B must not go to mentor M."))
@option("--without", multiple=True, metavar="M", help=mark("Mentor M takes nobody."))
@option(
    "--rules",
    type=click.Path(path_type=Path),
    help=mark("A TOML file of rules of sector and language, in place of those of the framework file."),
)
@_OUT
@asking(as_of=True)
def match(ask: Ask, **given: Any) -> None:
    """The matching."""
    if click.get_current_context().invoked_subcommand is None:
        ask.answer(lambda programme: programme.match(as_of=ask.as_of, **given), tell.matched)


@match.command("list", help=mark("Every stored matching, the newest first, and which are approved or published."))
@asking()
def list_(ask: Ask) -> None:
    """The stored matchings."""
    ask.answer(lambda programme: programme.matches(), tell.listed)


@match.command(help=mark("A stored matching: its pairs, its status, every decision on it."))
@_ID
@_OUT
@asking()
def show(ask: Ask, match_id: str, out: Path | None) -> None:
    """A stored matching."""
    ask.answer(lambda programme: programme.show_match(match_id, out=out), tell.shown)


@match.command(help=mark("Make a stored matching again from what it was made of: the same bytes."))
@_ID
@asking()
def rerun(ask: Ask, match_id: str) -> None:
    """A stored matching, made again."""
    ask.answer(lambda programme: programme.rerun_match(match_id), tell.matched)


@match.command(help=mark("Approve a matching: it never changes again, and its predictions are kept."))
@_ID
@_NAME
@_APPROVES
@asking()
def approve(ask: Ask, match_id: str, **told: Any) -> None:
    """An approval."""
    ask.answer(lambda programme: programme.approve_match(match_id, **told), tell.approved)


@match.command(help=mark("Make an approved matching known."))
@_ID
@_NAME
@_APPROVES
@asking()
def publish(ask: Ask, match_id: str, **told: Any) -> None:
    """A publication."""
    ask.answer(lambda programme: programme.publish_match(match_id, **told), tell.published)


@match.command(
    help=mark("Decline a pair, or all pairs of a mentor who leaves, and match the rest with the fewest moves.")
)
@_ID
@click.argument("pairs", nargs=-1, required=True, metavar="B:M|M…")
@_NAME
@_DECIDES
@option("--reason", required=True, help=mark("Why it is declined."))
@asking()
def decline(ask: Ask, match_id: str, pairs: tuple[str, ...], **told: Any) -> None:
    """The rest, matched anew."""
    ask.answer(lambda programme: programme.decline_pair(match_id, *pairs, **told), tell.declined)


@match.command(help=mark("The best mentors with a free place for one business that comes in now."))
@option("--district", required=True, help=mark("District of the business."))
@option("--needs", default="", metavar="A,B", help=mark("Its problem codes, separated by commas."))
@option("--sector", help=mark("Its sector, where rules of sector are given."))
@asking(as_of=True)
def best(ask: Ask, district: str, needs: str, sector: str | None) -> None:
    """The intake desk."""
    codes = [code.strip() for code in needs.replace(";", ",").split(",") if code.strip()]
    ask.answer(
        lambda programme: programme.best_mentor(district=district, needs=codes, sector=sector, as_of=ask.as_of),
        tell.best,
    )
