"""Matchings as text on a terminal: pairs with their reasons, who is unserved, lists, decisions, the intake desk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from service import words
from service.language import Language
from service.matches.words import STATUS, alike, growth, status
from service.printing.layout import bullets, paragraph, table

Plain = Mapping[str, Any]
_MOST_PAIRS = 10
_MOST_REASONS = 8


def matched(answer: Plain, lang: Language) -> str:
    """The pairs, the first of them with their reasons; who is unserved and why; where places are scarce."""
    pairs = answer["pairs"]
    parts = [
        *_head(answer, lang),
        *[_pair(k, pair, answer["unit"], lang) for k, pair in enumerate(pairs[:_MOST_PAIRS], 1)],
    ]
    if len(pairs) > _MOST_PAIRS:
        parts.append(
            lang.text(
                "… and %(count)s more pairs: --json, --out FILE.xlsx or match show %(match)s.",
                count=len(pairs) - _MOST_PAIRS,
                match=str(answer["match"]),
            )
        )
    return "\n".join([*parts, *_tail(answer, lang)])


def shown(answer: Plain, lang: Language) -> str:
    """Every pair with its reasons, the status and the decisions."""
    pairs = [_pair(k, pair, answer["unit"], lang) for k, pair in enumerate(answer["pairs"], 1)]
    return "\n".join([*_head(answer, lang), *pairs, *_tail(answer, lang), *_status(answer, lang)])


def _head(answer: Plain, lang: Language) -> list[str]:
    name = [lang.text("Matching %(match)s.", match=str(answer["match"]))] if answer["match"] else []
    notes = [paragraph(answer[n]) for n in ("note", "since_made", "basis_note", "hindsight") if answer.get(n)]
    return [*name, *notes, *([bullets(answer["warnings"])] if answer["warnings"] else [])]


def _pair(number: int, pair: Plain, unit: str | None, lang: Language) -> str:
    line = lang.text(
        "%(number)s. %(business)s → %(mentor)s. Evidence: %(evidence)s; %(growth)s.",
        number=number,
        business=f"{pair['business_name']} ({pair['business_id']}, {pair['district']})",
        mentor=f"{pair['mentor_name']} ({pair['mentor_id']})",
        evidence=lang.text(pair["evidence"]),
        growth=growth(pair, unit, lang),
    )
    said = [*pair["reasons"], pair["runner_up"]["note"], *alike(pair, lang), pair["what_would_change"]]
    return f"{line}\n{bullets(said, '   ')}"


def _tail(answer: Plain, lang: Language) -> list[str]:
    groups = Counter(row["reason"] for row in answer["unmatched"]).most_common(_MOST_REASONS)
    shown = [f"{lang.number(count)} × {reason}" for reason, count in groups]
    fixes = list(dict.fromkeys(row["fix"] for row in answer["unmatched"]))[:_MOST_REASONS]
    parts = [lang.text("Without a mentor:"), bullets(shown), lang.text("What would help:"), bullets(fixes)]
    proven = lang.text("At most %(gap)s better is possible (proven).", gap=lang.percent(answer["gap"], 2))
    return [*(parts if groups else []), proven, answer["decides"]]


def _status(answer: Plain, lang: Language) -> list[str]:
    line, *said = status(answer, lang)
    return [line, *([bullets(said)] if said else [])]


def listed(answer: Plain, lang: Language) -> str:
    """One line a matching."""
    rows = [
        (str(row["match"]), lang.day(row["as_of"]), lang.text(STATUS[row["status"]]), row["note"])
        for row in answer["matches"]
    ]
    heads = (lang.text("Matching"), lang.text("As of"), lang.text("Status"), "")
    return table(heads, rows) if rows else lang.text("No matching has been made yet.")


def approved(answer: Plain, lang: Language) -> str:
    """The approval and what was kept."""
    return lang.text(
        "Matching %(match)s is approved by %(name)s: %(pairs)s pairs, %(count)s predictions are kept. %(note)s",
        match=str(answer["match"]),
        name=answer["approval"]["name"],
        pairs=answer["pairs"],
        count=answer["predictions"],
        note=answer["note"],
    )


def published(answer: Plain, lang: Language) -> str:
    """The publication."""
    return lang.text(
        "Matching %(match)s is published by %(name)s.",
        match=str(answer["match"]),
        name=answer["publication"]["name"],
    )


def declined(answer: Plain, lang: Language) -> str:
    """The new matching's number and what changes."""
    rows = [(row["business_id"], row["before"] or "–", row["after"] or "–") for row in answer["changes"]["rows"]]
    heads = (lang.text("Business"), lang.text("Before"), lang.text("Now"))
    head = lang.text("The rest is matched anew in matching %(match)s, a draft.", match=str(answer["match"]))
    return "\n".join([head, answer["changes"]["note"], *([table(heads, rows)] if rows else []), answer["decides"]])


def best(answer: Plain, lang: Language) -> str:
    """The mentors who suit one business best."""
    parts = [paragraph(answer["note"]), *_suited(answer["best"], answer["unit"], lang)]
    if answer["full"]:
        parts += [
            lang.text("These would suit it better, but have no free place:"),
            *_suited(answer["full"], answer["unit"], lang),
        ]
    marked = (
        [lang.text("Mark of this advice, for desk decide: %(mark)s", mark=answer["mark"])] if "mark" in answer else []
    )
    return "\n".join([*parts, answer["decides"], *marked])


def _suited(rows: Sequence[Plain], unit: str | None, lang: Language) -> list[str]:
    said = []
    for place, row in enumerate(rows):
        line = f"{row['mentor_name']} ({row['mentor_id']}): {lang.text('%(free)s free places', free=row['free'])}"
        same = lang.text("as good as the first within noise")
        said.append(f"{line}, {same}" if place and row["within_noise_of_best"] else line)
        said.append(bullets([*_weighed(row, unit, lang), *row["reasons"], *_rest(row)], "   "))
    return said


def _weighed(row: Plain, unit: str | None, lang: Language) -> list[str]:
    """The evidence word before what the mentor adds and its range, of who is advised."""
    if "evidence" not in row:
        return []
    word = lang.text("Evidence: %(word)s.", word=words.evidence(row, lang))
    if row["mentor_part"] is None:
        ends = (row["fit"], row["fit_range"]["low"], row["fit_range"]["high"])
        mean, low, high = (lang.number(end, 2) for end in ends)
        fit = lang.text(
            "fit %(fit)s (%(low)s … %(high)s by the noise of assessments; an agreement with the standard, no forecast)",
            fit=mean,
            low=low,
            high=high,
        )
        return [f"{word} {fit}"]
    show = lang.change if unit is None else lambda value: f"{lang.signed(value, 3)} {unit}"
    part = lang.text("Beside a mentor of average scores: %(part)s", part=words.ranged(show, **row["mentor_part"]))
    return [f"{word} {part}"]


def _rest(row: Plain) -> list[str]:
    """The runner-up and what would change it, of who is advised."""
    return [row["runner_up"]["note"], row["what_would_change"]] if "evidence" in row else []
