"""Writes a matching as a workbook: to read, to keep, and to bring back once the mentors have begun.

The sheet ``engagements`` has the columns of the table of that name, with started_on left empty: fill in the days and
import the workbook: it is known as such (data/reading/own_workbooks.py), that sheet only is read, and rows without a
day are left out. The sheet About says so to the reader.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from service.files.sheets import ABOUT, Sheets, workbook
from service.language import Language, mark

PAIRS = (
    mark("business_id"),
    mark("Business"),
    mark("District"),
    mark("mentor_id"),
    mark("Mentor"),
    mark("Evidence"),
    mark("Expected growth (ln)"),
    mark("Growth, low"),
    mark("Growth, high"),
    mark("Mentor's part (ln)"),
    mark("Part, low"),
    mark("Part, high"),
    mark("Fit to the standard"),
    mark("Reasons"),
    mark("Runner-up"),
    mark("What would change it"),
)
UNMATCHED = (mark("business_id"), mark("Business"), mark("District"), mark("Why not"), mark("What would help"))
MENTORS = (
    mark("mentor_id"),
    mark("Mentor"),
    mark("District"),
    mark("Capacity"),
    mark("Active"),
    mark("Assigned"),
    mark("Free places"),
    mark("One more place serves"),
    mark("One more place adds"),
)
ENGAGEMENTS = ("engagement_id", "mentor_id", "business_id", "started_on")
_LOGS = "0.000"
_LOGARITHMS = (
    *("Expected growth (ln)", "Growth, low", "Growth, high", "Mentor's part (ln)", "Part, low", "Part, high"),
    *("Fit to the standard", "One more place adds", "Value of the matching"),
)
_FORMS = dict.fromkeys(_LOGARITHMS, _LOGS) | {
    "Gap to the best possible (share)": "0.00%",
    "started_on": "yyyy-mm-dd",
}
_WIDE = {"Business": 34, "Mentor": 24, "District": 18, "Why not": 90, "What would help": 70, "Reasons": 90, "Entry": 36}
_WIDE |= {"Runner-up": 60, "What would change it": 60, "Value": 90, "engagement_id": 22}


def write(answer: Mapping[str, Any], path: Path, lang: Language) -> None:
    """Write a matching's answer, already rendered to plain values, as .xlsx; the same answer gives the same bytes."""
    day = datetime.fromisoformat(str(answer["as_of"]))
    with workbook(path, lang.text("Matching"), day) as book:
        sheet = Sheets(book, lang, _FORMS, _WIDE)
        sheet.add(lang.text("Matching"), PAIRS, [_pair(pair, lang) for pair in answer["pairs"]])
        sheet.add("engagements", ENGAGEMENTS, [_engagement(answer, pair) for pair in answer["pairs"]])
        sheet.add(lang.text("Unmatched"), UNMATCHED, [_unmatched(row) for row in answer["unmatched"]])
        sheet.add(lang.text("Mentors"), MENTORS, [_mentor(row) for row in answer["mentors"]])
        sheet.add(lang.text("About"), ABOUT, [(lang.text(name), value) for name, value in about(answer, lang)])


def about(answer: Mapping[str, Any], lang: Language) -> list[tuple[str, Any]]:
    """What the matching was made from and comes to, line by line; the names of the lines are English."""
    back = lang.text(
        "Fill in started_on on the sheet engagements and import this workbook; rows without a day are not taken: "
        "python -m service import FILE, or upload it on the page Import"
    )
    part = [(mark("What is shown"), answer["part_note"])] if "part_note" in answer else []
    return [
        *part,
        (mark("Served"), answer["note"]),
        (mark("Value of the matching"), answer["value"]),
        (mark("Gap to the best possible (share)"), answer["gap"]),
        (mark("Basis"), answer["basis_note"]),
        (mark("Warnings"), " ".join(answer["warnings"]) or None),
        (mark("Model"), answer["model"]),
        (mark("Looking back"), answer.get("hindsight")),
        (mark("Data version"), answer["data_version"]),
        (mark("As of"), answer["as_of"]),
        (mark("Seed"), answer["seed"]),
        (mark("Who decides"), answer["decides"]),
        (mark("When the mentors have begun"), back),
    ]


def _pair(pair: Mapping[str, Any], lang: Language) -> tuple[Any, ...]:
    part = pair["mentor_part"] or {}
    return (
        *(pair[name] for name in ("business_id", "business_name", "district", "mentor_id", "mentor_name")),
        lang.text(pair["evidence"]),
        *(pair[name] for name in ("expected_growth", "low", "high")),
        *(part.get(end) for end in ("mean", "low", "high")),
        pair["fit"],
        " ".join(pair["reasons"]),
        pair["runner_up"]["note"],
        pair["what_would_change"],
    )


def _engagement(answer: Mapping[str, Any], pair: Mapping[str, Any]) -> tuple[Any, ...]:
    """A row of the table engagements; its id names the matching and the business, so that it comes in once."""
    return f"match-{answer['match']}-{pair['business_id']}", pair["mentor_id"], pair["business_id"], None


def _unmatched(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("business_id", "business_name", "district", "reason", "fix"))


def _mentor(row: Mapping[str, Any]) -> tuple[Any, ...]:
    named = ("mentor_id", "mentor_name", "district", "capacity", "active", "assigned", "free")
    more = row["one_more"] or {}
    return (*(row[name] for name in named), more.get("serves"), more.get("value"))
