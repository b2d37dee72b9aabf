"""Checks across tables: references, contradictions, circles; small cases and a brute-force referee."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.batch import Batch
from data.checking import cross_faults, nearest
from data.store.rows import normal
from model.tables import TABLES


@pytest.fixture
def placed(batch_of):
    """A batch whose every row says where it stands: file named as the table, rows from 2."""

    def made(**tables):
        batch = batch_of(**tables)
        for name, frame in batch.tables.items():
            rows = range(2, len(frame) + 2)
            batch.origin[name] = pd.DataFrame({"file": f"{name}.csv", "sheet": None, "row": rows}, index=frame.index)
        return batch

    return made


def mentor(identifier, **more):
    return {"mentor_id": identifier, "name": "N", "district": "D", **more}


def business(identifier, **more):
    return {"business_id": identifier, "name": "N", "district": "D", "sector": "S", **more}


def engagement(identifier, mentor_id="M1", business_id="B1", **more):
    started = {"engagement_id": identifier, "mentor_id": mentor_id, "business_id": business_id}
    return {**started, "started_on": "2024-01-01", "ended_on": None, **more}


def course(identifier, prerequisite=None, **more):
    priced = {"course_id": identifier, "title": "T", "area": "a", "cost_per_participant_idr": 1.0}
    return {**priced, "prerequisite": prerequisite, **more}


def said(faults):
    return [(fault.file, fault.row, fault.column, fault.value) for fault in faults]


def test_an_id_may_stand_in_the_batch_or_in_the_store(placed):
    batch = placed(mentors=[mentor("M1")], engagements=[engagement("E1"), engagement("E2", "M2", "B2")])
    assert cross_faults(batch, {"mentors": frozenset({"M2"}), "businesses": frozenset({"B1", "B2"})}) == []


def test_an_unknown_id_is_named_in_every_row_with_the_id_probably_meant(placed):
    batch = placed(
        mentors=[mentor("M001"), mentor("M002")],
        businesses=[business("B1")],
        engagements=[engagement("E1", "M001"), engagement("E2", "m-1"), engagement("E3", "Z"), engagement("E4", "m-1")],
    )
    faults = cross_faults(batch, {})
    assert said(faults) == [
        ("engagements.csv", 3, "mentor_id", "m-1"),
        ("engagements.csv", 4, "mentor_id", "Z"),
        ("engagements.csv", 5, "mentor_id", "m-1"),
    ]
    assert "Is M001 meant?" in str(faults[0].message)
    assert "no row with this id. Correct the id, or add the row." in str(faults[1].message)


@pytest.mark.parametrize(
    ("unknown", "near"),
    [("m 001", "M001"), ("M0O1", "M001"), ("12", "0012"), ("0012 ", "0012"), ("B700", None), ("xyz", None)],
)
def test_the_nearest_id(unknown, near):
    assert nearest([unknown], frozenset({"M001", "0012", "B7"})) == [near]


def test_every_reference_of_the_contract_is_checked(placed):
    batch = placed(
        assessments=[{"mentor_id": "x", "area": "a", "score": 1.0, "assessed_on": "2024-01-01"}],
        reports=[{"business_id": "x", "month": "2024-01", "turnover_idr": 1.0}],
        responses=[{"respondent_id": "r", "mentor_id": "x", "item_id": "x", "answer": 1.0}],
        trainings=[{"mentor_id": "x", "course_id": "x", "completed_on": "2024-01-01"}],
        engagements=[engagement("E1", "x", "x")],
        courses=[course("C1", "x")],
    )
    assert {(fault.file, fault.column) for fault in cross_faults(batch, {})} == {
        ("assessments.csv", "mentor_id"),
        ("reports.csv", "business_id"),
        ("responses.csv", "mentor_id"),
        ("responses.csv", "item_id"),
        ("trainings.csv", "mentor_id"),
        ("trainings.csv", "course_id"),
        ("engagements.csv", "mentor_id"),
        ("engagements.csv", "business_id"),
        ("courses.csv", "prerequisite"),
    }


def test_figures_that_contradict_each_other(placed):
    batch = placed(
        mentors=[
            mentor("M1", birth_year=1990.0, start_year=1980.0),
            mentor("M2", birth_year=1970.0, start_year=1990.0),
        ],
        businesses=[business("B1")],
        engagements=[
            engagement("E1", ended_on="2023-12-31"),
            engagement("E2", ended_on="2024-01-01"),
            engagement("E3"),
        ],
        courses=[course("C1", seats=5.0, min_participants=6.0), course("C2", seats=5.0, min_participants=5.0)],
    )
    assert said(cross_faults(batch, {})) == [
        ("engagements.csv", 2, "ended_on", "2023-12-31"),
        ("mentors.csv", 2, "start_year", "1980"),
        ("courses.csv", 2, "seats", "5"),
    ]


def test_a_prerequisite_that_comes_back_to_its_course(placed):
    batch = placed(
        courses=[course("A", "A"), course("B", "C"), course("C", "D"), course("D", "B"), course("E", "B"), course("F")]
    )
    faults = cross_faults(batch, {})
    assert [fault.row for fault in faults] == [2, 3, 4, 5]
    assert "B → C → D → B" in str(faults[1].message)


def test_a_circle_may_close_through_a_stored_course(placed):
    stored = placed(courses=[course("B", "A"), course("A", "Z")]).tables
    faults = cross_faults(placed(courses=[course("A", "B")]), {"courses": frozenset("ABZ")}, stored)
    assert [fault.row for fault in faults] == [2]
    assert cross_faults(placed(courses=[course("A", "Z")]), {"courses": frozenset("ABZ")}, stored) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-1, 6), min_size=1, max_size=7))
def test_circles_are_those_found_by_walking_long_enough(asks):
    rows = [course(str(i), str(a % len(asks)) if a >= 0 else None) for i, a in enumerate(asks)]
    frame = normal(TABLES["courses"], pd.DataFrame(rows, dtype=object))
    origin = pd.DataFrame({"file": "c.csv", "sheet": None, "row": range(len(rows))})
    faults = cross_faults(Batch(tables={"courses": frame}, origin={"courses": origin}), {})
    returns = set()
    for start in range(len(asks)):
        at = start
        for _ in range(len(asks)):
            at = asks[at] % len(asks) if asks[at] >= 0 else None
            if at is None or at == start:
                break
        if at == start:
            returns.add(start)
    assert {fault.row for fault in faults} == returns


def test_likeness_is_searched_for_a_few_of_very_many_unknown_ids(placed, monkeypatch):
    searched = []
    monkeypatch.setattr("difflib.get_close_matches", lambda *given, **_: searched.append(given) or [])
    ids = [f"M{i:06d}" for i in range(100_000)]
    batch = placed(
        mentors=[mentor(i) for i in ids[:1000]],
        businesses=[business("B1")],
        engagements=[engagement(f"E{i}", i) for i in ids],
    )
    assert len(cross_faults(batch, {})) == 99_000
    assert len(searched) == 20
