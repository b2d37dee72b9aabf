"""The whole index of a group: every companion beside it, nothing that is not a number."""

import math
from dataclasses import fields, is_dataclass, replace
from enum import Enum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from data.framework_file import read_framework
from model.index.assessing import GroupAnswers, assess
from tests.published import NAMES, expected, expected_items, scale

RULES = read_framework().index
any_cells = st.tuples(st.integers(0, 8), st.integers(1, 5)).flatmap(
    lambda s: arrays(np.int8, s, elements=st.integers(-1, 1))
)


def group(cells, name="g", mentors=40):
    cells = np.array(cells, dtype=np.int8)
    items = tuple(f"i{item}" for item in range(cells.shape[1]))
    return GroupAnswers(name, items, cells, np.arange(len(cells)) % mentors)


def numbers_in(value):
    if isinstance(value, bool | str | None | Enum):
        return
    if isinstance(value, int | float):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from numbers_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers_in(item)


@pytest.mark.parametrize("name", NAMES)
def test_the_published_sets_whole(name):
    found, row = assess(group(scale(name)), RULES, seed=0), expected(name)
    assert (found.respondents, found.items, found.errors) == (int(row["n"]), int(row["k"]), int(row["guttman_errors"]))
    wanted = [float(row[c]) for c in ("CR", "MMR", "CS", "H", "se_H")]
    assert [found.kr, found.mmr, found.cs, found.h, found.h_se] == pytest.approx(wanted, abs=1e-6)
    assert [i.h for i in found.item_figures] == pytest.approx([float(r["Hj"]) for r in expected_items(name)], abs=1e-6)
    assert [i.popularity for i in found.item_figures] == pytest.approx(
        [float(r["p"]) for r in expected_items(name)], abs=1e-6
    )


def test_lsat_is_below_the_table_and_stands_beside_its_companions():
    found = assess(group(scale("lsat")), RULES, seed=0, measure_persons=True)
    assert round(found.ks, 2) == -0.44
    assert (found.band.id, found.band_sourced, found.verdict) == ("di luar tabel makalah", False, RULES.not_feasible)
    assert found.x == (5000 - 3819) / 2
    assert found.counting_rule == "Goodenough-Edwards"
    assert found.delivery_low < found.delivery_rate == 3819 / 5000 < found.delivery_high
    assert found.bootstrap.low < found.bootstrap.high
    assert found.chance.low <= found.chance.mean <= found.chance.high < found.ks
    assert sum(row.respondents for row in found.persons.scores) == 1000
    assert found.difficulty_reason is None


def test_rows_10_10_10_01_are_poor_not_below_the_table():
    found = assess(group([[1, 0], [1, 0], [1, 0], [0, 1]]), RULES, seed=0)
    assert (found.errors, found.x, found.ks, found.kr) == (2, 2.0, 0.0, 0.75)
    assert (found.band.id, found.band_sourced) == ("buruk", True)


def test_incomplete_rows_leave_the_coefficients_and_stay_in_the_delivery_rate():
    full = [[1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 1, 0]]
    part = [[1, -1, 1], [-1, -1, 1]]
    found, alone = assess(group(full + part), RULES, seed=0), assess(group(full), RULES, seed=0)
    assert (found.respondents, found.rows_incomplete, found.share_incomplete) == (4, 2, pytest.approx(1 / 3))
    assert (found.errors, found.ks, found.h) == (alone.errors, alone.ks, alone.h)
    assert (found.answers, found.delivery_rate) == (15, 9 / 15)
    assert any("2 of 6 rows" in str(w) for w in found.warnings)


@pytest.mark.parametrize(
    ("cells", "ks"), [([[1, 1], [1, 1]], None), ([[0, 0], [0, 0]], 1.0), (np.zeros((0, 2)), None), ([[1, -1]], None)]
)
def test_without_a_verdict_what_exists_is_still_given(cells, ks):
    found = assess(group(cells), RULES, seed=0, measure_persons=True)
    assert found.ks == ks
    assert (found.band, found.verdict, found.bootstrap, found.chance, found.persons) == (None,) * 5
    assert str(found.reason)
    assert found.delivery_rate == (None if not len(cells) else float(np.array(cells)[0, 0]))


@given(any_cells)
@settings(max_examples=60, deadline=None)
def test_no_figure_is_ever_not_a_number(cells):
    found = assess(group(cells), RULES, seed=0, measure_persons=True)
    assert all(math.isfinite(number) for number in numbers_in(found))
    if found.ks is not None:
        assert found.ks_tie_low <= found.ks <= found.ks_tie_high <= 1


def test_an_interval_over_few_mentors_is_warned_of():
    few, enough, one = (assess(group(scale("abortion"), mentors=m), RULES, seed=0) for m in (9, 10, 1))
    assert any("only 9 mentors" in str(w) for w in few.warnings)
    assert not any("mentors" in str(w) for w in enough.warnings + one.warnings)
    assert (few.bootstrap.units, one.bootstrap.units) == (9, 379)


def test_each_group_has_a_random_stream_of_its_own():
    cells = scale("abortion")
    first, again, other = (assess(group(cells, name), RULES, seed=3) for name in ("a", "a", "b"))
    assert first == again
    assert first.bootstrap != other.bootstrap
    assert replace(first, group="b", bootstrap=other.bootstrap, chance=other.chance) == other


def test_the_index_falls_as_mentors_do_more_at_the_same_quality_of_scale():
    rng = np.random.default_rng(0)
    theta, hard = rng.standard_normal(4000), np.linspace(-2, 2, 10)
    weak, strong = (
        assess(group(rng.random((4000, 10)) < 1 / (1 + np.exp(3 * (hard - theta[:, None] - lift)))), RULES, seed=0)
        for lift in (-1.5, 1.5)
    )
    assert strong.delivery_rate > weak.delivery_rate
    assert strong.ks < weak.ks
