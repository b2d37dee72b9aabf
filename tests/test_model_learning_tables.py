"""Tables: what they predict, what missing values do, and that arrays that do not fit together are refused."""

import numpy as np
import pytest

from model.learning.tables import PairTable, Tables


@pytest.fixture
def tables():
    pair = PairTable(0, 1, np.arange(12.0).reshape(4, 3))
    return Tables(0.5, (np.array([1.0, 2.0]), np.array([0.5])), (np.array([0, 1, 2, 9.0]), np.zeros(3)), (pair,))


def test_a_value_on_an_edge_stands_below_it_and_nan_in_the_last_bin(tables):
    X = np.array([[1.0, 0.0], [1.0 + 1e-15, 1.0], [2.0, 0.5], [3.0, 0.6], [np.nan, np.nan], [np.inf, -np.inf]])
    assert tables.codes(X).tolist() == [[0, 0], [1, 1], [1, 0], [2, 1], [3, 2], [2, 0]]
    assert tables.predict(X[:2]).tolist() == [0.5 + 0 + 0, 0.5 + 1 + 4]


def test_what_was_never_missing_stands_at_the_mean_where_it_is(tables):
    codes = np.array([[0, 0], [1, 0], [1, 1], [2, 1]])
    filled = tables.with_missing_at_mean(codes)
    assert filled.mains[0].tolist() == [0, 1, 2, 1.0]
    for seen in (0, 1):
        assert filled.pairs[0].values[3, seen] == pytest.approx(tables.pairs[0].values[codes[:, 0], seen].mean())
    known = tables.with_missing_at_mean(np.array([[3, 2], [0, 0]]))
    np.testing.assert_array_equal(known.pairs[0].values, tables.pairs[0].values)


def test_plain_arrays_give_the_same_tables_back(tables):
    back = Tables.from_arrays(tables.as_arrays())
    X = np.random.default_rng(0).normal(1, 1, (50, 2))
    np.testing.assert_array_equal(back.predict(X), tables.predict(X))
    bare = Tables(1.0, (np.zeros(0),), (np.array([2.0, 3.0]),), ())
    assert Tables.from_arrays(bare.as_arrays()).predict(np.array([[7.0], [np.nan]])).tolist() == [3.0, 4.0]


@pytest.mark.parametrize("key", ["edges", "mains", "pair_values", "edge_counts", "pair_places"])
def test_arrays_that_do_not_fit_together_are_refused(tables, key):
    plain = tables.as_arrays()
    with pytest.raises((ValueError, LookupError)):
        Tables.from_arrays({**plain, key: plain[key][:-1]})
    with pytest.raises((ValueError, LookupError)):
        Tables.from_arrays({**plain, key: plain[key] * 0 + (np.nan if plain[key].dtype == float else 9)})
