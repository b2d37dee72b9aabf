"""Sample cities beside their truth: what was learned of one, and what a plan made from it is truly worth."""

import math
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from data.batch import Dataset
from data.framework_file import read_framework
from data.reading.batches import read_batch
from data.sample import make_city, write_city
from data.snapshot import Snapshot, snapshot_of
from model.effects import LearnedEffects
from model.planning.plan_form import best_plan
from model.refusals import DataMissing
from training.learning.training import train
from training.planning.candidates import list_candidates
from training.planning.plan import Plan, PlanRequest
from training.planning.plan_tables import PlanTables, read_tables
from training.planning.planning import make_plan, plan_form
from training.planning.values import value_candidates
from training.publishing import load, save

FRAMEWORK = read_framework()
BUDGET = 150_000_000
"""Rupiah for a city of 160 mentors; others in proportion."""


@dataclass(frozen=True)
class KnownCity:
    """A city as an office would bring it, through its files, what was learned of it, and its truth.json."""

    snapshot: Snapshot
    truth: dict[str, Any]
    answer: dict[str, Any]
    model: LearnedEffects

    @property
    def request(self) -> PlanRequest:
        """The plan that is asked of it."""
        return PlanRequest(BUDGET * len(self.snapshot["mentors"]) // 160)

    @property
    def benefits(self) -> dict[tuple[str, str], float]:
        """True benefit of every mentor and course not yet taken."""
        return {(row["mentor_id"], row["course_id"]): row["benefit"] for row in self.truth["benefits"]}


def known_city(kind: str, seed: int, *, alike: bool = False) -> KnownCity:
    """Make a city, read it back from its files, learn from it, and publish what was learned."""
    with tempfile.TemporaryDirectory() as folder:
        city = make_city(kind, seed=seed, alike=alike)
        write_city(city, Path(folder) / "city")
        batch = read_batch([Path(folder) / "city"], FRAMEWORK)
        assert not batch.faults
        snapshot = snapshot_of(batch.tables, 1, Dataset(), None)
        learned = train(snapshot, FRAMEWORK)
        written = save(learned, Path(folder), "m1")
        return KnownCity(snapshot, city.truth, learned.answer, load(written.path, written.sha256).effects)


def effects_held(city: KnownCity) -> list[bool]:
    """Whether the 90 % range of each effect holds its truth."""
    truth = {(row["area"], row["need"]): row["mean"] for row in city.truth["effects"]}
    rows = [row for row in city.answer["effects"] if (row["area"], row["need"]) in truth]
    return [row["low"] <= truth[row["area"], row["need"]] <= row["high"] for row in rows]


def forced(city: KnownCity) -> Plan | None:
    """The plan by the effects, supported or not; None where they promise nothing."""
    try:
        return make_plan(city.snapshot, FRAMEWORK, replace(city.model, supported=True), city.request)
    except DataMissing:
        return None


def uplifts_held(city: KnownCity, plan: Plan) -> tuple[bool, list[bool]]:
    """Whether the 90 % range of a plan's benefit holds its truth, and those of its single choices."""
    true = [city.benefits[c.mentor_id, c.course_id] for c in plan.choices]
    ranges = [c.benefit for c in plan.choices if c.benefit is not None]
    single = [r.low <= value <= r.high for r, value in zip(ranges, true, strict=True)]
    return plan.benefit.low <= math.fsum(true) <= plan.benefit.high, single


def worth(city: KnownCity, plan: Plan) -> float:
    """What a plan is truly worth, in log points summed over businesses."""
    return math.fsum(city.benefits[c.mentor_id, c.course_id] for c in plan.choices)


def best_worth(city: KnownCity) -> float:
    """What the best plan is worth that the truth itself could make, under the same rules."""
    tables: PlanTables = read_tables(city.snapshot, FRAMEWORK)
    candidates = list_candidates(tables, ())
    true = np.array([city.benefits[pair] for pair in candidates.pairs])
    values = value_candidates(tables, candidates, None, cautious=False, seed=0)
    found = best_plan(plan_form(tables, candidates, replace(values, mean=true, objective=true), city.request))
    return float(true[found.chosen].sum())


@dataclass(frozen=True)
class Worth:
    """True values as shares of the oracle's: the plan as it is made, the plan by effects, the plan by the standard."""

    plan: float
    by_effect: float
    by_standard: float


def shares(city: KnownCity) -> Worth:
    """What plans are worth beside the oracle's; a plan that cannot be made is worth 0."""
    oracle = best_worth(city)
    by_effect = forced(city)
    effect = 0.0 if by_effect is None else worth(city, by_effect) / oracle
    rule = worth(city, make_plan(city.snapshot, FRAMEWORK, None, city.request)) / oracle
    return Worth(effect if city.model.supported else rule, effect, rule)
