"""Writes a training plan as a workbook: to read, to keep, and to bring back once the courses are done.

The sheet ``trainings`` has the columns of the table of that name, with completed_on left empty: fill in the days and
import the workbook: it is known as such (data/reading/own_workbooks.py), that sheet only is read, and rows without a
day are left out. The sheet About says so to the reader. Ids are text cells; no cell is ever a formula; a sheet without
rows is not written, because it would be a fault on the way back.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from service.files.sheets import ABOUT, Sheets, workbook
from service.language import Language, mark
from service.plans.words import decided, of_whole, places, stands, status

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
    mark("Decision"),
)
EVIDENCE_WORDS = (mark("strong"), mark("moderate"), mark("weak"), mark("insufficient"))
LEFT_OUT = (mark("mentor_id"), mark("course_id"), mark("Why not"))
FIXED = (mark("course_id"), mark("Course"), mark("Participants"), mark("Fixed cost (Rp)"))
TRAININGS = ("mentor_id", "course_id", "completed_on")
_RUPIAH, _POINTS, _LOGS, _SHARE = "#,##0", "0.0", "0.000", "0.00%"
_FORMS = {
    "Cost (Rp)": _RUPIAH,
    "Fixed cost (Rp)": _RUPIAH,
    "Points added": _POINTS,
    "Points, low": _POINTS,
    "Points, high": _POINTS,
    "Extra growth (sum of ln)": _LOGS,
    "Growth, low": _LOGS,
    "Growth, high": _LOGS,
    "Extra turnover a year (Rp)": _RUPIAH,
    "Turnover, low": _RUPIAH,
    "Turnover, high": _RUPIAH,
    "Value in the plan": _LOGS,
    "Budget (Rp)": _RUPIAH,
    "Gap to the best possible (share)": _SHARE,
    "completed_on": "yyyy-mm-dd",
}
"""How the figures under a header, or beside an entry, are shown; the cells keep all their digits."""
_WHOLE = (
    "Budget (Rp)",
    "Cost (Rp)",
    "Extra growth (sum of ln)",
    "Growth, low",
    "Growth, high",
    "Extra turnover a year (Rp)",
    "Turnover, low",
    "Turnover, high",
    "Gap to the best possible (share)",
)
"""Entries of the sheet About that are of the whole plan, whatever part of its choices is shown."""
_WIDE = {"Course": 40, "Mentor": 24, "Area": 26, "Why not": 90, "Reasons": 90, "Runner-up": 60, "Value": 90}
_WIDE |= {"What would change it": 60, "Decision": 40, "Entry": 36}


def write(answer: Mapping[str, Any], path: Path, lang: Language) -> None:
    """Write a plan's answer, already rendered to plain values, as .xlsx; the same answer gives the same bytes."""
    day = datetime.fromisoformat(str(answer["as_of"]))
    choices = answer["choices"]
    wanted = [(one["mentor_id"], one["course_id"], None) for one in choices if stands(answer, one)]
    with workbook(path, lang.text("Training plan"), day) as book:
        entries = {name: of_whole(answer, name, lang) for name in _WHOLE}
        sheet = Sheets(book, lang, _FORMS | {entries[name]: _FORMS[name] for name in _WHOLE if name in _FORMS}, _WIDE)
        sheet.add(lang.text("Plan"), PLAN, [_choice(answer, choice, lang) for choice in choices])
        sheet.add("trainings", TRAININGS, wanted)
        sheet.add(lang.text("Fixed costs"), FIXED, [_fixed(cost) for cost in answer["fixed_costs"]])
        sheet.add(lang.text("Left out"), LEFT_OUT, [_left(out) for out in answer["left_out"]])
        sheet.add(lang.text("About"), ABOUT, _entries(answer, entries, lang))


def _entries(answer: Mapping[str, Any], named: Mapping[str, str], lang: Language) -> list[tuple[str, Any]]:
    return [(named.get(name) or lang.text(name), value) for name, value in about(answer, lang)]


def about(answer: Mapping[str, Any], lang: Language) -> list[tuple[str, Any]]:
    """What the plan was made from and comes to, line by line; the names of the lines are English."""
    benefit, turnover = answer["benefit"], answer["turnover_idr"] or {}
    growth = benefit if answer["basis"] == "effect" else {}
    back = lang.text(
        "Fill in completed_on on the sheet trainings and import this workbook; rows without a day are not taken: "
        "python -m service import FILE, or upload it on the page Import"
    )
    part = [(mark("What is shown"), answer["part_note"])] if "part_note" in answer else []
    return [
        *part,
        (mark("Places"), places(answer, lang) if part else len(answer["choices"])),
        (mark("Budget (Rp)"), answer["budget_idr"]),
        (mark("Cost (Rp)"), answer["cost_idr"]),
        (mark("Extra growth (sum of ln)"), growth.get("mean")),
        (mark("Growth, low"), growth.get("low")),
        (mark("Growth, high"), growth.get("high")),
        (mark("Extra turnover a year (Rp)"), turnover.get("mean")),
        (mark("Turnover, low"), turnover.get("low")),
        (mark("Turnover, high"), turnover.get("high")),
        (mark("Gap to the best possible (share)"), answer["gap"]),
        (mark("Basis"), answer["basis_note"]),
        (mark("Risk"), answer["risk_note"]),
        (mark("Model"), answer["model"]),
        (mark("Looking back"), answer.get("hindsight")),
        (mark("Data version"), answer["data_version"]),
        (mark("As of"), answer["as_of"]),
        (mark("Seed"), answer["seed"]),
        (mark("Who decides"), answer["decides"]),
        (mark("Status"), " ".join(status(answer, lang)) or None),
        (mark("When the courses are done"), back),
    ]


def _choice(answer: Mapping[str, Any], choice: Mapping[str, Any], lang: Language) -> tuple[Any, ...]:
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
        decided(answer, choice, lang) or None,
    )


def _left(out: Mapping[str, Any]) -> tuple[Any, ...]:
    return out["mentor_id"], out["course_id"], out["reason"]


def _fixed(cost: Mapping[str, Any]) -> tuple[Any, ...]:
    return cost["course_id"], cost["title"], cost["participants"], cost["fixed_cost_idr"]
