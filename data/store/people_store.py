"""What the store keeps of the people who use Suluh: a part of :class:`data.store.store.Store`, in a file of its own."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from data.store import accounts, archive, audit, erasing
from data.store.accounts import Account, AccountDraft, Session, Token, TokenDraft
from data.store.archive import Dump
from data.store.audit import ChainCheck, Entry
from data.store.engine import reading, sweep, writing
from data.store.erasing import Erasure
from data.store.marks import Held

T = TypeVar("T")


class PeopleStore:
    """Accounts, sessions, tokens and the audit log; every method is a transaction of its own."""

    _engine: sa.Engine
    _held: Held

    def add_account(self, draft: AccountDraft) -> Account:
        """Add an account.

        Raises:
            StoreRefused: the name is taken.
        """
        with writing(self._engine) as connection:
            return accounts.add_account(connection, draft, datetime.now(UTC))

    def add_first_account(self, draft: AccountDraft) -> Account | None:
        """Add an account where there is none at all; None where there is one, whichever process made it."""
        with writing(self._engine) as connection:
            if accounts.all_accounts(connection):
                return None
            return accounts.add_account(connection, draft, datetime.now(UTC))

    def account(self, name: str) -> Account | None:
        """The account of that name, or None."""
        with reading(self._engine) as connection:
            return accounts.find_account(connection, name)

    def accounts(self) -> list[Account]:
        """Every account in the order made."""
        with reading(self._engine) as connection:
            return accounts.all_accounts(connection)

    def change_account(self, name: str, action: str, **values: Any) -> Account:
        """Change an account, end its sessions, and say so in the audit log under ``action``.

        Raises:
            NotFound: there is no such account.
        """
        with writing(self._engine) as connection:
            return accounts.change_account(connection, name, action, **values)

    def start_session(self, digest: str, of: Account, *, ending: str | None = None) -> None:
        """Begin a session of an account, ending the one of digest ``ending``."""
        with writing(self._engine) as connection:
            if ending is not None:
                accounts.end_session(connection, ending)
            accounts.start_session(connection, digest, of, datetime.now(UTC))

    def session(self, digest: str) -> Session | None:
        """The session of that digest, or None."""
        return self._held.get(("session", digest), lambda: self._find(accounts.find_session, digest))

    def see_session(self, digest: str) -> None:
        """Record that a session was used now."""
        with writing(self._engine) as connection:
            accounts.see_session(connection, digest, datetime.now(UTC))

    def end_session(self, digest: str) -> None:
        """End a session; nothing happens where there is none."""
        with writing(self._engine) as connection:
            accounts.end_session(connection, digest)

    def add_token(self, draft: TokenDraft) -> Token:
        """Add an API token."""
        with writing(self._engine) as connection:
            return accounts.add_token(connection, draft, datetime.now(UTC))

    def token(self, digest: str) -> Token | None:
        """The token of that digest, or None."""
        return self._held.get(("token", digest), lambda: self._find(accounts.find_token, digest))

    def _find(self, find: Callable[[sa.Connection, str], T], digest: str) -> T:
        with reading(self._engine) as connection:
            return find(connection, digest)

    def tokens(self) -> list[Token]:
        """Every token in the order made."""
        with reading(self._engine) as connection:
            return accounts.all_tokens(connection)

    def revoke_token(self, number: int) -> None:
        """Make a token unusable.

        Raises:
            NotFound: there is no such token.
        """
        with writing(self._engine) as connection:
            accounts.revoke_token(connection, number, datetime.now(UTC))

    def try_login(self, limits: Mapping[str, int], window: timedelta) -> datetime | None:
        """Count a try to log in; the moment from which there is one again, where a key used its tries up."""
        with writing(self._engine) as connection:
            return accounts.try_login(connection, limits, datetime.now(UTC), window)

    def forget_tries(self, key: str) -> None:
        """Forget the tries under a key."""
        with writing(self._engine) as connection:
            accounts.forget_tries(connection, key)

    def record(self, action: str, subject: str = "", **details: Any) -> None:
        """Append to the audit log what changes no other row."""
        with writing(self._engine) as connection:
            audit.record(connection, action, subject, **details)

    def audit_entries(
        self, *, actor: str = "", action: str = "", before: int | None = None, most: int = 100
    ) -> list[Entry]:
        """Rows of the audit log, the newest first."""
        with reading(self._engine) as connection:
            return audit.entries(connection, actor=actor, action=action, before=before, most=most)

    def audit_actions(self) -> list[str]:
        """Kinds of action in the audit log."""
        with reading(self._engine) as connection:
            return audit.actions(connection)

    def held_of(self, kind: str, subject: str) -> dict[str, list[dict[str, Any]]]:
        """Every stored row about a person (kind: mentor or business), by table.

        Raises:
            NotFound: there is no such person.
        """
        with reading(self._engine) as connection:
            found = erasing.held_of(connection, kind, subject)
        self.record("person.copy", f"{kind}:{subject}")
        return found

    def erase(self, kind: str, subject: str, request: str = "") -> dict[str, int]:
        """Erase a person's data for good; gives the rows changed, by table.

        Raises:
            NotFound: there is no such person.
        """
        with writing(self._engine) as connection:
            changed = erasing.erase(connection, kind, subject, request)
        sweep(self._engine)
        return changed

    def erasures(self) -> list[Erasure]:
        """Every erasure, the newest first."""
        with reading(self._engine) as connection:
            return erasing.erasures(connection)

    def erased(self) -> int:
        """How many erasures there were: what was read before the last one must be read anew."""
        return self._held.get("erased", self._erased)

    def _erased(self) -> int:
        with reading(self._engine) as connection:
            return erasing.count(connection)

    def dump(self) -> AbstractContextManager[Dump]:
        """One moment of the whole database, to be written to an archive."""
        return archive.dump(self._engine)

    def used(self) -> bool:
        """Whether the database holds anything; makes none."""
        with reading(self._engine) as connection:
            return archive.used(connection)

    def load(self, revision: str, files: Iterable[tuple[str, Iterable[bytes]]]) -> int:
        """Fill an empty database with the tables of an archive, all or nothing; gives the number of rows.

        Raises:
            StoreRefused: the database holds something, or the archive comes from a newer version of Suluh.
        """
        return archive.load(self._engine, revision, files)

    def check_audit(self) -> ChainCheck:
        """Whether every row of the audit log is there and as it was written."""
        with reading(self._engine) as connection:
            return audit.verify(connection)
