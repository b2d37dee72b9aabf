"""Writes a matching as a PDF to sign: letterhead, number, date, the pairs by mentor with their reasons, page n of m."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.files.letterhead import Letter
from service.files.typesetting import typeset
from service.language import Language
from service.matches.words import alike, growth

TEMPLATE = Path(__file__).with_name("match.typ")


def write(answer: Mapping[str, Any], path: Path, lang: Language, letter: Letter | None = None) -> None:
    """Write a matching's answer, already rendered to plain values; the same answer gives the same bytes."""
    page = {
        "lang": lang.code,
        "notes": [
            lang.text("Matching %(match)s.", match=str(answer["match"])),
            *(answer[name] for name in ("part_note", "note", "basis_note", "hindsight", "decides") if answer.get(name)),
        ],
        "warnings": answer["warnings"],
        "mentors": _mentors(answer, lang),
        "unmatched": [
            [row["business_name"], row["business_id"], row["district"], f"{row['reason']} {row['fix']}"]
            for row in answer["unmatched"]
        ],
    }
    path.write_bytes(typeset(TEMPLATE, page, _words(lang), letter or Letter(), str(answer["as_of"])))


def _words(lang: Language) -> dict[str, str]:
    return {
        "title": lang.text("Assignment of businesses to mentors"),
        "business": lang.text("Business"),
        "brings": lang.text("What is expected (90% range)"),
        "reasons": lang.text("Reasons, runner-up, what would change it"),
        "unmatched": lang.text("Businesses without a mentor"),
        "why": lang.text("Why not, and what would help"),
        "district": lang.text("District"),
        "decided": lang.text("Decided by"),
    }


def _mentors(answer: Mapping[str, Any], lang: Language) -> list[dict[str, Any]]:
    """Mentors with their businesses, in order of id."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for pair in answer["pairs"]:
        rows.setdefault(pair["mentor_id"], []).append(_row(pair, answer["unit"], lang))
    known = {row["mentor_id"]: row for row in answer["mentors"]}
    return [
        {
            "name": f"{known[code]['mentor_name']} ({code}), {known[code]['district']}",
            "load": lang.text(
                "%(active)s active, %(assigned)s assigned, capacity %(capacity)s",
                **{name: known[code][name] for name in ("active", "assigned", "capacity")},
            ),
            "rows": rows[code],
        }
        for code in sorted(rows)
    ]


def _row(pair: Mapping[str, Any], unit: str | None, lang: Language) -> dict[str, Any]:
    return {
        "business": [pair["business_name"], f"{pair['business_id']}, {pair['district']}"],
        "brings": [f"{lang.text('Evidence')}: {lang.text(pair['evidence'])}", growth(pair, unit, lang)],
        "reasons": [*pair["reasons"], pair["runner_up"]["note"], *alike(pair, lang), pair["what_would_change"]],
    }
