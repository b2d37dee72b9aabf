"""Who may ask what over HTTP: every address declares the permission it needs, and what declares none is closed.

``@needs(Permission.SEE_MENTORS)`` under the route. Before an address answers, ``g.user`` (an
:class:`~service.people.roles.Actor`, None where nobody is logged in) is known by session cookie or bearer token, the
permission is checked, forms' tokens are checked (a bearer token needs none: no browser sends it by itself), and ids in
the address are checked against the user's reach, that of an upload against whoever made it. :func:`seen` cuts an answer
to that reach.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from flask import Flask, Request, Response, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as Answer

from data.store.audit import ACTOR
from model.refusals import AccessRefused, InputRefused, NotFound, SignInRefused
from model.sentences import sentence
from service.people.roles import Actor, Permission
from service.reach import Reach, check_ids, reach_of
from service.settings import Settings
from service.usecases import Programme

View = TypeVar("View", bound=Callable[..., Any])
_NEEDS = "suluh_needs"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_UPLOAD = "identifier"
"""Place in an address where the id of an upload stands."""
_OWN = {"pages.password", "pages.set_password", "pages.log_out"}

OPEN: Mapping[str, Permission] = {
    "static": Permission.ANYONE,
    "bootstrap.static": Permission.ANYONE,
}
"""Addresses that libraries make, and what they need."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""On every answer. Script and style come from our own files only, never from inside a page."""

_csrf = CSRFProtect()


class _Sessions(SecureCookieSessionInterface):
    """Flask's sessions; where no cookie came nothing is unsigned, which spares a program's request a tenth."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the cookie; an empty one without it."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def needs(permission: Permission) -> Callable[[View], View]:
    """Declare what an address needs; stands below the route."""

    def declare(view: View) -> View:
        setattr(view, _NEEDS, permission)
        return view

    return declare


def needed(app: Flask, endpoint: str) -> Permission | None:
    """What an endpoint needs; None where nothing is declared, which closes it."""
    declared: Permission | None = getattr(app.view_functions[endpoint], _NEEDS, None)
    return declared or OPEN.get(endpoint)


def install(app: Flask, settings: Settings) -> None:
    """Guard an application; its programme is in its extensions, and ``g.lang`` is chosen before."""
    prefix = "__Host-" if settings.https else ""
    app.config.update(
        SECRET_KEY=cast("Programme", app.extensions["programme"]).secret_key(),
        SESSION_COOKIE_NAME=f"{prefix}suluh_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_FIELD_NAME="csrf",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        SULUH_SESSION=f"{prefix}suluh_session",
    )
    if settings.https:  # a proxy stands before the service and names the browser it speaks for
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.session_interface = _Sessions()
    _csrf.init_app(app)
    app.jinja_env.globals.update(csrf=generate_csrf, Permission=Permission)
    app.extensions["may"] = lambda endpoint: _open(app, endpoint)
    app.before_request(_guard)
    app.teardown_request(_leave)
    app.after_request(_finish)


def _open(app: Flask, endpoint: str) -> bool:
    """Whether whoever asks may see an endpoint's page."""
    permission = needed(app, endpoint)
    actor: Actor | None = g.get("user")
    return permission is Permission.ANYONE or (
        actor is not None and permission is not None and not actor.must_change and actor.may(permission)
    )


def programme() -> Programme:
    """The programme that this application serves."""
    return cast("Programme", current_app.extensions["programme"])


def user() -> Actor:
    """Who asks, at an address that needs somebody."""
    return cast("Actor", g.user)


def reach() -> Reach:
    """What whoever asks may see; worked out once for a request."""
    if "reach" not in g:
        g.reach = reach_of(user(), programme(), g.lang)
    return cast("Reach", g.reach)


def seen(answer: Any, *also: str) -> Any:
    """A rendered answer cut to what whoever asks may see; ``also``: further names under which a mentor's id stands."""
    return answer if g.get("user") is None else reach().cut(answer, *also)


def require(permission: Permission) -> None:
    """Refuse whoever lacks a permission that a part of an address needs beside its own.

    Raises:
        AccessRefused: the role does not have it.
    """
    _check(g.get("user"), permission)


def check_pair(choice: str) -> None:
    """Refuse a choice MENTOR:COURSE about a mentor out of reach, in the words for one that is not there.

    Raises:
        NotFound: the mentor is another district's.
    """
    if not reach().sees({"mentor_id": choice.partition(":")[0]}):
        raise NotFound(sentence("choice in this plan"), choice)


def check_match_pair(pair: str) -> None:
    """Refuse BUSINESS:MENTOR, or a MENTOR alone, out of reach, in the words for one that is not there.

    Raises:
        NotFound: the business or the mentor is another district's.
    """
    business, _, mentor = pair.rpartition(":")
    if not reach().sees({"mentor_id": mentor, "business_id": business or None}):
        raise NotFound(sentence("pair in this matching"), pair)


def check_desk(district: str, business: str, mentor: str | None) -> None:
    """Refuse a decision at the intake desk out of reach, in the words for what is not there.

    A business that no table has yet is its district's.

    Raises:
        NotFound: the district, the business or the mentor is another district's.
    """
    own, open_ = user().districts, reach()
    if own is not None and district not in own:
        raise NotFound(sentence("district"), district[:40])
    if business in programme().names().written and not open_.sees({"business_id": business}):
        raise NotFound(sentence("business"), business)
    if not open_.sees({"mentor_id": mentor}):
        raise NotFound(sentence("mentor"), str(mentor)[:40])


def check_desk_decision(row: Mapping[str, Any]) -> None:
    """Refuse a decision of the intake desk that gave a mentor out of reach, as one that is not there.

    Raises:
        NotFound: the mentor is another district's.
    """
    if not reach().sees({"mentor_id": row["mentor_id"]}):
        raise NotFound(sentence("decision of the intake desk"), str(row["desk"]))


def part() -> str:
    """A text that differs for those who are shown different parts of an answer."""
    actor: Actor | None = g.get("user")
    if actor is None:
        return ""
    personal = actor.may(Permission.SEE_PERSONAL)
    return (
        repr((personal, actor.limited, sorted(actor.districts or ()), actor.mentor_id))
        if actor.limited
        else repr(personal)
    )


def _guard() -> Answer | None:
    g.user, by_token = _who()
    ACTOR.set(g.user.key if g.user else "nobody")
    if request.endpoint is None:
        return None
    permission = needed(current_app, request.endpoint)
    if permission is not Permission.ANYONE:
        _check(g.user, permission)
        if g.user.must_change and request.endpoint not in _OWN:
            return _change_first()
        if g.user.limited:
            check_ids(reach(), request.view_args or {}, programme())
            _check_day(reach())
    if request.method not in _SAFE and not by_token:
        _check_form()
    if _UPLOAD in (request.view_args or {}):
        _check_upload(str((request.view_args or {})[_UPLOAD]), g.user)
    return None


def _check_upload(identifier: str, actor: Actor) -> None:
    """Refuse an upload that is another's, in the words for one that is not there."""
    if programme().stager(identifier) != actor.key and not actor.may(Permission.ADMINISTER):
        raise NotFound(sentence("upload"), identifier[:40])


def _check_day(reach_: Reach) -> None:
    """Refuse another day to whoever sees sums of answers only: two days' sums differ by single answers.

    Raises:
        AccessRefused: the address asks for the data of a day.
    """
    if not reach_.respondents and "as_of" in request.args:
        raise AccessRefused(
            sentence("A mentor sees the record as it stands now, not as of another day."),
            where=sentence("the option %(option)s", option="as_of"),
            mend=sentence("Leave as_of out."),
        )


def _leave(_fault: BaseException | None) -> None:
    ACTOR.set("command")


def _who() -> tuple[Actor | None, bool]:
    """Who asks, and whether by a bearer token.

    Raises:
        SignInRefused: a token was given that does not hold.
    """
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        known = programme().who_has(given.strip())
        if known is None:
            raise SignInRefused(
                sentence("This token does not hold."),
                where=sentence("the header Authorization"),
                mend=sentence("Make a new one: suluh token add."),
            )
        return known, True
    cookie = session_id()
    return (None if cookie is None else programme().who(cookie)), False


def session_id() -> str | None:
    """The session id that came with the request."""
    return request.cookies.get(current_app.config["SULUH_SESSION"])


def _check(actor: Actor | None, permission: Permission | None) -> None:
    if actor is None:
        raise SignInRefused(
            sentence("Nobody is logged in."),
            where=sentence("the address %(address)s", address=request.path[:80]),
            mend=sentence("Log in, or give a token: Authorization: Bearer …"),
        )
    if permission is None or not actor.may(permission):
        raise AccessRefused(
            sentence("Your role does not open this page."),
            where=sentence("the address %(address)s", address=request.path[:80]),
            mend=sentence("Ask whoever administers Suluh here whether your role should be another."),
        )


def _change_first() -> Answer:
    if request.path.startswith("/api/"):
        raise AccessRefused(
            sentence("The password must be changed first."),
            where=sentence("the log-in"),
            mend=sentence("Log in with a browser and set a password of your own."),
        )
    return redirect(url_for("pages.password"), 303)


def _check_form() -> None:
    try:
        _csrf.protect()
    except CSRFError as fault:
        raise InputRefused(
            sentence("This form is no longer valid."),
            where=sentence("the form you sent"),
            mend=sentence("Load the page again and send the form from there."),
        ) from fault


def begin_session(answer: Answer, identifier: str) -> Answer:
    """Hand the session's id to the browser; forms of before no longer hold."""
    session.clear()
    config = current_app.config
    answer.set_cookie(
        config["SULUH_SESSION"],
        identifier,
        httponly=True,
        samesite="Lax",
        secure=config["SESSION_COOKIE_SECURE"],
        path="/",
    )
    return answer


def end_session(answer: Answer) -> Answer:
    """Take the session's id from the browser."""
    session.clear()
    answer.delete_cookie(
        current_app.config["SULUH_SESSION"], path="/", secure=current_app.config["SESSION_COOKIE_SECURE"]
    )
    return answer


def _finish(response: Response) -> Response:
    response.headers.extend(HEADERS)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint not in OPEN:
        response.headers["Cache-Control"] = "no-cache, private" if "ETag" in response.headers else "no-store"
    return response
