"""Near-equal ids, names, districts and sectors are told with their cell and what they resemble, and never merged."""

import time

import pandas as pd
import pytest

from data.likeness import fold_id, resembling
from tests.test_data_checking import business, engagement, mentor, placed

__all__ = ["placed"]


def told(found):
    return [(one.file, one.row, one.column, one.value, str(one.message).partition(", and")[0]) for one in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [("M1", "m1"), ("M-01", "M01"), ("M - 01", "M01"), ("M 1", "M001"), ("M1", "M1\u200b"), ("\uff2d1", "M1")],
)
def test_what_hands_and_spreadsheets_change_in_an_id(one, other):
    assert fold_id(one) == fold_id(other)


@pytest.mark.parametrize(("one", "other"), [("M1", "M10"), ("1-11", "11-1"), ("E1-12", "E11-2"), ("A1", "B1")])
def test_ids_that_only_look_a_little_alike(one, other):
    assert fold_id(one) != fold_id(other)


def test_an_id_within_the_file_and_against_what_is_stored(placed):
    batch = placed(
        mentors=[mentor("M1", name="A"), mentor("m1", name="B"), mentor("M-02", name="C"), mentor("M3", name="E")]
    )
    assert told(resembling(batch, {"mentors": frozenset({"M2"})}, {})) == [
        ("mentors.csv", 3, "mentor_id", "m1", "This id resembles M1 (row 2 of mentors.csv) but is another one"),
        ("mentors.csv", 4, "mentor_id", "M-02", "This id resembles M2 (stored already) but is another one"),
    ]


def test_ids_that_resemble_each_other_are_told_once_though_their_names_do_too(placed):
    found = resembling(placed(mentors=[mentor("M1"), mentor("m1")]), {}, {})
    assert [one.column for one in found] == ["mentor_id"]


def test_what_is_stored_side_by_side_was_accepted_once(placed):
    batch = placed(mentors=[mentor("M1"), mentor("m1", district="d ")])
    stored = {"mentors": batch.tables["mentors"].copy()}
    assert resembling(batch, {"mentors": frozenset({"M1", "m1"})}, stored) == []
    assert resembling(batch, {}, {}) != []


def test_ids_of_engagements_too_but_no_reference(placed):
    batch = placed(engagements=[engagement("E1"), engagement("e-1", "m1", "b1")])
    assert [one.value for one in resembling(batch, {}, {})] == ["e-1"]


def test_one_name_and_district_under_two_ids(placed):
    batch = placed(
        businesses=[
            business("B1", name="UD. Maju Jaya", district="Kec. Ciputat"),
            business("B2", name="ud maju  jaya", district="CIPUTAT"),
            business("B3", name="UD Maju Jaya", district="Pamulang"),
            business("B4", name="UD Maju Jaya", district="Ciputat", sector="Other"),
        ]
    )
    (found,) = (one for one in resembling(batch, {}, {}) if one.column == "name")
    assert (found.row, found.value) == (3, "ud maju  jaya")
    assert str(found.message).startswith("The name and the district are those of B1 (row 2 of businesses.csv)")


def test_a_name_is_held_against_the_stored_ones_but_not_against_its_own_row(placed):
    batch = placed(mentors=[mentor("M1", name="SITI AMINAH"), mentor("M9", name="siti aminah")])
    stored = {"mentors": pd.DataFrame([mentor("M1", name="Siti Aminah"), mentor("M5", name="Siti Aminah")])}
    for frame in stored.values():
        frame[["nik", "birth_year", "gender", "extra_districts"]] = None
    (found,) = resembling(batch, {"mentors": frozenset({"M1", "M5"})}, stored)
    assert (found.row, found.column) == (3, "name")
    assert "M5 (stored already)" in str(found.message)


@pytest.mark.parametrize("trait", [{"nik": "3"}, {"birth_year": 1990.0}, {"gender": "L"}])
def test_what_tells_two_of_one_name_apart(placed, trait):
    column = next(iter(trait))
    other = {"nik": "4", "birth_year": 1991.0, "gender": "P"}[column]
    assert resembling(placed(mentors=[mentor("A", **trait), mentor("B", **{column: other})]), {}, {}) == []
    assert len(resembling(placed(mentors=[mentor("A", **trait), mentor("B")]), {}, {})) == 1


def test_a_district_is_told_once_for_each_writing(placed):
    batch = placed(
        mentors=[mentor("M1", district="Ciputat", extra_districts="Pamulang;Kecamatan Ciputat")],
        businesses=[
            *(business(f"B{n}", name=str(n), district="Ciputat") for n in range(3)),
            *(business(f"C{n}", name=f"c{n}", district="Kec. Ciputat") for n in range(2)),
            business("D", name="d", district="CIPUTAT"),
            business("E", name="e", district="Ciputat Timur"),
        ],
    )
    found = resembling(batch, {}, {})
    assert [(one.file, one.row, one.column, one.value) for one in found] == [
        ("businesses.csv", 5, "district", "Kec. Ciputat"),
        ("mentors.csv", 2, "extra_districts", "Kecamatan Ciputat"),
        ("businesses.csv", 7, "district", "CIPUTAT"),
    ]
    assert str(found[0].message).startswith("It resembles “Ciputat” (row 2 of mentors.csv)")
    assert str(found[0].message).endswith("Rows with this writing: 2.")


def test_the_stored_writing_is_the_one_that_others_are_held_against(placed):
    batch = placed(businesses=[business(f"B{n}", name=str(n), district="CIPUTAT") for n in range(9)])
    stored = {"businesses": pd.DataFrame([business("B99", name="x", district="Ciputat")])}
    stored["businesses"][["nik", "birth_year", "gender", "start_year"]] = None
    (found,) = resembling(batch, {"businesses": frozenset({"B99"})}, stored)
    assert "“Ciputat” (stored already)" in str(found.message)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Pondok Aren", "Pondok Arem", True),
        ("Pamulang", "Pamulng", True),
        ("Gunung Sari", "Gunungsari", True),
        ("Ilir Timur I", "Ilir Timur II", False),
        ("Ciputat", "Ciputat Timur", False),
        ("Serpong", "Serpong Utara", False),
        ("Wilayah 1", "Wilayah 2", False),
        ("Blok A", "Blok B", False),
        ("Setu", "Satu", False),
    ],
)
def test_a_letter_amiss_in_a_district(placed, one, other, near):
    batch = placed(businesses=[business("B1", name="a", district=one), business("B2", name="b", district=other)])
    assert bool(resembling(batch, {}, {})) == near


def test_a_sector_written_in_two_ways(placed):
    batch = placed(businesses=[business("B1", name="a", sector="Kuliner"), business("B2", name="b", sector="kuliner ")])
    assert [one.column for one in resembling(batch, {}, {})] == ["sector"]


def test_fifty_thousand_rows_are_looked_up_and_not_compared_pair_by_pair(placed):
    def seconds(count):
        rows = [business(f"B-{n}", name="Warung", district="Kec. Ciputat") for n in range(count // 2)]
        batch = placed(
            businesses=[*rows, *(business(f"b {n}", name="warung", district="ciputat") for n in range(count // 2))]
        )
        begun = time.process_time()
        found = resembling(batch, {}, {})
        assert sum(one.column == "business_id" for one in found) == count // 2
        return time.process_time() - begun

    small, large = seconds(2_500), seconds(50_000)
    assert large < 60 * small + 1, (small, large)
