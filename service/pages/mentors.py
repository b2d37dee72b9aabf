"""Mentors: the list against the standard, and one mentor with the reasons behind the expected growth."""

from flask import g

from model.refusals import Refused
from service.guard import needs
from service.pages.frame import page, pages, plain, programme
from service.people.roles import Permission
from service.rendering import refusal


@pages.get("/mentors")
@needs(Permission.SEE_MENTORS)
def mentors() -> str:
    """Every mentor against the standard, in the order of the table; never ranked."""
    return page("mentors.html", **plain(programme().score()))


@pages.get("/mentors/<mentor_id>")
@needs(Permission.SEE_MENTORS)
def mentor(mentor_id: str) -> str:
    """One mentor: scores, reasons, and what the expected growth is made of."""
    asked = programme()
    answer = plain(asked.score(mentor=mentor_id))
    try:
        explained, unexplained = plain(asked.explain_mentor(mentor_id)), None
    except Refused as fault:
        explained, unexplained = None, refusal(fault, g.lang)["error"]
    return page("mentor.html", mentor=answer["mentors"][0], explained=explained, unexplained=unexplained, **answer)
