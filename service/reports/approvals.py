"""Approved plans and kept predictions in the report of a period: what stands of each, and what is counted once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from data.snapshot import Snapshot
from data.store.store import Store
from model.period import Period
from model.sentences import Number, Rupiah, Sentence, sentence
from service.language import Language
from service.plans import deciding, stored
from service.plans.repeated import repeated
from service.reports import linking
from service.reports.form import Cell, Column, Grid

Told = Mapping[str, Any]
KINDS = ("growth", "scores")
"""Kinds of predictions that are told apart: growth in log points, scores after a course in points."""


def approved_plans(
    store: Store, seen: Snapshot, period: Period, day_of: Callable[[datetime], date]
) -> list[dict[str, Any]]:
    """Plans approved in the period, the oldest first.

    ``places`` and ``cost_idr`` are without what was refused or is to be changed; ``repeated`` of these places stand in
    an earlier approved plan too and are not done yet, ``repeated_idr`` is what the plan would cost less without them.
    """
    found = []
    for record in reversed(store.plans()):
        approval = store.approval(record.id)
        if approval is None or not period.first <= day_of(approval.approved_at) <= period.last:
            continue
        answer, kept = stored.as_stored(record), deciding.wanted(store, record)
        held = {(row["mentor_id"], row["course_id"]) for row in repeated(store, seen, record.id, kept)}
        cost = deciding.cost_of(answer, kept)
        found.append(
            {
                "plan": record.id,
                "approved_at": approval.approved_at,
                "role": approval.role,
                "basis": answer["basis"],
                "places": len(kept),
                "repeated": len(held),
                "budget_idr": answer["budget_idr"],
                "cost_idr": cost,
                "repeated_idr": cost - deciding.cost_of(answer, [pair for pair in kept if pair not in held]),
                "turnover_idr": answer["turnover_idr"],
            }
        )
    return found


def totals(plans: Sequence[Told]) -> dict[str, int]:
    """``places`` and ``cost_idr`` of all plans, a place that several hold counted once; ``repeated``: how many more."""
    again = sum(plan.get("repeated", 0) for plan in plans)  # reports published by earlier versions did not tell it
    return {
        "places": sum(plan["places"] for plan in plans) - again,
        "cost_idr": sum(plan["cost_idr"] - plan.get("repeated_idr", 0) for plan in plans),
        "repeated": again,
    }


def said(told: Told) -> list[Sentence]:
    """What a report concludes of the plans that were approved in its period."""
    if not told["plans"]:
        return [
            sentence(
                "No training plan was approved in the period; %(count)s trainings were completed.",
                count=Number(told["trainings"]),
            )
        ]
    sums = totals(told["plans"])
    found = [
        sentence(
            "Training plans approved in the period: %(count)s, with %(places)s places for %(cost)s; %(done)s trainings "
            "were completed.",
            count=Number(len(told["plans"])),
            places=Number(sums["places"]),
            cost=Rupiah(sums["cost_idr"]),
            done=Number(told["trainings"]),
        )
    ]
    if sums["repeated"]:
        found.append(
            sentence(
                "Of places that several approved plans hold, each is counted once; %(count)s were left out for it.",
                count=Number(sums["repeated"]),
            )
        )
    return found


def rows_of(plans: Sequence[Told], lang: Language) -> tuple[tuple[tuple[str, Cell], ...], Grid]:
    """The plans as figures and rows, each opening to its plan."""
    sums = totals(plans)
    rows = tuple(
        (
            Cell(row["plan"], "count", linking.plan(row["plan"])),
            lang.day(row["approved_at"]),
            *(Cell(row.get(name, 0), "count", linking.plan(row["plan"], "choices")) for name in ("places", "repeated")),
            *(
                Cell(row.get(name, 0), "rupiah", linking.plan(row["plan"]))
                for name in ("budget_idr", "cost_idr", "repeated_idr")
            ),
        )
        for row in plans
    )
    columns = (
        *(Column(lang.text("Plan"), "count"), Column(lang.text("Approved on")), Column(lang.text("Places"), "count")),
        *(Column(lang.text("In an earlier plan too"), "count"), Column(lang.text("Budget"), "rupiah")),
        *(Column(lang.text("Cost"), "rupiah"), Column(lang.text("Cost of those in an earlier plan"), "rupiah")),
    )
    figures = (
        (lang.text("Plans"), Cell(len(plans), "count")),
        (lang.text("Places"), Cell(sums["places"], "count")),
        (lang.text("Left out: in an earlier plan too"), Cell(sums["repeated"], "count")),
        (lang.text("Cost"), Cell(sums["cost_idr"], "rupiah")),
    )
    return figures, Grid("", lang.text("Training plans approved in the period"), columns, rows)


def summary(answer: Told) -> dict[str, Any]:
    """What a report keeps of the answer of ``review``."""
    shown = ("predictions", "observed", "coverage_90", "bias", "of", "note", "uplift")
    return {**{name: answer[name] for name in shown}, **{kind: dict(answer[kind]) for kind in KINDS}}


def held(told: Told) -> list[Sentence]:
    """What a report concludes of past predictions: of growth and of scores, each where something was seen."""
    review = told["review"]
    if KINDS[0] not in review:  # told by an earlier Suluh: of one kind only
        found = [_of_one_kind(review)] if review["observed"] else []
    else:
        found = [say(review[kind]) for kind, say in _SAYS.items() if review[kind]["observed"]]
    return found or ([review["note"]] if review["note"] else [])


def _of_one_kind(part: Told) -> Sentence:
    return sentence(
        "Of %(predictions)s predictions kept at approval, %(observed)s could be observed; %(share)s of them fell in "
        "their 90%% range.",
        **_counts(part),
    )


def _of_growth(part: Told) -> Sentence:
    return sentence(
        "Of %(predictions)s predictions of growth kept at approval, %(observed)s could be observed; %(share)s of them "
        "fell in their 90%% range.",
        **_counts(part),
    )


def _of_scores(part: Told) -> Sentence:
    return sentence(
        "Of %(score_predictions)s predictions of scores after a course, %(score_observed)s could be observed; "
        "%(score_share)s of them fell in their 90%% range; seen less predicted is %(score_bias)s points in the mean.",
        **{f"score_{name}": value for name, value in _counts(part).items()},
        score_bias=Number(part["bias"], 1),
    )


def _counts(part: Told) -> dict[str, Number | Sentence]:
    share = sentence("%(percent)s%%", percent=Number(100 * part["coverage_90"], 1))
    return {"predictions": Number(part["predictions"]), "observed": Number(part["observed"]), "share": share}


_SAYS: Mapping[str, Callable[[Told], Sentence]] = {"growth": _of_growth, "scores": _of_scores}


def predictions_of(
    rows: Sequence[Told], kind: str, lang: Language, day: date
) -> tuple[tuple[tuple[str, Cell], ...], Grid]:
    """Kept predictions of a kind beside what was seen, as figures and rows: each counted once, as ``review`` does."""
    kept = [row for row in rows if row["counted"] and (row["kind"] == "score") == (kind == "scores")]
    unit = "points" if kind == "scores" else "logs"
    told = tuple(
        (
            *(row["mentor_id"], row["subject"], *(row["predicted"][end] for end in ("mean", "low", "high"))),
            *(row["observed"], row["inside"]),
        )
        for row in kept
    )
    inside = [row["inside"] for row in kept if row["inside"] is not None]
    figures = (
        (lang.text("Predictions kept"), Cell(len(kept), "count")),
        (lang.text("Seen since"), Cell(len(inside), "count")),
        (lang.text("Inside their range"), Cell(sum(inside) / len(inside) if inside else None, "share")),
    )
    columns = (
        *(Column(lang.text("Mentor")), Column(lang.text("Engagement or course"))),
        *(Column(lang.text("Predicted"), unit), Column(lang.text("low"), unit), Column(lang.text("high"), unit)),
        Column(lang.text("Seen"), unit),
        Column(lang.text("Inside their range")),
    )
    caption = lang.text("What was predicted at approval, and what was seen by %(day)s", day=day)
    return figures, Grid("", caption, columns, told)
