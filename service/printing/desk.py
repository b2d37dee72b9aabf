"""Decisions of the intake desk as text on a terminal."""

from collections.abc import Mapping
from typing import Any

from service.language import Language
from service.printing import matches
from service.printing.layout import paragraph, table
from service.words import DESK_DECISIONS, DESK_STATES, role

Plain = Mapping[str, Any]


def listed(answer: Plain, lang: Language) -> str:
    """One line a decision."""
    rows = [
        (
            str(row["desk"]),
            lang.moment(row["made_at"]),
            row["business"],
            row["mentor_id"] or "–",
            lang.text(DESK_DECISIONS[row["decision"]]),
            lang.text(DESK_STATES[row["status"]]),
        )
        for row in answer["decisions"]
    ]
    heads = ("Decision", "Made on", "Business", "Mentor", "Decided", "Status")
    none = lang.text("Nothing has been decided at the intake desk yet.")
    return table([lang.text(head) for head in heads], rows) if rows else none


def one(row: Plain, lang: Language) -> str:
    """What was decided, by whom, and how it stands."""
    lines = [
        lang.text(
            "Decision %(number)s: %(business)s (%(district)s) → %(mentor)s, %(decision)s.",
            number=str(row["desk"]),
            business=row["business"],
            district=row["district"],
            mentor=row["mentor_id"] or "–",
            decision=lang.text(DESK_DECISIONS[row["decision"]]),
        ),
        _by(row, row["reason"], lang),
        lang.text(
            "Advised first: %(mentor)s. Model: %(model)s.", mentor=row["advised"] or "–", model=row["model"] or "–"
        ),
        *(lang.text("Withdrawn: %(said)s", said=_by(one_, one_["reason"], lang)) for one_ in row["withdrawn"]),
        lang.text("Status: %(status)s.", status=lang.text(DESK_STATES[row["status"]])),
        row["note"],
    ]
    return "\n".join(paragraph(line) for line in lines)


def _by(row: Plain, reason: str, lang: Language) -> str:
    said = {"name": row["name"], "role": role(row["role"], lang), "moment": lang.moment(row["made_at"])}
    return lang.text("By %(name)s (%(role)s), %(moment)s. %(reason)s", **said, reason=reason).strip()


def whole(row: Plain, lang: Language) -> str:
    """The same, with the advice as it was then."""
    return "\n".join([one(row, lang), lang.text("The advice as it was then:"), matches.best(row["advice"], lang)])
