"""Trees of pairs: tables predict what the trees predict, scores never lower it, nothing but declared pairs mixes."""

import numpy as np
import pytest

from model.learning.monotone import Layout, fit_tables, fit_trees, tables_of

LAYOUT = Layout(9, 2, (7, 8), ((5, 7), (6, 8)))


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    n = 1500
    texts = np.column_stack([rng.permutation(np.arange(n) % 40), rng.integers(0, 4, n)])
    X = np.column_stack([texts, rng.normal(size=(n, 3)), rng.integers(0, 2, (n, 2)), rng.uniform(0, 100, (n, 2))])
    X = X.astype(float)
    X[rng.random(n) < 0.1, 2] = np.nan
    X[rng.random(n) < 0.1, 8] = np.nan
    y = 0.01 * X[:, 7] * (1 + X[:, 5]) + np.sin(X[:, 3]) + 0.2 * (X[:, 0] % 3) - 0.01 * X[:, 4] * X[:, 7]
    return X, y + rng.normal(0, 0.3, n) + np.where(np.isnan(X[:, 2]), 1.0, 0.0)


@pytest.fixture(scope="module")
def trees(rows):
    return fit_trees(*rows, LAYOUT, 1)


@pytest.fixture(scope="module")
def tables(trees):
    return tables_of(trees, 9, [40, 4])


def test_tables_predict_what_the_trees_predict_even_on_thresholds(rows, trees, tables):
    X, _ = rows
    assert np.abs(tables.predict(X) - trees.predict(X)).max() < 1e-12
    rng = np.random.default_rng(1)
    on = X.copy()
    for place in (2, 3, 4, 7, 8):
        on[:, place] = rng.choice(np.append(tables.edges[place], np.nan), len(X))
    for near in (on, np.nextafter(on, -np.inf), np.nextafter(on, np.inf)):
        near[:, [0, 1, 5, 6]] = X[:, [0, 1, 5, 6]]
        assert np.abs(tables.predict(near) - trees.predict(near)).max() < 1e-12


def test_only_declared_pairs_share_a_table(tables):
    assert {(pair.first, pair.second) for pair in tables.pairs} <= set(LAYOUT.pairs)
    assert {(5, 7)} <= {(pair.first, pair.second) for pair in tables.pairs}


def test_more_of_a_score_never_lowers_a_prediction(rows):
    X, y = rows
    tables = fit_tables(X, y - 0.02 * np.nan_to_num(X[:, 8]), LAYOUT, 1)  # the second score does harm: it may not show
    for place in LAYOUT.rising:
        grid = np.linspace(-5, 105, 200)
        for row in X[:40]:
            line = np.tile(row, (200, 1))
            line[:, place] = grid
            assert (np.diff(tables.predict(line)) >= -1e-12).all()


def test_a_value_never_missing_in_training_says_nothing_where_it_is_missing(rows):
    X, y = rows
    tables = fit_tables(X, y, LAYOUT, 1)
    for place in (0, 3):
        shares = np.bincount(tables.codes(X)[:, place], minlength=len(tables.mains[place])) / len(X)
        assert tables.mains[place][-1] == pytest.approx(shares[:-1] @ tables.mains[place][:-1])


def test_the_same_seed_gives_the_same_tables(rows):
    first, second = (fit_tables(*rows, LAYOUT, 3).as_arrays() for _ in range(2))
    for key, array in first.items():
        np.testing.assert_array_equal(array, second[key])


def test_a_branch_of_three_features_is_refused(rows):
    free = Layout(9, 2, (), ((3, 5, 7),))
    with pytest.raises(ValueError, match="more than two"):
        tables_of(fit_trees(*rows, free, 1), 9, [40, 4])
