"""Shares by look-up against all subsets, at ten features and at twenty-four; twins; the unused; the compiled loop."""

import builtins
import itertools
from math import factorial

import numpy as np
import pytest

from model.learning.lookup import Lookup, lookup_of
from model.learning.tables import PairTable, Tables


def drawn(rng, features, pairs, most=6):
    """Tables with random edges and values, the last feature in none of them."""
    edges = tuple(np.sort(rng.normal(size=rng.integers(0, most))) for _ in range(features))
    sizes = [len(own) + 2 for own in edges]
    mains = tuple(rng.normal(size=size) * (place < features - 1) for place, size in enumerate(sizes))
    chosen = [(i, j) for i, j in itertools.combinations(range(features - 1), 2) if rng.random() < pairs]
    tables = tuple(PairTable(i, j, rng.normal(size=(sizes[i], sizes[j]))) for i, j in chosen)
    return Tables(float(rng.normal()), edges, mains, tables)


def rows_of(rng, count, features):
    X = rng.normal(size=(count, features))
    X[rng.random(X.shape) < 0.1] = np.nan
    return X


def explained(tables, background, weights) -> Lookup:
    return lookup_of(tables, tables.codes(background), weights)


def brute(predict, x, background, weights):
    """Interventional Shapley values over all subsets of features."""
    count = len(x)
    worth = {}
    for inside in itertools.product([False, True], repeat=count):
        mixed = np.where(np.array(inside), x, background)
        worth[inside] = weights @ predict(mixed)
    shares = np.zeros(count)
    for inside, value in worth.items():
        size = sum(inside)
        for i in range(count):
            if not inside[i]:
                more = (*inside[:i], True, *inside[i + 1 :])
                shares[i] += factorial(size) * factorial(count - size - 1) / factorial(count) * (worth[more] - value)
    return shares


@pytest.mark.parametrize("seed", range(4))
def test_shares_equal_all_subsets_of_seven_features(seed):
    rng = np.random.default_rng(seed)
    tables, background = drawn(rng, 7, 0.5), rows_of(rng, 9, 7)
    weights = rng.dirichlet(np.ones(9))
    lookup = explained(tables, background, weights)
    X = rows_of(rng, 4, 7)
    shares = lookup.explain(X)
    assert lookup.base == pytest.approx(weights @ tables.predict(background), abs=1e-12)
    np.testing.assert_allclose(lookup.base + shares.sum(axis=1), tables.predict(X), atol=1e-12)
    for row in range(len(X)):
        np.testing.assert_allclose(shares[row], brute(tables.predict, X[row], background, weights), atol=1e-12)
    assert (shares[:, 6] == 0).all()


def pair_form(tables, x, background, weights):
    """Brute force over the pair form: every table is a game of its own features, and games add."""
    shares = np.zeros(len(x))
    for place, main in enumerate(tables.mains):
        alone = Tables(0.0, tables.edges, tuple(m * (k == place) for k, m in enumerate(tables.mains)), ())
        worth = alone.predict(x[None])[0] - weights @ alone.predict(background)
        shares[place] += worth
        assert len(main)
    for pair in tables.pairs:
        alone = Tables(0.0, tables.edges, tuple(m * 0 for m in tables.mains), (pair,))

        def value(places, alone=alone):
            mixed = background.copy()
            mixed[:, list(places)] = x[list(places)]
            return weights @ alone.predict(mixed)

        i, j = pair.first, pair.second
        shares[i] += (value([i]) - value([]) + value([i, j]) - value([j])) / 2
        shares[j] += (value([j]) - value([]) + value([i, j]) - value([i])) / 2
    return shares


def test_shares_equal_a_brute_force_over_the_pair_form_at_24_features():
    rng = np.random.default_rng(5)
    tables, background = drawn(rng, 24, 0.3), rows_of(rng, 200, 24)
    weights = rng.dirichlet(np.ones(200))
    lookup = explained(tables, background, weights)
    X = rows_of(rng, 20, 24)
    assert len(tables.pairs) > 40
    for x, shares in zip(X, lookup.explain(X), strict=True):
        np.testing.assert_allclose(shares, pair_form(tables, x, background, weights), atol=1e-12)


def test_twins_used_alike_get_equal_shares_and_the_unused_gets_nothing():
    edges = np.array([0.0, 1.0])
    main, both = np.array([1.0, 2.0, 4.0, 0.0]), np.add.outer([0, 1, 3, 5.0], [0, 1, 3, 5.0]) ** 2
    tables = Tables(0.0, (edges, edges, edges), (main, main, np.zeros(4)), (PairTable(0, 1, both),))
    background = np.repeat([[-1.0], [0.5], [2.0]], 3, axis=1)
    lookup = explained(tables, background, np.array([0.5, 0.25, 0.25]))
    shares = lookup.explain(np.array([[0.5, 0.5, 9.0], [2.0, 2.0, np.nan]]))
    np.testing.assert_array_equal(shares[:, 0], shares[:, 1])
    assert (shares[:, 2] == 0).all()


def test_the_compiled_loop_gives_the_same_bits_even_on_edges_and_beyond():
    rng = np.random.default_rng(2)
    tables = drawn(rng, 12, 0.4, most=60)
    lookup = explained(tables, rows_of(rng, 50, 12), np.full(50, 0.02))
    on_edges = np.column_stack([rng.choice(np.append(own, [np.nan, 0.0]), 500) for own in tables.edges])
    near = np.nextafter(on_edges, rng.choice([-np.inf, np.inf], on_edges.shape))
    far = rng.choice([-np.inf, np.inf, -1e300, 1e300, 0.0], (200, 12))
    X = np.vstack([on_edges, near, far, rows_of(rng, 2000, 12)])
    assert lookup.compiled is not None
    np.testing.assert_array_equal(lookup.compiled.explain(X), lookup.explain(X))


def test_memory_used_before_changes_nothing_even_where_a_feature_is_never_used():
    rng = np.random.default_rng(3)
    lookup, X = explained(drawn(rng, 6, 0.5), rows_of(rng, 20, 6), np.full(20, 0.05)), rows_of(rng, 300, 6)
    used = np.full(X.shape, np.nan)
    assert lookup.compiled.explain(X, used) is used
    np.testing.assert_array_equal(used, lookup.explain(X))


def test_the_compiled_loop_leaves_out_what_repeats_and_gives_the_same_bits():
    rng = np.random.default_rng(4)
    wide = (-1e308, -1.0, np.nextafter(-1.0, 0), 2.0, 1e308)
    edges = (np.sort(rng.normal(size=40)), np.array(wide), np.array([0.0]), np.zeros(0))
    sizes = [len(own) + 2 for own in edges]
    mains = tuple(rng.normal(size=size) for size in sizes)

    def repeated(i, j):
        rows, columns = np.sort(rng.integers(0, 4, sizes[i])), np.sort(rng.integers(0, 3, sizes[j]))
        return PairTable(i, j, rng.normal(size=(4, 3))[np.ix_(rows, columns)])

    tables = Tables(0.5, edges, mains, (repeated(0, 1), repeated(0, 2), repeated(1, 3)))
    lookup = explained(tables, rows_of(rng, 60, 4), rng.dirichlet(np.ones(60)))
    X = np.column_stack([rng.choice([*own, *rng.normal(size=9), np.nan, np.inf, -np.inf, 0.0], 3000) for own in edges])
    np.testing.assert_array_equal(lookup.compiled.explain(X), lookup.explain(X))
    np.testing.assert_allclose(lookup.base + lookup.compiled.explain(X).sum(axis=1), tables.predict(X), atol=1e-12)
    assert len(lookup.compiled.parts[-1]) < sum(pair.shares.size for pair in lookup.joint) / 6


def test_without_a_compiler_bulk_goes_on_in_numpy(monkeypatch):
    real = builtins.__import__

    def refuse(name, *given, **named):
        if "lookup_compiled" in name or name == "numba":
            raise ImportError(name)
        return real(name, *given, **named)

    rng = np.random.default_rng(3)
    tables = drawn(rng, 5, 0.5)
    lookup = explained(tables, rows_of(rng, 10, 5), np.full(10, 0.1))
    X = rows_of(rng, 30, 5)
    plain = lookup.explain(X)
    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.setattr("model.learning.lookup.MANY", 1)
    assert lookup.compiled is None
    np.testing.assert_array_equal(lookup.explain(X), plain)
