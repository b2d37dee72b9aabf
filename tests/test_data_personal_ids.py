"""NIKs where they do not belong are refused as ids and warned of in texts, and never repeated."""

from data.personal_ids import niks_as_ids, niks_in_texts
from tests.test_data_checking import business, engagement, mentor, placed, said

__all__ = ["placed"]

NIK = "3674051234567890"


def test_a_new_id_that_is_a_nik_is_refused_without_repeating_it(placed):
    batch = placed(mentors=[mentor(NIK), mentor("M2")], businesses=[business("3674 0512 3456 7891")])
    found = niks_as_ids(batch, {})
    assert said(found) == [("mentors.csv", 2, "mentor_id", None), ("businesses.csv", 2, "business_id", None)]
    assert all(str(fault.message).startswith("An id is seen by everybody and kept for good") for fault in found)
    assert NIK not in str(found)


def test_an_id_that_is_stored_so_already_goes_on(placed):
    batch = placed(mentors=[mentor(NIK)], engagements=[engagement("E1", NIK)], businesses=[business("B1")])
    assert niks_as_ids(batch, {"mentors": frozenset({NIK})}) == []


def test_a_text_that_holds_a_nik_is_warned_of_but_not_the_column_for_it(placed):
    batch = placed(
        mentors=[mentor("M1", nik=NIK, name="Ani"), mentor("M2", name=f"Budi ({NIK})", phone=NIK)],
        engagements=[engagement(f"E-{NIK}")],
    )
    assert said(niks_in_texts(batch)) == [
        ("mentors.csv", 3, "name", None),
        ("engagements.csv", 2, "engagement_id", None),
    ]
    assert NIK not in str(niks_in_texts(batch))
