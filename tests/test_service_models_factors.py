"""What a prediction is made of is told in the units people use, whatever the model learned it in."""

import math

import pytest

from service.language import Language
from service.models.factors import factor

ID, EN = Language("id"), Language("en")


def row(feature, level, reference, label="Label"):
    return {"feature": feature, "label": label, "level": level, "reference_level": reference}


@pytest.mark.parametrize(
    ("given", "name", "own", "reference"),
    [
        (
            row("turnover", math.log(2_500_000), math.log(4_140_000)),
            "Omzet per bulan sebelum mulai",
            "Rp2,50 juta",
            "Rp4,14 juta",
        ),
        (
            row("mentor_turnover", math.log(950_000), None),
            "Omzet per bulan yang lazim pada usaha dampingannya",
            "Rp950.000",
            "–",
        ),
        (row("business_age", math.log1p(9.0), math.log1p(7.44)), "Umur usaha dalam tahun", "9,0", "7,4"),
        (row("score:finance", 24.04, 57), "Label", "24,0", "57,0"),
        (row("need:legal", 1.0, 0.25), "Label", "ya", "25%"),
        (row("need:legal", 0.0, None), "Label", "tidak", "–"),
        (row("sector", "Industri pengolahan", "campuran"), "Label", "Industri pengolahan", "campuran"),
        (row("control:trust", 0.13, 2.0, label=None), "control:trust", "0,13", "2,00"),
    ],
)
def test_every_factor_is_told_in_its_own_unit(given, name, own, reference):
    told = factor(given, ID)
    assert (told.name, told.own, told.reference) == (name, own, reference)


def test_names_are_in_the_readers_language():
    assert factor(row("business_age", 0.0, 0.0), EN).name == "Age of the business in years"
