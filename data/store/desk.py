"""Advice of the intake desk that was decided on, and what people decided; rows are only ever added."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from data import failpoints
from data.store import audit, records, schema
from data.store.engine import reading, writing
from data.store.matches import MatchBrief, briefs
from data.store.records import PlanDraft, PlanRecord
from data.store.versions import current_version
from model.refusals import MatchRefused
from model.sentences import sentence

ACCEPT, CHANGE, REFUSE, WITHDRAW = "accept", "change", "refuse", "withdraw"


class DeskMoved(MatchRefused):
    """What the advice rests on has changed since it was worked out: it is to be worked out anew."""


@dataclass(frozen=True)
class DeskState:
    """What an advice of the desk rests on, as numbers that grow: data, model in use, matchings, decisions there."""

    version: int
    use: int
    match: int
    event: int


@dataclass(frozen=True)
class DeskChoice:
    """A decision to be recorded: ``event`` accept, change (another mentor) or refuse (``mentor_id`` None)."""

    event: str
    business_id: str
    mentor_id: str | None
    reason: str
    name: str
    role: str


@dataclass(frozen=True)
class DeskEvent(DeskChoice):
    """A recorded decision on the ``advice`` of that number, or that it was withdrawn; when, in UTC."""

    id: int
    advice: int
    made_at: datetime


class DeskStore:
    """A part of :class:`data.store.store.Store`, in a file of its own."""

    _engine: sa.Engine

    def desk_state(self) -> DeskState:
        """What an advice of the desk would rest on now."""
        with reading(self._engine) as connection:
            return _state(connection)

    def decide_desk(self, draft: PlanDraft, choice: DeskChoice, state: DeskState) -> tuple[PlanRecord, DeskEvent]:
        """Keep an advice and what was decided on it, in one transaction.

        Raises:
            DeskMoved: data, model, matchings or decisions are no longer those of ``state``.
        """
        with writing(self._engine) as connection:
            if _state(connection) != state:
                raise DeskMoved(
                    sentence("Someone decided at the desk, or data, model or matching changed, in the meantime."),
                    where=sentence("the intake desk"),
                    mend=sentence("Look at the advice again, then decide."),
                )
            made = records.add_plan(connection, draft, schema.desk_advice)
            failpoints.reach("desk")
            return made, _add(connection, made.id, choice)

    def withdraw_desk(self, advice: int, *, reason: str, name: str, role: str) -> DeskEvent:
        """Record that an accepted or changed advice no longer stands: the mentor's place is free again.

        Raises:
            NotFound: there is no such advice.
            MatchRefused: it gave nobody a mentor, or was withdrawn already.
        """
        with writing(self._engine) as connection:
            records.stored_plan(connection, advice, schema.desk_advice)
            first, *later = _events(connection, advice)
            if later or first.event == REFUSE:
                raise _unmovable(later[-1] if later else first)
            return _add(
                connection, advice, DeskChoice(WITHDRAW, first.business_id, first.mentor_id, reason, name, role)
            )

    def desk_advice(self, identifier: int) -> PlanRecord:
        """The advice of that number, as it stood when it was decided on.

        Raises:
            NotFound: there is none.
        """
        with reading(self._engine) as connection:
            return records.stored_plan(connection, identifier, schema.desk_advice)

    def desk_briefs(self) -> list[MatchBrief]:
        """Every advice that was decided on without its text, the newest first."""
        with reading(self._engine) as connection:
            return briefs(connection, schema.desk_advice)

    def desk_events(self, advice: int | None = None) -> list[DeskEvent]:
        """What was decided on one advice, or on any, the oldest first."""
        with reading(self._engine) as connection:
            return _events(connection, advice)


def _state(connection: sa.Connection) -> DeskState:
    newest = (schema.model_use.c.id, schema.match.c.id, schema.desk_event.c.id)
    found = [connection.scalar(sa.select(sa.func.max(column))) or 0 for column in newest]
    return DeskState(current_version(connection), *found)


def _add(connection: sa.Connection, advice: int, choice: DeskChoice) -> DeskEvent:
    table = schema.desk_event
    number = (connection.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1
    event = DeskEvent(**vars(choice), id=number, advice=advice, made_at=datetime.now(UTC))
    connection.execute(sa.insert(table).values(**vars(event)))
    audit.record(connection, f"desk.{event.event}", f"desk:{advice}", mentor=event.mentor_id)
    return event


def _events(connection: sa.Connection, advice: int | None) -> list[DeskEvent]:
    table = schema.desk_event
    query = sa.select(table).order_by(table.c.id)
    if advice is not None:
        query = query.where(table.c.advice == advice)
    return [DeskEvent(**row) for row in connection.execute(query).mappings()]


def _unmovable(known: DeskEvent) -> MatchRefused:
    values = {"name": known.name, "day": known.made_at.date()}
    if known.event == REFUSE:
        what = sentence("The advice was refused by %(name)s on %(day)s: no place is held.", **values)
    else:
        what = sentence("The decision was withdrawn by %(name)s on %(day)s already.", **values)
    return MatchRefused(
        what,
        where=sentence("decision %(id)s of the intake desk", id=str(known.advice)),
        mend=sentence("Ask the desk again and decide on its new advice."),
    )
