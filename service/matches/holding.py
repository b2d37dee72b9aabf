"""Places that the intake desk gave away: they count as taken until the engagement is imported, or it is withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import pandas as pd

from data.snapshot import Snapshot
from data.store.desk import ACCEPT, CHANGE, WITHDRAW, DeskEvent
from data.store.records import PlanRecord
from data.store.store import Store
from service.installation import Day
from service.matches import stored
from service.settings import Settings
from training.matching.match import MatchRequest, PairIds


class Rooms(Protocol):
    """The installation as far as it is needed here."""

    @property
    def settings(self) -> Settings:
        """Whose clock says on which day a decision was made."""

    @property
    def store(self) -> Store:
        """The store."""

    def snapshot(self, as_of: Day = None, version: int | None = None) -> Snapshot:
        """The tables as seen on a day."""


@dataclass(frozen=True)
class Given:
    """A decision that gave a business a mentor and was not withdrawn; ``came``: mentors of its engagements since.

    An engagement that had not ended on the day of the decision is one since: then no place is held any more.
    """

    event: DeskEvent
    came: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the mentor's place counts as taken."""
        return not self.came

    @property
    def pair(self) -> PairIds:
        """Business and mentor."""
        return self.event.business_id, str(self.event.mentor_id)


def given(rooms: Rooms, events: Sequence[DeskEvent]) -> dict[int, Given]:
    """What was decided and stands, by number of the advice, as the newest tables tell of it."""
    gone = {event.advice for event in events if event.event == WITHDRAW}
    standing = [event for event in events if event.event in {ACCEPT, CHANGE} and event.advice not in gone]
    if not standing:
        return {}
    engaged = rooms.snapshot()["engagements"]
    engaged = engaged[engaged["business_id"].isin({event.business_id for event in standing})]
    day_of = rooms.settings.day_of
    return {event.advice: Given(event, _since(engaged, event, day_of(event.made_at))) for event in standing}


def _since(engaged: pd.DataFrame, event: DeskEvent, day: date) -> tuple[str, ...]:
    own = engaged[engaged["business_id"] == event.business_id]
    ended = own["ended_on"] < pd.Timestamp(day)
    return tuple(sorted(own["mentor_id"][~ended]))


def held(rooms: Rooms) -> tuple[PairIds, ...]:
    """Pairs (business, mentor) whose place is held now."""
    found = given(rooms, rooms.store.desk_events()).values()
    return tuple(sorted(one.pair for one in found if one.holds))


def taken_at(rooms: Rooms, seen: Snapshot) -> tuple[PairIds, ...]:
    """Pairs that count as taken in an answer made of these tables: those of now, none on an earlier day."""
    newest = rooms.snapshot()
    return held(rooms) if (seen.version, seen.as_of) == (newest.version, newest.as_of) else ()


def asked_now(rooms: Rooms, record: PlanRecord) -> MatchRequest:
    """What a stored matching was asked, with the places that are given away by now where it is of the newest tables."""
    asked, seen = stored.as_asked(record), rooms.snapshot(record.as_of, record.data_version)
    return replace(asked, taken=taken_at(rooms, seen) or asked.taken)


def engaged_with(seen: Snapshot, business: str) -> str | None:
    """The mentor with whom a business has an active engagement."""
    active = seen.active
    own = active["mentor_id"][active["business_id"] == business]
    return None if own.empty else str(own.iloc[0])
