"""The pages of log-in: log in, log out, own password."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from model.refusals import InputRefused, RateRefused, Refused, SignInRefused
from service import guard
from service.guard import needs
from service.pages.frame import pages, programme
from service.people.passwords import LONGEST, RULES
from service.people.roles import Permission
from service.rendering import refusal


def _form(template: str, fault: Refused | None = None, code: int = 200, **given: Any) -> tuple[str, int]:
    """A form with what was wrong in it, if anything."""
    error = None if fault is None else refusal(fault, g.lang)["error"]
    return render_template(template, error=error, **given), code


def _own(path: str) -> str:
    """A path of this service to go on to; the first page for anything else."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if own else url_for("pages.home")


@pages.get("/login")
@needs(Permission.ANYONE)
def log_in() -> tuple[str, int] | Response:
    """The form that asks for name and password."""
    if g.user is not None:
        return redirect(url_for("pages.home"))
    return _form("login.html", next=_own(request.args.get("next", "/")))


@pages.post("/login")
@needs(Permission.ANYONE)
def start_session() -> tuple[str, int] | Response:
    """Begin a session under a new id."""
    form, on = request.form, _own(request.form.get("next", "/"))
    try:
        identifier = programme().log_in(
            form.get("name", "")[:LONGEST],
            form.get("password", "")[:LONGEST],
            address=request.remote_addr or "",
            former=guard.session_id(),
        )
    except (SignInRefused, RateRefused) as fault:
        code = 429 if isinstance(fault, RateRefused) else 401
        return _form("login.html", fault, code, next=on, name=form.get("name", "")[:LONGEST])
    return guard.begin_session(redirect(on, 303), identifier)


@pages.post("/logout")
@needs(Permission.SIGNED_IN)
def log_out() -> Response:
    """End the session."""
    identifier = guard.session_id()
    if identifier is not None:
        programme().log_out(identifier)
    return guard.end_session(redirect(url_for("pages.log_in"), 303))


@pages.get("/password")
@needs(Permission.SIGNED_IN)
def password() -> tuple[str, int]:
    """The form that asks for a new password."""
    return _password()


def _password(fault: Refused | None = None, code: int = 200) -> tuple[str, int]:
    rule = RULES[programme().settings.password_rule]
    return _form("password.html", fault, code, rule=rule, must=guard.user().must_change)


@pages.post("/password")
@needs(Permission.SIGNED_IN)
def set_password() -> tuple[str, int] | Response:
    """Set a new password; every session of the user ends and a new one begins."""
    form = request.form
    old, new, again = (form.get(name, "") for name in ("old", "new", "again"))
    try:
        identifier = programme().change_own_password(
            guard.user().key, old, new, again, address=request.remote_addr or ""
        )
    except SignInRefused as fault:
        return _password(fault, 401)
    except RateRefused as fault:
        return _password(fault, 429)
    except InputRefused as fault:
        return _password(fault, 400)
    return guard.begin_session(redirect(url_for("pages.home"), 303), identifier)
