"""Who approved and decided what of a plan, and the predictions kept at an approval; rows are only ever added.

Every function that writes expects the caller's writing transaction, so that a decision is there whole or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from data.store import schema
from data.store.records import stored_plan
from model.refusals import PlanRefused
from model.sentences import sentence


@dataclass(frozen=True)
class Approval:
    """That a person approved a plan, and when, in UTC."""

    plan: int
    name: str
    role: str
    approved_at: datetime


@dataclass(frozen=True)
class Decision:
    """What a person decided about one choice: accept, change or refuse; ``model``: version the plan was made with."""

    plan: int
    mentor_id: str
    course_id: str
    decision: str
    reason: str
    name: str
    role: str
    model: str | None
    decided_at: datetime


@dataclass(frozen=True)
class Promise:
    """A prediction to be kept: ``low`` … ``high`` is the 90 % range of what will be *observed*.

    ``kind``: growth (subject: an engagement id, in the outcome's unit) or score (subject: a course id, in points from
    the assessment before the course to the first one after it). The error is ``shared_sd`` for all of a mentor's
    predictions, ``own_sd`` for this one alone.
    """

    kind: str
    mentor_id: str
    subject: str
    mean: float
    low: float
    high: float
    shared_sd: float
    own_sd: float


@dataclass(frozen=True)
class Kept(Promise):
    """A kept prediction: made by ``source`` (plan or match) ``source_id``, by ``model``, seen on ``as_of``."""

    id: int
    source: str
    source_id: int
    model: str | None
    as_of: date
    kept_at: datetime


def approve(
    connection: sa.Connection,
    plan: int,
    name: str,
    role: str,
    *,
    decided: Sequence[Decision],
    promises: Sequence[Promise],
) -> Approval:
    """Record an approval and keep the plan's predictions.

    Raises:
        NotFound: there is no such plan.
        PlanRefused: it is approved already, or decisions were recorded after ``decided`` was read.
    """
    record = stored_plan(connection, plan)
    _refuse_approved(connection, plan)
    if list(decided) != decisions_of(connection, plan):
        raise meanwhile(plan)
    made = Approval(plan, name, role, datetime.now(UTC))
    connection.execute(sa.insert(schema.plan_approval).values(vars(made)))
    keep_promises(connection, promises, source="plan", source_id=plan, model=record.model, as_of=record.as_of)
    return made


def keep_promises(
    connection: sa.Connection,
    promises: Sequence[Promise],
    *,
    source: str,
    source_id: int,
    model: str | None,
    as_of: date,
) -> None:
    """Append predictions to the ledger; a matching that is approved keeps its own the same way (source match)."""
    ledger = schema.prediction_ledger
    first = (connection.scalar(sa.select(sa.func.max(ledger.c.id))) or 0) + 1
    told = {
        "source": source,
        "source_id": source_id,
        "model": model,
        "as_of": as_of,
        "kept_at": datetime.now(UTC),
    }
    rows = [{**vars(promise), "id": number, **told} for number, promise in enumerate(promises, first)]
    if rows:
        connection.execute(sa.insert(ledger), rows)


def approval_of(connection: sa.Connection, plan: int) -> Approval | None:
    """Who approved a plan; None while it is a draft."""
    table = schema.plan_approval
    row = connection.execute(sa.select(table).where(table.c.plan == plan)).mappings().one_or_none()
    return None if row is None else Approval(**row)


def approved(connection: sa.Connection) -> frozenset[int]:
    """Ids of the approved plans."""
    return frozenset(connection.scalars(sa.select(schema.plan_approval.c.plan)))


def decide(connection: sa.Connection, decision: Decision, known: int | None = None) -> Decision:
    """Append a decision on a plan that is not approved yet.

    ``known``: how many decisions on the choice the person had seen; None where that is not asked.

    Raises:
        NotFound: there is no such plan.
        PlanRefused: the plan is approved already, or there are other decisions on the choice than were seen.
    """
    stored_plan(connection, decision.plan)
    _refuse_approved(connection, decision.plan)
    pair = (decision.mentor_id, decision.course_id)
    made = [row for row in decisions_of(connection, decision.plan) if (row.mentor_id, row.course_id) == pair]
    if known is not None and len(made) != known:
        raise PlanRefused(
            sentence("Someone decided on this choice in the meantime; yours is not recorded."),
            where=sentence("the choice %(choice)s", choice=":".join(pair)),
            mend=sentence("Look at what was decided, then decide again."),
        )
    table = schema.plan_decision
    number = (connection.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1
    connection.execute(sa.insert(table).values(**vars(decision), id=number))
    return decision


def decisions_of(connection: sa.Connection, plan: int) -> list[Decision]:
    """Every decision on a plan, the oldest first."""
    table = schema.plan_decision
    columns = [column for column in table.c if column.name != "id"]
    rows = connection.execute(sa.select(*columns).where(table.c.plan == plan).order_by(table.c.id)).mappings()
    return [Decision(**row) for row in rows]


def ledger(connection: sa.Connection) -> list[Kept]:
    """Every kept prediction, the oldest first."""
    table = schema.prediction_ledger
    return [Kept(**row) for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()]


def _refuse_approved(connection: sa.Connection, plan: int) -> None:
    known = approval_of(connection, plan)
    if known is not None:
        raise already(known)


def meanwhile(plan: int) -> PlanRefused:
    """That a plan has other decisions than whoever approves it had seen."""
    return PlanRefused(
        sentence("Someone decided on this plan in the meantime."),
        where=sentence("the plan %(id)s", id=str(plan)),
        mend=sentence("Look at the plan again, then approve it."),
    )


def already(known: Approval) -> PlanRefused:
    """That a plan is approved and never changes."""
    return PlanRefused(
        sentence(
            "The plan was approved by %(name)s on %(day)s and never changes.",
            name=known.name,
            day=known.approved_at.date(),
        ),
        where=sentence("the plan %(id)s", id=str(known.plan)),
        mend=sentence("Make a new plan, decide on that one and approve it."),
    )
