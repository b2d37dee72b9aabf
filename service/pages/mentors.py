"""Mentors: the list by filter and order, kept in the address; one mentor with reasons and history."""

from typing import Any

from flask import g, request

from model.refusals import Refused
from service import guard
from service.guard import needs
from service.pages.frame import page, pages, plain, programme
from service.pages.listing import part
from service.people.roles import Permission
from service.rendering import refusal

ASKED = ("q", "district", "state", "area", "below", "sort", "down")
MOST_REASONS = 5


@pages.get("/mentors")
@needs(Permission.SEE_MENTORS)
def mentors() -> str:
    """Mentors against the standard, filtered and in the order asked for; never ranked."""
    asked = {name: request.args[name] for name in ASKED if request.args.get(name)}
    answer = programme().mentor_list(ids=guard.reach().mentors, **asked)
    shown = part(len(answer["mentors"]))
    answer = plain({**answer, "mentors": shown.of(answer["mentors"])})
    return page("mentors.html", part=shown, asked=asked, **answer)


@pages.get("/mentors/<mentor_id>")
@needs(Permission.SEE_MENTORS)
def mentor(mentor_id: str) -> str:
    """One mentor: scores, what the expected growth is made of, history, and what the newest plan recommends."""
    asked = programme()
    answer = plain(asked.score(mentor=mentor_id))
    given: dict[str, Any] = {"record": plain(asked.mentor_record(mentor_id)), "most": MOST_REASONS}
    try:
        given |= {"explained": plain(asked.explain_mentor(mentor_id)), "unexplained": None}
    except Refused as fault:
        given |= {"explained": None, "unexplained": refusal(fault, g.lang)["error"]}
    return page("mentor.html", mentor=answer["mentors"][0], **given, **answer)
