"""What a mentor objects to or asks to be corrected, and how it was answered; rows are only ever added.

Every function that writes expects the caller's writing transaction.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from data.store import schema
from model.refusals import InputRefused, NotFound
from model.sentences import sentence


@dataclass(frozen=True)
class ObjectionDraft:
    """An objection to be recorded.

    ``kind``: objection or correction. ``about``: record, plan or match; ``source`` is the number of that plan or match
    and ``subject`` the course or business in it (None: the whole, or the mentor's record). ``name`` and ``role``: of
    who raises it.
    """

    mentor_id: str
    kind: str
    about: str
    source: int | None
    subject: str | None
    said: str
    name: str
    role: str


@dataclass(frozen=True)
class Answer:
    """How an objection was answered: upheld, refused or noted; by whom and when, in UTC."""

    outcome: str
    said: str
    name: str
    role: str
    answered_at: datetime


@dataclass(frozen=True)
class Objection(ObjectionDraft):
    """A recorded objection: its ``id`` (1, 2, …), when it was raised, in UTC, and its answer; None while it is open."""

    id: int
    raised_at: datetime
    answer: Answer | None


def add_objection(connection: sa.Connection, draft: ObjectionDraft) -> Objection:
    """Append an objection."""
    table = schema.objection
    number = (connection.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1
    made = Objection(**vars(draft), id=number, raised_at=datetime.now(UTC), answer=None)
    row = {name: value for name, value in vars(made).items() if name != "answer"}
    connection.execute(sa.insert(table).values(row))
    return made


def answer_objection(
    connection: sa.Connection, identifier: int, outcome: str, said: str, name: str, role: str
) -> Objection:
    """Append the answer to an objection.

    Raises:
        NotFound: there is no such objection.
        InputRefused: it is answered already.
    """
    standing = stored_objection(connection, identifier)
    if standing.answer is not None:
        raise InputRefused(
            sentence(
                "%(name)s has answered this on %(day)s.",
                name=standing.answer.name,
                day=standing.answer.answered_at.date(),
            ),
            where=sentence("the objection %(id)s", id=str(identifier)),
            mend=sentence("An answer is never overwritten; the mentor can object again."),
        )
    made = Answer(outcome, said, name, role, datetime.now(UTC))
    connection.execute(sa.insert(schema.objection_answer).values(objection=identifier, **vars(made)))
    return stored_objection(connection, identifier)


def stored_objection(connection: sa.Connection, identifier: int) -> Objection:
    """The objection of that id, with its answer.

    Raises:
        NotFound: there is none.
    """
    found = _select(connection, schema.objection.c.id == identifier)
    if not found:
        raise NotFound(sentence("objection"), str(identifier))
    return found[0]


def all_objections(connection: sa.Connection) -> list[Objection]:
    """Every objection with its answer, the oldest first."""
    return _select(connection, sa.true())


def _select(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[Objection]:
    raised, answered = schema.objection, schema.objection_answer
    columns = [column for column in answered.c if column.name != "objection"]
    query = (
        sa.select(raised, *(column.label(f"answer_{column.name}") for column in columns))
        .outerjoin(answered, answered.c.objection == raised.c.id)
        .where(where)
        .order_by(raised.c.id)
    )
    return [_objection(dict(row)) for row in connection.execute(query).mappings()]


def _objection(row: dict[str, object]) -> Objection:
    told = {name.removeprefix("answer_"): row.pop(name) for name in list(row) if name.startswith("answer_")}
    answer = None if told["outcome"] is None else Answer(**told)  # type: ignore[arg-type]
    return Objection(**row, answer=answer)  # type: ignore[arg-type]
