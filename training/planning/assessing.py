"""Assess first: the assessments whose result would be worth most to the plan, as advice of its own.

Worth = expected gain of the best plan once the result is known, over the plan that would be made without it. How it is
approximated: model/planning/information.py.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evidence import WORDS
from model.planning.blocks import list_blocks
from model.planning.information import Known, knowing, nodes
from model.planning.plan_form import PlanForm
from model.planning.prices import HELD
from model.planning.pricing import prices_of
from model.planning.uplift import Places
from model.refusals import PlanRefused
from model.sentences import Label, Number, Rupiah, Sentence, sentence
from training.planning.candidates import Candidates
from training.planning.plan import PlanRequest, Range, decides
from training.planning.plan_tables import PlanTables
from training.planning.preparing import Prepared, with_unassessed
from training.planning.revaluing import outlook
from training.planning.solving import Stage, plan_form, stage
from training.planning.thresholds import parting
from training.planning.values import HIGH, LOW, EffectValues
from training.planning.worth import Valued

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RESULTS = 11
"""Possible results of an assessment that are looked at."""
MOST = 20
"""Assessments listed."""
_LEAST = 1e-9  # share of the plan's value below which an assessment is worth nothing


@dataclass(frozen=True)
class Assessment:
    """One assessment advised. ``worth`` is in the plan's value; ``chance``: that the plan changes for the mentor.

    Raises:
        ValueError: a reason, the evidence word, the range, the runner-up, what would change it or who decides lacks.
    """

    mentor_id: str
    mentor_name: str
    area: str
    area_label: Label
    score: float | None
    worth: Range
    turnover_idr: int | None
    chance: float
    evidence: str
    reasons: tuple[Sentence, ...]
    runner_up: Sentence
    what_would_change: Sentence
    decides: Sentence

    def __post_init__(self) -> None:
        said = (*self.reasons, self.runner_up, self.what_would_change, self.decides)
        if not (self.reasons and all(str(text) for text in said) and self.evidence in WORDS):
            raise ValueError("an advice to assess lacks a word")


@dataclass(frozen=True)
class _Field:
    """Everything that an assessment could change: all candidates, those never assessed among them."""

    ready: Stage
    candidates: Candidates
    values: Valued
    form: PlanForm
    before: Floats
    results: Floats
    predicted: Floats


def assess_first(prepared: Prepared, request: PlanRequest) -> dict[str, Any]:
    """The assessments that would be worth most to a plan, most first.

    Raises:
        Refused: like a plan for the same request.
        PlanRefused: more courses per mentor are allowed than bundles can be listed for.
    """
    ready = stage(prepared, request)
    found = ready.solved()
    prices = prices_of(ready.form, found, budget=request.budget_idr, blocks=ready.blocks)
    field = _field(prepared, ready, request, prices.state == HELD)
    blocks = list_blocks(field.form)
    if blocks is None or math.isnan(prices.bound):
        raise PlanRefused(
            sentence("With so many courses for each mentor the worth of an assessment cannot be worked out."),
            where=sentence("the option %(option)s", option="--max-courses-per-mentor"),
            mend=sentence("Ask with fewer courses per mentor, for example 2."),
        )
    dear = prices.charged(field.form)
    rows = [row for area in range(len(prepared.tables.areas)) for row in _area(field, blocks, dear, area)]
    least = _LEAST * abs(found.value)
    ranked = sorted((row for row in rows if row.worth > least), key=lambda row: (-row.worth, row.mentor, row.area))
    listed = [_advice(field, ranked, place) for place in range(min(MOST, len(ranked)))]
    return {
        "budget_idr": request.budget_idr,
        "basis": ready.values.basis,
        "plan_value": found.value,
        "assessments": [vars(advice) for advice in listed],
        "more": max(len(ranked) - MOST, 0),
        "note": _note(ready, bool(listed)),
        "decides": decides(),
        "model": None if prepared.model is None else prepared.model.model,
        "data_version": prepared.version,
        "as_of": prepared.as_of.isoformat(),
        "seed": request.seed,
    }


def _note(ready: Stage, some: bool) -> Sentence:  # noqa: FBT001 - one caller
    if not some:
        return sentence("No single assessment is expected to change this plan.")
    values = ready.values
    if isinstance(values, EffectValues):
        said = sentence(
            "Worth is the extra growth (sum of ln) that the best plan is expected to gain once the new score is known; "
            "what an assessment costs is not counted."
        )
        if values.standard_share:
            said = sentence("%(said)s As in the plan, the standard has a say in it, on the same scale.", said=said)
    else:
        said = sentence(
            "Worth is the value by the office's standard that the best plan is expected to gain once the new score is "
            "known; it is no growth and no money, and what an assessment costs is not counted."
        )
    if ready.worst is None:
        return said
    return sentence("%(said)s What the cautious plan takes off a place for doubt stays as it is now.", said=said)


def _field(prepared: Prepared, ready: Stage, request: PlanRequest, held: NDArray[np.bool_]) -> _Field:
    """Everything that an assessment could change; ``held``: (C) courses that the plan holds, the only ones valued."""
    values = prepared.values
    candidates, unknown = with_unassessed(prepared, request)
    places = _numbered_like(values, prepared.tables, candidates.places)
    valued = replace(values, places=places, mean=np.zeros(len(places)), objective=np.zeros(len(places)))
    rows = np.flatnonzero(held[places.course])
    seen = outlook(prepared, ready, places.take(rows), unknown[rows], RESULTS)
    before, results = np.full(len(places), -np.inf), np.full((RESULTS, len(places)), -np.inf)
    before[rows], results[:, rows] = seen.before, seen.results
    predicted = np.zeros(len(places))
    predicted[rows] = seen.predicted
    form = plan_form(prepared.tables, candidates, valued, request)
    return _Field(ready, candidates, valued, replace(form, value=before), before, results, predicted)


def _numbered_like(values: Valued, tables: PlanTables, places: Places) -> Places:
    """The places with their areas numbered as the values number them."""
    if not isinstance(values, EffectValues):
        return places
    known = {code: number for number, code in enumerate(values.model.effects.areas)}
    codes = tuple(tables.areas)
    return replace(places, area=np.array([known[codes[a]] for a in places.area], dtype=np.int64))


@dataclass(frozen=True)
class _Row:
    """The worth of one assessment: ``mentor`` and ``area`` numbers, the gains (K) and bundles at each result."""

    mentor: int
    area: int
    worth: float
    gains: Floats
    changes: NDArray[np.bool_]
    candidate: int
    base: Ints
    best: Ints


def _area(field: _Field, blocks: Any, dear: Floats, area: int) -> Iterator[_Row]:
    """Assessments in one area, of every mentor who has a candidate in it."""
    own = field.form.area == area
    if not own.any():
        return
    now = field.before - dear
    results = np.where(own, field.results - dear, now)
    known = knowing(blocks, now, results)
    number = np.unique(field.form.mentor, return_inverse=True)[1]
    for mentor in np.unique(number[own]):
        rows = np.flatnonzero(own & (number == mentor))
        yield _row(known, blocks, int(mentor), area, rows)


def _row(known: Known, blocks: Any, mentor: int, area: int, rows: Ints) -> _Row:
    gains = known.gains[mentor]
    changes = known.picks[mentor] != known.base[mentor]
    return _Row(
        mentor=mentor,
        area=area,
        worth=float(gains.mean()),
        gains=gains,
        changes=changes,
        candidate=int(rows[0]),
        base=blocks.rows[known.base[mentor]],
        best=blocks.rows[known.picks[mentor]],
    )


def _advice(field: _Field, ranked: list[_Row], place: int) -> Assessment:
    row = ranked[place]
    tables, at = field.ready.tables, row.candidate
    mentor, course = field.candidates.pairs[at]
    number = int(field.candidates.mentor[at])
    score = float(tables.scores[number, row.area])
    code = tables.courses[course].area
    low, high = np.quantile(row.gains, (LOW, HIGH))
    evidence = "insufficient" if math.isnan(score) else field.values.evidence(at)
    per_point = tables.reach.yearly[number] / max(tables.reach.businesses[number], 1.0)
    return Assessment(
        mentor_id=mentor,
        mentor_name=tables.names[mentor],
        area=code,
        area_label=tables.areas[code].label,
        score=None if math.isnan(score) else score,
        worth=Range(row.worth, float(low), float(high)),
        turnover_idr=round(row.worth * per_point) if field.values.basis == "effect" and per_point > 0 else None,
        chance=float(row.changes.mean()),
        evidence=evidence,
        reasons=tuple(_reasons(field, row, score)),
        runner_up=_next(field, ranked, place),
        what_would_change=_thresholds(field, row),
        decides=decides(),
    )


def _reasons(field: _Field, row: _Row, score: float) -> Iterator[Sentence]:
    tables, at = field.ready.tables, row.candidate
    number, places = int(field.candidates.mentor[at]), field.candidates.places
    label = tables.areas[tables.courses[field.candidates.pairs[at][1]].area].label
    if math.isnan(score):
        yield sentence("The mentor was never assessed in %(area)s.", area=label)
    else:
        yield sentence(
            "Score in %(area)s: %(score)s; the true score is believed to lie within %(doubt)s points of %(true)s "
            "(90 percent range).",
            area=label,
            score=Number(score, 1),
            doubt=Number(1.645 * float(places.doubt[at]), 1),
            true=Number(float(places.true[at]), 1),
        )
    yield sentence(
        "The plan would change for this mentor in %(chance)s percent of the results to be expected.",
        chance=Number(100 * float(row.changes.mean())),
    )
    need, total = places.needing[at], places.needing[at] + places.others[at]
    yield sentence(
        "Businesses that need help in %(area)s: %(need)s of %(total)s.",
        area=label,
        need=_count(float(need)),
        total=_count(float(total)),
    )
    costs = [tables.courses[field.candidates.pairs[k][1]].cost for k in np.flatnonzero(field.form.mentor == number)]
    if min(costs) == max(costs):
        yield sentence("A place costs %(cost)s for this mentor.", cost=Rupiah(costs[0]))
    else:
        yield sentence(
            "A place costs between %(low)s and %(high)s for this mentor.",
            low=Rupiah(min(costs)),
            high=Rupiah(max(costs)),
        )


def _next(field: _Field, ranked: list[_Row], place: int) -> Sentence:
    if place + 1 >= len(ranked):
        return sentence("Nothing comes next: no other assessment is expected to change the plan.")
    other, own = ranked[place + 1], ranked[place]
    mentor, course = field.candidates.pairs[other.candidate]
    tables, less = field.ready.tables, 100 * (1 - other.worth / own.worth)
    told = {"mentor": tables.names[mentor], "area": tables.areas[tables.courses[course].area].label}
    if less < 0.5:
        return sentence("Next: %(mentor)s in %(area)s, worth as much.", **told)
    return sentence("Next: %(mentor)s in %(area)s, worth %(less)s percent less.", less=Number(less), **told)


def _thresholds(field: _Field, row: _Row) -> Sentence:
    """The nearest results below and above at which the mentor's courses change."""
    at, unit = row.candidate, nodes(RESULTS)
    score = field.candidates.places.true[at] + unit * field.predicted[at]
    middle = len(unit) // 2
    below = next((k for k in range(middle, -1, -1) if row.changes[k]), None)
    above = next((k for k in range(middle, len(unit)) if row.changes[k]), None)
    parts = [
        _part(field, row, k, float(score[k]), higher=higher)
        for k, higher in ((below, False), (above, True))
        if k is not None
    ]
    if len(parts) == 2 and below != above:
        return sentence("%(first)s %(second)s", first=parts[0], second=parts[1])
    return parts[0]


def _part(field: _Field, row: _Row, k: int, score: float, *, higher: bool) -> Sentence:
    now, then = ({int(r) for r in rows if r < len(field.form.mentor)} for rows in (row.base, row.best[k]))
    added, dropped = _titles(field, then - now), _titles(field, now - then)
    when = _when(score, float(field.candidates.places.true[row.candidate]), higher=higher)
    if added and dropped:
        what = sentence("%(added)s would take the place of %(dropped)s", added=added, dropped=dropped)
    elif added:
        what = sentence("%(added)s would be added", added=added)
    else:
        what = sentence("%(dropped)s would no longer be planned", dropped=dropped or "–")
    return sentence("%(when)s, %(what)s.", when=when, what=what)


def _when(limit: float, believed: float, *, higher: bool) -> Sentence:
    """A result beyond which something changes; one that reads as what is believed now is told as that."""
    limit = min(max(limit, 0.0), 100.0)
    told = {"score": Number(limit, 1)}
    if parting(limit, believed) != 1:
        if higher:
            return sentence("With a new score of what is believed now (%(score)s) or more", **told)
        return sentence("With a new score of what is believed now (%(score)s) or less", **told)
    if higher:
        return sentence("With a new score of about %(score)s or more", **told)
    return sentence("With a new score of about %(score)s or less", **told)


def _titles(field: _Field, rows: set[int]) -> Sentence | str:
    titles = [field.ready.tables.courses[field.candidates.pairs[row][1]].title for row in sorted(rows)]
    if len(titles) < 2:
        return "".join(titles)
    return sentence("%(first)s and %(last)s", first=", ".join(titles[:-1]), last=titles[-1])


def _count(businesses: float) -> Number:
    """Businesses: a whole count, or an expected one, which need not be whole."""
    return Number(businesses, 0 if float(businesses).is_integer() else 1)
