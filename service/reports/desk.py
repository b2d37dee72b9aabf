"""What was decided at the intake desk in a period: counted in all and by district, and the decisions themselves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from data.store.desk import ACCEPT, CHANGE, REFUSE, WITHDRAW
from model.period import Period
from service.language import Language, mark
from service.reports import linking
from service.reports.form import Cell, Column, Grid
from service.words import DESK_DECISIONS, DESK_STATES

Told = Mapping[str, Any]
MADE = (ACCEPT, CHANGE, REFUSE)
"""Decisions on an advice; a withdrawal is one on an earlier decision."""
STANDS = ("held", "engaged")
"""How decisions of the period stand by now, where that is counted."""
COUNTED = ("decided", *MADE, WITHDRAW, *STANDS)


def decided_in(
    rows: Sequence[Told], period: Period, day_of: Callable[[datetime], date], mentors: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """What was done at the desk in the period, the oldest first: a row for each decision and for each withdrawal.

    ``rows``: decisions as :meth:`service.usecases.Programme.desk_decisions` gives them; ``mentors``: ids in reach, None
    for all. ``done``: accept, change, refuse or withdraw; ``done_at``: when.
    """
    kept = [row for row in rows if mentors is None or row["mentor_id"] in {None, *mentors}]
    made = [{**row, "done": row["decision"], "done_at": row["made_at"]} for row in kept]
    gone = [{**row, "done": WITHDRAW, "done_at": one["made_at"]} for row in kept for one in row["withdrawn"]]
    inside = [row for row in (*made, *gone) if period.first <= day_of(row["done_at"]) <= period.last]
    return sorted(inside, key=lambda row: (row["done_at"], row["desk"]))


def counted(done: Sequence[Told]) -> dict[str, int]:
    """How many decisions, of each kind, how many withdrawals, and how the decisions stand."""
    made = [row for row in done if row["done"] in MADE]
    counts = {kind: sum(row["done"] == kind for row in done) for kind in (*MADE, WITHDRAW)}
    stand = {status: sum(row["status"] == status for row in made) for status in STANDS}
    return {"decided": len(made), **counts, **stand}


def told_of(done: Sequence[Told]) -> dict[str, Any]:
    """The same in all and, under ``districts``, by district."""
    by: dict[str, list[Told]] = {}
    for row in done:
        by.setdefault(row["district"], []).append(row)
    return {**counted(done), "districts": [{"group": name, **counted(by[name])} for name in sorted(by)]}


def names(lang: Language) -> dict[str, str]:
    """What each count is called, in the order of :data:`COUNTED`."""
    called = (
        lang.text("Advice decided on"),
        lang.text("Advice accepted"),
        lang.text("Another mentor taken"),
        lang.text("Advice refused"),
        lang.text("Decisions withdrawn"),
        lang.text("Places still held"),
        lang.text("Engagements imported"),
    )
    return dict(zip(COUNTED, called, strict=True))


def figures(counts: Told, lang: Language) -> tuple[tuple[str, Cell], ...]:
    """Every count with its name."""
    return tuple((label, Cell(counts[name], "count")) for name, label in names(lang).items())


def table(told: Told, lang: Language) -> Grid:
    """By district, with the whole programme first; without a row where nothing was decided."""
    desk = told.get("desk")  # reports published by earlier versions did not count it
    heads = names(lang)
    columns = (Column(lang.text("District")), *(Column(head, "count") for head in heads.values()))
    rows = [{"group": "", **desk}, *desk["districts"]] if desk and desk["districts"] else []
    cells = tuple(
        (
            row["group"] or lang.text("Whole programme"),
            *(Cell(row[name], "count", linking.behind(told, "desk", group=row["group"])) for name in heads),
        )
        for row in rows
    )
    return Grid(lang.text("Intake desk"), lang.text("Decisions of the intake desk in the period"), columns, cells)


def rows_of(done: Sequence[Told], lang: Language) -> Grid:
    """The decisions and withdrawals behind the counts."""
    columns = (
        Column(lang.text("Decision"), "count"),
        *(Column(lang.text("Recorded on")), Column(lang.text("Business")), Column(lang.text("District"))),
        *(Column(lang.text("Mentor")), Column(lang.text("Decided")), Column(lang.text("Status"))),
    )
    rows = tuple(
        (
            Cell(row["desk"], "count", f"pages.desk_decision?number={row['desk']}"),
            lang.moment(row["done_at"]),
            *(row["business"], row["district"], _mentor(row)),
            lang.text(_DONE[row["done"]]),
            lang.text(DESK_STATES[row["status"]]),
        )
        for row in done
    )
    return Grid("", lang.text("Decisions of the intake desk in the period"), columns, rows)


def _mentor(row: Told) -> str:
    """Name and id; the id alone where the tables have no name, a dash where nobody was given."""
    named = row["mentor_name"] and f"{row['mentor_name']} ({row['mentor_id']})"
    return str(named or row["mentor_id"] or "–")


_DONE: Mapping[str, str] = {**DESK_DECISIONS, WITHDRAW: mark("decision withdrawn")}
