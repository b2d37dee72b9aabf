"""The commands about who uses Suluh: users, tokens, and the audit log."""

from pathlib import Path
from typing import Any

import click

from model.refusals import InputRefused
from model.sentences import sentence
from service.commands.options import DONE, REFUSED, Ask, Command, Group, asking, option
from service.language import mark
from service.printing import people as tell

ROLES = ("operator", "verifier", "manager", "hr", "analyst", "mentor", "head", "admin")
"""service.people.roles.Role, named here because --help may not wait for it."""
_ROLE = click.Choice(ROLES, case_sensitive=False)
_NAME = click.argument("name", metavar="NAME")
_DISTRICT = option(
    "--district",
    "districts",
    multiple=True,
    metavar=mark("DISTRICT"),
    help=mark("Only this district; may be repeated."),
)


@click.group(cls=Group, help=mark("The people who may log in."))
def user() -> None:
    """Users."""


@user.command("add", cls=Command, help=mark("Add a user; a one-time password is printed once."))
@_NAME
@option("--role", type=_ROLE, required=True, help=mark("What the person is in the office."))
@option("--display-name", default="", metavar=mark("NAME"), help=mark("Name that pages and records show."))
@_DISTRICT
@option("--mentor", "mentor_id", metavar="ID", help=mark("The mentor whose own record a user with role mentor sees."))
@asking(begins=True)
def user_add(ask: Ask, name: str, districts: tuple[str, ...], **told: Any) -> None:
    """A new user."""
    reach = districts or None
    ask.answer(lambda programme: programme.add_user(name, districts=reach, **told), tell.user)


@user.command("list", cls=Command, help=mark("Every user and role."))
@asking()
def user_list(ask: Ask) -> None:
    """The users."""
    ask.answer(lambda programme: programme.users(), tell.users)


@user.command("reset", cls=Command, help=mark("Give a user a new one-time password, printed once; log-ins end."))
@_NAME
@asking()
def user_reset(ask: Ask, name: str) -> None:
    """A new password."""
    ask.answer(lambda programme: programme.reset_password(name), tell.user)


@user.command("disable", cls=Command, help=mark("Let a user log in no longer; log-ins end at once."))
@_NAME
@asking()
def user_disable(ask: Ask, name: str) -> None:
    """A user shut out."""
    ask.answer(lambda programme: programme.disable_user(name), tell.user)


@user.command("enable", cls=Command, help=mark("Let a disabled user log in again."))
@_NAME
@asking()
def user_enable(ask: Ask, name: str) -> None:
    """A user let in again."""
    ask.answer(lambda programme: programme.disable_user(name, disabled=False), tell.user)


@click.group(cls=Group, help=mark("Tokens with which programs use the API."))
def token() -> None:
    """Tokens."""


@token.command("add", cls=Command, help=mark("Make a token for the API; it is printed once."))
@option("--role", type=_ROLE, default="manager", help=mark("What the token may do."))
@option("--name", default="", metavar=mark("NAME"), help=mark("What it is for."))
@option("--days", type=click.IntRange(1, 3660), default=90, help=mark("Days until it ends."))
@_DISTRICT
@asking(begins=True)
def token_add(ask: Ask, districts: tuple[str, ...], **told: Any) -> None:
    """A new token."""
    ask.answer(lambda programme: programme.add_token(districts=districts or None, **told), tell.token)


@token.command("list", cls=Command, help=mark("Every token, without its secret."))
@asking()
def token_list(ask: Ask) -> None:
    """The tokens."""
    ask.answer(lambda programme: programme.tokens(), tell.tokens)


@token.command("revoke", cls=Command, help=mark("Make a token unusable for good."))
@click.argument("number", metavar="ID", type=click.IntRange(1))
@asking()
def token_revoke(ask: Ask, number: int) -> None:
    """A token withdrawn."""
    ask.answer(lambda programme: programme.revoke_token(number), tell.revoked)


@click.command(cls=Command, help=mark("The audit log, the newest first, and whether every row is as it was written."))
@option("--actor", default="", metavar="user:N", help=mark("Only rows of this actor."))
@option("--action", default="", help=mark("Only rows of this kind."))
@option("--most", type=click.IntRange(1, 100_000), default=100, help=mark("At most so many rows."))
@asking()
def audit(ask: Ask, **told: Any) -> int:
    """The audit log."""
    answer = ask.answer(lambda programme: programme.audit(**told), tell.audit)
    return DONE if answer["check"]["broken"] is None else REFUSED


_FILE = click.argument("file", metavar=mark("FILE"), type=click.Path(path_type=Path, dir_okay=False))


@click.command(cls=Command, help=mark("Write data, models, users and settings to one file, with digests."))
@_FILE
@asking()
def backup(ask: Ask, file: Path) -> None:
    """A backup."""
    ask.answer(lambda programme: programme.backup(file), tell.backup)


@click.command(cls=Command, help=mark("Bring a backup back into an empty home; whole or not at all."))
@_FILE
@asking(begins=True)
def restore(ask: Ask, file: Path) -> None:
    """A backup brought back."""
    ask.answer(lambda programme: programme.restore(file), tell.restored)


@click.group(cls=Group, help=mark("Requests of persons about their own data: a copy, and erasure."))
def person() -> None:
    """Personal data."""


_KIND = click.argument("kind", type=click.Choice(["mentor", "business"]))
_ID = click.argument("subject", metavar="ID")


@person.command("copy", cls=Command, help=mark("All that is held of a mentor or business, as JSON."))
@_KIND
@_ID
@asking()
def person_copy(ask: Ask, kind: str, subject: str) -> None:
    """A copy of a person's data."""
    ask.answer(lambda programme: programme.personal_copy(kind, subject), tell.copied)


@person.command(
    "erase", cls=Command, help=mark("Erase name, phone, NIK and the like of a mentor or business from every version.")
)
@_KIND
@_ID
@option("--request", default="", metavar=mark("NUMBER"), help=mark("Number of the letter that asks for it."))
@option("--yes", is_flag=True, help=mark("Yes, erase: it cannot be undone."))
@asking()
def person_erase(ask: Ask, kind: str, subject: str, request: str, *, yes: bool) -> None:
    """An erasure."""
    if not yes:
        raise InputRefused(
            sentence("An erasure cannot be undone."),
            where=sentence("the option %(option)s", option="--yes"),
            mend=sentence("Look at the copy first (person copy), then give --yes."),
        )
    ask.answer(lambda programme: programme.erase_person(kind, subject, request=request), tell.erased)


COMMANDS = (user, token, audit, backup, restore, person)
"""Commands of this file, at the top."""
