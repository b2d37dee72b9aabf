"""What reads as a NIK: 16 digits that begin with the code of a province, however they are parted."""

import pytest

from model.nik import holds_nik, is_nik


@pytest.mark.parametrize(
    "text", ["3674051234567890", " 3674051234567890 ", "3674.0512.3456.7890", "36 74 05 123456 7890"]
)
def test_a_nik(text):
    assert is_nik(text)
    assert holds_nik(f"NIK {text}, Ciputat")


@pytest.mark.parametrize(
    "text",
    [
        "367405123456789",
        "36740512345678901",
        "2026010112000001",
        "0012345678901234",
        "M3674051234567890",
        "8120000000005",
    ],
)
def test_what_is_none(text):
    assert not is_nik(text)


def test_longer_numbers_hold_none():
    assert not holds_nik("account 123674051234567890")
    assert holds_nik("M3674051234567890")
