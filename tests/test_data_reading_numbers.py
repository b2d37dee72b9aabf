import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.numbers import SHORTENED, TOO_LARGE, NumberReader, readings, shown_by
from model.sentences import Sentence
from model.tables import TABLES, Column, Kind

MONEY = TABLES["reports"].column("turnover_idr")
PROFIT = TABLES["reports"].column("profit_idr")
SCORE = TABLES["assessments"].column("score")
HOURS = TABLES["engagements"].column("hours")
WORKERS = TABLES["reports"].column("workers")


def says(answer):
    assert isinstance(answer, Sentence), answer
    return str(answer)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234.567,89", 1234568),
        ("Rp 1.234.567", 1234567),
        ("Rp1.234.567,00", 1234567),
        ("Rp. 1.000.000,-", 1000000),
        ("IDR 5.000", 5000),
        ("1,234,567.89", 1234568),
        ("2,5 jt", 2500000),
        ("2.5 juta", 2500000),
        ("2 juta rupiah", 2000000),
        ("500 rb", 500000),
        ("500 ribu", 500000),
        ("1,2 M", 1200000000),
        ("1,2 miliar", 1200000000),
        ("3 milyar", 3000000000),
        ("1.234", 1234),
        ("1250000", 1250000),
        ("1250000.0", 1250000),
        ("0", 0),
    ],
)
def test_amounts_as_offices_write_them(text, amount):
    assert NumberReader(MONEY)(text) == amount


@pytest.mark.parametrize(
    ("text", "amount"), [("-5", -5), ("(5)", -5), ("−2.500", -2500), ("Rp -2.500", -2500), ("-Rp2.500", -2500)]
)
def test_losses(text, amount):
    assert NumberReader(PROFIT)(text) == amount


@pytest.mark.parametrize(
    ("text", "score"),
    [("13,75", 13.75), ("13.75", 13.75), ("80", 80), ("0,5", 0.5), ("1.234", 1.234), ("1,234", 1.234)],
)
def test_scores_of_which_one_reading_is_legal(text, score):
    assert NumberReader(SCORE)(text) == pytest.approx(score)


@pytest.mark.parametrize("column", [MONEY, WORKERS, HOURS])
def test_a_comma_before_three_digits_is_a_question(column):
    question = says(NumberReader(column)("1,234"))
    assert "two ways" in question
    assert "--numbers id" in question
    assert 'numbers = "id"' in question


def test_a_point_before_three_digits_is_a_question_where_decimals_are_legal():
    assert "1,234 (Indonesian) or 1.234 (English)" in says(NumberReader(HOURS)("1.234"))
    assert "two ways" in says(NumberReader(MONEY)("1.234 jt"))


def test_the_user_decides():
    assert NumberReader(HOURS, told="id")("1.234") == 1234
    assert NumberReader(HOURS, told="en")("1.234") == 1.234
    assert NumberReader(MONEY, told="en")("1,234") == 1234
    assert "whole rupiah" in says(NumberReader(MONEY, told="id")("1,234"))
    assert "whole rupiah" in says(NumberReader(MONEY, told="en")("1.234"))


def test_the_other_cells_of_the_column_decide():
    assert shown_by(["1.234", "13,75", "12"]) == "id"
    assert shown_by(["1.234", "1,234,567", "12"]) == "en"
    assert shown_by(["1.234", "12"]) is None
    assert shown_by(["13,75", "13.75"]) is None
    assert NumberReader(HOURS, shown="id")("1.234") == 1234
    assert NumberReader(HOURS, shown="en")("1,234") == 1234
    assert NumberReader(MONEY, shown="en")("1,234") == 1234


def test_a_column_that_contradicts_the_legal_reading_makes_a_question():
    assert "two ways" in says(NumberReader(MONEY, shown="en")("1.234"))


def test_semicolons_show_a_decimal_comma_but_other_cells_go_first():
    assert NumberReader(HOURS, comma=True)("1.234") == 1234
    assert NumberReader(HOURS, shown="en", comma=True)("1.234") == 1.234


@pytest.mark.parametrize(
    ("column", "text", "word"),
    [
        (MONEY, "-5", "below 0"),
        (MONEY, "-5.000", "below 0"),
        (SCORE, "130", "between 0 and 100"),
        (SCORE, "500.000", "between 0 and 100"),
        (MONEY, "1500,5", "whole rupiah"),
        (WORKERS, "2,5", "whole number"),
        (SCORE, "10%", "percent"),
        (MONEY, "abc", "not a number"),
        (MONEY, "1.23.456", "not a number"),
        (MONEY, "(5", "not a number"),
        (MONEY, "12/3", "not a number"),
        (MONEY, "-", "nought or not known"),
        (MONEY, "²", "not a number"),
        (MONEY, True, "not a number"),
    ],
)
def test_faults(column, text, word):
    assert word in says(NumberReader(column)(text))


def test_shortened_and_boundless_numbers_are_faults():
    assert NumberReader(MONEY)("3,2E+15") is SHORTENED
    assert NumberReader(MONEY)("9" * 400) is TOO_LARGE
    assert NumberReader(MONEY)(float("nan")) is TOO_LARGE


def test_number_cells_need_no_reading():
    assert NumberReader(HOURS)(1.234) == 1.234
    assert NumberReader(MONEY)(1_000_000 * 2.3) == 2_300_000
    assert "whole rupiah" in says(NumberReader(MONEY)(1500.5))


def indonesian(value, decimals):
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


@given(st.integers(0, 10**14), st.sampled_from(["", "Rp", "Rp ", "Rp. "]), st.sampled_from(["", ",00", ",-"]))
def test_an_amount_written_in_indonesian_comes_back(amount, before, after):
    assert NumberReader(MONEY)(f"{before}{indonesian(amount, 0)}{after}") == amount


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.sampled_from(["id", "en"]))
def test_a_number_written_in_either_manner_comes_back_when_the_user_says_which(units, decimals, manner):
    value = units / 10**decimals
    text = indonesian(value, decimals) if manner == "id" else f"{value:,.{decimals}f}"
    assert NumberReader(Column("x", Kind.NUMBER), told=manner)(text) == pytest.approx(value, abs=1e-9)


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_no_number_is_ever_read_wrongly_without_being_told(units, decimals):
    value = units / 10**decimals
    for text in (indonesian(value, decimals), f"{value:,.{decimals}f}"):
        read = NumberReader(Column("x", Kind.NUMBER))(text)
        assert isinstance(read, Sentence) or read == pytest.approx(value, abs=1e-9)


@given(st.text(max_size=12))
def test_any_text_is_answered(text):
    both = readings(text)
    read = NumberReader(MONEY)(text)
    assert isinstance(read, float | Sentence)
    assert (both.id is None and both.en is None) <= isinstance(read, Sentence)
