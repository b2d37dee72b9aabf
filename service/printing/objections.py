"""Objections as text for a terminal."""

from collections.abc import Mapping
from typing import Any

from service.language import Language, mark
from service.printing import layout
from service.words import ABOUTS, KINDS, OUTCOMES, role


def listed(answer: Mapping[str, Any], lang: Language) -> str:
    """All of them, one after the other."""
    told = [one(row, lang) for row in answer["objections"]]
    return "\n\n".join([*told, lang.text("Open: %(count)s.", count=answer["open"])])


def one(row: Mapping[str, Any], lang: Language) -> str:
    """One objection with its answer."""
    head = lang.text(
        "%(id)s. Mentor %(mentor)s, %(kind)s about %(about)s; raised by %(name)s (%(role)s) on %(day)s:",
        id=row["id"],
        mentor=row["mentor_id"],
        kind=lang.text(KINDS[row["kind"]]),
        about=about(row, lang),
        name=row["name"],
        role=role(row["role"], lang),
        day=lang.moment(row["raised_at"]),
    )
    lines = [layout.paragraph(head), layout.paragraph(row["said"], "  ")]
    answer = row["answer"]
    if answer is None:
        return "\n".join([*lines, "  " + lang.text("Not answered yet.")])
    said = lang.text(
        "%(outcome)s by %(name)s (%(role)s) on %(day)s: %(said)s",
        outcome=lang.text(OUTCOMES[answer["outcome"]]),
        name=answer["name"],
        role=role(answer["role"], lang),
        day=lang.moment(answer["answered_at"]),
        said=answer["said"],
    )
    return "\n".join([*lines, layout.paragraph(said, "  → ")])


def about(row: Mapping[str, Any], lang: Language) -> str:
    """What an objection is about, in words."""
    if row["about"] == "record" or row["source"] is None:
        return lang.text(ABOUTS[row["about"]])
    if row["about"] == "plan":
        return lang.text(mark("course %(course)s in training plan %(plan)s"), course=row["subject"], plan=row["source"])
    return lang.text(mark("business %(business)s in matching %(match)s"), business=row["subject"], match=row["source"])
