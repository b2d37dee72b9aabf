"""What more or less money would buy: the best plan for each of many budgets, and for one more seat in a full course."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.planning.plan_form import spent
from model.planning.pricing import prices_of
from model.planning.selection import Solution
from model.refusals import PlanRefused
from model.sentences import Number, Rupiah, Sentence, sentence
from training.planning.plan import PlanRequest, decides
from training.planning.preparing import Prepared
from training.planning.solving import Stage, stage
from training.planning.values import HIGH, LOW, EffectValues

Floats = NDArray[np.float64]
SHARES = (0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)
"""Budgets looked at, as shares of the one asked, where none are named."""
MORE = 1.1
MOST_SEATS = 5  # full courses of which one more seat is tried, the dearest seats first
_MILLION = 1_000_000


def budget_curve(prepared: Prepared, request: PlanRequest, budgets: Sequence[int] = ()) -> dict[str, Any]:
    """The best plan's benefit for each budget, what the last rupiah buys, and what a little more would buy.

    Args:
        prepared: of the day.
        request: all but the budgets; its own budget is the one that "10 percent more" starts from.
        budgets: whole rupiah; without any, shares of the request's budget.

    Returns:
        ``points``: per budget what it costs and buys; ``marginal``: value of the last million rupiah by the prices of
        the plan, and ``step``: value and turnover per million since the point before. ``more``: 10 percent more money
        and one more seat, each with what changes and the 90 % range of the difference.

    Raises:
        Refused: like a plan for the request's own budget.
    """
    ready = stage(prepared, request)
    asked = ready.solved()
    wanted = sorted({*(budgets or (round(share * request.budget_idr) for share in SHARES)), request.budget_idr})
    found = {budget: _solved(ready, asked, budget) for budget in wanted}
    more = _little_more(ready, asked, found)
    share = ready.values.standard_share if isinstance(ready.values, EffectValues) else 0.0
    worth = _Worth(ready, [asked, *(s for s in found.values() if isinstance(s, Solution)), *(s for _, s in more)])
    return {
        "budget_idr": request.budget_idr,
        "basis": ready.values.basis,
        "points": _points(ready, worth, found),
        "more": [{**told, **worth.difference(asked, solution)} for told, solution in more],
        "standard_share": share,
        "note": _note(share),
        "decides": decides(),
        "model": None if prepared.model is None else prepared.model.model,
        "data_version": prepared.version,
        "as_of": prepared.as_of.isoformat(),
        "seed": request.seed,
    }


def _note(share: float) -> Sentence:
    if not share:
        return sentence("Each point is the best plan for its budget.")
    return sentence(
        "Each point is the best plan for its budget when the office's standard has the say that it has at the budget "
        "asked for: %(share)s percent. A plan asked for another budget weighs that anew, so it may differ from its "
        "point here.",
        share=Number(100 * share),
    )


def _solved(ready: Stage, asked: Solution, budget: int) -> Solution | Sentence:
    """The best places for a budget, or why there are none."""
    if budget == ready.request.budget_idr:
        return asked
    try:
        return ready.solved(budget=budget)
    except PlanRefused as refused:
        return refused.what


def _points(ready: Stage, worth: "_Worth", found: Mapping[int, Solution | Sentence]) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = []
    before: Solution | None = None
    for budget, solution in found.items():
        if isinstance(solution, Sentence):
            points.append({"budget_idr": budget, **_NOTHING, "reason": solution})
            continue
        price = prices_of(ready.form, solution, budget=budget, blocks=ready.blocks).budget
        points.append(
            {
                "budget_idr": budget,
                **worth.of(solution),
                "gap": solution.gap,
                "marginal": {"value_per_million": price * _MILLION},
                "step": worth.step(before, solution),
                "reason": None,
            }
        )
        before = solution
    return points


_NOTHING: Mapping[str, Any] = {
    "cost_idr": 0,
    "places": 0,
    "value": 0.0,
    "benefit": {"mean": 0, "low": 0, "high": 0},
    "turnover_idr": None,
    "gap": None,
    "marginal": None,
    "step": None,
}


def _little_more(
    ready: Stage, asked: Solution, found: Mapping[int, Solution | Sentence]
) -> list[tuple[dict[str, Any], Solution]]:
    """10 percent more money, and one more seat in each full course, solved."""
    budget = round(MORE * ready.request.budget_idr)
    wider = found.get(budget)
    if not isinstance(wider, Solution):
        wider = ready.solved(budget=budget)
    what = sentence("10 percent more budget: %(budget)s", budget=Rupiah(budget))
    more: list[tuple[dict[str, Any], Solution]] = [({"what": what, "course_id": None, "budget_idr": budget}, wider)]
    seats = ready.form.seats
    for course in _full(ready, asked):
        one = np.eye(len(seats), dtype=np.int64)[course]
        code = ready.tables.gains.courses[course]
        what = sentence("One more seat in %(course)s", course=ready.tables.courses[code].title)
        told = {"what": what, "course_id": code, "budget_idr": ready.request.budget_idr}
        more.append((told, ready.solved(seats=seats + one)))
    return more


def _full(ready: Stage, asked: Solution) -> list[int]:
    """Courses whose every seat is taken, the dearest seat first."""
    taken = np.bincount(ready.form.course[asked.chosen], minlength=len(ready.form.seats))
    offered = np.bincount(ready.form.course, minlength=len(taken))
    full = np.flatnonzero((taken == ready.form.seats) & (taken > 0) & (offered > taken))
    price = prices_of(ready.form, asked, budget=ready.form.budget, blocks=ready.blocks).course
    return sorted(full.tolist(), key=lambda course: -price[course])[:MOST_SEATS]


class _Worth:
    """What plans are worth, all from the same joint draws."""

    def __init__(self, ready: Stage, solutions: Sequence[Solution]) -> None:
        self._ready = ready
        self._rows = np.flatnonzero(np.any([solution.chosen for solution in solutions], axis=0))
        self._effect = ready.values.basis == "effect"
        self._growth = ready.values.draws(self._rows)
        self._turnover = ready.values.turnover(self._rows)

    def of(self, solution: Solution) -> dict[str, Any]:
        """Cost, places, value, benefit and turnover of a plan."""
        mine = solution.chosen[self._rows]
        mean = float(self._ready.values.mean[solution.chosen].sum())
        benefit = _range(self._growth[mine].sum(axis=0), mean) if self._effect else dict(_NOTHING["benefit"])
        turnover = self._turnover[mine].sum(axis=0) if self._turnover is not None else None
        return {
            "cost_idr": _spent(self._ready, solution),
            "places": int(solution.chosen.sum()),
            "value": float(self._ready.values.objective[solution.chosen].sum()),
            "benefit": benefit,
            "turnover_idr": None if turnover is None else _whole(_range(turnover, float(turnover.mean()))),
        }

    def difference(self, first: Solution, second: Solution) -> dict[str, Any]:
        """What the second plan has more, and whether that is within noise."""
        here, there = first.chosen[self._rows], second.chosen[self._rows]
        sign = there.astype(np.float64) - here
        growth = sign @ self._growth
        turnover = None if self._turnover is None else sign @ self._turnover
        low, high = np.quantile(growth, (LOW, HIGH))
        mean = float(self._ready.values.mean[second.chosen].sum() - self._ready.values.mean[first.chosen].sum())
        pairs = self._ready.candidates.pairs
        return {
            "value": second.value - first.value,
            "cost_idr": _spent(self._ready, second) - _spent(self._ready, first),
            "benefit": _range(growth, mean) if self._effect else None,
            "turnover_idr": None if turnover is None else _whole(_range(turnover, float(turnover.mean()))),
            "within_noise": bool(low <= 0.0 <= high),
            "added": [_pair(pairs[row]) for row in np.flatnonzero(second.chosen & ~first.chosen)],
            "dropped": [_pair(pairs[row]) for row in np.flatnonzero(first.chosen & ~second.chosen)],
        }

    def step(self, before: Solution | None, solution: Solution) -> dict[str, float | None]:
        """Value and turnover per million rupiah spent more than at the point before."""
        nobody = np.zeros_like(solution.chosen) if before is None else before.chosen
        spent = _spent(self._ready, solution) - (0 if before is None else _spent(self._ready, before))
        if spent <= 0:
            return {"value_per_million": None, "turnover_per_rupiah": None}
        sign = solution.chosen[self._rows].astype(np.float64) - nobody[self._rows]
        value = solution.value - (0.0 if before is None else before.value)
        turnover = None if self._turnover is None else float((sign @ self._turnover).mean())
        return {
            "value_per_million": value / spent * _MILLION,
            "turnover_per_rupiah": None if turnover is None else turnover / spent,
        }


def _spent(ready: Stage, solution: Solution) -> int:
    return spent(ready.form, solution.chosen)


def _pair(pair: tuple[str, str]) -> dict[str, str]:
    return {"mentor_id": pair[0], "course_id": pair[1]}


def _range(draws: Floats, mean: float) -> dict[str, float]:
    low, high = np.quantile(draws, (LOW, HIGH))
    return {"mean": mean, "low": float(low), "high": float(high)}


def _whole(values: Mapping[str, float]) -> dict[str, int]:
    return {name: round(value) for name, value in values.items()}
