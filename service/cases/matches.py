"""What a person can ask about matching businesses to mentors.

A part of :class:`service.usecases.Programme`, in a file of its own. Answers are plain mappings with sentences in them,
to be rendered by :func:`service.rendering.render`, as everywhere.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from service.installation import SEED, Day, Installation


class MatchCases(Installation):
    """Questions about matchings."""

    def match(self, *, as_of: Day = None, out: Path | None = None, **options: Any) -> dict[str, Any]:
        """Make and store a matching (contract, command ``match``).

        Args:
            as_of: the day to look at the data.
            out: also write it to this file: .xlsx, .pdf or .json.
            options: ``pool`` (new: businesses without an active engagement; all: every one decided anew), ``keep``
                (worth of keeping a present pair, log points), ``balance`` (charge of a place beyond the fair share),
                ``lock``, ``forbid`` (BUSINESS:MENTOR texts), ``without`` (ids of mentors who take nobody), ``rules`` of
                sector and language (a TOML file or what would stand in it; without, those of the framework file).

        Returns:
            ``match`` (its number, None where no business waits), ``pairs``, ``unmatched``, ``gap``, ``mentors`` (places
            and prices), ``districts``, ``warnings``, notes, and what it was made of.
        """
        from data.match_rules_file import match_rules, read_match_rules
        from service.matches import holding, stored

        given: Path | Mapping[str, Any] | None = options.pop("rules", None)
        if given is None:
            rules = self.framework.matching
        else:
            rules = read_match_rules(given) if isinstance(given, Path) else match_rules(given)
        seen = self.snapshot(as_of)
        taken = holding.taken_at(self, seen)
        asked = replace(stored.request(seed=SEED, **options), rules=rules, taken=taken)
        stored.check_out(out)
        answer = stored.make_and_keep(self.store, seen, self.framework, self.shelf(), asked, self.progress)
        _written(self, answer, out)
        return answer

    def matches(self) -> dict[str, Any]:
        """The stored matchings, the newest first: number, day, status, pairs served and unserved."""
        from service.matches import stored
        from service.matches.deciding import status_of

        events = self.store.match_events()
        return {
            "matches": [
                {
                    "match": record.id,
                    "as_of": record.as_of,
                    "created_at": record.created_at,
                    "model": record.model,
                    "base": record.request["base"],
                    "pool": record.request["pool"],
                    "note": stored.as_stored(record)["note"],
                    "status": status_of([event for event in events if event.match == record.id]),
                }
                for record in self.store.matches()
            ]
        }

    def show_match(self, match_id: int | str, *, out: Path | None = None) -> dict[str, Any]:
        """A stored matching with its ``status`` (draft, approved, published) and the ``decisions`` on it.

        ``since_made``: of a draft, that data or model have changed since.
        """
        from service.matches import deciding, stored

        stored.check_out(out)
        answer = deciding.shown(self.store, match_id)
        _written(self, answer, out)
        since = self.since_made(stored.stored(self.store, match_id)) if answer["status"] == "draft" else None
        return {**answer, "since_made": since}

    def rerun_match(self, match_id: int | str) -> dict[str, Any]:
        """Make a stored matching again from the data version, day, model and seed it was made of: the same bytes."""
        from service.matches import stored

        record, again = _made_of(self, match_id)
        return stored.again(record, *again, self.progress)

    def approve_match(self, match_id: int | str, *, name: str, role: str) -> dict[str, Any]:
        """Approve a matching: it never changes again, and its predictions are kept."""
        from service.matches import deciding

        record, (_, _, shelf) = _made_of(self, match_id)
        return deciding.approve(self.store, record, shelf, name=name, role=role)

    def publish_match(self, match_id: int | str, *, name: str, role: str) -> dict[str, Any]:
        """Make an approved matching known: the mentors may be told."""
        from service.matches import deciding, stored

        return deciding.publish(self.store, stored.stored(self.store, match_id), name=name, role=role)

    def decline_pair(self, match_id: int | str, *pairs: str, name: str, role: str, reason: str) -> dict[str, Any]:
        """Decline pairs (BUSINESS:MENTOR), or all of a mentor who leaves (MENTOR); the rest is matched anew.

        Returns:
            The new matching, a draft with a number of its own, as :meth:`match` gives it, and ``changes`` (``rows``:
            business, mentor before and after; ``note``). As few other pairs as possible are moved.
        """
        from service.matches import deciding, holding

        record, again = _made_of(self, match_id)
        made = (record, holding.asked_now(self, record))
        return deciding.decline(self.store, made, *again, pairs, self.progress, name=name, role=role, reason=reason)


def _written(rooms: Installation, answer: dict[str, Any], out: Path | None) -> None:
    from service.files.letterhead import letter_of
    from service.matches import stored

    if out is not None:
        stored.write(answer, out, rooms.settings.language(), letter_of(rooms.framework.office))


def _made_of(rooms: Installation, match_id: int | str) -> tuple[Any, tuple[Any, Any, Any]]:
    """A stored matching, and the tables, framework and model that it was made of."""
    from service.matches import stored
    from service.models.shelf import Shelf

    record = stored.stored(rooms.store, match_id)
    shelf = rooms.shelf(record.model) if record.model else Shelf()
    return record, (rooms.snapshot(record.as_of, record.data_version), rooms.framework, shelf)
