"""H and its standard errors against the R package mokken and against a numerical delta method; KR-20."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.index.scalability import item_h, kr20, scale_h
from tests.published import NAMES, expected, expected_items, scale

small = st.tuples(st.integers(2, 12), st.integers(2, 6)).flatmap(
    lambda s: arrays(np.uint8, s, elements=st.integers(0, 1))
)


def h_of_patterns(shares, patterns, order, item=None):
    """H of pattern shares (2^k), pair by pair from the definition; of one item if given."""
    p = shares @ patterns
    observed = expected_errors = 0.0
    for easy, hard in itertools.combinations(order, 2):
        if item is None or item in (easy, hard):
            observed += shares @ (patterns[:, hard] * (1 - patterns[:, easy]))
            expected_errors += p[hard] * (1 - p[easy])
    return None if expected_errors < 1e-12 else 1 - observed / expected_errors


def by_definition(answers, item=None):
    """H and its standard error by numerical derivatives of H in the pattern shares."""
    n, k = answers.shape
    patterns = np.array([*itertools.product((0, 1), repeat=k)])
    shares = np.bincount(answers @ (1 << np.arange(k)[::-1]), minlength=2**k) / n
    order = np.argsort(-answers.sum(axis=0, dtype=int), kind="stable")
    value = h_of_patterns(shares, patterns, order, item)
    if value is None:
        return None
    slope, seen = np.zeros(2**k), np.flatnonzero(shares)
    for cell in seen:
        ends = []
        for step in (-1e-5, 1e-5):
            moved = shares.copy()
            moved[cell] += step
            ends.append(h_of_patterns(moved / moved.sum(), patterns, order, item))
        slope[cell] = (ends[1] - ends[0]) / 2e-5
    return value, np.sqrt((shares @ slope**2 - (shares @ slope) ** 2) / n)


@pytest.mark.parametrize("name", NAMES)
def test_h_of_the_published_sets(name):
    found, row = scale_h(scale(name)), expected(name)
    assert found.value == pytest.approx(float(row["H"]), abs=1e-6)
    assert found.se == pytest.approx(float(row["se_H"]), abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_h_of_the_published_items(name):
    found, rows = item_h(scale(name)), expected_items(name)
    assert [h.value for h in found] == pytest.approx([float(row["Hj"]) for row in rows], abs=1e-6)
    assert [h.se for h in found] == pytest.approx([float(row["se"]) for row in rows], abs=1e-6)


@given(small)
@settings(deadline=None)
def test_h_is_that_of_the_definition(answers):
    found, wanted = scale_h(answers), by_definition(answers)
    if wanted is None:
        assert found is None
    else:
        assert (found.value, found.se) == pytest.approx(wanted, abs=1e-6)


@given(small)
@settings(deadline=None)
def test_item_h_is_that_of_the_definition(answers):
    for item, found in enumerate(item_h(answers)):
        wanted = by_definition(answers, item)
        if wanted is None:
            assert found is None
        else:
            assert (found.value, found.se) == pytest.approx(wanted, abs=1e-6)


def test_h_over_many_chunks_is_that_of_its_parts():
    answers = (np.random.default_rng(3).random((70_000, 30)) < np.linspace(0.2, 0.9, 30)).astype(np.uint8)
    p, both = answers.mean(axis=0), (answers.T.astype(float) @ answers) / len(answers)
    hard = np.minimum(p[:, None], p[None, :])
    off = ~np.eye(30, dtype=bool)
    ratio = (hard - both)[off].sum() / (hard - p[:, None] * p[None, :])[off].sum()
    assert scale_h(answers).value == pytest.approx(1 - ratio, abs=1e-12)
    assert abs(scale_h(answers).value) < 4 * scale_h(answers).se


def test_h_needs_two_items_that_vary():
    nearly_constant = np.ones((6, 5), np.uint8)
    nearly_constant[0, 0] = 0
    assert scale_h(nearly_constant) is None
    assert item_h(nearly_constant) == (None,) * 5
    assert scale_h(np.ones((5, 3), np.uint8)) is None
    assert scale_h(np.array([[1], [0]], np.uint8)) is None
    assert scale_h(np.zeros((0, 3), np.uint8)) is None
    assert item_h(np.zeros((0, 2), np.uint8)) == (None, None)
    assert scale_h(np.tril(np.ones((4, 4), np.uint8))).value == 1


@given(small)
@settings(deadline=None)
def test_kr20_is_the_formula(answers):
    k, p, spread = answers.shape[1], answers.mean(axis=0), answers.sum(axis=1).var()
    if spread == 0:
        assert kr20(answers) is None
    else:
        assert kr20(answers) == pytest.approx(k / (k - 1) * (1 - (p * (1 - p)).sum() / spread), abs=1e-9)
