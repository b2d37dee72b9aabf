"""Bands and verdicts at their very lines, no verdict with its reason, and what to mind."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from data.framework_file import read_framework
from model.index.guttman import GuttmanCount, count_errors
from model.index.verdict import caveat, judge, no_verdict, shown, warnings

RULES = read_framework().index


def counted(errors, *, noes=200, n=100, least=None, most=None):
    """100 respondents, 20 items of about equal popularity, 2x = ``noes``."""
    yes, more = divmod(n * 20 - noes, 20)
    each = tuple(yes + (item < more) for item in range(20))
    return GuttmanCount(n, each, errors, errors if least is None else least, errors if most is None else most)


@pytest.mark.parametrize(
    ("errors", "label", "sourced"),
    [
        (101, "di luar tabel makalah", False),
        (100, "buruk", True),
        (91, "buruk", True),
        (90, "kurang", False),
        (71, "kurang", False),
        (70, "cukup", False),
        (41, "cukup", False),
        (40, "baik", False),
        (21, "baik", False),
        (20, "sangat baik", False),
        (0, "sangat baik", False),
    ],
)
def test_a_band_begins_at_its_line(errors, label, sourced):
    judged = judge(counted(errors), RULES)
    assert (judged.band.id, judged.band_sourced) == (label, sourced)


def test_the_cuts_are_strict():
    assert judge(counted(40), RULES).verdict == RULES.not_feasible
    assert judge(counted(39), RULES).verdict == RULES.feasible
    at_kr = GuttmanCount(100, (30,) * 10, 100, 100, 100)
    assert at_kr.kr() == Fraction(9, 10)
    assert at_kr.ks() > RULES.ks_cut
    assert judge(at_kr, RULES).verdict == RULES.not_feasible
    assert "but Kr 0.90 is not above 0.90" in str(judge(at_kr, RULES).reason)
    assert judge(GuttmanCount(100, (30,) * 10, 99, 99, 99), RULES).verdict == RULES.feasible


def test_the_reason_shows_the_side_of_the_cut_even_next_to_it():
    assert str(judge(counted(40), RULES).reason) == "Ks 0.60 is not above 0.60, though Kr 0.98 is above 0.90."
    near = GuttmanCount(10_000, (6_000,) * 10, 7999, 7999, 7999)
    assert "Ks 0.60005 is above 0.60 and" in str(judge(near, RULES).reason)
    assert str(shown(Fraction(1, 3))) == "0.33"


def test_no_rounding_and_no_cutting_before_the_band():
    assert judge(counted(1_000_001, noes=2_000_000, n=200_000), RULES).band == RULES.below_table
    assert judge(counted(899_999 + 2, noes=2_000_000, n=200_000), RULES).band.id == "buruk"
    assert judge(counted(900_000, noes=2_000_000, n=200_000), RULES).band.id == "kurang"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (np.zeros((0, 3)), "fewer than two complete rows"),
        ([[1, 0, 1]], "fewer than two complete rows"),
        ([[1], [0]], "fewer than two items"),
        ([[0, 0], [0, 0]], "No answer is yes"),
        ([[1, 1], [1, 1]], "x is 0"),
        ([[1, 0], [1, 0]], "answered alike"),
    ],
)
def test_no_verdict_says_why_and_gives_no_band(rows, says):
    judged = judge(count_errors(np.array(rows, dtype=np.uint8)), RULES)
    assert says in str(judged.reason)
    assert (judged.band, judged.band_sourced, judged.verdict) == (None, None, None)


def test_ordinary_answers_get_a_verdict():
    assert no_verdict(count_errors(np.array([[1, 0], [1, 0], [1, 0], [0, 1]], np.uint8))) is None


def said(count, incomplete=0, rules=RULES):
    items = [f"i{number}" for number in range(count.items)]
    return [str(warning) for warning in warnings(count, items, incomplete, rules)]


def test_few_rows_are_warned_of_below_fifty():
    assert any("Only 49 complete rows" in w for w in said(GuttmanCount(49, (20, 20), 2, 2, 2)))
    assert said(GuttmanCount(50, (20, 20), 2, 2, 2)) == []


def test_items_beyond_80_20_are_named_those_at_the_line_are_not():
    found = said(GuttmanCount(100, (81, 80, 50, 20, 19), 2, 2, 2))
    assert found == [
        "2 of 5 items are beyond 80/20 (more than four in five answers alike), which lifts Kr by itself: i0, i4."
    ]


def test_a_tie_range_within_a_band_is_silent_one_across_a_line_is_not():
    middle = GuttmanCount(100, (50, 50), 45, 42, 45)
    assert said(middle) == []
    across = said(GuttmanCount(100, (50, 50), 45, 30, 46))
    assert len(across) == 1
    assert "depends on tie order" in across[0]
    assert "between 0.08 and 0.40" in across[0]


def test_a_tie_range_across_the_verdict_alone_is_warned_of():
    wide = replace(RULES, bands=RULES.bands[:1])
    assert any("depends on tie order" in w for w in said(GuttmanCount(100, (50, 50), 15, 5, 25), rules=wide))


def test_missing_answers_are_counted_out_loud():
    (found,) = said(GuttmanCount(150, (75, 75), 2, 2, 2), incomplete=50)
    assert found.startswith("50 of 200 rows (25.0 per cent) lack an answer")


def test_the_caveat_names_our_inference_and_what_is_not_measured():
    text = str(caveat(RULES))
    assert "0.60 as the cut" in text
    assert "our inference" in text
    assert "not how well mentors do" in text
    assert "0.60" not in str(caveat(replace(RULES, cuts_sourced=True)))
