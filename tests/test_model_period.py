from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.period import period_of
from model.refusals import InputRefused

CODES = st.builds(
    lambda year, part: f"{year}{part}",
    st.integers(1901, 2200),
    st.sampled_from(["", *(f"-H{n}" for n in (1, 2)), *(f"-Q{n}" for n in (1, 2, 3, 4))]),
)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        (" 2026-h2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_is_its_calendar_days(code, first, last):
    period = period_of(code)
    assert (period.first, period.last) == (first, last)


@given(CODES)
def test_the_period_before_ends_the_day_before_and_is_of_the_same_kind(code):
    period = period_of(code)
    before = period.previous()
    assert before.last == period.first - timedelta(days=1)
    assert before.code[4:6] == period.code[4:6]
    assert period_of(before.code) == before


@pytest.mark.parametrize("code", ["", "26", "2026-Q5", "2026-13", "2026Q1", "1800", "9999", "2026-H1-Q1"])
def test_what_is_no_period_is_refused_with_an_example(code):
    with pytest.raises(InputRefused) as refused:
        period_of(code)
    assert "2026-Q3" in str(refused.value.mend)
