"""Stored plans as text on a terminal: lists, comparisons, decisions, and how past promises held."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.language import Language, mark
from service.plans.words import by_course, status
from service.printing import answers
from service.printing.layout import bullets, paragraph, table
from service.words import BASES, DECISIONS, RISKS, ranged, role

Plain = Mapping[str, Any]
_STATUS = {"draft": mark("draft"), "approved": mark("approved")}
_INPUTS = {
    "budget_idr": mark("Budget"),
    "max_courses_per_mentor": mark("Most courses per mentor"),
    "risk": mark("Value choices"),
    "locks": mark("Locked"),
    "forbids": mark("Forbidden"),
    "rules": mark("Further rules"),
    "model": mark("Model"),
    "basis": mark("Basis"),
    "standard_share": mark("Say of the office's standard"),
    "as_of": mark("As of"),
    "data_version": mark("Data version"),
    "seed": mark("Seed"),
}
_CODED = {"risk": RISKS, "basis": BASES}


def listed(answer: Plain, lang: Language) -> str:
    """One line a plan."""
    rows = [
        (str(row["plan"]), lang.rupiah(row["budget_idr"]), lang.day(row["as_of"]), lang.text(_STATUS[row["status"]]))
        for row in answer["plans"]
    ]
    heads = (lang.text("Plan"), lang.text("Budget"), lang.text("As of"), lang.text("Status"))
    return table(heads, rows, right=" r") if rows else lang.text("No plan has been made yet.")


def shown(answer: Plain, lang: Language) -> str:
    """The plan, its status and the decisions on it."""
    made = [_made(row, lang) for row in answer["decisions"]]
    parts = [answers.plan(answer, lang), *status(answer, lang), *([bullets(made)] if made else []), *_repeated(answer)]
    return "\n".join(parts)


def _repeated(answer: Plain) -> list[str]:
    return [bullets([row["note"] for row in answer["repeated"]])] if answer["repeated"] else []


def _made(row: Plain, lang: Language) -> str:
    return lang.text(
        "%(mentor)s → %(course)s %(decision)s by %(name)s (%(role)s), %(moment)s. %(reason)s",
        mentor=row["mentor_id"],
        course=row["course_id"],
        decision=lang.text(DECISIONS[row["decision"]]),
        name=row["name"],
        role=role(row["role"], lang),
        moment=lang.moment(row["decided_at"]),
        reason=row["reason"],
    )


def decided(answer: Plain, lang: Language) -> str:
    """The decision that was recorded."""
    return _made(answer, lang)


def approved(answer: Plain, lang: Language) -> str:
    """The approval and what was kept."""
    said = lang.text(
        "Plan %(plan)s is approved by %(name)s; %(choices)s choices stand, %(count)s predictions are kept. %(note)s",
        plan=str(answer["plan"]),
        name=answer["approval"]["name"],
        choices=answer["choices"],
        count=answer["predictions"],
        note=answer["note"],
    )
    alone = lang.text(
        "Accepted by this approval alone, without a decision of their own: %(count)s.", count=answer["undecided"]
    )
    return "\n".join([said, *([alone] if answer["undecided"] else []), *_repeated(answer)])


def lines(answer: Plain, lang: Language) -> list[tuple[str, ...]]:
    """Inputs and figures that differ between two plans: what, in the first, in the second."""
    rows = [
        (lang.text(_INPUTS[row["name"]]), *(_input(row["name"], row[side], lang) for side in ("first", "second")))
        for row in answer["inputs"]
    ]
    rows.append((lang.text("Cost"), *(lang.rupiah(answer["cost_idr"][side]) for side in ("first", "second"))))
    return rows + _benefits(answer, lang)


def compared(answer: Plain, lang: Language) -> str:
    """Inputs, figures and choices that differ."""
    heads = ("", *(_named(answer[side], lang) for side in ("first", "second")))
    parts = [table(heads, lines(answer, lang), right=" rr")]
    for name, head in (("dropped", heads[1]), ("added", heads[2])):
        said = [_brief(course, lang) for course in by_course(answer[name])]
        parts += [lang.text("Only in %(plan)s:", plan=head), bullets(said)] if said else []
    parts.append(lang.text("Choices in both: %(count)s.", count=answer["kept"]))
    return "\n".join([*parts, paragraph(answer["note"])])


def _named(plan: object, lang: Language) -> str:
    """Plan 1, or the simulation."""
    return lang.text("Plan %(id)s", id=str(plan)) if isinstance(plan, int) else str(plan)


def _benefits(answer: Plain, lang: Language) -> list[tuple[str, ...]]:
    """Growth and money; only where there are neither, the value by the standard: those of two plans compare then."""
    rows = []
    if answer["value"] and not (answer["benefit"]["first"] and answer["benefit"]["first"]["mean"]):
        shown = [lang.number(answer["value"][side], 3) for side in ("first", "second")]
        rows.append((lang.text("Value in the plan"), *shown))
    for name, title, show in (
        ("benefit", mark("Extra growth, sum over businesses (ln)"), lambda x: lang.signed(x, 3)),
        ("turnover_idr", mark("Extra gross turnover a year"), lang.about),
    ):
        both = [answer[name][side] for side in ("first", "second")]
        if any(both) and any(figures["mean"] for figures in both if figures):
            figures = [ranged(show, f["mean"], f["low"], f["high"]) if f else lang.show(None) for f in both]
            rows.append((lang.text(title), *figures))
    return rows


def _input(name: str, value: Any, lang: Language) -> str:
    if name == "budget_idr":
        return lang.rupiah(value)
    if name == "as_of":
        return lang.day(value)
    if name == "standard_share":
        return lang.percent(value)
    if name in _CODED and value in _CODED[name]:
        return lang.text(_CODED[name][value])
    if name in {"locks", "forbids"}:
        return ", ".join(f"{pair['mentor_id']}:{pair['course_id']}" for pair in value or ()) or "–"
    return _rules(value, lang) if name == "rules" and value else lang.show(value)


def _rules(value: Plain, lang: Language) -> str:
    """Further limits in one line."""
    hours = value["hours_per_mentor"]
    said = [lang.text("%(hours)s JP for each mentor", hours=lang.number(hours, 1))] if hours else []
    said += [f"{row['district']} ≥ {lang.number(row['places'])}" for row in value["floors"]]
    return "; ".join(said + [f"{row['area']} ≤ {lang.number(row['places'])}" for row in value["area_caps"]])


def _brief(course: Plain, lang: Language) -> str:
    mentors = ", ".join(f"{row['mentor_name']} ({row['mentor_id']})" for row in course["mentors"])
    return lang.text(
        "%(course)s, %(cost)s a place; %(count)s mentors: %(mentors)s",
        course=f"{course['title']} ({course['course_id']})",
        cost=lang.rupiah(course["cost_idr"]),
        count=len(course["mentors"]),
        mentors=mentors,
    )


def reviewed(answer: Plain, lang: Language) -> str:
    """Counts, coverage and bias of growth and scores, each plan's sum."""
    heads = ("", lang.text("Predicted"), lang.text("Seen"), lang.text("Held"), lang.text("Mean of seen − predicted"))
    kinds = (("growth", mark("Growth of engagements")), ("scores", mark("Change of scores, points")))
    rows = [_counted(lang.text(title), answer[name], lang) for name, title in kinds]
    parts = [table(heads, rows, right=" rrrr"), *_sums(answer["plans"], lang)]
    parts += [paragraph(answer["note"])] if answer["note"] else []
    if answer["counted_before"]:
        said = lang.text(
            "Predictions counted before, in an earlier plan or matching that was approved: %(count)s.",
            count=answer["counted_before"],
        )
        parts.append(paragraph(said))
    return "\n".join([*parts, paragraph(answer["uplift"])])


def _counted(title: str, row: Plain, lang: Language) -> tuple[str, ...]:
    counts = (lang.number(row["predictions"]), lang.number(row["observed"]))
    return (title, *counts, lang.percent(row["coverage_90"]), lang.signed(row["bias"], 3))


def _sum(row: Plain, lang: Language) -> str:
    values = {
        "count": row["observed"],
        "sum": lang.signed(row["sum"], 2),
        "predicted": ranged(lambda x: lang.signed(x, 2), *(row["predicted"][end] for end in ("mean", "low", "high"))),
    }
    if "match" in row:
        return lang.text(
            "Matching %(match)s: growth of %(count)s pairs sums to %(sum)s; predicted %(predicted)s.",
            match=str(row["match"]),
            **values,
        )
    return lang.text(
        "Plan %(plan)s: growth of %(count)s engagements sums to %(sum)s; predicted %(predicted)s.",
        plan=str(row["plan"]),
        **values,
    )


def _sums(rows: Sequence[Plain], lang: Language) -> list[str]:
    said = [_sum(row, lang) for row in rows if row["observed"]]
    return [bullets(said)] if said else []
