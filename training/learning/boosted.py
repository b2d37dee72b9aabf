"""Boosted trees beside the linear relation: the same rows, the same mentor folds, with and without mentor traits."""

import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from training.learning.controls import Values

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SETTINGS = {"max_iter": 120, "learning_rate": 0.06, "max_leaf_nodes": 12, "min_samples_leaf": 20}
_MOST_CATEGORIES = 200


def boosted_out_of_fold(
    values: Values, scores: Floats, outcome: Floats, fold: Integers, seed: int
) -> tuple[Floats, Floats]:
    """(n) predictions for unseen mentors with and without mentor traits; joblib runs folds as the caller has set it.

    Args:
        values: controls of the n rows.
        scores: (n, A) scores, NaN missing (trees take it as it is).
        outcome: (n).
        fold: (n) fold of each row, whole mentors.
        seed: of the trees.
    """
    controls, texts = _columns(values)
    texts = np.append(texts, np.zeros(scores.shape[1], dtype=bool))
    found = []
    for X in (np.hstack([controls, scores]), controls):
        predicted, folds = np.empty(len(outcome)), range(int(fold.max()) + 1)
        jobs = [joblib.delayed(_one_fold)(X, texts[: X.shape[1]], outcome, fold == k, seed) for k in folds]
        for k, part in zip(folds, joblib.Parallel()(jobs), strict=True):
            predicted[fold == k] = part
        found.append(predicted)
    return found[0], found[1]


def _one_fold(X: Floats, texts: NDArray[np.bool_], outcome: Floats, test: NDArray[np.bool_], seed: int) -> Floats:
    """Predictions for the test rows by trees fitted on the others."""
    known = np.isfinite(X[~test]).any(axis=0)
    trees = HistGradientBoostingRegressor(
        **_SETTINGS, early_stopping=False, categorical_features=texts[known], random_state=seed
    )
    with threadpool_limits(limits=1):
        predicted: Floats = trees.fit(X[~test][:, known], outcome[~test]).predict(X[test][:, known])
    return predicted


def _columns(values: Values) -> tuple[Floats, NDArray[np.bool_]]:
    """Numbers, need flags and coded texts, and which columns are texts; the rarest levels share one code."""
    codes = []
    for words in values.texts.values():
        counts = pd.Series(words).value_counts()
        ordered = sorted(counts.index, key=lambda word: (-int(counts[word]), str(word)))
        place = pd.Index(ordered).get_indexer(pd.Index(words))
        codes.append(np.minimum(place, _MOST_CATEGORIES).astype(float))
    plain = [*values.numbers.values(), *values.needs.T]
    return np.stack([*plain, *codes], axis=1), np.arange(len(plain) + len(codes)) >= len(plain)
