"""Long work: how far it is, how it ended."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from model.refusals import NotFound
from model.sentences import sentence
from service.api.answers.work import Job, Jobs
from service.api.asking import JobPath, Paging, Spoken
from service.api.reading import cut
from service.api.room import Permission, api, needs, programme, reply, told, user


@api.get("/jobs", **told("Jobs", Jobs))
@needs(Permission.SIGNED_IN)
def jobs(query: Paging) -> Response:
    """The jobs that whoever asks had done (an administrator: every job), the newest first."""
    own = [row for row in programme().jobs()["jobs"] if _open(row)]
    answer, headers = cut({"jobs": own}, "jobs", query)
    found = reply(answer)
    found.headers.extend(headers)
    return found


@api.get("/jobs/<job_id>", **told("Jobs", Job, 404))
@needs(Permission.SIGNED_IN)
def job(path: JobPath, query: Spoken) -> Response:
    """A job: waiting, running, done, refused or failed; share done; in the end its answer or error."""
    del query
    found = programme().job(path.job_id)
    if not _open(found):
        raise NotFound(sentence("job"), path.job_id)
    return reply(found)


def _open(job: Mapping[str, Any]) -> bool:
    return job["asked_by"] == user().key or user().may(Permission.ADMINISTER)


def taken_on(kind: str, **given: Any) -> Response:
    """Start a job and say where it is told of."""
    answer = programme().start_job(kind, asked_by=user().key, **given)
    started = reply(answer, 202)
    started.headers["Location"] = url_for("api.job", job_id=answer["job"])
    return started
