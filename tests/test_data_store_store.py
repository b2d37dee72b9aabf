"""What goes into the store comes out the same, at every data version, on both databases."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.batch import DTYPES, Batch, Dataset
from data.snapshot import empty_table
from data.store.records import ModelDraft, PlanDraft, canonical
from data.store.rows import normal
from data.store.store import Store
from model.framework import Area
from model.refusals import NotFound, StoreRefused
from model.sentences import Label
from model.tables import TABLES, Kind

DAY = date(2024, 6, 30)
MENTORS = [
    {"mentor_id": "007", "name": 'Siti; "Nur" d\'Ayu', "district": "Cakung", "capacity": 30, "disability": 1},
    {"mentor_id": "M\t2\\N\n", "name": "", "district": "Jatinegara ☂", "capacity": 0, "birth_year": 1980},
    {"mentor_id": "M3", "name": "\\N", "district": "é", "disability": 0, "nik": "0012345678901234", "phone": "0812"},
]


def row(names, *values):
    return dict(zip(names.split(), values, strict=True))


BUSINESSES = [
    row(
        "business_id name district sector start_year workers turnover_month_idr has_nib needs",
        *("0001", "Warung", "Cakung", "makanan", 2001, 3, 9_007_199_254_740_991, 1, "a;b"),
    )
    | row("gender birth_year disability phone nik", "f", 1970, 0, "021", "3175000000000001"),
    row("business_id name district sector has_nib", "1", "W", "C", "s", 0),
]
ENGAGEMENTS = [
    row("engagement_id mentor_id business_id started_on ended_on", "E1", "007", "0001", "2024-01-01", "2024-03-01")
    | row("visits hours outcome controls", 4, 1.5, -0.25, '{"before":1.5}'),
    row("engagement_id mentor_id business_id started_on", "E2", "M3", "1", "2024-01-02"),
]
REPORTS = [
    row(
        "business_id month turnover_idr profit_idr workers has_nib has_cashbook got_credit has_partner",
        *("0001", "2023-12", 5_000_000, -1, 2, 1, 0, 1, 0),
    ),
    row("business_id month turnover_idr", "1", "2024-01", 0),
]
COURSES = [
    row("course_id title area cost_per_participant_idr fixed_cost_idr seats", "K2", "T", "x", 1, 0, 20)
    | row("min_participants hours_jp starts_on expected_gain", 1, 2.5, "2030-01-01", -3.5)
    | row("expected_gain_sd prerequisite", 0, "K1"),
    row("course_id title area cost_per_participant_idr", "K1", "T", "x", 0),
]


def full_batch(batch_of):
    """A row with every cell and a row with only what is required, in every table."""
    return batch_of(
        mentors=MENTORS,
        assessments=[
            row("mentor_id area score assessed_on assessor", "007", "x", 0.1 + 0.2, "2024-02-29", "A"),
            row("mentor_id area score assessed_on", "M3", "x", 100, "1999-12-31"),
        ],
        businesses=BUSINESSES,
        engagements=ENGAGEMENTS,
        reports=REPORTS,
        items=[row("item_id text_id text_en area", "z", "T", "E", "x"), row("item_id text_id", "a", "U")],
        responses=[
            row("respondent_id mentor_id item_id answer answered_on", "R", "007", "z", 1, "2024-05-05"),
            row("respondent_id mentor_id item_id answer", "R", "007", "z", 0),
        ],
        courses=COURSES,
        trainings=[row("mentor_id course_id completed_on", "007", "K1", "2024-06-30")],
    )


def test_an_empty_store_has_every_table_without_rows(store):
    seen = store.snapshot()
    assert (store.version(), seen.version, store.versions(), store.plans(), store.models()) == (0, 0, [], [], [])
    for name, table in TABLES.items():
        pd.testing.assert_frame_equal(seen[name], empty_table(table))
    assert store.known() == {name: frozenset() for name in ("mentors", "businesses", "items", "courses", "engagements")}


def test_every_cell_of_every_table_comes_back_identical(store, batch_of):
    batch = full_batch(batch_of)
    version, _ = store.commit(batch)
    seen = store.snapshot()
    assert (version, seen.version, seen.as_of) == (1, 1, DAY)
    for name, table in TABLES.items():
        assert list(seen[name]) == list(empty_table(table))
        pd.testing.assert_frame_equal(seen[name], batch.tables[name][list(seen[name])], check_exact=True)
        assert [str(dtype) for dtype in seen[name].dtypes][: len(table.columns)] == [
            DTYPES[column.kind] for column in table.columns
        ]
        texts = seen[name].select_dtypes("object").to_numpy().ravel()
        assert {type(text) for text in texts} <= {str, type(None)}


def test_the_ids_known_are_those_imported(store, batch_of):
    store.commit(full_batch(batch_of))
    assert store.known() == {
        "mentors": {"007", "M\t2\\N\n", "M3"},
        "businesses": {"0001", "1"},
        "items": {"z", "a"},
        "courses": {"K1", "K2"},
        "engagements": {"E1", "E2"},
    }


def test_an_earlier_version_stays_as_it_was(store, batch_of):
    store.commit(batch_of(mentors=MENTORS))
    store.commit(batch_of(mentors=[{**MENTORS[0], "district": "Tebet"}, {**MENTORS[2], "mentor_id": "M4"}]))
    assert list(store.snapshot(1)["mentors"]["district"]) == ["Cakung", "Jatinegara ☂", "é"]
    assert list(store.snapshot(2)["mentors"]["district"]) == ["Tebet", "Jatinegara ☂", "é", "é"]
    assert list(store.snapshot()["mentors"]["mentor_id"]) == ["007", "M\t2\\N\n", "M3", "M4"]


def test_items_keep_the_order_of_their_file_when_one_is_changed(store, batch_of):
    items = [{"item_id": item, "text_id": item} for item in ("q9", "q10", "q1")]
    store.commit(batch_of(items=items))
    store.commit(batch_of(items=[{"item_id": "q10", "text_id": "new"}, {"item_id": "q0", "text_id": "q0"}]))
    assert list(store.snapshot()["items"]["item_id"]) == ["q9", "q10", "q1", "q0"]


def test_a_day_before_the_newest_hides_what_came_after_it(store, batch_of):
    store.commit(full_batch(batch_of))
    seen = store.snapshot(as_of=date(2024, 1, 31))
    assert len(seen["assessments"]) == 1
    assert seen["engagements"]["ended_on"].isna().all()


@pytest.mark.parametrize("version", [-1, 2, 99])
def test_an_unknown_version_is_refused(store, batch_of, version):
    store.commit(batch_of(mentors=MENTORS))
    with pytest.raises(NotFound, match="data version"):
        store.snapshot(version)


def test_a_version_says_when_from_what_and_how_much(store, batch_of):
    store.commit(batch_of(mentors=MENTORS), files=[("mentors.csv", "ab12")], note="by Siti")
    store.commit(batch_of(mentors=[{**MENTORS[0], "capacity": 5}], items=[{"item_id": "q", "text_id": "Q"}]))
    newer, older = store.versions()
    assert (older.version, older.files, older.note) == (1, (("mentors.csv", "ab12"),), "by Siti")
    assert (newer.version, newer.files, newer.note) == (2, (), "")
    assert newer.counts.as_json() == {
        "new": {"mentors": 0, "items": 1},
        "changed": {"mentors": 1, "items": 0},
        "unchanged": {"mentors": 0, "items": 0},
    }
    assert abs(older.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_newest_dataset_holds_until_another_comes(store, batch_of):
    own = Dataset({"b": Area("b", Label("B.", "b"), 60.0, ("U",), "s"), "a": Area("a", Label("A.", "a"), 70.0)}, "y")
    other = Dataset(outcome="z", unit="points", controls=("c1", "c2"))
    rows = batch_of(mentors=MENTORS)
    assert store.snapshot().dataset == Dataset()
    assert store.commit(Batch(rows.tables, dataset=own))[0] == 1
    assert store.commit(batch_of(items=[{"item_id": "q", "text_id": "Q"}]))[0] == 2
    assert store.commit(Batch(rows.tables, dataset=other))[0] == 3
    assert store.commit(Batch(rows.tables, dataset=other))[0] == 3
    assert [store.snapshot(version).dataset for version in range(4)] == [Dataset(), own, own, other]
    assert list(store.snapshot(2).dataset.areas) == ["b", "a"]


def draft(name="m-1", **changes):
    held = {
        "data_version": 1,
        "as_of": DAY,
        "file": f"{name}.npz",
        "sha256": name,
        "seed": 2**40,
        "answer": {"r2": 0.1},
    }
    return ModelDraft(name, **{**held, **changes})


def test_the_current_model_is_the_one_published_last_or_chosen(store, batch_of):
    store.commit(batch_of(mentors=MENTORS))
    assert store.current_model() is None
    first, second = store.save_model(draft()), store.save_model(draft("m-2"))
    third = store.save_model(draft("m-3"), publish=False)
    assert (first.number, second.number, third.number) == (1, 2, 3)
    assert store.current_model() == second
    assert store.models() == [third, second, first]
    assert store.use_model("m-1") == first == store.current_model()
    assert (first.seed, first.answer, first.as_of) == (2**40, {"r2": 0.1}, DAY)
    with pytest.raises(NotFound, match="m-9"):
        store.use_model("m-9")


def test_every_move_of_the_pointer_is_recorded_with_its_moment(store, batch_of):
    store.commit(batch_of(mentors=MENTORS))
    assert store.model_uses() == []
    before = datetime.now(UTC)
    for name in ("m-1", "m-2"):
        store.save_model(draft(name))
    store.save_model(draft("m-2"))
    store.use_model("m-1")
    store.use_model("m-1")
    uses = store.model_uses()
    assert [use.name for use in uses] == ["m-1", "m-2", "m-1"]
    moments = [before, *(use.used_at for use in reversed(uses)), datetime.now(UTC)]
    assert moments == sorted(moments)


def test_a_model_recorded_twice_stands_once_and_a_name_is_used_once(store, batch_of):
    store.commit(batch_of(mentors=MENTORS))
    assert store.save_model(draft()) == store.save_model(draft())
    with pytest.raises(StoreRefused, match="m-1"):
        store.save_model(draft(sha256="another file"))
    assert len(store.models()) == 1


def test_a_plan_comes_back_byte_for_byte(store, batch_of):
    store.commit(batch_of(mentors=MENTORS))
    answer = {"gap": 0.1, "choices": [{"mentor_id": "007", "benefit": None}], "budget_idr": 10**15, "a": "é ☂"}
    kept = store.save_plan(PlanDraft(1, DAY, None, 7, {"budget": 10}, canonical(answer)))
    other = store.save_plan(PlanDraft(1, DAY, None, 7, {}, "{}"))
    seen = store.plan(1)
    assert seen == kept
    assert store.plans() == [other, kept]
    assert json.loads(seen.answer) == answer
    assert seen.sha256 == hashlib.sha256(seen.answer.encode()).hexdigest()
    with pytest.raises(NotFound, match="plan"):
        store.plan(3)


def test_canonical_text_is_the_same_for_the_same_value_and_has_no_nan():
    assert canonical({"b": 1, "a": ["é", None]}) == canonical({"a": ["é", None], "b": 1}) == '{"a":["é",null],"b":1}'
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": float("nan")})


def test_a_setting_is_what_was_put_last(store):
    assert store.get("demo") is None
    store.put("demo", {"seed": 1})
    store.put("demo", ["é", 2.5, None])
    store.put("other", False)
    with pytest.raises((ValueError, sa.exc.StatementError), match="JSON"):
        store.put("demo", float("nan"))
    assert (store.get("demo"), store.get("other")) == (["é", 2.5, None], False)


CELLS = {
    Kind.TEXT: st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    Kind.NUMBER: st.just(np.nan) | st.floats(allow_nan=False, allow_infinity=False),
    Kind.MONEY: st.just(np.nan) | st.integers(-(2**53), 2**53).map(float),
    Kind.YESNO: st.sampled_from([np.nan, 0.0, 1.0]),
    Kind.DATE: st.just(pd.NaT) | st.dates(date(1700, 1, 1), date(2260, 1, 1)).map(pd.Timestamp),
    Kind.MONTH: st.integers(1900 * 12, 2200 * 12),
}
SAME = {Kind.ID: Kind.TEXT, Kind.LIST: Kind.TEXT, Kind.INTEGER: Kind.MONEY, Kind.YEAR: Kind.MONEY}


@st.composite
def rows_of(draw, name):
    """Rows of a table without references, any value its kinds allow; the key rises, so that it is single."""
    table = TABLES[name]
    cells = {column.name: CELLS[SAME.get(column.kind, column.kind)] for column in table.columns}
    rows = draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=8))
    for number, row in enumerate(rows):
        for column in table.columns:
            if column.required and pd.isna(row[column.name]):
                row[column.name] = {"object": "", "float64": 0.0}[DTYPES[column.kind]]
        row[table.key[0]] = f"{number}-{row[table.key[0]]}"
        row.update(dict.fromkeys(table.refers, None))
    return rows


@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_a_kind_allows_comes_back_identical(store, data):
    for name in ("mentors", "businesses", "courses", "items"):
        frame = normal(TABLES[name], pd.DataFrame(data.draw(rows_of(name))))
        store.commit(Batch({name: frame}))
        frame = frame[list(empty_table(TABLES[name]))]
        seen = store.snapshot()[name].set_index(TABLES[name].key[0]).loc[frame[TABLES[name].key[0]]].reset_index()
        pd.testing.assert_frame_equal(seen[list(frame)], frame, check_exact=True)


def test_a_closed_store_opens_again(store, batch_of, store_url):
    store.commit(batch_of(mentors=MENTORS))
    store.close()
    assert store.version() == Store(store_url).version() == 1
