"""Jobs: how far long work is, how it ended; the page looks again by itself, with a script or without one."""

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from model.refusals import NotFound
from model.sentences import sentence
from service import guard
from service.guard import needs
from service.pages.frame import may, page, pages, plain, programme
from service.people.roles import Permission

DONE = {"train": "pages.model", "import": "pages.imports", "upload": "pages.imports", "plan": "pages.plans"}
"""Where the outcome of each kind of work is seen."""


@pages.get("/jobs/<job_id>")
@needs(Permission.SIGNED_IN)
def job(job_id: str) -> str | Response:
    """One job of whoever asks (an administrator: any); one that only read an upload leads straight on to it."""
    found = plain(programme().job(job_id))
    if found["asked_by"] != guard.user().key and not guard.user().may(Permission.ADMINISTER):
        raise NotFound(sentence("job"), job_id)
    if found["kind"] == "preview" and found["state"] == "done":
        return redirect(_target(found), 303)
    return page("job.html", job=found, target=_target(found))


def _target(job: dict[str, Any]) -> str:
    """Where the outcome of a job is seen."""
    if job["staged"]:
        return url_for("pages.staged", identifier=job["staged"])
    target = DONE.get(job["kind"], "pages.home")
    return url_for(target if may(target) else "pages.home")
