"""Wilson's interval against scipy's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from model.index.intervals import wilson


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(deadline=None)
def test_wilson_is_scipys(case):
    yes, count = case
    interval = binomtest(yes, count).proportion_ci(0.90, method="wilson")
    assert wilson(yes, count) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_the_ends_stay_inside_and_nothing_is_nothing():
    assert wilson(0, 7)[0] == 0
    assert wilson(7, 7)[1] == 1
    assert wilson(0, 0) is None
