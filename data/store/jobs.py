"""Long work: what was asked, how far it has come, how it ended. Every writer expects the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from data.store import schema
from model.refusals import NotFound
from model.sentences import sentence

WAITING, RUNNING, DONE, REFUSED, FAILED = "waiting", "running", "done", "refused", "failed"
OPEN = (WAITING, RUNNING)


@dataclass(frozen=True)
class JobDraft:
    """What is asked: its ``kind``, what is ``given`` to it, by whom; ``lock`` names the file that its worker holds."""

    kind: str
    lock: str
    asked_by: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class JobRecord(JobDraft):
    """A job: ``share`` done (0..1), what it is ``doing``, and in the end its ``answer`` (JSON text) or ``fault``."""

    id: int
    state: str
    share: float
    doing: Any
    answer: str | None
    fault: Any
    asked_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None


def add_job(connection: sa.Connection, draft: JobDraft, doing: Any) -> JobRecord:
    """Append a job that waits for its turn."""
    number = (connection.scalar(sa.select(sa.func.max(schema.job.c.id))) or 0) + 1
    made = JobRecord(**vars(draft), id=number, state=WAITING, share=0.0, doing=doing, asked_at=now(), **_NOT_YET)
    connection.execute(sa.insert(schema.job).values(vars(made)))
    return made


_NOT_YET: Mapping[str, Any] = {"answer": None, "fault": None, "begun_at": None, "ended_at": None}


def stored_job(connection: sa.Connection, identifier: int) -> JobRecord:
    """The job of that number.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(sa.select(schema.job).where(schema.job.c.id == identifier)).mappings().one_or_none()
    if row is None:
        raise NotFound(sentence("job"), str(identifier))
    return JobRecord(**row)


def all_jobs(connection: sa.Connection, *, only_open: bool = False) -> list[JobRecord]:
    """Every job (or those that have not ended) without its answer, the newest first."""
    columns = [column for column in schema.job.c if column.name != "answer"]
    query = sa.select(*columns).order_by(schema.job.c.id.desc())
    if only_open:
        query = query.where(schema.job.c.state.in_(OPEN))
    return [JobRecord(**row, answer=None) for row in connection.execute(query).mappings()]


def move_job(connection: sa.Connection, identifier: int, **values: Any) -> bool:
    """Change a job that has not ended; False where it has, and then nothing changes."""
    of = (schema.job.c.id == identifier) & schema.job.c.state.in_(OPEN)
    return connection.execute(sa.update(schema.job).where(of).values(values)).rowcount == 1


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
