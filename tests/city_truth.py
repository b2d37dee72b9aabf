"""Sample cities beside their truth: what was learned of one, and what plans made from it are truly worth."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from data.batch import DTYPES, Dataset
from data.framework_file import read_framework
from data.sample import make_city
from data.snapshot import Snapshot, snapshot_of, with_extras
from model.effects import LearnedEffects
from model.planning.best_plan import best_plan
from model.refusals import DataMissing, PlanRefused
from model.tables import TABLES, Kind
from training.learning import preparing
from training.learning.averaging import find_effects
from training.learning.estimates import effect_rows
from training.learning.validating import support_of
from training.planning.caution import Caution
from training.planning.plan import Plan, PlanRequest
from training.planning.planning import plan_of
from training.planning.preparing import Prepared, prepare
from training.planning.solving import plan_form, stage
from training.planning.values import EffectValues

FRAMEWORK = read_framework()
BUDGET = 150_000_000
"""Rupiah for a city of 160 mentors; others in proportion."""
PER_MENTOR = 25
"""Businesses a mentor, where a city's number of mentors is asked for."""


@dataclass(frozen=True)
class KnownCity:
    """A city as reading its files would bring it, the effects learned of it, and its truth.json."""

    snapshot: Snapshot
    truth: dict[str, Any]
    effects: list[dict[str, Any]]
    model: LearnedEffects

    @property
    def request(self) -> PlanRequest:
        """The plan that is asked of it."""
        return PlanRequest(BUDGET * len(self.snapshot["mentors"]) // 160)

    def true_benefits(self, pairs: tuple[tuple[str, str], ...]) -> np.ndarray:
        """True benefit of each mentor and course (n)."""
        known = {(row["mentor_id"], row["course_id"]): row["benefit"] for row in self.truth["benefits"]}
        return np.array([known[pair] for pair in pairs])


def known_city(kind: str, seed: int, *, alike: bool = False, mentors: int | None = None) -> KnownCity:
    """Make a city and learn its effects and whether they are supported."""
    snapshot, truth = _made(kind, seed, alike, mentors)
    prepared = preparing.prepare(snapshot, FRAMEWORK, None)
    supported = support_of(prepared, 0).supported
    found = find_effects(snapshot, prepared, 0).estimates
    model = LearnedEffects("m1", supported, found.effects, found.z(), found.robustness(), prepared.newest)
    return KnownCity(snapshot, truth, effect_rows(found, prepared.newest), model)


def claimed(kind: str, seed: int, mentors: int | None = None) -> bool:
    """Whether a gain is claimed in a city; what is learned of it beyond that is left out."""
    snapshot, _ = _made(kind, seed, False, mentors)
    return support_of(preparing.prepare(snapshot, FRAMEWORK, None), 0).supported


def _made(kind: str, seed: int, alike: bool, mentors: int | None) -> tuple[Snapshot, dict[str, Any]]:
    """A city as reading its files would bring it, and its truth.json."""
    businesses = None if mentors is None else PER_MENTOR * mentors
    city = make_city(kind, seed=seed, alike=alike, mentors=mentors, businesses=businesses)
    tables = {name: typed(name, table) for name, table in city.tables.items() if name not in {"items", "responses"}}
    return snapshot_of(tables, 1, Dataset(), None), city.truth


def typed(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table of a sample city as reading its file would hold it (data/batch.py); the files take most of the time."""
    frame = pd.DataFrame(index=table.index)
    for column in TABLES[name].columns:
        cells = table.get(column.name, pd.Series(np.nan, table.index))
        cells = cells.where(cells.notna() & (cells.astype(str) != ""), None)
        match column.kind:
            case Kind.DATE:
                frame[column.name] = pd.to_datetime(cells)
            case Kind.MONTH:
                frame[column.name] = [int(text[:4]) * 12 + int(text[5:]) - 1 for text in cells]
            case Kind.YESNO:
                frame[column.name] = cells.map({"yes": 1.0, "no": 0.0}).astype("float64")
            case kind:
                frame[column.name] = cells.astype(DTYPES[kind])
    return with_extras(TABLES[name], frame)


@dataclass(frozen=True)
class Kept:
    """What a plan promised and what it truly delivers; ``held``: whether its 90 % range holds that."""

    promised: float
    delivered: float
    held: bool


@dataclass(frozen=True)
class Judged:
    """One city beside its truth.

    ``misses``, ``held``: of each effect, estimate − truth and whether its 90 % range holds it. ``plan``: by the
    effects, supported or not; None where they promise nothing. ``single``: whether the ranges of its choices hold.
    ``cautious``: the cautious one, its promise being what it brings in the worst fifth of the cases. ``by_effect``,
    ``by_standard``: true worth as a share of the best plan's that the truth itself would make (NaN without effect).
    """

    supported: bool
    misses: list[float]
    held: list[bool]
    plan: Kept | None
    single: list[bool]
    cautious: Kept | None
    by_effect: float
    by_standard: float
    standard_share: float

    @property
    def as_made(self) -> float:
        """Share of the plan that the command makes."""
        return self.by_effect if self.supported else self.by_standard


def judged(kind: str, seed: int, *, alike: bool = False, mentors: int | None = None) -> Judged:
    """Learn a city, plan for it, and hold both against its truth."""
    city = known_city(kind, seed, alike=alike, mentors=mentors)
    truth = {(row["area"], row["need"]): row["mean"] for row in city.truth["effects"]}
    rows = [row for row in city.effects if (row["area"], row["need"]) in truth]
    facts = [truth[row["area"], row["need"]] for row in rows]
    rule = prepare(city.snapshot, FRAMEWORK, None, 0)
    best = _best(city, rule)
    learned = prepare(city.snapshot, FRAMEWORK, replace(city.model, supported=True), 0)
    plan = _by_effect(learned, city)
    kept, single = (None, []) if plan is None else _kept(city, plan)
    return Judged(
        supported=city.model.supported,
        misses=[row["mean"] - fact for row, fact in zip(rows, facts, strict=True)],
        held=[row["low"] <= fact <= row["high"] for row, fact in zip(rows, facts, strict=True)],
        plan=kept,
        single=single,
        cautious=None if plan is None else _cautious(learned, city),
        by_effect=(0.0 if kept is None else kept.delivered) / best if best > 0 else math.nan,
        by_standard=_delivered(rule, city) / best if best > 0 else math.nan,
        standard_share=0.0 if plan is None else plan.standard_share,
    )


def _by_effect(learned: Prepared, city: KnownCity) -> Plan | None:
    try:
        return plan_of(learned, city.request)
    except (DataMissing, PlanRefused):
        return None


def _kept(city: KnownCity, plan: Plan) -> tuple[Kept, list[bool]]:
    """Of a plan and of its choices: whether the ranges hold the truth."""
    true = city.true_benefits(tuple((c.mentor_id, c.course_id) for c in plan.choices))
    ranges = [c.benefit for c in plan.choices if c.benefit is not None]
    single = [r.low <= value <= r.high for r, value in zip(ranges, true, strict=True)]
    delivered = math.fsum(true)
    return Kept(plan.benefit.mean, delivered, plan.benefit.low <= delivered <= plan.benefit.high), single


def _cautious(learned: Prepared, city: KnownCity) -> Kept | None:
    """The cautious plan; None where it dares nothing."""
    try:
        ready = stage(learned, replace(city.request, risk="cautious"))
        chosen = ready.solved().chosen
    except (DataMissing, PlanRefused):
        return None
    delivered = float(city.true_benefits(ready.candidates.pairs)[chosen].sum())
    values = ready.values  # noqa: PD011 - values of candidates, no series
    assert isinstance(values, EffectValues)
    promised = Caution(values).shortfall(chosen)
    return Kept(promised, delivered, promised <= delivered)


def _best(city: KnownCity, rule: Prepared) -> float:
    """What the best plan is worth that the truth itself could make, under the same rules."""
    true = city.true_benefits(rule.everything.pairs)
    values = replace(rule.values, mean=true, objective=true)
    found = best_plan(plan_form(rule.tables, rule.everything, values, city.request))
    return float(true[found.chosen].sum())


def _delivered(prepared: Prepared, city: KnownCity) -> float:
    """What a plan is truly worth, in log points summed over businesses."""
    ready = stage(prepared, city.request)
    return float(city.true_benefits(ready.candidates.pairs)[ready.solved().chosen].sum())
