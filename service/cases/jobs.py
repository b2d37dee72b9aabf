"""What a person can ask about long work: have it done, see how far it is, see its answer.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from data.store.jobs import JobRecord
from model.progress import Progress
from model.refusals import InputRefused
from model.sentences import sentence
from service.cases.imports import IntakeCases, room_of
from service.cases.matches import MatchCases
from service.cases.models import ModelCases


def as_read(reading: Mapping[str, Any]) -> dict[str, Any]:
    """How files are to be read, from plain JSON values: the mapping file as a path."""
    return {name: Path(value) if name == "mapping" else value for name, value in reading.items()}


class JobCases(IntakeCases, MatchCases, ModelCases):
    """Questions about jobs; a job asks one of the questions it inherits."""

    def start_job(self, kind: str, *, asked_by: str = "", **given: Any) -> dict[str, Any]:
        """Have long work done in a process of its own; answers at once with the job.

        ``kind``: import (``folder`` of the files, removed at the end; ``reading``), preview and upload (as
        ``preview_staged`` and ``confirm_staged`` take it), train, plan, match; ``given``: as the question of that name
        takes it, as plain JSON values.

        Raises:
            InputRefused: there is no such kind of job.
        """
        from service import jobs

        if kind not in KINDS:
            raise InputRefused(
                sentence("There is no work of the kind %(kind)s.", kind=kind),
                where=sentence("the kind of the job"),
                mend=sentence("Choose one of: %(names)s.", names=", ".join(KINDS)),
            )
        return jobs.shown(jobs.start(self.store, self.settings, kind, given, asked_by))

    def read_staged(self, identifier: str, *, asked_by: str = "") -> int | None:
        """Have an upload read that is too large for a page to wait for; gives the job's number, None where it is read.

        Asked again while it is read, the job that does it already is named.
        """
        from data.store.jobs import OPEN
        from service import jobs
        from service.intake import kept_previews, uploads

        waiting = uploads.unread(self, room_of(self), identifier)
        if waiting is None:
            return None
        staged, key = waiting
        begun = kept_previews.reading(staged.folder, key)
        if begun is not None and jobs.settle(self.store, self.settings, self.store.job(begun)).state in OPEN:
            return begun
        number = int(self.start_job("preview", asked_by=asked_by, identifier=identifier)["job"])
        kept_previews.note_reading(staged.folder, key, number)
        return number

    def job(self, number: int | str) -> dict[str, Any]:
        """A job: state (waiting, running, done, refused, failed), share done, and in the end its answer or error."""
        from service import jobs

        return jobs.shown(jobs.settle(self.store, self.settings, jobs.stored(self.store, number)))

    def jobs(self) -> dict[str, Any]:
        """Every job without its answer, the newest first."""
        from service import jobs

        found = [jobs.shown(jobs.settle(self.store, self.settings, job)) for job in self.store.jobs()]
        return {"jobs": [{name: value for name, value in job.items() if name != "answer"} for job in found]}

    def run_job(self, number: int) -> dict[str, Any]:
        """Do a job here and now; for the process that was started for it."""
        from service import jobs

        def ask(kind: str, given: Mapping[str, Any], progress: Progress) -> Any:
            self.progress = progress
            return KINDS[kind](self, given)

        done: JobRecord = jobs.run(self.store, self.settings, number, ask)
        return jobs.shown(done)


KINDS: Mapping[str, Callable[[JobCases, Mapping[str, Any]], Any]] = {
    "import": lambda programme, given: programme.import_([Path(given["folder"])], **as_read(given.get("reading", {}))),
    "preview": lambda programme, given: programme.preview_staged(**given),
    "upload": lambda programme, given: {"staged": given["identifier"], **programme.confirm_staged(**given)},
    "train": lambda programme, given: programme.train(**given),
    "plan": lambda programme, given: programme.plan(**given),
    "match": lambda programme, given: programme.match(**given),
}
"""What can be done as a job, and the question each one asks. What is given must be plain JSON values."""
