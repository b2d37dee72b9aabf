"""What the store keeps of work in hand: jobs with their progress, and writes sent under a key."""

from typing import Any

import sqlalchemy as sa

from data.store import jobs, sending
from data.store.engine import reading, writing
from data.store.jobs import JobDraft, JobRecord
from data.store.sending import Answered, SentBefore


class Working:
    """A part of :class:`data.store.store.Store`, in a file of its own."""

    _engine: sa.Engine

    def add_job(self, draft: JobDraft, doing: Any) -> JobRecord:
        """Keep a job that waits for its turn."""
        with writing(self._engine) as connection:
            return jobs.add_job(connection, draft, doing)

    def job(self, identifier: int) -> JobRecord:
        """The job of that number.

        Raises:
            NotFound: there is none.
        """
        with reading(self._engine) as connection:
            return jobs.stored_job(connection, identifier)

    def jobs(self, *, only_open: bool = False) -> list[JobRecord]:
        """Every job (or those that have not ended), the newest first."""
        with reading(self._engine) as connection:
            return jobs.all_jobs(connection, only_open=only_open)

    def begin_job(self, identifier: int) -> bool:
        """Say that the work has begun; False where the job has ended already."""
        with writing(self._engine) as connection:
            return jobs.move_job(connection, identifier, state=jobs.RUNNING, begun_at=jobs.now())

    def tell_job(self, identifier: int, share: float, doing: Any) -> None:
        """Say how far the work has come."""
        with writing(self._engine) as connection:
            jobs.move_job(connection, identifier, share=share, doing=doing)

    def end_job(self, identifier: int, state: str, *, answer: str | None = None, fault: Any = None) -> bool:
        """Say how the work ended; False where that was said before."""
        with writing(self._engine) as connection:
            values = {"state": state, "answer": answer, "fault": fault, "ended_at": jobs.now()}
            return jobs.move_job(connection, identifier, **values)

    def claim_key(self, who: str, key: str, address: str, sha256: str) -> SentBefore | None:
        """Take a key for a write; what was sent under it before, where there is such a thing."""
        with writing(self._engine) as connection:
            return sending.claim(connection, who, key, address, sha256)

    def keep_answer(self, who: str, key: str, given: Answered) -> None:
        """Keep what was answered to the write of a key."""
        with writing(self._engine) as connection:
            sending.answer(connection, who, key, given)

    def release_key(self, who: str, key: str) -> None:
        """Give a key back, so that the write can be sent anew."""
        with writing(self._engine) as connection:
            sending.release(connection, who, key)
