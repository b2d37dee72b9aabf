"""Builds the web application: pages and API over the use cases, languages, headers, refusals; and serves it."""

import logging
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as Answer

from model.refusals import (
    AccessRefused,
    DataMissing,
    InputRefused,
    MatchRefused,
    ModelRefused,
    NotFound,
    PlanRefused,
    RateRefused,
    Refused,
    SignInRefused,
    StoreRefused,
)
from model.sentences import sentence
from service import api, guard, pages
from service.api.problems import TooLarge, WrongMedia, http_problem, problem
from service.api.repeating import KeyRefused, Unmatched
from service.incoming import Incoming
from service.language import LANGUAGES
from service.rendering import refusal
from service.settings import Settings
from service.usecases import Programme

STATUS: dict[type[Refused], int] = {
    InputRefused: 400,
    SignInRefused: 401,
    AccessRefused: 403,
    NotFound: 404,
    DataMissing: 409,
    ModelRefused: 409,
    PlanRefused: 422,
    RateRefused: 429,
    MatchRefused: 422,
    StoreRefused: 503,
    TooLarge: 413,
    WrongMedia: 415,
    KeyRefused: 409,
    Unmatched: 412,
}
"""HTTP status of each kind of refusal."""

LOCAL = ("127.0.0.1", "localhost", "[::1]")


class _App(Flask):
    """Flask without what only coroutines need, which is a tenth of a short request."""

    request_class = Incoming

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: none here is a coroutine."""
        return func


def create_app(settings: Settings, *, hosts: tuple[str, ...] = LOCAL) -> Flask:
    """The application on one installation.

    ``hosts``: names by which browsers may call it (empty: any); others are refused, so that a foreign page cannot
    reach a local server under a name of its own.
    """
    app = _App(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=64_000,
        TRUSTED_HOSTS=list(hosts) or None,
    )
    app.extensions["programme"] = Programme(settings, lenient=True)
    _speak(app, settings)
    app.register_blueprint(pages.pages)
    api.join(app)
    guard.install(app, settings)
    app.after_request(_remember)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    return app


def _speak(app: Flask, settings: Settings) -> None:
    for name in ("number", "signed", "percent", "change", "rupiah", "about", "day", "moment"):
        app.jinja_env.filters[name] = _filter(name)
    app.jinja_env.globals.update(_=_text, languages=LANGUAGES)

    @app.before_request
    def choose() -> None:
        wanted = request.args.get("lang") or request.cookies.get("lang") or settings.lang
        g.lang = settings.language(wanted if wanted in LANGUAGES else None)

    @app.context_processor
    def words() -> dict[str, object]:
        return {"lang": g.lang}


def _text(english: str, **values: object) -> str:
    shown: str = g.lang.text(english, **values)
    return shown


def _filter(name: str) -> Callable[..., str]:
    def shown(value: object, *more: int) -> str:
        made: str = getattr(g.lang, name)(value, *more)
        return made

    return shown


def _remember(response: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie("lang", request.args["lang"], max_age=31_536_000, samesite="Lax", httponly=True)
    return response


def _refused(fault: Refused) -> tuple[Response | str, int] | Answer:
    if isinstance(fault, SignInRefused) and request.method == "GET" and not request.path.startswith("/api/"):
        return redirect(url_for("pages.log_in", next=request.full_path.rstrip("?")))
    code = STATUS[next(kind for kind in type(fault).__mro__ if kind in STATUS)]
    return _form_again(fault, code) or _shown(fault, code)


def _form_again(fault: Refused, code: int) -> tuple[str, int] | None:
    """The page whose form was refused, as its view declared it (see :func:`service.pages.frame.again`)."""
    show = g.pop("again", None)
    if show is None:
        return None
    g.error = refusal(fault, g.lang)["error"]
    try:
        made = show()
    except Refused:  # the page itself cannot be shown either
        return None
    return made[0] if isinstance(made, tuple) else made, code


def _http(fault: HTTPException) -> tuple[Response | str, int] | Response:
    code = fault.code or 500
    if isinstance(fault, SecurityError) or "lang" not in g:
        return Response(f"{code} {fault.name}\n", code, mimetype="text/plain")
    if code == 500:
        return _shown(_own_fault(), code)
    nothing = sentence("There is no page at this address.")
    said = Refused(
        nothing if code == 404 else sentence("This cannot be asked here (%(code)s).", code=str(code)),
        where=sentence("the address %(address)s", address=request.path[:80]),
        mend=sentence("See the list of operations in /openapi.json.")
        if request.path.startswith(api.PREFIX)
        else sentence("Start again from the first page."),
    )
    if request.path.startswith(api.PREFIX):
        return http_problem(fault, said)
    return _shown(said, code)


def _own_fault() -> Refused:
    return Refused(
        sentence("This is a fault of Suluh, not of your data."),
        where=sentence("the address %(address)s", address=request.path[:80]),
        mend=sentence("Look at the terminal in which the pages are served; run doctor."),
    )


def _shown(fault: Refused, code: int) -> tuple[Response | str, int]:
    if request.path.startswith(api.PREFIX):
        return problem(fault, code), code
    return render_template("refused.html", error=refusal(fault, g.lang)["error"]), code


def serve(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until stopped; ``announce`` is told the address. A taken port gives way to the next free one.

    Raises:
        InputRefused: the machine has no such address, or no port near ``port`` is free.
    """
    from waitress.server import create_server  # noqa: PLC0415 - only where pages are served

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # more askers than threads is no fault

    lang = settings.language()
    local = host in {"127.0.0.1", "localhost", "::1"}
    app = create_app(settings, hosts=LOCAL if local and not settings.https else ())
    listener = _listen(host, port)
    server = create_server(app, sockets=[listener], threads=4)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"
    announce(lang.text("The pages are at %(address)s (stop with Ctrl+C).", address=address))
    if not local and not settings.https:
        announce(lang.text("Passwords cross the network unencrypted: put a proxy with https before it (SULUH_HTTPS)."))
    try:
        server.run()
    finally:
        server.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + 50, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.bind((host, candidate))
        except OSError:
            listener.close()
            continue
        return listener
    raise InputRefused(
        sentence("No port from %(port)s on can be used.", port=str(port)),
        where=sentence("the address %(address)s", address=host),
        mend=sentence("Give another --port or --host."),
    )
