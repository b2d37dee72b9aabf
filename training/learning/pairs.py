"""Boosted trees of single features and score × need, rising in the scores: fitted on engagements, ready to explain."""

from dataclasses import dataclass

import joblib
import numpy as np
from numpy.typing import NDArray

from model.learning.monotone import fit_tables
from model.learning.tables import Tables
from training.learning.background import Background
from training.learning.features import Features, Rows, features_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """The tables and the columns they read."""

    features: Features
    tables: Tables

    def predict(self, rows: Rows) -> Floats:
        """(n) predictions."""
        return self.tables.predict(self.features.matrix(rows))


@dataclass(frozen=True)
class PairsFit:
    """A fit with the (b, F) bins of the background that explanations compare with."""

    pairs: Pairs
    background: Integers


def fit_pairs(rows: Rows, outcome: Floats, crossed: frozenset[str], seed: int) -> Pairs:
    """Fit on all rows.

    Args:
        rows: n engagements.
        outcome: (n).
        crossed: areas whose score works together with the need.
        seed: of the trees.
    """
    features = features_of(rows)
    return Pairs(features, fit_tables(features.matrix(rows), outcome, features.layout(crossed), seed))


def out_of_fold(rows: Rows, outcome: Floats, crossed: frozenset[str], fold: Integers, seed: int) -> Floats:
    """(n) prediction of every row by a fit on the other folds; the folds run as the caller's parallel_config says."""
    jobs = joblib.Parallel()(
        joblib.delayed(_one_fold)(rows, outcome, crossed, fold == k, seed) for k in range(int(fold.max()) + 1)
    )
    predicted = np.empty(len(outcome))
    for k, found in enumerate(jobs):
        predicted[fold == k] = found
    return predicted


def _one_fold(rows: Rows, outcome: Floats, crossed: frozenset[str], test: NDArray[np.bool_], seed: int) -> Floats:
    return fit_pairs(rows.take(~test), outcome[~test], crossed, seed).predict(rows.take(test))


def with_background(pairs: Pairs, rows: Rows, background: Background) -> PairsFit:
    """The fit beside the bins of the background's rows."""
    chosen = np.zeros(len(rows.scores), dtype=np.bool_)
    chosen[background.rows] = True
    return PairsFit(pairs, pairs.tables.codes(pairs.features.matrix(rows.take(chosen))))
