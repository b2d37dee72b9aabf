"""Writes a matching as a PDF: page 1 to sign, with what it comes to; who is given which businesses; the reasons.

Letterhead, number and day stand above. Businesses of one mentor that have the same reasons stand together; each has its
own evidence word and range; page n of m.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.files.letterhead import Letter
from service.files.typesetting import typeset
from service.language import Language
from service.matches.words import alike, growth, status
from service.words import strengths

TEMPLATE = Path(__file__).with_name("match.typ")


def write(answer: Mapping[str, Any], path: Path, lang: Language, letter: Letter | None = None) -> None:
    """Write a matching's answer, already rendered to plain values; the same answer gives the same bytes."""
    mentors = _mentors(answer)
    told = ("note", "basis_note", "hindsight", "decides")
    page = {
        "lang": lang.code,
        "facts": _facts(answer, lang),
        "part": answer.get("part_note", ""),
        "notes": [*status(answer, lang), *(answer[name] for name in told if answer.get(name))],
        "warnings": answer["warnings"],
        "districts": [
            [row["district"], *(lang.number(row[name]) for name in ("waiting", "served", "unserved"))]
            for row in answer["districts"]
        ],
        "given": [_given(mentor, pairs, lang) for mentor, pairs in mentors],
        "mentors": [_reasoned(mentor, pairs, answer["unit"], lang) for mentor, pairs in mentors],
        "unmatched": _unmatched(answer),
    }
    path.write_bytes(typeset(TEMPLATE, page, _words(lang), letter or Letter(), str(answer["as_of"])))


def _words(lang: Language) -> dict[str, str]:
    return {
        "title": lang.text("Assignment of businesses to mentors"),
        "mentor": lang.text("Mentor"),
        "given": lang.text("Which mentor is given which businesses"),
        "businesses": lang.text("Businesses"),
        "each": lang.text("Each pair with its reasons"),
        "brings": lang.text("Business, and what is expected (90% range)"),
        "reasons": lang.text("Reasons, runner-up, what would change it"),
        "unmatched": lang.text("Businesses without a mentor"),
        "district": lang.text("District"),
        "waiting": lang.text("Businesses that wait"),
        "served": lang.text("Given a mentor"),
        "unserved": lang.text("Without a mentor"),
        "decided": lang.text("Decided by"),
    }


def _facts(answer: Mapping[str, Any], lang: Language) -> list[list[str]]:
    return [
        *([[lang.text("Matching"), str(answer["match"])]] if answer.get("match") else []),
        [lang.text("Pairs"), lang.number(len(answer["pairs"]))],
        [lang.text("Without a mentor"), lang.number(len(answer["unmatched"]))],
        [lang.text("Evidence (number of pairs)"), strengths(answer["pairs"], lang)],
    ]


def _mentors(answer: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Mentors who are given businesses, in order of id, with their pairs."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for pair in answer["pairs"]:
        rows.setdefault(pair["mentor_id"], []).append(pair)
    known = {row["mentor_id"]: row for row in answer["mentors"]}
    return [(known[code], rows[code]) for code in sorted(rows)]


def _load(mentor: Mapping[str, Any], lang: Language) -> str:
    load = {name: mentor[name] for name in ("active", "assigned", "capacity")}
    return lang.text("%(active)s active, %(assigned)s assigned, capacity %(capacity)s", **load)


def _business(row: Mapping[str, Any]) -> str:
    return f"{row['business_name']} ({row['business_id']}, {row['district']})"


def _given(mentor: Mapping[str, Any], pairs: list[Mapping[str, Any]], lang: Language) -> dict[str, Any]:
    return {
        "name": mentor["mentor_name"],
        "said": [f"{mentor['mentor_id']}, {mentor['district']}", _load(mentor, lang)],
        "businesses": [_business(pair) for pair in pairs],
    }


def _reasoned(
    mentor: Mapping[str, Any], pairs: list[Mapping[str, Any]], unit: str | None, lang: Language
) -> dict[str, Any]:
    """A mentor's businesses with their figures, those that have the same reasons together."""
    groups: dict[tuple[str, ...], list[list[str]]] = {}
    for pair in pairs:
        said = (*pair["reasons"], pair["runner_up"]["note"], *alike(pair, lang), pair["what_would_change"])
        figures = f"{lang.text('Evidence')}: {lang.text(pair['evidence'])}; {growth(pair, unit, lang)}"
        groups.setdefault(said, []).append([_business(pair), figures])
    return {
        "name": f"{mentor['mentor_name']} ({mentor['mentor_id']}), {mentor['district']}",
        "load": _load(mentor, lang),
        "rows": [{"businesses": rows, "reasons": list(said)} for said, rows in groups.items()],
    }


def _unmatched(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Businesses without a mentor, those for which the same would help together."""
    groups: dict[str, list[str]] = {}
    for row in answer["unmatched"]:
        groups.setdefault(f"{row['reason']} {row['fix']}", []).append(_business(row))
    return [{"why": why, "businesses": businesses} for why, businesses in groups.items()]
