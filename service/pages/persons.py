"""Requests of persons about their own data: a copy to hand over, and erasure."""

from flask import g, request
from werkzeug.wrappers import Response

from model.refusals import InputRefused, Refused
from model.sentences import sentence
from service.guard import needs
from service.pages.downloads import download
from service.pages.frame import page, pages, plain, programme
from service.people.roles import Permission
from service.rendering import as_json, refusal


def _page(fault: Refused | None = None, done: object = None) -> tuple[str, int]:
    error = None if fault is None else refusal(fault, g.lang)["error"]
    form = request.form if fault is not None else {}
    past = plain([vars(row) for row in programme().store.erasures()])
    return page("persons.html", error=error, form=form, done=plain(done), past=past), 400 if fault else 200


@pages.get("/persons")
@needs(Permission.HANDLE_REQUESTS)
def persons() -> tuple[str, int]:
    """The two forms, and every erasure until now."""
    return _page()


def _kind() -> str:
    kind = request.form.get("kind", "")
    if kind not in {"mentor", "business"}:
        raise InputRefused(
            sentence("This form is no longer valid."),
            where=sentence("the form you sent"),
            mend=sentence("Load the page again and send the form from there."),
        )
    return kind


@pages.post("/persons/copy")
@needs(Permission.HANDLE_REQUESTS)
def copy_person() -> Response | tuple[str, int]:
    """All that is held of a person as a JSON file."""
    subject = request.form.get("subject", "").strip()
    try:
        held = programme().personal_copy(_kind(), subject)
    except Refused as fault:
        return _page(fault)
    return download(as_json(held, g.lang).encode(), "json", f"{g.lang.text('personal-data')}-{subject}")


@pages.post("/persons/erase")
@needs(Permission.HANDLE_REQUESTS)
def erase_person() -> tuple[str, int]:
    """Erase a person's data; the id must be typed twice."""
    form, subject = request.form, request.form.get("subject", "").strip()
    try:
        if form.get("again", "").strip() != subject:
            raise InputRefused(
                sentence("The id was typed in two ways; nothing was erased."),
                where=sentence("the form you sent"),
                mend=sentence("Type the id twice alike."),
            )
        done = programme().erase_person(_kind(), subject, request=form.get("request", ""))
    except Refused as fault:
        return _page(fault)
    return _page(done=done)
