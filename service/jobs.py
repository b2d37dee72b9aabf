"""Long work as the command in a process of its own: started, watched, told of, and recognised when it has died.

Whoever does a job holds an exclusive lock on a file of the home folder. The lock is taken before the job is written
down and handed on to the process that does it; it is free again the moment that process is gone, however it went. So
any process, the same or one started later, can tell a job that is worked on from one whose worker has died. Jobs of
one home follow one another by a second lock, the turn.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from data.store.audit import ACTOR
from data.store.jobs import DONE, FAILED, OPEN, REFUSED, JobDraft, JobRecord
from data.store.store import Store
from model.refusals import NotFound, Refused
from model.sentences import Sentence, sentence
from service.keeping import keep, kept_text, thaw
from service.settings import Settings

EVERY = 0.3
"""Seconds between two notes of progress."""

_ROOT = Path(__file__).parents[1]


def start(store: Store, settings: Settings, kind: str, given: Mapping[str, Any], asked_by: str) -> JobRecord:
    """Write a job down and start the process that does it."""
    lock = uuid.uuid4().hex
    held = _hold(_folder(settings) / f"{lock}.lock")
    try:
        job = store.add_job(JobDraft(kind, lock, asked_by, given), keep(sentence("Waiting for its turn")))
        process = _spawn(settings, job, held)
    finally:
        os.close(held)
    Thread(target=_reap, args=(process, store, settings, job), daemon=True).start()
    return job


def _folder(settings: Settings) -> Path:
    folder = settings.home.absolute() / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _hold(file: Path) -> int:
    found = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(found, fcntl.LOCK_EX)
    return found


def _spawn(settings: Settings, job: JobRecord, held: int) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    known = {"SULUH_HOME": str(settings.home.absolute()), "SULUH_DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "service", "job", "run", str(job.id), "--lock", str(held)]
    with (_folder(settings) / f"{job.lock}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command with a number
            command,
            env={**os.environ, **known, "PYTHONPATH": path},
            pass_fds=(held,),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _reap(process: subprocess.Popen[bytes], store: Store, settings: Settings, job: JobRecord) -> None:
    process.wait()
    with suppress(Refused):  # the database is gone: whoever looks next finds the job's lock free
        settle(store, settings, store.job(job.id))


def settle(store: Store, settings: Settings, job: JobRecord) -> JobRecord:
    """The job as it stands; where its worker has died without a word, that is said for good."""
    if job.state not in OPEN or _worked_on(settings, job):
        return job
    fault = Refused(
        sentence("The work ended before it was done: its process is gone."),
        where=sentence("the job %(id)s", id=str(job.id)),
        mend=sentence("Ask for it again; nothing half done was kept. The log of the job is in the home folder."),
    )
    store.end_job(job.id, FAILED, fault=_kept(fault))
    _tidy(settings, job, well=False)
    return store.job(job.id)


def _worked_on(settings: Settings, job: JobRecord) -> bool:
    try:
        found = os.open(_folder(settings) / f"{job.lock}.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(found)
    return False


def _kept(fault: Refused) -> dict[str, Any]:
    return {name: keep(getattr(fault, name)) for name in ("what", "where", "mend")}


def _tidy(settings: Settings, job: JobRecord, *, well: bool) -> None:
    """Remove the job's lock, the files given to it, and its log where all went well."""
    (_folder(settings) / f"{job.lock}.lock").unlink(missing_ok=True)
    if well:
        (_folder(settings) / f"{job.lock}.log").unlink(missing_ok=True)
    if "folder" in job.given:
        shutil.rmtree(job.given["folder"], ignore_errors=True)


def run(store: Store, settings: Settings, number: int, held: int | None, ask: Any) -> JobRecord:
    """Do a job: ``ask`` makes its answer from (kind, given, progress); ``held`` is the lock it was handed.

    Raises:
        NotFound: there is no such job.
    """
    job = store.job(number)
    if job.state not in OPEN:
        return job
    if job.asked_by:
        ACTOR.set(job.asked_by)
    if held is None:
        held = _hold(_folder(settings) / f"{job.lock}.lock")  # waits for whoever does the job already
    os.set_inheritable(held, False)  # noqa: FBT003 - the library takes it by place
    turn = _hold(_folder(settings) / "turn.lock")
    try:
        if store.begin_job(job.id):
            _do(store, settings, job, ask)
    finally:
        os.close(turn)
    return store.job(job.id)


def _do(store: Store, settings: Settings, job: JobRecord, ask: Any) -> None:
    state = FAILED
    values: dict[str, Any] = {}
    try:
        answer = ask(job.kind, job.given, Told(store, job.id))
        kept = kept_text(answer)
        state, values = (REFUSED if isinstance(answer, Mapping) and answer.get("refused") else DONE), {"answer": kept}
    except Refused as fault:
        state, values = REFUSED, {"fault": _kept(fault)}
    except Exception as fault:
        values = {"fault": _kept(_own(fault, job))}
        raise
    finally:
        store.end_job(job.id, state, **values)
        _tidy(settings, job, well=state != FAILED)


def _own(fault: Exception, job: JobRecord) -> Refused:
    return Refused(
        sentence(
            "This is a fault of Suluh, not of your data: %(kind)s: %(fault)s",
            kind=type(fault).__name__,
            fault=str(fault)[:500],
        ),
        where=sentence("the job %(id)s", id=str(job.id)),
        mend=sentence("Look at the log of the job in the home folder; run doctor."),
    )


class Told:
    """Notes progress in the database, now and then."""

    def __init__(self, store: Store, number: int) -> None:
        self._store, self._number = store, number
        self._last, self._stage = 0.0, ""

    def __call__(self, share: float, doing: Sentence) -> None:
        """Note the share done and what is being done, unless that was just done."""
        now = time.monotonic()
        if now - self._last < EVERY and doing.text == self._stage:
            return
        self._last, self._stage = now, doing.text
        self._store.tell_job(self._number, min(max(share, 0.0), 1.0), keep(doing))


def shown(job: JobRecord) -> dict[str, Any]:
    """A job as it is answered."""
    return {
        "job": job.id,
        "kind": job.kind,
        "state": job.state,
        "share": 1.0 if job.state == DONE else job.share,
        "doing": thaw(job.doing) if job.state in OPEN else None,
        "asked_by": job.asked_by,
        "asked_at": job.asked_at,
        "begun_at": job.begun_at,
        "ended_at": job.ended_at,
        "answer": None if job.answer is None else thaw(json.loads(job.answer)),
        "error": thaw(job.fault),
    }


def stored(store: Store, number: int | str) -> JobRecord:
    """The job of that number.

    Raises:
        NotFound: there is none.
    """
    if not str(number).isdecimal() or len(str(number)) > 15:  # longer than any number ever given
        raise NotFound(sentence("job"), str(number))
    return store.job(int(number))
