"""Writes a training plan as a workbook: to read, to keep, and to bring back once the courses are done.

The sheet ``trainings`` has the columns of the table of that name, with completed_on left empty: fill in the day, delete
who did not finish, and import the workbook's sheet. Ids are text cells; no cell is ever a formula.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from service.language import Language, mark

PLAN = (
    mark("mentor_id"),
    mark("Mentor"),
    mark("course_id"),
    mark("Course"),
    mark("Area"),
    mark("Cost (Rp)"),
    mark("Evidence"),
    mark("Points added"),
    mark("Points, low"),
    mark("Points, high"),
    mark("Extra growth (sum of ln)"),
    mark("Growth, low"),
    mark("Growth, high"),
    mark("Extra turnover a year (Rp)"),
    mark("Turnover, low"),
    mark("Turnover, high"),
    mark("Value in the plan"),
    mark("Reasons"),
    mark("Runner-up"),
    mark("What would change it"),
)
EVIDENCE_WORDS = (mark("strong"), mark("moderate"), mark("weak"), mark("insufficient"))
LEFT_OUT = (mark("mentor_id"), mark("course_id"), mark("Why not"))
FIXED = (mark("course_id"), mark("Course"), mark("Participants"), mark("Fixed cost (Rp)"))
TRAININGS = ("mentor_id", "course_id", "completed_on")
_LAST_ROW = 1_048_000  # Excel's own limit is 1,048,576


def write(answer: Mapping[str, Any], path: Path, lang: Language) -> None:
    """Write a plan's answer, already rendered to plain values, as .xlsx; the same answer gives the same bytes."""
    day = datetime.fromisoformat(str(answer["as_of"]))
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": lang.text("Training plan"), "created": day})
        _sheet(book, lang.text("Plan"), _headers(PLAN, lang), [_choice(choice, lang) for choice in answer["choices"]])
        _sheet(book, "trainings", TRAININGS, [(c["mentor_id"], c["course_id"], None) for c in answer["choices"]])
        _sheet(book, lang.text("Fixed costs"), _headers(FIXED, lang), [_fixed(cost) for cost in answer["fixed_costs"]])
        _sheet(book, lang.text("Left out"), _headers(LEFT_OUT, lang), [_left(out) for out in answer["left_out"]])
        _sheet(book, lang.text("About"), (lang.text("Entry"), lang.text("Value")), about(answer, lang))


def about(answer: Mapping[str, Any], lang: Language) -> list[tuple[str, Any]]:
    """What the plan was made from and comes to, line by line."""
    benefit, turnover = answer["benefit"], answer["turnover_idr"] or {}
    return [
        (lang.text("Budget (Rp)"), answer["budget_idr"]),
        (lang.text("Cost (Rp)"), answer["cost_idr"]),
        (lang.text("Extra growth (sum of ln)"), benefit["mean"]),
        (lang.text("Growth, low"), benefit["low"]),
        (lang.text("Growth, high"), benefit["high"]),
        (lang.text("Extra turnover a year (Rp)"), turnover.get("mean")),
        (lang.text("Gap to the best possible (share)"), answer["gap"]),
        (lang.text("Basis"), answer["basis_note"]),
        (lang.text("Risk"), answer["risk_note"]),
        (lang.text("Model"), answer["model"]),
        (lang.text("Data version"), answer["data_version"]),
        (lang.text("As of"), answer["as_of"]),
        (lang.text("Seed"), answer["seed"]),
        (lang.text("Who decides"), answer["decides"]),
    ]


def _headers(names: Sequence[str], lang: Language) -> list[str]:
    return [lang.text(name) for name in names]


def _choice(choice: Mapping[str, Any], lang: Language) -> tuple[Any, ...]:
    points, growth, turnover = choice["gain_points"], choice["benefit"] or {}, choice["turnover_idr"] or {}
    return (
        choice["mentor_id"],
        choice["mentor_name"],
        choice["course_id"],
        choice["title"],
        choice["area_label"],
        choice["cost_idr"],
        lang.text(choice["evidence"]),
        *(points[end] for end in ("mean", "low", "high")),
        *(growth.get(end) for end in ("mean", "low", "high")),
        *(turnover.get(end) for end in ("mean", "low", "high")),
        choice["value"],
        " ".join(choice["reasons"]),
        choice["runner_up"]["note"],
        choice["what_would_change"],
    )


def _left(out: Mapping[str, Any]) -> tuple[Any, ...]:
    return out["mentor_id"], out["course_id"], out["reason"]


def _fixed(cost: Mapping[str, Any]) -> tuple[Any, ...]:
    return cost["course_id"], cost["title"], cost["participants"], cost["fixed_cost_idr"]


def _sheet(book: Any, name: str, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
        sheet.set_column(column, column, max(12, min(len(header) + 2, 40)))
    for number, row in enumerate(rows[:_LAST_ROW], start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value, text)
            elif value is not None:
                sheet.write_number(number, column, value)
