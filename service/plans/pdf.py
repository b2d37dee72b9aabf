"""Writes a training plan as a PDF: page 1 to sign, with what it comes to and who takes which course; then each choice.

Letterhead, number and day stand above; the pages after the first give every choice its evidence, range, reasons,
runner-up and what would change it; page n of m.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.files.letterhead import Letter
from service.files.typesetting import typeset
from service.language import Language
from service.plans.words import decided, latest, of_whole, places, status
from service.words import DECISIONS, strengths

TEMPLATE = Path(__file__).with_name("plan.typ")


def write(answer: Mapping[str, Any], path: Path, lang: Language, letter: Letter | None = None) -> None:
    """Write a plan's answer, already rendered to plain values; the same answer gives the same bytes."""
    page = {
        "lang": lang.code,
        "facts": _facts(answer, lang),
        "part": answer.get("part_note", ""),
        "status": [*status(answer, lang), answer["decides"]],
        "notes": [answer[name] for name in ("basis_note", "risk_note", "hindsight") if answer.get(name)],
        "courses": [_course(answer, course, lang) for course in answer["fixed_costs"]],
        "rows": [
            _row(number, choice, decided(answer, choice, lang), lang)
            for number, choice in enumerate(answer["choices"], start=1)
        ],
    }
    path.write_bytes(typeset(TEMPLATE, page, _words(answer, lang), letter or Letter(), str(answer["as_of"])))


def _words(answer: Mapping[str, Any], lang: Language) -> dict[str, str]:
    return {
        "title": lang.text("Mentor training plan"),
        "chosen": lang.text("Mentors, by what the place brings"),
        "each": lang.text("Each choice with its reasons"),
        "mentor": lang.text("Mentor"),
        "course": lang.text("Course"),
        "cost": lang.text("Cost"),
        "brings": lang.text("What it is expected to bring (90% range)"),
        "reasons": lang.text("Reasons, runner-up, what would change it"),
        "fixed_cost": of_whole(answer, "Fixed cost", lang),
        "decided": lang.text("Decided by"),
    }


def _facts(answer: Mapping[str, Any], lang: Language) -> list[list[str]]:
    facts = [
        *([[lang.text("Plan"), str(answer["plan"])]] if answer.get("plan") else []),
        [of_whole(answer, "Budget", lang), lang.rupiah(answer["budget_idr"])],
        [of_whole(answer, "Cost", lang), lang.rupiah(answer["cost_idr"])],
        [lang.text("Places"), places(answer, lang)],
        [lang.text("Evidence (number of choices)"), strengths(answer["choices"], lang)],
    ]
    if answer["turnover_idr"]:
        name = of_whole(answer, "Extra gross turnover a year, not profit (90% range)", lang)
        facts.append([name, _ends(answer["turnover_idr"], lang.about)])
    elif answer["basis"] == "effect":
        name = of_whole(answer, "Extra growth, sum over businesses (ln)", lang)
        facts.append([name, _ends(answer["benefit"], lambda x: lang.number(x, 2))])
    return facts


def _course(answer: Mapping[str, Any], course: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    """A course of the plan with everybody who is to take it, numbered as the choices are."""
    chosen = [(n, one) for n, one in enumerate(answer["choices"], start=1) if one["course_id"] == course["course_id"]]
    said = lang.text("Participants: %(count)s", count=len(chosen))
    if "places_in_all" in answer:
        said = lang.text("%(shown)s in your districts of %(all)s in all", shown=len(chosen), all=course["participants"])
    return {
        "title": course["title"],
        "said": [course["course_id"], said, f"{lang.text('Evidence')}: {strengths((one for _, one in chosen), lang)}"],
        "people": [f"{n}. {_person(answer, one, lang)}" for n, one in chosen],
        "cost": lang.rupiah(sum(one["cost_idr"] for _, one in chosen)),
        "fixed_cost": lang.rupiah(course["fixed_cost_idr"]),
    }


def _person(answer: Mapping[str, Any], choice: Mapping[str, Any], lang: Language) -> str:
    """A mentor's name and id, and what became of the place where it was not accepted."""
    row, name = latest(answer, choice), f"{choice['mentor_name']} ({choice['mentor_id']})"
    return name if row is None or row["decision"] == "accept" else f"{name}: {lang.text(DECISIONS[row['decision']])}"


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
