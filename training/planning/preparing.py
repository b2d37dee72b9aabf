"""All that plans of one day have in common, made once: tables, candidates and their values.

A request narrows it (forbids, limits) and is then solved; so many budgets and what-ifs are answered from one
preparation, and each answer is the one that the request alone would get.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.effects import LearnedEffects
from model.framework import Framework
from training.planning.candidates import Candidates, list_candidates
from training.planning.gains import Gains
from training.planning.plan import PlanRequest
from training.planning.plan_tables import PlanTables, read_tables
from training.planning.values import value_candidates
from training.planning.worth import Valued, valued_only

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prepared:
    """What is known on one day: ``tables``, the ``model`` used, every candidate and its value by the mean."""

    version: int
    as_of: date
    tables: PlanTables
    model: LearnedEffects | None
    everything: Candidates
    values: Valued
    seed: int

    @property
    def learned(self) -> tuple[str, ...] | None:
        """Areas the model learned, where its effects count; else None."""
        return self.model.effects.areas if self.model is not None and self.model.supported else None

    def narrowed(self, request: PlanRequest) -> tuple[Candidates, Valued]:
        """The candidates that a request leaves on offer, with their values."""
        if not request.forbids and request.hours_per_mentor is None:
            return self.everything, self.values
        left = list_candidates(self.tables, request.forbids, self.learned, request.hours_per_mentor)
        row = {pair: k for k, pair in enumerate(self.everything.pairs)}
        return left, valued_only(self.values, np.array([row[pair] for pair in left.pairs], dtype=np.int64))


def prepare(snapshot: Snapshot, framework: Framework, model: LearnedEffects | None, seed: int) -> Prepared:
    """Understand the tables and value every candidate.

    Raises:
        DataMissing: tables without mentors, courses or scores, or a course without a usable price.
    """
    tables = read_tables(snapshot, framework)
    learned = model.effects.areas if model is not None and model.supported else None
    everything = list_candidates(tables, (), learned)
    values = value_candidates(tables, everything, model, seed=seed)
    return Prepared(snapshot.version, snapshot.as_of, tables, model, everything, values, seed)


def with_unassessed(prepared: Prepared, request: PlanRequest) -> tuple[Candidates, NDArray[np.bool_]]:
    """The candidates of a request and those that a first assessment would make ones, and which (n) these are.

    A score never seen is believed to be the mentors' mean, with the spread of the true scores between mentors.
    """
    tables, gains = prepared.tables, prepared.tables.gains
    mean, spread = _unseen(gains)
    filled = np.where(np.isnan(tables.scores), mean, tables.scores)
    wider = list_candidates(replace(tables, scores=filled), request.forbids, prepared.learned, request.hours_per_mentor)
    places = wider.places
    unknown = np.isnan(tables.scores[wider.mentor, places.area])
    true = np.where(unknown, mean[places.area], places.true)
    doubt = np.where(unknown, spread[places.area], places.doubt)
    return replace(wider, places=replace(places, true=true, doubt=doubt)), unknown


def _unseen(gains: Gains) -> tuple[Floats, Floats]:
    """Mean and sd (A) of true scores over mentors: variance of what is expected plus mean variance about it."""
    count = np.maximum((~np.isnan(gains.now)).sum(axis=0), 1)
    mean = np.nansum(gains.now, axis=0) / count
    variance = (np.nansum((gains.now - mean) ** 2, axis=0) + np.nansum(gains.now_sd**2, axis=0)) / count
    known = (~np.isnan(gains.now)).any(axis=0)
    return np.where(known, mean, np.nan), np.sqrt(variance)
