"""Long work as the command in a process of its own: started, watched, told of, and recognised when it has died.

Two exclusive locks on files of the home folder tell a job that is worked on from one whose worker has died: whoever
asked for the job holds one from before it is written down until the process that does it has ended, and that process
holds the other. The system frees a lock the moment its holder is gone, however it went, so any process, the same or
one started later, can tell. Jobs of one home follow one another by a third lock, the turn.
"""

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

from filelock import FileLock, Timeout

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
    name = uuid.uuid4().hex
    asked = _lock(settings, f"{name}.asked")
    asked.acquire()
    try:
        job = store.add_job(JobDraft(kind, name, asked_by, given), keep(sentence("Waiting for its turn")))
        process = _spawn(settings, job)
    except BaseException:
        asked.release()
        raise
    Thread(target=_reap, args=(process, asked, store, settings, job), daemon=True).start()
    return job


def _folder(settings: Settings) -> Path:
    folder = settings.home.absolute() / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lock(settings: Settings, name: str) -> FileLock:
    """A lock that another thread may release than took it."""
    return FileLock(_folder(settings) / f"{name}.lock", mode=0o600, thread_local=False)


def _spawn(settings: Settings, job: JobRecord) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    known = {"SULUH_HOME": str(settings.home.absolute()), "SULUH_DATABASE_URL": settings.database_url}
    with (_folder(settings) / f"{job.lock}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command with a number
            [sys.executable, "-m", "service", "job", "run", str(job.id)],
            env={**os.environ, **known, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # what a session is to Windows
        )


def _reap(process: subprocess.Popen[bytes], asked: FileLock, store: Store, settings: Settings, job: JobRecord) -> None:
    process.wait()
    asked.release()
    with suppress(Refused):  # the database is gone: whoever looks next finds the job's locks free
        ended = settle(store, settings, store.job(job.id))
        _tidy(settings, ended, well=ended.state != FAILED)


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
    return any(_held(settings, name) for name in (f"{job.lock}.asked", job.lock))


def _held(settings: Settings, name: str) -> bool:
    lock = _lock(settings, name)
    if not Path(lock.lock_file).exists():
        return False
    try:
        with lock.acquire(blocking=False):
            return False
    except Timeout:
        return True


def _kept(fault: Refused) -> dict[str, Any]:
    return {name: keep(getattr(fault, name)) for name in ("what", "where", "mend")}


def _tidy(settings: Settings, job: JobRecord, *, well: bool) -> None:
    """Remove the job's locks, the files given to it, and its log where all went well.

    Windows removes no file that a process still has open; the one that asked for the job tidies again at its end.
    """
    for name in (f"{job.lock}.asked.lock", f"{job.lock}.lock", *([f"{job.lock}.log"] if well else [])):
        with suppress(PermissionError):
            (_folder(settings) / name).unlink(missing_ok=True)
    if "folder" in job.given:
        shutil.rmtree(job.given["folder"], ignore_errors=True)


def run(store: Store, settings: Settings, number: int, ask: Any) -> JobRecord:
    """Do a job, waiting for whoever does it already: ``ask`` makes its answer from (kind, given, progress).

    Raises:
        NotFound: there is no such job.
    """
    job = store.job(number)
    if job.state not in OPEN:
        return job
    if job.asked_by:
        ACTOR.set(job.asked_by)
    with _lock(settings, job.lock), _lock(settings, "turn"):
        if store.begin_job(job.id):
            _do(store, settings, job, ask)
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
        "staged": job.given.get("identifier"),
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
