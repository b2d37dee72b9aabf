"""What a person can ask about who uses Suluh: users, log-in, tokens, the audit log.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.installation import Installation

if TYPE_CHECKING:
    from service.people.roles import Actor


class PeopleCases(Installation):
    """Questions about users, tokens and the audit log."""

    def add_user(self, name: str, role: str, **told: Any) -> dict[str, Any]:
        """Add a user with a one-time password; ``told``: display_name, districts, mentor_id, password."""
        from service.people import upkeep

        return upkeep.add_user(self.store, self.settings, name, role, **told)

    def add_first_admin(self) -> dict[str, Any] | None:
        """Make the first administrator with a one-time password; None where there is a user already."""
        from service.people import upkeep

        return upkeep.add_first_admin(self.store)

    def users(self) -> dict[str, Any]:
        """Every user, without passwords."""
        from service.people import upkeep

        return upkeep.users(self.store)

    def change_user(self, name: str, **told: Any) -> dict[str, Any]:
        """Change role, districts or mentor of a user, whose sessions end."""
        from service.people import upkeep

        return upkeep.change_user(self.store, name, **told)

    def disable_user(self, name: str, *, disabled: bool = True) -> dict[str, Any]:
        """Disable a user, whose sessions end at once; or enable one again."""
        from service.people import upkeep

        return upkeep.disable_user(self.store, name, disabled=disabled)

    def reset_password(self, name: str) -> dict[str, Any]:
        """Give a user a new one-time password; sessions end."""
        from service.people import upkeep

        return upkeep.reset_password(self.store, name)

    def change_own_password(self, key: str, old: str, new: str, again: str, *, address: str) -> str:
        """Set the password of the user ``key``, given the old one; all sessions end, the id of a new one is given."""
        from service.people import upkeep

        return upkeep.change_own_password(self.store, self.settings, key, old, new, again, address=address)

    def log_in(self, name: str, password: str, *, address: str, former: str | None = None) -> str:
        """Begin a session; gives its id, which is kept nowhere."""
        from service.people.auth import log_in

        return log_in(self.store, name, password, address=address, former=former)

    def log_out(self, session: str) -> None:
        """End a session."""
        from service.people.auth import digest

        self.store.end_session(digest(session))

    def who(self, session: str) -> "Actor | None":
        """Who acts in a session; None where it does not hold any longer. Its use is recorded."""
        from service.people import auth, passwords

        now, known = datetime.now(UTC), self.store.session(auth.digest(session))
        idle, longest = timedelta(minutes=self.settings.idle_minutes), timedelta(hours=self.settings.session_hours)
        if known is None or not auth.standing(known, now, idle=idle, longest=longest):
            return None
        if now - known.seen_at >= auth.SEEN_EVERY:
            self.store.see_session(auth.digest(session))
        return auth.actor_of(known.account, passwords.RULES[self.settings.password_rule], now)

    def who_has(self, token: str) -> "Actor | None":
        """Who acts with a token; None where it does not hold."""
        from service.people import auth

        return auth.actor_of_token(self.store.token(auth.digest(token)), datetime.now(UTC))

    def add_token(self, **told: Any) -> dict[str, Any]:
        """Make an API token, shown this once; ``told``: role, name, days, districts."""
        from service.people import upkeep

        return upkeep.add_token(self.store, **told)

    def tokens(self) -> dict[str, Any]:
        """Every token, without its secret."""
        from service.people import upkeep

        return upkeep.tokens(self.store)

    def revoke_token(self, number: int) -> dict[str, Any]:
        """Make a token unusable for good."""
        self.store.revoke_token(number)
        return {"id": number, "revoked": True}

    def audit(self, *, actor: str = "", action: str = "", before: int | None = None, most: int = 100) -> dict[str, Any]:
        """The audit log, the newest first, and whether it is whole."""
        from service.people import upkeep

        return upkeep.audit(self.store, actor=actor, action=action, before=before, most=most)

    def demo_users(self) -> Sequence[Mapping[str, Any]]:
        """One user for each role of the demo, with passwords to be printed."""
        from service.people import upkeep

        return upkeep.demo_users(self.store, self.settings)

    def personal_copy(self, kind: str, subject: str) -> dict[str, Any]:
        """All that is held of a person (kind: mentor or business), row by row."""
        return {"kind": kind, "id": subject, "held": self.store.held_of(kind, subject)}

    def erase_person(self, kind: str, subject: str, *, request: str = "") -> dict[str, Any]:
        """Erase a person's data from every version; the id stays as a pseudonym."""
        from service.people import requests

        return requests.erase(self.store, kind, subject, request)

    def backup(self, file: Path) -> dict[str, Any]:
        """Write everything of this installation to one file."""
        from service import backups

        return backups.backup(self.store, self.settings, file)

    def backup_gaps(self) -> list[dict[str, Any]]:
        """What a backup would lack now: models whose file is missing or damaged."""
        from service import backups

        return backups.gaps(self.store, self.settings)

    def restore(self, file: Path) -> dict[str, Any]:
        """Bring a backup back into this home, which must be empty; whole or not at all."""
        from service import backups

        return backups.restore(self.settings, file)

    def secret_key(self) -> str:
        """The key by which forms are signed: made once for an installation, the same for all its processes."""
        from service.people import upkeep

        return upkeep.secret_key(self.store)
