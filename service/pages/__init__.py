"""The pages: one file per group, all on the one blueprint of :mod:`service.pages.frame`; endpoints are ``pages.NAME``.

A new group is a file with routes on ``pages`` and a line here. Its menu entry stands in ``frame.NAVIGATION``.
"""

from service.pages import (
    admin,
    desk,
    home,
    imports,
    index,
    jobs,
    matches,
    mentors,
    mine,
    model,
    model_rows,
    people,
    persons,
    plan_asking,
    plans,
    plots,
    reports,
    tables,
)
from service.pages.frame import pages

__all__ = [
    "admin",
    "desk",
    "home",
    "imports",
    "index",
    "jobs",
    "matches",
    "mentors",
    "mine",
    "model",
    "model_rows",
    "pages",
    "people",
    "persons",
    "plan_asking",
    "plans",
    "plots",
    "reports",
    "tables",
]
