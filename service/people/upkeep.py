"""Keeping users and tokens: add, change, disable, new passwords, and the audit log as it is shown."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from data.store.accounts import Account, AccountDraft, TokenDraft
from data.store.store import Store
from model.refusals import InputRefused, NotFound, SignInRefused
from model.sentences import Sentence, sentence
from service.people.auth import begin, check_tries, digest, name_of, new_token
from service.people.passwords import RULES, check, hashed, holds, one_time
from service.people.roles import Role
from service.settings import Settings

FIRST = "admin"
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_LONGEST = 200
_DAYS = 90
_SECRET = "secret_key"  # noqa: S105 - the name of a setting


def add_user(  # noqa: PLR0913 - a user is described by all of it
    store: Store,
    settings: Settings,
    name: str,
    role: str,
    *,
    display_name: str = "",
    districts: Sequence[str] | None = None,
    mentor_id: str | None = None,
    password: str | None = None,
) -> dict[str, Any]:
    """Add a user; without ``password`` with a one-time one, which must be changed at the first log-in.

    Raises:
        InputRefused: a name, role, reach or password that cannot be used.
        StoreRefused: the name is taken.
    """
    who, shown, as_what = _name(name), _shown(display_name), _role(role)
    reach = _reach(store, as_what, districts, mentor_id)
    if password is not None:
        check(password, RULES[settings.password_rule], (who, shown))
    given = password or one_time()
    draft = AccountDraft(who, shown or who, as_what, hashed(given), password is None, **reach)
    made = _told(store.add_account(draft))
    return made if password is not None else made | {"one_time_password": given}


def _name(name: str) -> str:
    who = name_of(name)
    if not who:
        raise _unusable(
            sentence("The user has no name."),
            sentence("the user's name"),
            sentence("Take 2 to 64 letters a to z, digits, and . _ @ - between them."),
        )
    if not _NAME.fullmatch(who):
        raise _unusable(
            sentence("%(name)s cannot be the name of a user.", name=name[:80]),
            sentence("the user's name"),
            sentence("Take 2 to 64 letters a to z, digits, and . _ @ - between them."),
        )
    return who


def _shown(display_name: str) -> str:
    shown = " ".join(display_name.split())
    if len(shown) > _LONGEST or not shown.isprintable():
        raise _unusable(
            sentence("This name cannot be shown."),
            sentence("the name shown"),
            sentence("Take at most 200 letters that can be seen."),
        )
    return shown


def _unusable(what: Sentence, where: Sentence, mend: Sentence) -> InputRefused:
    return InputRefused(what, where=where, mend=mend)


def _role(given: str) -> Role:
    role = given.casefold()
    if role not in set(Role):
        raise _unusable(
            sentence("There is no role %(role)s.", role=role[:80]),
            sentence("the role"),
            sentence("Choose one of %(known)s.", known=", ".join(Role)),
        )
    return Role(role)


def _reach(store: Store, role: Role, districts: Sequence[str] | None, mentor_id: str | None) -> dict[str, Any]:
    """Districts and mentor of a user, checked against what is stored."""
    if mentor_id is not None and mentor_id not in (store.known() if store.version() else {}).get("mentors", ()):
        raise NotFound(sentence("mentor"), mentor_id)
    if role is Role.MENTOR and mentor_id is None:
        raise _unusable(
            sentence("A user with the role mentor sees the own record only; whose is not said."),
            sentence("the mentor of the user"),
            sentence("Name the mentor by its id."),
        )
    if role is Role.ADMIN and districts:
        raise _unusable(
            sentence("An administrator cannot be limited to districts."),
            sentence("the user's districts"),
            sentence("Leave the districts empty, or choose another role."),
        )
    named = None if districts is None else tuple(sorted({text for item in districts if (text := item.strip())}))
    return {"districts": named or None, "mentor_id": mentor_id if role is Role.MENTOR else None}


def _told(known: Account) -> dict[str, Any]:
    told = {"user": known.name, **{name: getattr(known, name) for name in ("display_name", "role", "mentor_id")}}
    reach = None if known.districts is None else list(known.districts)
    return told | {"districts": reach, "created_at": known.created_at, "disabled_at": known.disabled_at}


def add_first_admin(store: Store) -> dict[str, Any] | None:
    """The first administrator with a one-time password; None where there is a user already."""
    if store.accounts():
        return None
    given = one_time()
    made = store.add_first_account(AccountDraft(FIRST, FIRST, Role.ADMIN, hashed(given), must_change=True))
    return None if made is None else _told(made) | {"one_time_password": given}


def demo_users(store: Store, settings: Settings) -> Sequence[Mapping[str, Any]]:
    """One user a role, each with a new one-time password; whoever has changed theirs keeps it and is not named."""
    made = []
    mentor = min(store.known()["mentors"], default=None)
    for role in Role:
        known = store.account(role)
        if known is not None and known.must_change:
            made.append(reset_password(store, role))
        elif known is None and (role is not Role.MENTOR or mentor is not None):
            made.append(add_user(store, settings, role, role, mentor_id=mentor if role is Role.MENTOR else None))
    return made


def users(store: Store) -> dict[str, Any]:
    """Every user, without passwords."""
    return {"users": [_told(known) for known in store.accounts()]}


def change_user(
    store: Store, name: str, *, role: str, districts: Sequence[str] | None = None, mentor_id: str | None = None
) -> dict[str, Any]:
    """Give a user another role or reach."""
    as_what = _role(role)
    reach = _reach(store, as_what, districts, mentor_id)
    _keep_an_admin(store, name_of(name), stays=as_what is Role.ADMIN)
    return _told(store.change_account(name_of(name), "user.change", role=as_what, **reach))


def disable_user(store: Store, name: str, *, disabled: bool) -> dict[str, Any]:
    """Disable a user or enable one again."""
    _keep_an_admin(store, name_of(name), stays=not disabled)
    when = datetime.now(UTC) if disabled else None
    action = "user.disable" if disabled else "user.enable"
    return _told(store.change_account(name_of(name), action, disabled_at=when))


def _keep_an_admin(store: Store, name: str, *, stays: bool) -> None:
    admins = {known.name for known in store.accounts() if known.role == Role.ADMIN and known.disabled_at is None}
    if not stays and admins == {name}:
        raise _unusable(
            sentence("%(name)s is the last administrator.", name=name),
            sentence("the users"),
            sentence("Make another user an administrator first."),
        )


def reset_password(store: Store, name: str) -> dict[str, Any]:
    """A new one-time password."""
    given = one_time()
    return _told(_set(store, name_of(name), given, "user.reset", must_change=True)) | {"one_time_password": given}


def _set(store: Store, name: str, password: str, action: str, *, must_change: bool) -> Account:
    values = {"password_hash": hashed(password), "password_set_at": datetime.now(UTC), "must_change": must_change}
    return store.change_account(name, action, **values)


def change_own_password(
    store: Store, settings: Settings, key: str, old: str, new: str, again: str, *, address: str
) -> str:
    """Set the own password; tries with the old one count as tries to log in.

    Returns:
        The id of a new session: every former one has ended.

    Raises:
        RateRefused: too many tries.
        SignInRefused: the old password does not hold.
        InputRefused: the rule does not allow the new one, it is the old one, or was typed in two ways.
    """
    known = next((known for known in store.accounts() if f"user:{known.id}" == key), None)
    if known is None:
        raise NotFound(sentence("user"), key)
    check_tries(store, known.name, address)
    if not holds(known.password_hash, old):
        raise SignInRefused(
            sentence("The password in use is another one."),
            where=sentence("the field of the present password"),
            mend=sentence("Type the password with which you logged in."),
        )
    _check_new(known, old, new, again, settings)
    changed = _set(store, known.name, new, "user.password", must_change=False)
    return begin(store, changed)


def _check_new(known: Account, old: str, new: str, again: str, settings: Settings) -> None:
    if new != again:
        raise _unusable(
            sentence("The new password was typed in two ways."),
            sentence("the new password"),
            sentence("Type it twice alike."),
        )
    if new == old:
        raise _unusable(
            sentence("The new password is the old one."),
            sentence("the new password"),
            sentence("Take another one."),
        )
    check(new, RULES[settings.password_rule], (known.name, known.display_name))


def add_token(
    store: Store,
    *,
    role: str = Role.MANAGER,
    name: str = "",
    days: int | None = _DAYS,
    districts: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Make a token; the secret is in this answer and nowhere else."""
    as_what = _role(role)
    if as_what is Role.MENTOR:
        raise _unusable(
            sentence("A token cannot have the role mentor: it is tied to no person."),
            sentence("the role"),
            sentence("Choose another role."),
        )
    secret, now = new_token(), datetime.now(UTC)
    ends = None if days is None else now + timedelta(days=days)
    reach = _reach(store, as_what, districts, None)["districts"]
    made = store.add_token(TokenDraft(digest(secret), _shown(name) or as_what, as_what, reach, ends))
    return {"token": secret, "id": made.id, "name": made.name, "role": as_what, "expires_at": ends}


def tokens(store: Store) -> dict[str, Any]:
    """Every token, without its secret."""
    return {
        "tokens": [{name: value for name, value in vars(known).items() if name != "digest"} for known in store.tokens()]
    }


def audit(store: Store, *, actor: str, action: str, before: int | None, most: int) -> dict[str, Any]:
    """Rows of the log with the names that accounts and tokens have now, and the check of the chain.

    ``name``: of who did it; ``about``: of the account or token it was done to; None where they have none.
    """
    names = {f"user:{known.id}": known.name for known in store.accounts()}
    names |= {f"token:{known.id}": known.name for known in store.tokens()}
    shown = store.audit_entries(actor=actor, action=action, before=before, most=most)
    rows = [vars(e) | {"name": names.get(e.actor), "about": names.get(e.subject)} for e in shown]
    return {"entries": rows, "actions": store.audit_actions(), "check": vars(store.check_audit())}


def secret_key(store: Store) -> str:
    """The key by which forms are signed, made where there is none."""
    known = store.get(_SECRET)
    if known is None:
        store.put_once(_SECRET, secrets.token_urlsafe(32))
        known = store.get(_SECRET)
    return str(known)
