"""Goodenough–Edwards errors against their definition, the published sets, and every order inside the ties."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.index.guttman import count_errors
from tests.published import NAMES, expected, scale

small = st.tuples(st.integers(1, 9), st.integers(1, 6)).flatmap(
    lambda s: arrays(np.uint8, s, elements=st.integers(0, 1))
)


def errors_by_definition(answers, order):
    """Cells that differ from yes to the first s items of the order, s the row's score."""
    wrong = 0
    for row in answers.tolist():
        ideal = [0] * len(row)
        for item in order[: sum(row)]:
            ideal[item] = 1
        wrong += sum(a != b for a, b in zip(row, ideal, strict=True))
    return wrong


def popularity(answers):
    yes = answers.sum(axis=0).tolist()
    return sorted(range(len(yes)), key=lambda item: (-yes[item], item))


def orders_inside_ties(answers):
    yes = answers.sum(axis=0).tolist()
    blocks = [[i for i in range(len(yes)) if yes[i] == y] for y in sorted(set(yes), reverse=True)]
    for chosen in itertools.product(*(itertools.permutations(block) for block in blocks)):
        yield [item for block in chosen for item in block]


@pytest.mark.parametrize("name", NAMES)
def test_published_sets(name):
    count, row = count_errors(scale(name)), expected(name)
    assert (count.respondents, count.items, count.errors) == (int(row["n"]), int(row["k"]), int(row["guttman_errors"]))
    assert float(count.kr()) == pytest.approx(float(row["CR"]), abs=5e-7)
    assert float(count.mmr()) == pytest.approx(float(row["MMR"]), abs=5e-7)
    assert float(count.cs()) == pytest.approx(float(row["CS"]), abs=5e-7)


def test_a_classic_test_has_a_negative_ks_that_is_not_cut():
    assert count_errors(scale("lsat")).ks() == 1 - Fraction(2 * 850, 5000 - 3819)
    assert round(float(count_errors(scale("lsat")).ks()), 2) == -0.44


def test_rows_10_10_10_01_give_exactly_zero():
    count = count_errors(np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=np.uint8))
    assert (count.errors, count.noes / 2, count.ks(), count.kr()) == (2, 2, 0, Fraction(3, 4))
    assert count.cs() == 0


def test_all_no_is_one_by_the_formula_and_all_yes_is_undefined():
    assert count_errors(np.zeros((5, 3), np.uint8)).ks() == 1
    full = count_errors(np.ones((5, 3), np.uint8))
    assert full.ks() is None
    assert full.cs() is None
    assert full.kr() == 1
    assert count_errors(np.zeros((0, 3), np.uint8)).kr() is None


def test_a_perfect_staircase_has_no_error():
    stairs = np.tril(np.ones((6, 6), np.uint8))[:, [3, 0, 5, 1, 4, 2]]
    assert count_errors(stairs).errors == 0
    assert count_errors(stairs).ks() == 1


@given(small)
@settings(deadline=None)
def test_errors_are_those_of_the_definition(answers):
    assert count_errors(answers).errors == errors_by_definition(answers, popularity(answers))


@given(small, st.randoms())
@settings(deadline=None)
def test_a_given_order_decides_between_tied_items_only(answers, random):
    tie_order = [*range(answers.shape[1])]
    random.shuffle(tie_order)
    yes = answers.sum(axis=0).tolist()
    order = sorted(tie_order, key=lambda item: -yes[item])
    assert count_errors(answers, tie_order).errors == errors_by_definition(answers, order)


@given(small)
@settings(deadline=None)
def test_the_tie_bound_holds_every_order_and_is_each_respondents_own_best_and_worst(answers):
    orders = [*orders_inside_ties(answers)]
    totals = [errors_by_definition(answers, order) for order in orders]
    each = np.array(
        [[errors_by_definition(answers[i : i + 1], order) for order in orders] for i in range(len(answers))]
    )
    count = count_errors(answers)
    assert count.errors_least <= min(totals) <= max(totals) <= count.errors_most
    assert (count.errors_least, count.errors_most) == (each.min(axis=1).sum(), each.max(axis=1).sum())


def test_the_tie_bound_need_not_be_reached_by_one_order():
    answers = np.array([[1, 0], [0, 1]], dtype=np.uint8)
    assert {errors_by_definition(answers, order) for order in orders_inside_ties(answers)} == {2}
    count = count_errors(answers)
    assert (count.errors_least, count.errors, count.errors_most) == (0, 2, 4)


@pytest.mark.parametrize("k", [7, 16, 40, 64, 65, 150])
def test_many_rows_and_items(k):
    answers = (np.random.default_rng(k).random((3000, k)) < np.linspace(0.1, 0.9, k)).astype(np.uint8)
    assert count_errors(answers).errors == errors_by_definition(answers, popularity(answers))
    assert count_errors(answers.astype(bool)).errors == count_errors(answers).errors
