"""Accounts of the people who use Suluh, their sessions, API tokens and tries to log in.

Every function that writes expects the caller's writing transaction; what changes an account is in the audit log in the
same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from data import failpoints
from data.store.audit import record
from data.store.schema_people import account, api_token, login_attempt, login_session
from model.refusals import InputRefused, NotFound
from model.sentences import sentence


@dataclass(frozen=True)
class AccountDraft:
    """An account to be made; ``districts``: None for the whole programme, ``mentor_id``: whose own record it sees."""

    name: str
    display_name: str
    role: str
    password_hash: str
    must_change: bool
    districts: tuple[str, ...] | None = None
    mentor_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Account(AccountDraft):
    """An account; moments are UTC."""

    id: int
    password_set_at: datetime
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True)
class Session:
    """A log-in that stands, and the account it belongs to."""

    account: Account
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class TokenDraft:
    """A token to be recorded; ``digest``: SHA-256 of the token, which itself is kept nowhere."""

    digest: str
    name: str
    role: str
    districts: tuple[str, ...] | None
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Token(TokenDraft):
    """A recorded token; moments are UTC."""

    id: int
    created_at: datetime
    revoked_at: datetime | None = None


def add_account(connection: sa.Connection, draft: AccountDraft, now: datetime) -> Account:
    """Append an account under the next number.

    Raises:
        InputRefused: the name is taken.
    """
    if find_account(connection, draft.name) is not None:
        raise InputRefused(
            sentence("There is a user %(name)s already.", name=draft.name),
            where=sentence("the users"),
            mend=sentence("Give another name, or change that user on the page Admin."),
        )
    number = _next(connection, account)
    made = Account(**vars(draft), id=number, password_set_at=now, created_at=now)
    connection.execute(sa.insert(account).values(_stored(vars(made))))
    record(connection, "user.add", f"user:{number}", role=draft.role)
    return made


def _next(connection: sa.Connection, table: sa.Table) -> int:
    return int(connection.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    held = dict(values)
    if held.get("districts") is not None:
        held["districts"] = list(held["districts"])
    return held


def _account(row: Mapping[str, Any] | RowMapping) -> Account:
    return Account(**{**row, "districts": _tuple(row["districts"])})


def _tuple(kept: list[str] | None) -> tuple[str, ...] | None:
    return None if kept is None else tuple(kept)


def find_account(connection: sa.Connection, name: str) -> Account | None:
    """The account of that name, or None."""
    row = connection.execute(sa.select(account).where(account.c.name == name)).mappings().one_or_none()
    return None if row is None else _account(row)


def all_accounts(connection: sa.Connection) -> list[Account]:
    """Every account in the order made."""
    return [_account(row) for row in connection.execute(sa.select(account).order_by(account.c.id)).mappings()]


def change_account(connection: sa.Connection, name: str, action: str, **values: Any) -> Account:
    """Change an account and end all its sessions.

    Args:
        connection: in a writing transaction.
        name: of the account.
        action: what the audit log calls it.
        values: columns and what they become.

    Raises:
        NotFound: there is no such account.
    """
    known = find_account(connection, name)
    if known is None:
        raise NotFound(sentence("user"), name)
    connection.execute(sa.update(account).where(account.c.id == known.id).values(_stored(values)))
    connection.execute(sa.delete(login_session).where(login_session.c.account == known.id))
    failpoints.reach("account")
    told = {key: values[key] for key in ("role", "districts", "mentor_id") if key in values}
    record(connection, action, f"user:{known.id}", **told)
    changed = find_account(connection, name)
    assert changed is not None
    return changed


def start_session(connection: sa.Connection, digest: str, of: Account, now: datetime) -> None:
    """Append a session of an account."""
    row = {"digest": digest, "account": of.id, "created_at": now, "seen_at": now}
    connection.execute(sa.insert(login_session).values(row))
    record(connection, "login", f"user:{of.id}")


def find_session(connection: sa.Connection, digest: str) -> Session | None:
    """The session of that digest with its account, or None."""
    query = sa.select(account, login_session.c.created_at.label("began"), login_session.c.seen_at).join(
        login_session, login_session.c.account == account.c.id
    )
    row = connection.execute(query.where(login_session.c.digest == digest)).mappings().one_or_none()
    if row is None:
        return None
    held = {name: value for name, value in row.items() if name not in {"began", "seen_at"}}
    return Session(_account(held), row["began"], row["seen_at"])


def see_session(connection: sa.Connection, digest: str, now: datetime) -> None:
    """Record that a session was used."""
    connection.execute(sa.update(login_session).where(login_session.c.digest == digest).values(seen_at=now))


def end_session(connection: sa.Connection, digest: str) -> None:
    """Remove a session; nothing happens where there is none."""
    known = find_session(connection, digest)
    if known is not None:
        connection.execute(sa.delete(login_session).where(login_session.c.digest == digest))
        record(connection, "logout", f"user:{known.account.id}")


def add_token(connection: sa.Connection, draft: TokenDraft, now: datetime) -> Token:
    """Append a token under the next number."""
    made = Token(**vars(draft), id=_next(connection, api_token), created_at=now)
    connection.execute(sa.insert(api_token).values(_stored(vars(made))))
    record(connection, "token.add", f"token:{made.id}", role=draft.role)
    return made


def find_token(connection: sa.Connection, digest: str) -> Token | None:
    """The token of that digest, or None."""
    row = connection.execute(sa.select(api_token).where(api_token.c.digest == digest)).mappings().one_or_none()
    return None if row is None else Token(**{**row, "districts": _tuple(row["districts"])})


def all_tokens(connection: sa.Connection) -> list[Token]:
    """Every token in the order made."""
    rows = connection.execute(sa.select(api_token).order_by(api_token.c.id)).mappings()
    return [Token(**{**row, "districts": _tuple(row["districts"])}) for row in rows]


def revoke_token(connection: sa.Connection, number: int, now: datetime) -> None:
    """Make a token unusable for good.

    Raises:
        NotFound: there is no such token.
    """
    if connection.scalar(sa.select(api_token.c.id).where(api_token.c.id == number)) is None:
        raise NotFound(sentence("token"), str(number))
    still = sa.update(api_token).where(api_token.c.id == number, api_token.c.revoked_at.is_(None))
    if connection.execute(still.values(revoked_at=now)).rowcount:
        record(connection, "token.revoke", f"token:{number}")


def try_login(
    connection: sa.Connection, limits: Mapping[str, int], now: datetime, window: timedelta
) -> datetime | None:
    """Count a try to log in under each key, unless a key has used up its tries.

    Args:
        connection: in a writing transaction, so that processes count one after the other.
        limits: tries allowed within the window, by key.
        now: this moment.
        window: how long a try counts.

    Returns:
        None where the try may go on; else the moment from which there will be one again.
    """
    connection.execute(sa.delete(login_attempt).where(login_attempt.c.tried_at <= now - window))
    for key, most in limits.items():
        tried = sa.select(login_attempt.c.tried_at).where(login_attempt.c.key == key)
        held = list(connection.scalars(tried.order_by(login_attempt.c.tried_at.desc()).limit(most)))
        if len(held) == most:
            earliest: datetime = held[-1]
            return earliest + window
    connection.execute(sa.insert(login_attempt), [{"key": key, "tried_at": now} for key in limits])
    return None


def forget_tries(connection: sa.Connection, key: str) -> None:
    """Forget the tries under a key, after one that succeeded."""
    connection.execute(sa.delete(login_attempt).where(login_attempt.c.key == key))
