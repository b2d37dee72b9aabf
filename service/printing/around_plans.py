"""What surrounds a plan, as text on a terminal: the budget curve, simulations, assessments to make first."""

from collections.abc import Mapping
from typing import Any

from service.language import Language
from service.printing import answers, plans
from service.printing.layout import bullets, paragraph, table
from service.words import ranged

Plain = Mapping[str, Any]


def curve(answer: Plain, lang: Language) -> str:
    """A row per budget, then what a little more would buy."""
    effect = answer["basis"] == "effect"
    heads = [lang.text("Budget"), lang.text("Cost"), lang.text("Places"), lang.text("Value in the plan")]
    heads += [lang.text("Extra gross turnover a year")] if effect else []
    heads += [lang.text("Value of the last million rupiah")]
    rows = [_point(point, lang, effect=effect) for point in answer["points"]]
    said = [_more(row, lang, effect=effect) for row in answer["more"]]
    parts = [table(heads, rows, right="r" * len(heads)), lang.text("A little more would buy:"), bullets(said)]
    return "\n".join([*parts, paragraph(answer["note"]), answer["decides"]])


def _point(point: Plain, lang: Language, *, effect: bool) -> tuple[str, ...]:
    money = point["turnover_idr"]
    turnover = [ranged(lang.about, money["mean"], money["low"], money["high"]) if money else lang.show(None)]
    marginal = point["marginal"]["value_per_million"] if point["marginal"] else None
    return (
        lang.rupiah(point["budget_idr"]),
        lang.rupiah(point["cost_idr"]),
        lang.number(point["places"]),
        lang.number(point["value"], 3),
        *(turnover if effect else []),
        lang.number(marginal, 4),
    )


def _more(row: Plain, lang: Language, *, effect: bool) -> str:
    money = row["turnover_idr"]
    worth = lang.text("value %(value)s", value=lang.signed(row["value"], 3))
    if effect and money:
        figures = ranged(lang.about, money["mean"], money["low"], money["high"])
        worth = f"{worth}, {lang.text('extra gross turnover a year')} {figures}"
    noise = lang.text("within noise") if row["within_noise"] else lang.text("more than noise")
    return f"{row['what']}: {worth}; {noise}"


def what_if(answer: Plain, lang: Language) -> str:
    """That it is a simulation, the comparison, then the plan."""
    whole = {**answer, "plan": lang.text("simulation")}
    compared = {**answer["compare"], "second": lang.text("simulation")}
    return "\n".join([answer["note"], plans.compared(compared, lang), answers.plan(whole, lang)])


def assessments(answer: Plain, lang: Language) -> str:
    """One entry per assessment, the most worth first."""
    said = [_assessment(number, row, lang) for number, row in enumerate(answer["assessments"], 1)]
    more = [lang.text("… and %(count)s more of less worth.", count=answer["more"])] if answer["more"] else []
    return "\n".join([*said, *more, paragraph(answer["note"]), answer["decides"]])


def _assessment(number: int, row: Plain, lang: Language) -> str:
    worth, money = row["worth"], row["turnover_idr"]
    line = lang.text(
        "%(number)s. %(mentor)s in %(area)s: expected worth, in the plan's value, %(worth)s. Evidence: %(evidence)s.",
        number=number,
        mentor=f"{row['mentor_name']} ({row['mentor_id']})",
        area=row["area_label"],
        worth=ranged(lambda value: lang.number(value, 3), worth["mean"], worth["low"], worth["high"]),
        evidence=lang.text(row["evidence"]),
    )
    about = [f"{lang.text('extra gross turnover a year')} {lang.about(money)}"] if money else []
    return f"{line}\n{bullets([*about, *row['reasons'], row['runner_up'], row['what_would_change']], '   ')}"
