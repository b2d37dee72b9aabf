"""Writes a training plan as a PDF to sign: letterhead, number, date, the places with their reasons, page n of m."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.files.letterhead import Letter
from service.files.typesetting import typeset
from service.language import Language
from service.plans.words import decided, of_whole, places, status

TEMPLATE = Path(__file__).with_name("plan.typ")


def write(answer: Mapping[str, Any], path: Path, lang: Language, letter: Letter | None = None) -> None:
    """Write a plan's answer, already rendered to plain values; the same answer gives the same bytes."""
    page = {
        "lang": lang.code,
        "facts": _facts(answer, lang),
        "part": answer.get("part_note", ""),
        "notes": [
            *status(answer, lang),
            *(answer[n] for n in ("basis_note", "risk_note", "hindsight", "decides") if answer.get(n)),
        ],
        "rows": [
            _row(number, choice, decided(answer, choice, lang), lang)
            for number, choice in enumerate(answer["choices"], start=1)
        ],
        "fixed": [
            [cost["title"], lang.number(cost["participants"]), lang.rupiah(cost["fixed_cost_idr"])]
            for cost in answer["fixed_costs"]
        ],
    }
    path.write_bytes(typeset(TEMPLATE, page, _words(answer, lang), letter or Letter(), str(answer["as_of"])))


def _words(answer: Mapping[str, Any], lang: Language) -> dict[str, str]:
    return {
        "title": lang.text("Mentor training plan"),
        "places": lang.text("Places"),
        "mentor": lang.text("Mentor"),
        "course": lang.text("Course"),
        "cost": lang.text("Cost"),
        "brings": lang.text("What it is expected to bring (90% range)"),
        "reasons": lang.text("Reasons, runner-up, what would change it"),
        "fixed": of_whole(answer, "Courses held", lang),
        "participants": lang.text("Participants"),
        "fixed_cost": lang.text("Fixed cost"),
        "decided": lang.text("Decided by"),
    }


def _facts(answer: Mapping[str, Any], lang: Language) -> list[list[str]]:
    facts = [
        *([[lang.text("Plan"), str(answer["plan"])]] if answer.get("plan") else []),
        [of_whole(answer, "Budget", lang), lang.rupiah(answer["budget_idr"])],
        [of_whole(answer, "Cost", lang), lang.rupiah(answer["cost_idr"])],
        [lang.text("Places"), places(answer, lang)],
    ]
    if answer["basis"] == "effect":
        benefit = answer["benefit"]
        name = of_whole(answer, "Extra growth, sum over businesses (ln)", lang)
        facts.append([name, _ends(benefit, lambda x: lang.number(x, 2))])
    if answer["turnover_idr"]:
        name = of_whole(answer, "Extra gross turnover a year", lang)
        facts.append([name, _ends(answer["turnover_idr"], lang.about)])
    return facts


def _ends(values: Mapping[str, float], show: Any) -> str:
    return f"{show(values['mean'])} ({show(values['low'])} … {show(values['high'])})"


def _row(number: int, choice: Mapping[str, Any], fate: str, lang: Language) -> dict[str, Any]:
    brings = [
        f"{lang.text('Evidence')}: {lang.text(choice['evidence'])}",
        f"{lang.text('Points added')}: {_ends(choice['gain_points'], lambda x: lang.signed(x, 1))}",
    ]
    if choice["benefit"]:
        growth = _ends(choice["benefit"], lambda x: lang.signed(x, 3))
        brings.append(f"{lang.text('Extra growth, sum over businesses (ln)')}: {growth}")
    if choice["turnover_idr"]:
        brings.append(f"{lang.text('Extra gross turnover a year')}: {_ends(choice['turnover_idr'], lang.about)}")
    return {
        "number": lang.number(number),
        "mentor": [choice["mentor_name"], choice["mentor_id"]],
        "course": [choice["title"], choice["course_id"]],
        "cost": lang.rupiah(choice["cost_idr"]),
        "decided": fate,
        "brings": brings,
        "reasons": [*choice["reasons"], choice["runner_up"]["note"], choice["what_would_change"]],
    }
