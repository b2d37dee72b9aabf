"""Home: the programme's index with its caveat and companions; what to do next where something is missing."""

from flask import g

from model.refusals import DataMissing
from service.guard import needs
from service.pages.frame import page, pages, plain, programme
from service.people.roles import Permission
from service.rendering import refusal


@pages.get("/")
@needs(Permission.SIGNED_IN)
def home() -> str:
    """The first page; where nothing is imported yet, how to begin."""
    asked = programme()
    if not asked.store.version():
        return page("empty.html")
    try:
        index, missing = plain(asked.index())["groups"][0], None
    except DataMissing as fault:
        index, missing = None, refusal(fault, g.lang)["error"]
    return page("home.html", index=index, missing=missing, learned=plain(asked.learned()))
