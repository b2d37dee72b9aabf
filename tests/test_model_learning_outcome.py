import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.learning.outcome import Lack, Ledger, growth


def month(text):
    return int(text[:4]) * 12 + int(text[5:]) - 1


def one(reports, start):
    books = Ledger.of(
        np.zeros(len(reports), dtype=np.int64),
        np.array([month(m) for m in reports], dtype=np.int64),
        np.array(list(reports.values()), dtype=float),
    )
    return growth(books, np.array([0]), np.array([month(start)]))


def test_growth_by_hand():
    reports = {
        "2024-08": 9,
        "2024-10": 1,
        "2024-12": 2,
        "2025-01": 3,
        "2025-07": 100,
        "2025-08": 4,
        "2025-10": 6,
        "2026-01": 8,
    }
    # started 2025-01: before 2024-08..2025-01, newest three 1, 2, 3; after 2025-07..2026-01, newest three 4, 6, 8
    found = one(reports, "2025-01")
    assert found.value[0] == pytest.approx(np.log(6) - np.log(2), abs=1e-15)
    assert found.before[0] == 2


@pytest.mark.parametrize(
    ("reports", "lack"),
    [
        ({"2024-07": 5, "2025-07": 5}, Lack.BEFORE),
        ({"2025-02": 5, "2025-07": 5}, Lack.BEFORE),
        ({"2025-01": 5, "2025-06": 5}, Lack.AFTER),
        ({"2025-01": 5, "2026-02": 5}, Lack.AFTER),
        ({"2025-01": 0, "2025-07": 5}, Lack.ZERO),
        ({"2025-01": 5, "2025-07": 0}, Lack.ZERO),
        ({"2025-01": 1, "2025-07": 149}, Lack.ABSURD),
        ({"2025-01": 1, "2025-07": 148}, Lack.NONE),
        ({"2024-08": 1, "2026-01": 2}, Lack.NONE),
    ],
)
def test_why_there_is_no_growth(reports, lack):
    found = one(reports, "2025-01")
    assert found.lack[0] == lack
    assert np.isnan(found.value[0]) == (lack != Lack.NONE)


@given(
    st.dictionaries(st.tuples(st.integers(0, 2), st.integers(24300, 24330)), st.integers(1, 50), max_size=60),
    st.lists(st.tuples(st.integers(-1, 2), st.integers(24300, 24330)), min_size=1, max_size=10),
)
def test_growth_equals_the_rule_read_word_by_word(reports, asked):
    keys = sorted(reports, key=hash)
    books = Ledger.of(
        np.array([k[0] for k in keys], dtype=np.int64),
        np.array([k[1] for k in keys], dtype=np.int64),
        np.array([reports[k] for k in keys], dtype=float),
    )
    found = growth(books, np.array([a[0] for a in asked]), np.array([a[1] for a in asked]))
    for (business, start), value in zip(asked, found.value, strict=True):
        sides = []
        for first, last in ((start - 5, start), (start + 6, start + 12)):
            inside = sorted((m, v) for (b, m), v in reports.items() if b == business and first <= m <= last)
            sides.append([v for _, v in inside[-3:]])
        if all(sides):
            assert value == pytest.approx(np.log(np.mean(sides[1])) - np.log(np.mean(sides[0])), abs=1e-12)
        else:
            assert np.isnan(value)


def test_level_is_the_mean_logarithm_of_what_was_sold_and_its_mean_month():
    rng = np.random.default_rng(3)
    owner, when = np.repeat(np.arange(5), 20), np.tile(np.arange(100, 120), 5)
    amount = np.where(rng.random(100) < 0.2, 0.0, rng.lognormal(15, 1, 100))
    kept = rng.random(100) < 0.7
    books = Ledger.of(owner[kept], when[kept], amount[kept])
    business, first, last = np.array([0, 3, 4, 2]), np.array([102, 90, 111, 130]), np.array([110, 104, 200, 140])
    level, month_ = books.level(business, first, last)
    for i in range(4):
        its = kept & (owner == business[i]) & (when >= first[i]) & (when <= last[i]) & (amount > 0)
        if its.any():
            assert level[i] == pytest.approx(np.log(amount[its]).mean(), abs=1e-12)
            assert month_[i] == pytest.approx(when[its].mean(), abs=1e-12)
        else:
            assert np.isnan(level[i])
            assert np.isnan(month_[i])


@pytest.mark.parametrize(("before", "after"), [(5, np.inf), (np.inf, 5), (np.inf, np.inf)])
def test_infinite_amounts_give_no_growth_and_no_level(before, after):
    found = one({"2025-01": before, "2025-10": after}, "2025-01")
    assert np.isnan(found.value[0])
    assert found.lack[0] == Lack.ABSURD
    books = Ledger.of(np.array([0, 0, 1]), np.array([1, 2, 1]), np.array([before, after, np.e], dtype=float))
    level, _ = books.level(np.array([0, 1]), np.array([0, 0]), np.array([3, 3]))
    np.testing.assert_allclose(level, [np.nan if before == after else np.log(5), 1.0])
