"""Log-in: tries are counted before any password is hashed; sessions and tokens are random and kept as digests only."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from data.store.accounts import Account, Session, Token
from data.store.store import Store
from model.refusals import RateRefused, SignInRefused
from model.sentences import Number, sentence
from service.people.passwords import Rule, expired, holds, nobodys
from service.people.roles import Actor, Role

WINDOW = timedelta(minutes=15)
TRIES_OF_NAME, TRIES_OF_ADDRESS = 10, 60
"""Tries within the window for one name (from wherever) and from one address (for whatever names): ASVS 5.0, V6.3.1."""
SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is written at most so often, so that looking at pages writes little."""
_TOKEN = "suluh_"  # noqa: S105 - the visible beginning of every token, no secret


def digest(secret: str) -> str:
    """SHA-256 of a random id; without salt, because the id itself holds 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_session_id() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """The same, with a beginning by which a leaked one is recognised."""
    return _TOKEN + secrets.token_urlsafe(32)


def name_of(typed: str) -> str:
    """A user name as it is stored: small letters, no space around it."""
    return typed.strip().casefold()


def log_in(store: Store, name: str, password: str, *, address: str, former: str | None = None) -> str:
    """Check name and password and begin a session under a new id.

    Args:
        store: of the installation.
        name: as typed.
        password: as typed.
        address: from which it comes.
        former: the session id that came with it, which ends.

    Returns:
        The id of the new session.

    Raises:
        RateRefused: too many tries for this name or from this address; nothing was hashed.
        SignInRefused: name or password do not hold, or the user is disabled: the same words in each case.
    """
    who = name_of(name)
    check_tries(store, who, address)
    known = store.account(who)
    good = holds(nobodys() if known is None else known.password_hash, password)
    if known is None or not good or known.disabled_at is not None:
        store.record("login.failed", "" if known is None else f"user:{known.id}")
        raise SignInRefused(
            sentence("Name and password do not belong together."),
            where=sentence("the log-in"),
            mend=sentence("Type both again; whoever administers Suluh here can give you a new password."),
        )
    return begin(store, known, former)


def begin(store: Store, known: Account, former: str | None = None) -> str:
    """Begin a session of an account that has proved itself; tries under its name count no more."""
    session = new_session_id()
    store.start_session(digest(session), known, ending=None if former is None else digest(former))
    store.forget_tries(_key(known.name))
    return session


def _key(name: str) -> str:
    return f"name:{digest(name)}"


def check_tries(store: Store, name: str, address: str) -> None:
    """Count a try under a stored user name and an address, before anything is hashed.

    Raises:
        RateRefused: one of them has used up its tries.
    """
    again = store.try_login({_key(name): TRIES_OF_NAME, f"address:{digest(address)}": TRIES_OF_ADDRESS}, WINDOW)
    if again is None:
        return
    minutes = max(1, -(-int((again - datetime.now(UTC)).total_seconds()) // 60))
    raise RateRefused(
        sentence("There were too many tries to log in."),
        where=sentence("the log-in"),
        mend=sentence("Wait %(minutes)s minutes, then try again.", minutes=Number(minutes)),
    )


def standing(session: Session, now: datetime, *, idle: timedelta, longest: timedelta) -> bool:
    """Whether a session still holds: used within ``idle``, begun within ``longest``, its account not disabled."""
    fresh = now - session.seen_at < idle and now - session.created_at < longest
    return fresh and session.account.disabled_at is None


def actor_of(account: Account, rule: Rule, now: datetime) -> Actor:
    """Who acts in a session of this account."""
    return Actor(
        key=f"user:{account.id}",
        name=account.display_name or account.name,
        role=Role(account.role),
        districts=None if account.districts is None else frozenset(account.districts),
        mentor_id=account.mentor_id,
        must_change=account.must_change or expired(rule, account.password_set_at, now),
    )


def actor_of_token(token: Token | None, now: datetime) -> Actor | None:
    """Who acts with a token; None where it is unknown, revoked or past its day."""
    if token is None or token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= now):
        return None
    reach = None if token.districts is None else frozenset(token.districts)
    return Actor(key=f"token:{token.id}", name=token.name, role=Role(token.role), districts=reach)
