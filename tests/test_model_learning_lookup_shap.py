"""The referee: shares by look-up equal those of the Exact explainer of shap."""

import numpy as np
import pytest

from model.learning.lookup import lookup_of
from model.learning.monotone import Layout, fit_trees, tables_of

LAYOUT = Layout(10, 1, (7, 8, 9), ((4, 7), (5, 8), (6, 9)))


def test_shares_equal_shaps_exact_explainer():
    shap = pytest.importorskip("shap", reason="shap is not installed here")
    rng = np.random.default_rng(11)
    n = 1200
    X = np.column_stack(
        [
            rng.integers(0, 6, n),
            rng.normal(size=(n, 3)),
            rng.integers(0, 2, (n, 3)),
            rng.uniform(0, 100, (n, 3)),
        ]
    ).astype(float)
    y = 0.02 * X[:, 7] * (1 + X[:, 4]) + 0.01 * X[:, 9] * X[:, 6] + np.cos(X[:, 1]) + 0.3 * (X[:, 0] % 2)
    trees = fit_trees(X, y + rng.normal(0, 0.3, n), LAYOUT, 1)
    tables = tables_of(trees, 10, [6])
    assert len(tables.pairs) == 3
    np.testing.assert_allclose(tables.predict(X), trees.predict(X), atol=1e-12)
    background, rows = X[:20], X[100:300]
    lookup = lookup_of(tables, tables.codes(background), np.full(20, 0.05))
    masker = shap.maskers.Independent(background, max_samples=20)
    found = shap.explainers.Exact(tables.predict, masker)(rows)
    np.testing.assert_allclose(lookup.explain(rows), found.values, atol=1e-6)
    np.testing.assert_allclose(lookup.base, found.base_values, atol=1e-6)
