"""What an import counts and writes: against a plain dictionary, and every batch that must be refused."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.batch import Batch, Fault
from data.store.engine import reading
from data.store.rows import normal
from data.store.schema import DATA
from data.store.store import Store
from model.refusals import InputRefused
from model.sentences import sentence
from model.tables import TABLES

MENTOR = {"mentor_id": "M1", "name": "Siti", "district": "Cakung", "capacity": 30}
ITEM = {"item_id": "q1", "text_id": "Apakah?"}
RESPONSE = {"respondent_id": "R", "mentor_id": "M1", "item_id": "q1", "answer": 1}


def counts(new, changed, unchanged):
    return {"new": new, "changed": changed, "unchanged": unchanged}


def test_the_same_file_twice_adds_nothing(store, batch_of):
    batch = batch_of(mentors=[MENTOR], items=[ITEM], responses=[RESPONSE])
    ones, noughts = dict.fromkeys(batch.tables, 1), dict.fromkeys(batch.tables, 0)
    first, second = store.commit(batch), store.commit(batch)
    assert (first[0], first[1].as_json()) == (1, counts(ones, noughts, noughts))
    assert (second[0], second[1].as_json()) == (1, counts(noughts, noughts, ones))
    assert not second[1].any_written


def test_comparing_stores_nothing(store, batch_of):
    assert store.compare(batch_of(mentors=[MENTOR])).new == {"mentors": 1}
    assert store.version() == 0
    assert store.known()["mentors"] == frozenset()


CHANGES = ({"name": "Sita"}, {"capacity": 31}, {"capacity": None}, {"phone": "0"}, {"disability": 0})


def test_a_change_in_any_cell_is_a_change(store, batch_of):
    store.commit(batch_of(mentors=[MENTOR]))
    for number, change in enumerate(CHANGES):
        for row, version in (({**MENTOR, **change}, 2 * number + 2), (MENTOR, 2 * number + 3)):
            assert store.commit(batch_of(mentors=[row]))[0] == version
            assert store.commit(batch_of(mentors=[row]))[0] == version
    assert all(version.counts.changed == {"mentors": 1} for version in store.versions()[:-1])


def test_a_missing_day_in_a_key_is_one_value(store, batch_of):
    store.commit(batch_of(mentors=[MENTOR], items=[ITEM], responses=[RESPONSE]))
    _, again = store.commit(batch_of(responses=[{**RESPONSE, "answer": 0}]))
    _, dated = store.commit(batch_of(responses=[{**RESPONSE, "answered_on": "2024-01-01"}]))
    assert (again.changed, again.new) == ({"responses": 1}, {"responses": 0})
    assert (dated.changed, dated.new) == ({"responses": 0}, {"responses": 1})
    assert list(store.snapshot()["responses"]["answer"]) == [0.0, 1.0]


def test_a_table_without_rows_makes_no_version(store, batch_of):
    assert store.commit(batch_of(mentors=[]))[0] == 0
    assert store.commit(Batch())[0] == 0


def test_columns_that_a_file_lacks_are_empty(store):
    frame = pd.DataFrame({"mentor_id": ["M1"], "district": ["D"], "name": ["N"]}, index=[17])
    store.commit(Batch({"mentors": frame}))
    pd.testing.assert_frame_equal(store.snapshot()["mentors"], normal(TABLES["mentors"], frame))


def engagement(**changes):
    row = {"engagement_id": "E", "mentor_id": "M1", "business_id": "B", "started_on": "2024-01-01"}
    return {**row, **changes}


BUSINESS = {"business_id": "B", "name": "W", "district": "D", "sector": "S"}
REFUSED = {
    "two rows, one key": ({"mentors": [MENTOR, {**MENTOR, "name": "other"}]}, "the same key: M1"),
    "two rows, one key with a missing day": (
        {"mentors": [MENTOR], "items": [ITEM], "responses": [RESPONSE, {**RESPONSE, "answer": 0}]},
        "the same key: R, M1, q1",
    ),
    "an unknown mentor": ({"businesses": [BUSINESS], "engagements": [engagement(mentor_id="M9")]}, "mentors.*M9"),
    "an unknown business": ({"mentors": [MENTOR], "engagements": [engagement()]}, "businesses.*B"),
    "an unknown prerequisite": (
        {
            "courses": [
                {"course_id": "C", "title": "T", "area": "a", "cost_per_participant_idr": 1, "prerequisite": "C0"}
            ]
        },
        "courses.*C0",
    ),
    "half a business": ({"mentors": [{**MENTOR, "capacity": 2.5}]}, "2.5 is no whole number"),
    "too large to be exact": ({"mentors": [{**MENTOR, "capacity": 2.0**54}]}, "whole number"),
    "without end": ({"mentors": [{**MENTOR, "capacity": np.inf}]}, "inf is no whole number"),
    "a text with a null character": ({"mentors": [{**MENTOR, "name": "a\0b"}]}, "character"),
    "half a character": ({"mentors": [{**MENTOR, "name": "a\ud800b"}]}, "character"),
    "a required cell empty": ({"mentors": [{**MENTOR, "district": None}]}, "required"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_stored_is_refused_and_nothing_is_written(store, batch_of, case):
    tables, words = REFUSED[case]
    for use in (store.compare, store.commit):
        with pytest.raises(InputRefused, match=words) as refusal:
            use(batch_of(items=[{"item_id": "q7", "text_id": "Q"}, *tables.get("items", [])], **without_items(tables)))
        assert str(refusal.value.where)
        assert str(refusal.value.mend)
    assert store.version() == 0
    with reading(store._engine) as connection:
        assert [connection.execute(table.select()).all() for table in DATA.values()] == [[]] * len(DATA)


def without_items(tables):
    return {name: rows for name, rows in tables.items() if name != "items"}


def test_a_batch_with_faults_is_refused(store, batch_of):
    batch = batch_of(mentors=[MENTOR])
    batch.faults.append(Fault("m.csv", None, 2, "capacity", "x", sentence("No number.")))
    with pytest.raises(InputRefused, match=r"faults \(1\)"):
        store.commit(batch)
    assert store.version() == 0


def test_a_reference_to_an_earlier_import_is_known(store, batch_of):
    store.commit(batch_of(mentors=[MENTOR], businesses=[BUSINESS]))
    assert store.commit(batch_of(engagements=[engagement()]))[0] == 2


KEYS = st.tuples(
    st.sampled_from("AB"), st.sampled_from("xy"), st.sampled_from([None, date(2024, 1, 1), date(2024, 1, 2)])
)
IMPORTS = st.lists(st.dictionaries(KEYS, st.sampled_from([0.0, 1.0]), max_size=6), min_size=1, max_size=6)


def responses(held):
    rows = [
        {"respondent_id": who, "mentor_id": "M1", "item_id": item, "answer": answer, "answered_on": day}
        for (who, item, day), answer in held.items()
    ]
    frame = pd.DataFrame(rows, columns=TABLES["responses"].names, dtype="object")
    frame["answered_on"] = pd.to_datetime(frame["answered_on"])
    return normal(TABLES["responses"], frame)


@given(imports=IMPORTS)
@settings(max_examples=25, deadline=None)
def test_any_run_of_imports_agrees_with_a_dictionary(tmp_path_factory, imports):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('home') / 'suluh.db'}")
    store.prepare()
    items = pd.DataFrame({"item_id": ["x", "y"], "text_id": ["X", "Y"]})
    store.commit(Batch({"mentors": normal(TABLES["mentors"], pd.DataFrame([MENTOR])), "items": items}))
    states = [{}, {}]
    for held in imports:
        now = states[-1]
        version, found = store.commit(Batch({"responses": responses(held)}))
        new = sum(key not in now for key in held)
        changed = sum(key in now and now[key] != answer for key, answer in held.items())
        assert (found.new["responses"], found.changed["responses"]) == (new, changed)
        assert found.unchanged["responses"] == len(held) - new - changed
        if new or changed:
            states.append({**now, **held})
        assert version == len(states) - 1
    for version, state in enumerate(states):
        seen = store.snapshot(version, as_of=date(2024, 12, 31))["responses"]
        pd.testing.assert_frame_equal(seen, responses(state))
    store.close()


def test_a_file_without_a_column_leaves_what_is_stored_of_it(store, batch_of):
    store.commit(batch_of(mentors=[MENTOR, {**MENTOR, "mentor_id": "M2", "capacity": 12}]))
    later = batch_of(
        mentors=[{**MENTOR, "mentor_id": name, "capacity": 30, "name": "Sita"} for name in ("M1", "M2", "M3")]
    )
    later.silent["mentors"] = {"capacity": np.array([False, True, True])}
    _, found = store.commit(later)
    assert (found.changed, found.new) == ({"mentors": 2}, {"mentors": 1})
    kept = store.snapshot()["mentors"].set_index("mentor_id")
    assert kept["capacity"].to_dict() == {"M1": 30, "M2": 12, "M3": 30}
    assert set(kept["name"]) == {"Sita"}
    assert store.commit(later)[1].unchanged == {"mentors": 3}


def items_of(store):
    return list(store.snapshot()["items"]["item_id"])


def item(name, text="T"):
    return {"item_id": name, "text_id": text}


def test_items_stand_in_the_row_order_of_the_newest_table_that_names_them_all(store, batch_of):
    store.commit(batch_of(items=[item("b"), item("a"), item("c")]))
    assert items_of(store) == ["b", "a", "c"]
    store.commit(batch_of(items=[item("a", "another text")]))
    assert items_of(store) == ["b", "a", "c"]
    store.commit(batch_of(items=[item("d"), item("a", "another text")]))
    assert items_of(store) == ["b", "a", "c", "d"]
    _, found = store.commit(batch_of(items=[item("c"), item("d"), item("b"), item("a", "another text")]))
    assert items_of(store) == ["c", "d", "b", "a"]
    assert found.changed == {"items": 4}
    _, again = store.commit(batch_of(items=[item("c"), item("d"), item("b"), item("a", "another text")]))
    assert again.unchanged == {"items": 4}


def test_items_drawn_from_answers_leave_the_order_of_the_stored(store, batch_of):
    store.commit(batch_of(items=[item("b"), item("a")]))
    drawn = batch_of(items=[item("a", "a"), item("b", "b"), item("c", "c")])
    drawn.silent["items"] = {"text_id": np.ones(3, dtype=bool)}
    assert store.commit(drawn)[1].new == {"items": 1}
    assert items_of(store) == ["b", "a", "c"]
