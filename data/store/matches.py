"""Kept matchings and what people decided on them: approved, published, pairs declined; rows are only ever added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from data.store import audit, decisions, records, schema
from data.store.decisions import Promise
from data.store.engine import reading, writing
from data.store.records import PlanDraft, PlanRecord
from model.refusals import MatchRefused
from model.sentences import sentence

APPROVED, PUBLISHED, DECLINED = "approved", "published", "declined"


@dataclass(frozen=True)
class MatchEvent:
    """What a person decided on a matching, and when, in UTC.

    ``event``: approved, published or declined. Of a declined pair: its business (None: the mentor takes none any more)
    and mentor, and the matching ``led_to``, in which the rest was matched anew.
    """

    match: int
    event: str
    name: str
    role: str
    made_at: datetime
    reason: str = ""
    business_id: str | None = None
    mentor_id: str | None = None
    led_to: int | None = None


@dataclass(frozen=True)
class MatchBrief:
    """A kept matching, or advice of the desk, without its answer, which may be megabytes."""

    id: int
    created_at: datetime
    data_version: int
    as_of: date
    model: str | None
    seed: int
    request: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True)
class Refusal:
    """A pair that is declined; ``business_id`` None: the mentor leaves, all of the mentor's pairs with it."""

    business_id: str | None
    mentor_id: str


class Matches:
    """A part of :class:`data.store.store.Store`, in a file of its own."""

    _engine: sa.Engine

    def save_match(self, draft: PlanDraft) -> PlanRecord:
        """Keep a matching under the next id."""
        with writing(self._engine) as connection:
            made = records.add_plan(connection, draft, schema.match)
            audit.record(connection, "match.make", f"match:{made.id}", sha256=made.sha256)
            return made

    def match(self, identifier: int) -> PlanRecord:
        """The matching of that id.

        Raises:
            NotFound: there is none.
        """
        with reading(self._engine) as connection:
            return records.stored_plan(connection, identifier, schema.match)

    def matches(self) -> list[PlanRecord]:
        """Every matching, the newest first."""
        with reading(self._engine) as connection:
            return records.all_plans(connection, schema.match)

    def match_briefs(self) -> list[MatchBrief]:
        """Every matching without its answer, the newest first."""
        with reading(self._engine) as connection:
            return briefs(connection, schema.match)

    def match_events(self, identifier: int | None = None) -> list[MatchEvent]:
        """What was decided on a matching, or on any of them, the oldest first."""
        with reading(self._engine) as connection:
            return _events(connection, identifier)

    def approve_match(self, identifier: int, name: str, role: str, promises: Sequence[Promise]) -> MatchEvent:
        """Record who approved a matching, and keep its predictions, in one transaction.

        Raises:
            NotFound: there is no such matching.
            MatchRefused: it is approved already.
        """
        with writing(self._engine) as connection:
            record = records.stored_plan(connection, identifier, schema.match)
            known = _first(connection, identifier, APPROVED)
            if known is not None:
                raise already(known)
            made = _add(connection, MatchEvent(identifier, APPROVED, name, role, datetime.now(UTC)))
            decisions.keep_promises(
                connection, promises, source="match", source_id=identifier, model=record.model, as_of=record.as_of
            )
            return made

    def publish_match(self, identifier: int, name: str, role: str) -> MatchEvent:
        """Record that an approved matching was made known.

        Raises:
            NotFound: there is no such matching.
            MatchRefused: it is not approved yet, or published already.
        """
        with writing(self._engine) as connection:
            records.stored_plan(connection, identifier, schema.match)
            known = _first(connection, identifier, PUBLISHED)
            if known is not None:
                raise already(known)
            if _first(connection, identifier, APPROVED) is None:
                raise MatchRefused(
                    sentence("The matching is not approved yet."),
                    where=sentence("the matching %(id)s", id=str(identifier)),
                    mend=sentence("Approve it first, then publish it."),
                )
            return _add(connection, MatchEvent(identifier, PUBLISHED, name, role, datetime.now(UTC)))

    def decline_pairs(
        self, identifier: int, declined: Sequence[Refusal], anew: PlanDraft, *, name: str, role: str, reason: str
    ) -> PlanRecord:
        """Record declined pairs and the matching that takes their place, in one transaction.

        Raises:
            NotFound: there is no such matching.
        """
        with writing(self._engine) as connection:
            records.stored_plan(connection, identifier, schema.match)
            made = records.add_plan(connection, anew, schema.match)
            now = datetime.now(UTC)
            for pair in declined:
                of = (reason, pair.business_id, pair.mentor_id, made.id)
                _add(connection, MatchEvent(identifier, DECLINED, name, role, now, *of))
            return made


def briefs(connection: sa.Connection, table: sa.Table) -> list[MatchBrief]:
    """Every row of a table of matchings (or of the desk's advice) without its answer, the newest first."""
    columns = [column for column in table.c if column.name != "answer"]
    rows = connection.execute(sa.select(*columns).order_by(table.c.id.desc())).mappings()
    return [MatchBrief(**row) for row in rows]


def _add(connection: sa.Connection, event: MatchEvent) -> MatchEvent:
    table = schema.match_event
    number = (connection.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1
    connection.execute(sa.insert(table).values(**vars(event), id=number))
    audit.record(connection, f"match.{event.event}", f"match:{event.match}")
    return event


def _events(connection: sa.Connection, identifier: int | None) -> list[MatchEvent]:
    table = schema.match_event
    query = sa.select(*(column for column in table.c if column.name != "id")).order_by(table.c.id)
    if identifier is not None:
        query = query.where(table.c.match == identifier)
    return [MatchEvent(**row) for row in connection.execute(query).mappings()]


def _first(connection: sa.Connection, identifier: int, event: str) -> MatchEvent | None:
    return next((row for row in _events(connection, identifier) if row.event == event), None)


def already(known: MatchEvent) -> MatchRefused:
    """That a matching is approved, or published, and stays as it is."""
    values = {"name": known.name, "day": known.made_at.date()}
    if known.event == PUBLISHED:
        what = sentence("The matching was published by %(name)s on %(day)s already.", **values)
    else:
        what = sentence("The matching was approved by %(name)s on %(day)s and never changes.", **values)
    return MatchRefused(
        what,
        where=sentence("the matching %(id)s", id=str(known.match)),
        mend=sentence("Make a new matching, or decline a pair of this one: the rest is matched anew."),
    )
