"""Answers as text on a terminal: short aligned tables in the reader's language, ranges in figures."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from service.language import Language, mark
from service.models.factors import factor
from service.printing import models
from service.printing.grouping import by_reason
from service.printing.layout import bullets, paragraph, table
from service.words import evidence, ranged, state

Plain = Mapping[str, Any]
_MOST_FAULTS = 30
_MOST_ROWS = 8
_MOST_VALUES = 3
_FIGURES = re.compile(r"[\d.,-]+")
_OPTION = " --"
"""Mark of a message that an option answers for a whole column."""
_MOST_LEFT_OUT = 15
_MOST_TOP = 5


def sample(answer: Plain, lang: Language) -> str:
    """Rows per table and the folder."""
    rows = [(name, lang.number(count)) for name, count in answer.items() if isinstance(count, int) and name != "seed"]
    written = lang.text("The sample city stands in %(folder)s.", folder=str(answer["folder"]))
    return f"{table((lang.text('Table'), lang.text('Rows')), rows, right=' r')}\n{written}"


def check(answer: Plain, lang: Language) -> str:
    """Counts and faults of a dry run."""
    clean = lang.text("The files can be imported; nothing was stored.")
    return _taken(answer, lang, clean)


def imported(answer: Plain, lang: Language) -> str:
    """Counts and faults of an import."""
    return _taken(answer, lang, lang.text("Imported as data version %(version)s.", version=answer.get("version")))


def _taken(answer: Plain, lang: Language, clean: str) -> str:
    kinds = ("new", "changed", "unchanged")
    rows = [(name, *(lang.number(answer[kind][name]) for kind in kinds)) for name in answer["new"]]
    heads = (lang.text("Table"), lang.text("New"), lang.text("Changed"), lang.text("Unchanged"))
    parts = [table(heads, rows, right=" rrr")] if rows and not answer["refused"] else []
    parts += [bullets(answer["notes"], "")] if answer["notes"] else []
    if answer["unmapped"]:
        parts.append(lang.text("Columns not used:"))
        parts.append(bullets(f"{place}: {', '.join(columns)}" for place, columns in answer["unmapped"].items()))
    if answer["warnings"]:
        parts.append(_warnings(answer["warnings"], lang))
    firms = answer.get("growth_of_firms")
    if firms:
        parts.append(_firms(firms, lang))
    parts.append(_faults(answer["refused"], lang) if answer["refused"] else clean)
    return "\n".join(parts)


def _firms(firms: Plain, lang: Language) -> str:
    said = lang.text(
        "Growth of the businesses themselves: %(mean)s on average over %(count)s businesses.",
        mean=lang.change(firms["mean"]),
        count=firms["count"],
    )
    lacking = [f"{lang.number(row['count'])}: {row['reason']}" for row in firms["lacking"]]
    return "\n".join([said, *([bullets(lacking)] if lacking else [])])


def _faults(faults: Sequence[Plain], lang: Language) -> str:
    return _cells(lang.text("Nothing was stored; faults: %(count)s.", count=len(faults)), faults, lang)


def _warnings(warnings: Sequence[Plain], lang: Language) -> str:
    head = lang.text(
        "Look at these cells; they are no fault and are taken as they stand: %(count)s.", count=len(warnings)
    )
    return _cells(head, warnings, lang)


def _cells(head: str, faults: Sequence[Plain], lang: Language) -> str:
    alike = _alike(faults)
    lines = [head, *(bullets([f"{_place(same, lang)}: {same[0]['message']}"]) for same in alike[:_MOST_FAULTS])]
    if rest := sum(map(len, alike[_MOST_FAULTS:])):
        lines.append(lang.text("… and %(count)s more; --json lists all.", count=rest))
    return "\n".join(lines)


def _alike(faults: Sequence[Plain]) -> list[list[Plain]]:
    """Faults of one column that say the same, or ask the same of different figures, together."""
    found: dict[tuple[Any, ...], list[Plain]] = {}
    for fault in faults:
        said = _FIGURES.sub("", fault["message"]) if _OPTION in fault["message"] else fault["message"]
        found.setdefault((fault["file"], fault["sheet"], fault["column"], said), []).append(fault)
    return list(found.values())


def _place(same: Sequence[Plain], lang: Language) -> str:
    fault, rows = same[0], [str(fault["row"]) for fault in same if fault["row"]]
    parts = [fault["file"]]
    parts += [lang.text("sheet %(name)s", name=fault["sheet"])] if fault["sheet"] else []
    parts += [lang.text("row %(number)s", number=", ".join(rows[:_MOST_ROWS]))] if rows else []
    parts += [lang.text("and %(count)s more rows", count=len(rows) - _MOST_ROWS)] if len(rows) > _MOST_ROWS else []
    parts += [lang.text("column %(name)s", name=fault["column"])] if fault["column"] else []
    values = list(dict.fromkeys(f"«{one['value']}»" for one in same if one["value"]))
    parts += [*values[:_MOST_VALUES], *(["…"] if len(values) > _MOST_VALUES else [])]
    return ", ".join(parts)


def index(answer: Plain, lang: Language) -> str:
    """The index with its companions, and the caveat beside it."""
    from model.index.verdict import FEW_RESPONDENTS  # noqa: PLC0415 - --help waits for no array library

    heads = ("Group", "Rows", "Ks", "Kr", "MMR", "CS", "H", "KR-20", "Delivery", "Band", "Verdict")
    marked = (mark("Group"), mark("Rows"), mark("Delivery"), mark("Band"), mark("Verdict"))
    shown = [lang.text(head) if head in marked else head for head in heads]
    groups = answer["groups"]
    parts = [table(shown, [_index_row(group, lang) for group in groups], right=" rrrrrrrr")]
    if len(groups) == 1:
        parts += [paragraph(groups[0]["reason"]), *([bullets(groups[0]["warnings"])] if groups[0]["warnings"] else [])]
    few = sum(group["verdict"] is not None and group["respondents"] < FEW_RESPONDENTS for group in groups)
    if len(groups) > 1 and few:
        said = lang.text(
            "Verdicts that rest on fewer than %(least)s complete rows and are uncertain: %(few)s of %(all)s.",
            least=FEW_RESPONDENTS,
            few=few,
            all=len(groups),
        )
        parts.append(paragraph(said))
    parts += [paragraph(text) for text in dict.fromkeys(group["caveat"] for group in groups)]
    return "\n".join([*parts, _standing(answer, lang)])


def _index_row(group: Plain, lang: Language) -> tuple[str, ...]:
    two = [lang.number(group[name], 2) for name in ("ks", "kr", "mmr", "cs", "h", "kr20")]
    delivery = ranged(lang.percent, group["delivery_rate"], group["delivery_low"], group["delivery_high"])
    words = (group["band"] or "–", group["verdict"] or "–")
    return (group["group"], lang.number(group["respondents"]), *two, delivery, *words)


def _standing(answer: Plain, lang: Language) -> str:
    return lang.text(
        "Data version %(version)s, seen on %(day)s.", version=answer["data_version"], day=lang.day(answer["as_of"])
    )


def score(answer: Plain, lang: Language) -> str:
    """Each mentor's scores, delivery and expected growth."""
    mentors = answer["mentors"]
    areas = [code for code in answer["areas"] if any(code in mentor["scores"] for mentor in mentors)]
    labels = [answer["areas"][code]["label"] for code in areas]
    growth = lang.change if answer["unit"] is None else lambda value: lang.signed(value, 2)
    heads = (lang.text("Mentor"), *labels, lang.text("Delivery"), lang.text("Expected growth"))
    rows = [
        (
            mentor["mentor_id"],
            *(lang.number(mentor["scores"].get(area), 0) for area in areas),
            ranged(lang.percent, mentor["delivery_rate"], mentor["delivery_low"], mentor["delivery_high"]),
            ranged(growth, mentor["expected_growth"], mentor["low"], mentor["high"]),
        )
        for mentor in mentors
    ]
    parts = [table(heads, rows, right=" " + "r" * (len(areas) + 2))]
    parts += [paragraph(answer["hindsight"])] if answer["hindsight"] else []
    if len(mentors) == 1:
        parts.append(bullets([*mentors[0]["reasons"], *(row["said"] for row in mentors[0]["unusual"])]))
    return "\n".join(parts)


def plan(answer: Plain, lang: Language) -> str:
    """The choices with their reasons, what was left out, who decides."""
    parts = [_plan_head(answer, lang), *_choices(answer["choices"], lang), *_left_out(answer["left_out"], lang)]
    proven = lang.text("At most %(gap)s better is possible (proven).", gap=lang.percent(answer["gap"], 2))
    return "\n".join([*parts, proven, answer["decides"], *_where_it_stands(answer, lang)])


def _where_it_stands(answer: Plain, lang: Language) -> list[str]:
    """Where it is told how a stored plan stands, where the answer is the plan as it was made."""
    if answer.get("plan") is None or "status" in answer:
        return []
    number = str(answer["plan"])
    return [lang.text("Whether it is approved, and what was decided on it: plan show %(plan)s.", plan=number)]


def _left_out(rows: Sequence[Plain], lang: Language) -> list[str]:
    """The reasons, most frequent first, each with how many pairs it holds."""
    groups = by_reason(rows)
    shown = [f"{lang.number(group['count'])} × {group['reason']}" for group in groups[:_MOST_LEFT_OUT]]
    more = sum(group["count"] for group in groups[_MOST_LEFT_OUT:])
    parts = [lang.text("Left out, pairs of mentor and course:"), bullets(shown)] if groups else []
    return parts + ([lang.text("… and %(count)s more; --json lists all.", count=more)] if more else [])


def _top(answer: Plain, lang: Language) -> str:
    """The first choices of a plan only."""
    choices = answer["choices"][:_MOST_TOP]
    more = lang.text("The whole plan: the command plan show %(plan)s, or its page.", plan=str(answer["plan"]))
    return "\n".join([_plan_head(answer, lang), *_choices(choices, lang), more, answer["decides"]])


def _plan_head(answer: Plain, lang: Language) -> str:
    head = lang.text(
        "Plan %(plan)s: %(cost)s of %(budget)s, %(count)s places.",
        plan=str(answer["plan"]),
        cost=lang.rupiah(answer["cost_idr"]),
        budget=lang.rupiah(answer["budget_idr"]),
        count=len(answer["choices"]),
    )
    told = ("since_made", "basis_note", "risk_note", "hindsight")
    notes = [paragraph(answer[name]) for name in told if answer.get(name)]
    return "\n".join([head, *notes])


def _choices(choices: Sequence[Plain], lang: Language) -> list[str]:
    return [_choice(number, choice, lang) for number, choice in enumerate(choices, 1)]


def _choice(number: int, choice: Plain, lang: Language) -> str:
    gain = choice["gain_points"]
    line = lang.text(
        "%(number)s. %(mentor)s → %(course)s, %(cost)s. Evidence: %(evidence)s; score %(gain)s points.",
        number=number,
        mentor=f"{choice['mentor_name']} ({choice['mentor_id']})",
        course=f"{choice['title']} ({choice['course_id']})",
        cost=lang.rupiah(choice["cost_idr"]),
        evidence=evidence(choice, lang),
        gain=ranged(lambda value: lang.signed(value, 1), gain["mean"], gain["low"], gain["high"]),
    )
    turnover = choice["turnover_idr"]
    worth = [_worth(turnover, lang)] if turnover else []
    worth += [_growth(choice["benefit"], lang)] if choice["benefit"] else []
    if turnover and choice["benefit"] and choice["benefit"]["low"] > 0 > turnover["low"]:
        worth += [
            lang.text("in rupiah large businesses weigh most, so that range may reach below 0 where growth does not")
        ]
    said = [*worth, *choice["reasons"], choice["runner_up"]["note"], choice["what_would_change"]]
    return f"{line}\n{bullets(said, '   ')}"


def _worth(turnover: Plain, lang: Language) -> str:
    figures = ranged(lang.about, turnover["mean"], turnover["low"], turnover["high"])
    return f"{lang.text('extra gross turnover a year')} {figures}"


def _growth(benefit: Plain, lang: Language) -> str:
    figures = ranged(lambda value: lang.signed(value, 3), benefit["mean"], benefit["low"], benefit["high"])
    return f"{lang.text('Extra growth, sum over businesses (ln)')} {figures}"


def explanation(answer: Plain, lang: Language) -> str:
    """Base, contributions and value: a sum."""
    rows = [
        (told.name, told.own, told.reference, lang.signed(row["contribution"], 4))
        for row, told in ((row, factor(row, lang)) for row in answer["contributions"])
    ]
    other = answer["against"]
    beside = lang.text("Value of %(other)s", other=other) if other else lang.text("Reference")
    heads = (lang.text("What"), lang.text("Own value"), beside, lang.text("Contribution"))
    parts = [table(heads, rows, right=" rrr"), _sum(answer, lang)]
    parts += [bullets(row["said"] for row in answer["unusual"])] if answer["unusual"] else []
    parts += [paragraph(_became(answer, lang))] if "observed" in answer else []
    return "\n".join([*parts, paragraph(answer["note"])])


def _became(answer: Plain, lang: Language) -> str:
    """The range of what was expected, and what was observed of it."""
    expected = ranged(lambda value: lang.number(value, 4), answer["value"], answer["low"], answer["high"])
    told = lang.text("Expected: %(expected)s, a 90%% range.", expected=expected)
    if answer["observed"] is None:
        return f"{told} {answer['outcome_note']}"
    seen = lang.text("Observed: %(observed)s.", observed=lang.number(answer["observed"], 4))
    return f"{told} {seen} {answer['outcome_note']}"


def _sum(answer: Plain, lang: Language) -> str:
    base, value = lang.number(answer["base"], 4), lang.number(answer["value"], 4)
    if answer["against"]:
        return lang.text(
            "%(base)s (what is expected of %(other)s) and all contributions give %(value)s.",
            base=base,
            other=answer["against"],
            value=value,
        )
    return lang.text("%(base)s (the average) and all contributions give %(value)s.", base=base, value=value)


def demo(answer: Plain, lang: Language) -> str:
    """The summaries of the demo, one after the other."""
    shown = {"sample": sample, "train": models.train, "index": index, "plan": _top}
    return "\n\n".join(show(answer[name], lang) for name, show in shown.items())


def doctor(answer: Plain, lang: Language) -> str:
    """One line a check, with its mend."""
    rows = [(state(line, lang), line["name"], line["found"]) for line in answer["checks"]]
    mends = [f"{line['name']}: {line['mend']}" for line in answer["checks"] if line["mend"]]
    return "\n".join([table(("", lang.text("Check"), lang.text("Found")), rows), *([bullets(mends)] if mends else [])])
