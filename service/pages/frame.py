"""The frame of every page: the blueprint, the menu, Bootstrap served from its wheel, and what all pages show.

A page function asks the use cases (``programme()``), makes the answer plain in the reader's language (``plain``) and
lays it out (``page``). Under each route stands ``@needs(Permission.…)``: what the user's role must open. The menu shows
what the user may see.
"""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_bootstrap import Bootstrap5

from model.unseen import without_unseen
from service.guard import programme, seen
from service.language import mark
from service.models.factors import factor
from service.pages.packing import packed
from service.people.roles import Role
from service.rendering import render
from service.words import BASES, DECISIONS, EVIDENCE, RISKS

__all__ = ["NAVIGATION", "again", "may", "opens", "page", "pages", "plain", "programme", "typed", "url_with"]

pages = Blueprint("pages", __name__)

NAVIGATION = (
    ("pages.home", mark("Home")),
    ("pages.imports", mark("Import")),
    ("pages.index", mark("Index")),
    ("pages.mentors", mark("Mentors")),
    ("pages.plans", mark("Training plan")),
    ("pages.matches", mark("Matching")),
    ("pages.model", mark("Model")),
    ("pages.mine", mark("My record")),
    ("pages.reports", mark("Reports")),
    ("pages.persons", mark("Personal data")),
    ("pages.admin", mark("Administration")),
)
"""Endpoint and name of every entry of the menu; those that are not there yet or not for this user are not shown."""


def plain(answer: Any, *also: str) -> Any:
    """An answer as plain values in the reader's language, cut to what the user may see (see :func:`guard.seen`)."""
    return seen(render(answer, g.lang), *also)


def may(endpoint: str) -> bool:
    """Whether the endpoint exists and this user may see it."""
    allowed: Callable[[str], bool] = current_app.extensions.get("may", lambda _: True)
    return endpoint in current_app.view_functions and allowed(endpoint)


def page(template: str, **given: Any) -> str:
    """A page with what all pages show: the state of the data and the model, and the banner."""
    state = plain(programme().standing())
    return render_template(
        template, state=state, notice=state["banner"], only=_only(), own_record=_own_record(), **given
    )


def _only() -> list[str]:
    """The districts to which the reader is limited, if any."""
    return sorted(getattr(g.get("user"), "districts", None) or ())


def _own_record() -> bool:
    """Whether the reader is a mentor, who sees the own record alone."""
    return getattr(g.get("user"), "role", None) is Role.MENTOR


def again(show: Callable[[], Any], at: str = "") -> None:
    """If what follows is refused, show this page again, with what was wrong and with what was typed.

    ``at``: id of the form's place on a long page, to which the words above the page lead.
    """
    g.again, g.form_at = show, at


def typed(name: str, otherwise: object = "", **of: object) -> str:
    """What was typed into a field of a form that was refused, without signs that nobody sees, else ``otherwise``.

    ``of``: fields and values that tell this form from others of the same page.
    """
    if not g.get("error") or any(request.values.get(field) != str(value) for field, value in of.items()):
        return str(otherwise)
    return without_unseen(request.values.get(name, str(otherwise)))


def url_with(**changes: object) -> str:
    """The address of this page with other arguments; None takes one out."""
    kept = request.args.to_dict(flat=False) | {name: [value] for name, value in changes.items()}
    return "?" + urlencode({name: values for name, values in kept.items() if values != [None]}, doseq=True)


def opens(at: str) -> str:
    """The address of rows behind a figure (ENDPOINT?ARGUMENTS); empty where there is none, or not for this user."""
    endpoint, _, given = at.partition("?")
    if not at or not may(endpoint) or getattr(g.get("user"), "limited", False):
        return ""
    values: dict[str, Any] = dict(parse_qsl(given))
    return url_for(endpoint, **values)


def _menu() -> list[tuple[str, str]]:
    return [(endpoint, name) for endpoint, name in NAVIGATION if may(endpoint)]


@pages.record_once
def _furnish(state: BlueprintSetupState) -> None:
    """Give the application what the templates stand on."""
    app = cast("Any", state.app)
    Bootstrap5(app)
    app.after_request(packed)
    app.jinja_env.filters["sector"] = lambda code: g.lang.show(programme().framework.sector(code))
    app.jinja_env.filters["factor"] = lambda row: factor(row, g.lang)
    app.jinja_env.globals.update(
        menu=_menu,
        may=may,
        opens=opens,
        url_with=url_with,
        typed=typed,
        evidence_words=EVIDENCE,
        risks=RISKS,
        bases=BASES,
        decision_words=DECISIONS,
    )
