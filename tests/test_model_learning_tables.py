import numpy as np
import pytest
import shap

from model.learning.tables import Tables, cells_of, edges_of, shared
from tests.test_model_learning_shapley import brute


def drawn(rng, features, cells, places):
    mains = tuple(rng.normal(size=cells) for _ in range(features))
    return Tables(0.7, mains, places, tuple(rng.normal(size=(cells, cells)) for _ in places))


def test_shares_equal_the_exact_explainer_of_shap():
    """10 features, 20 background rows, 200 rows."""
    rng = np.random.default_rng(0)
    tables = drawn(rng, 10, 6, ((0, 5), (1, 5), (2, 7)))
    background, rows = rng.integers(0, 6, (20, 10)), rng.integers(0, 6, (200, 10))
    masker = shap.maskers.Independent(background.astype(float), max_samples=20)
    exact = shap.explainers.Exact(lambda X: tables.predict(X.astype(np.int64)), masker)
    expected = exact(rows.astype(float))
    found = shared(tables, background, np.full(20, 1 / 20))
    np.testing.assert_allclose(found.of(rows), expected.values, atol=1e-6)
    np.testing.assert_allclose(found.base, expected.base_values, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_weighted_shares_equal_all_subsets_and_add_up(seed):
    rng = np.random.default_rng(seed)
    tables = drawn(rng, 6, 4, ((0, 1), (2, 1), (3, 4)))
    background, rows = rng.integers(0, 4, (9, 6)), rng.integers(0, 4, (3, 6))
    weights = rng.random(9)
    weights /= weights.sum()
    found = shared(tables, background, weights)
    np.testing.assert_allclose(found.base + found.of(rows).sum(axis=1), tables.predict(rows), atol=1e-9)
    for row, shares in zip(rows, found.of(rows), strict=True):
        base, expected = brute(tables.predict, row, background, weights)
        assert found.base == pytest.approx(base, abs=1e-12)
        np.testing.assert_allclose(shares, expected, atol=1e-12)


def test_at_24_features_each_pair_averaged_over_the_background_row_by_row():
    rng = np.random.default_rng(1)
    places = tuple((i, i + 8) for i in range(8))
    tables = drawn(rng, 24, 5, places)
    background, rows = rng.integers(0, 5, (200, 24)), rng.integers(0, 5, (20, 24))
    found = shared(tables, background, np.full(200, 1 / 200)).of(rows)
    for x, shares in zip(rows, found, strict=True):
        expected = np.zeros(24)
        for z in background:
            expected += [g[a] - g[b] for g, a, b in zip(tables.mains, x, z, strict=True)]
            for (i, j), h in zip(places, tables.pairs, strict=True):
                expected[i] += 0.5 * (h[x[i], x[j]] - h[z[i], x[j]] + h[x[i], z[j]] - h[z[i], z[j]])
                expected[j] += 0.5 * (h[x[i], x[j]] - h[x[i], z[j]] + h[z[i], x[j]] - h[z[i], z[j]])
        np.testing.assert_allclose(shares, expected / 200, atol=1e-10)


def test_an_unused_feature_gets_nothing_and_twins_share_alike():
    rng = np.random.default_rng(2)
    own, half = rng.normal(size=4), rng.normal(size=(4, 4))
    tables = Tables(1.0, (own, own, np.zeros(4)), ((0, 1),), (half + half.T,))
    twins = rng.integers(0, 4, (30, 1))
    rows = np.hstack([twins, twins, rng.integers(0, 4, (30, 1))])
    shares = shared(tables, rows[:20], np.full(20, 1 / 20)).of(rows)
    assert (shares[:, 2] == 0).all()
    np.testing.assert_allclose(shares[:, 0], shares[:, 1], atol=1e-12)


def test_cells_part_values_at_the_edges_and_keep_the_missing_apart():
    values = np.array([1.0, 2.0, 2.0, 5.0, np.nan])
    edges = edges_of(values, 4)
    assert edges.tolist() == [1.5, 3.5]
    assert cells_of(np.array([-9.0, 1.5, 2.0, 9.0, np.nan]), edges).tolist() == [0, 0, 1, 2, 3]
    assert len(edges_of(np.arange(1000.0), 64)) == 63
