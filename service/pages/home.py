"""Home: what waits for this user, how fresh data and model are, and how to begin where nothing is there."""

from typing import Any

from flask import g, url_for

from model.refusals import DataMissing
from service import guard
from service.guard import needs
from service.pages.frame import may, page, pages, plain, programme
from service.people.roles import Permission
from service.rendering import refusal

MOST_TASKS = 7
COUNTED = ("mentors", "businesses", "engagements", "courses")
WHERE: dict[str, tuple[str, dict[str, Any]]] = {
    "objections": ("pages.objections", {}),
    "held": ("pages.desk_decisions", {"status": "held"}),
    "train": ("pages.train", {}),
    "unassessed": ("pages.mentors", {"state": "unassessed"}),
    "over": ("pages.mentors", {"state": "over"}),
    "idle": ("pages.mentors", {"state": "idle"}),
    "plan": ("pages.plan", {}),
    "match": ("pages.match", {}),
    "old": ("pages.imports", {}),
}
"""Where each kind of task is done; whoever may not open it is not told of it."""
ACTS: dict[str, tuple[str, ...]] = {
    "held": ("pages.withdraw_desk", "pages.upload"),
    "plan": ("pages.decide",),
    "match": ("pages.approve_match",),
}
"""What ends a task that more roles may look at than can do something about: whoever may do none is not told of it."""


@pages.get("/")
@needs(Permission.SIGNED_IN)
def home() -> str:
    """The first page; where nothing is imported yet, how to begin."""
    asked = programme()
    if not asked.store.version():
        return page("empty.html")
    if not guard.user().may(Permission.SEE_PROGRAMME):
        return page("home.html", tasks=_tasks(), counts=_counts(), index=None, missing=None, learned=None)
    try:
        index, missing = plain(asked.index())["groups"][0], None
    except DataMissing as fault:
        index, missing = None, refusal(fault, g.lang)["error"]
    learned = plain(asked.learned())
    return page("home.html", tasks=_tasks(), counts=_counts(), index=index, missing=missing, learned=learned)


def _counts() -> dict[str, int]:
    """Rows in reach of the tables that the page names."""
    ids = guard.reach().ids
    return {name: programme().table_rows(name, ids=ids, part=slice(0))["count"] for name in COUNTED}


def _tasks() -> list[dict[str, Any]]:
    """What waits for this user, at most seven, each with its address."""
    found = []
    for task in programme().tasks(ids=guard.reach().mentors, districts=guard.user().districts):
        endpoint, arguments = WHERE[task["kind"]]
        if may(endpoint) and any(map(may, ACTS.get(task["kind"], (endpoint,)))):
            more = {f"{task['kind']}_id": task["target"]} if task["kind"] in {"plan", "match"} else {}
            found.append({**plain(task), "address": url_for(endpoint, **arguments, **more)})
    return found[:MOST_TASKS]
