from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.dates import (
    NO_SUCH_DAY,
    NO_SUCH_MONTH,
    NOT_A_DAY,
    OUTSIDE,
    SHORT_YEAR,
    DayReader,
    MonthReader,
    order_shown,
)
from model.sentences import Sentence

LAST = date(2026, 12, 31)
INDONESIAN = ("Januari", "Februari", "Maret", "April", "Mei", "Juni")
INDONESIAN += ("Juli", "Agustus", "September", "Oktober", "November", "Desember")
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "31/12/2026",
        "31-12-2026",
        "31.12.2026",
        "31 12 2026",
        "31 Des 2026",
        "31 Desember 2026",
        "31-Des-2026",
        "31 Dec 2026",
        "Kamis, 31 Desember 2026",
        "December 31, 2026",
        "2026-12-31",
        "2026/12/31",
        "2026-12-31T23:59:59",
        "2026-12-31 08:00",
        "31/12/2026 08.00 WIB",
        "12/31/2026 10:00:00",
        "12/31/2026",
        "46387",
        " 31/12/2026 ",
        46387.0,
        46387.75,
        46387,
        LAST,
        datetime(2026, 12, 31, 23, 59),  # noqa: DTZ001 - an Excel cell has no zone
    ],
)
def test_days_as_offices_write_them(text):
    assert DayReader()(text) == LAST


@pytest.mark.parametrize("name", ["Agt", "Agu", "Agust", "Ags", "Agustus", "Aug", "August", "agustus"])
def test_august(name):
    assert DayReader()(f"5 {name} 2026") == date(2026, 8, 5)
    assert MonthReader()(f"{name} 2026") == 2026 * 12 + 7


def test_a_day_with_two_readings_is_a_question():
    question = DayReader()("03/04/2026")
    assert isinstance(question, Sentence)
    for word in ("2026-04-03", "2026-03-04", "--dates dmy", 'dates = "mdy"'):
        assert word in str(question)
    assert DayReader()("05/05/2026") == date(2026, 5, 5)


def test_the_user_or_the_column_decides():
    assert DayReader(told="dmy", shown="mdy")("03/04/2026") == date(2026, 4, 3)
    assert DayReader(told="mdy")("03/04/2026") == date(2026, 3, 4)
    assert DayReader(shown="dmy")("03/04/2026") == date(2026, 4, 3)
    assert order_shown(["03/04/2026", "31/12/2026", "x"]) == "dmy"
    assert order_shown(["03/04/2026", "12/31/2026"]) == "mdy"
    assert order_shown(["13/04/2026", "04/13/2026"]) is None
    assert order_shown(["03/04/2026", "2026-12-31"]) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("31/02/2026", NO_SUCH_DAY),
        ("2026-02-30", NO_SUCH_DAY),
        ("32/12/2026", NO_SUCH_DAY),
        ("2024-13-01", NO_SUCH_DAY),
        ("31/12/26", SHORT_YEAR),
        ("31 Des 26", SHORT_YEAR),
        ("03/04/26", SHORT_YEAR),
        ("1949-12-31", OUTSIDE),
        ("2101-01-01", OUTSIDE),
        (20.0, OUTSIDE),
        ("besok", NOT_A_DAY),
        ("31 Foo 2026", NOT_A_DAY),
        ("2026", NOT_A_DAY),
        ("Des 2026", NOT_A_DAY),
        (True, NOT_A_DAY),
        (-5.0, NOT_A_DAY),
        (float("nan"), NOT_A_DAY),
    ],
)
def test_faults(text, fault):
    assert DayReader()(text) is fault


@pytest.mark.parametrize(
    "text",
    [
        "2026-12",
        "2026/12",
        "12/2026",
        "12-2026",
        "Des 2026",
        "Desember 2026",
        "DES-2026",
        "202612",
        202612.0,
        "2026-12-05",
        "31/12/2026",
        "12/31/2026",
        "5 Desember 2026",
        46387.0,
        date(2026, 12, 1),
    ],
)
def test_months(text):
    assert MonthReader()(text) == 2026 * 12 + 11


def test_faulty_months():
    assert MonthReader()("2024-13") is NO_SUCH_MONTH
    assert MonthReader()("0/2024") is NO_SUCH_MONTH
    assert MonthReader()("Des-26") is SHORT_YEAR
    assert MonthReader()("1890-12") is OUTSIDE
    assert "not a month" in str(MonthReader()("besok"))
    assert "two ways" in str(MonthReader()("03/04/2026"))


@given(DAYS)
def test_a_day_comes_back_from_every_manner_of_one_reading(day):
    serial = float((day - date(1899, 12, 30)).days)
    name = INDONESIAN[day.month - 1]
    texts = [day.isoformat(), f"{day.day} {name} {day.year}", f"{day.day:02}-{name[:3]}-{day.year}", serial]
    assert {DayReader()(text) for text in texts} == {day}
    assert {MonthReader()(text) for text in [*texts, f"{name} {day.year}"]} == {day.year * 12 + day.month - 1}


@given(DAYS, st.sampled_from(["dmy", "mdy"]), st.sampled_from("/-. "))
def test_a_numeric_day_is_read_as_meant_or_asked_about(day, order, sign):
    parts = [f"{day.day:02}", f"{day.month:02}"]
    text = sign.join([*(parts if order == "dmy" else parts[::-1]), str(day.year)])
    assert DayReader(told=order)(text) == day
    untold = DayReader()(text)
    assert untold == day or (isinstance(untold, Sentence) and day.day <= 12)


@given(st.text(max_size=14) | st.floats() | st.integers())
def test_anything_is_answered(cell):
    assert isinstance(DayReader()(cell), date | Sentence)
    assert isinstance(MonthReader()(cell), int | Sentence)


@given(DAYS, st.times())
def test_the_hour_does_not_matter(day, hour):
    assert DayReader()(datetime.combine(day, hour)) == day
    assert DayReader()(f"{day.isoformat()} {hour.strftime('%H:%M:%S')}") == day
    assert DayReader()(float((day - date(1899, 12, 30)).days) + timedelta(hours=hour.hour) / timedelta(days=1)) == day
