import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.language import Language
from service.rendering import as_json
from tests.learning_office import office, seen
from training.learning.calibration import Grouping
from training.learning.fairness import FEWEST_PERSONS, fairness, joined
from training.learning.preparing import prepare
from training.learning.training import train

OTHERS = "other groups together (some of fewer than three persons)"
PERSONAL = ("gender", "birth_year", "disability", "phone", "nik")


def peopled(mentors=12, each=14, seed=0):
    """An office whose businesses and mentors say who they are, one business in ten leaving its gender out."""
    tables = office(mentors, each, seed=seed)
    rng = np.random.default_rng([seed, 2])
    for name in ("businesses", "mentors"):
        count = len(tables[name])
        tables[name]["gender"] = np.where(rng.random(count) < 0.1, None, rng.choice(["L", "P"], count))
        tables[name]["birth_year"] = np.where(rng.random(count) < 0.1, np.nan, rng.integers(1965, 1990, count))
        tables[name]["disability"] = (rng.random(count) < 0.3).astype(float)
        tables[name]["phone"] = [f"08{n}" for n in rng.integers(10**9, 10**10, count)]
    return tables


def told(tables, framework):
    snapshot = seen(tables)
    prepared = prepare(snapshot, framework, None)
    errors = np.random.default_rng(5).normal(0.02, 0.3, len(prepared.rows.outcome))
    covered = np.abs(errors) < 0.5
    return prepared, errors, covered, fairness(snapshot, prepared, errors, covered)


def test_every_group_is_that_of_a_join_row_by_row(framework):
    tables = peopled()
    tables["businesses"].loc[:4, "birth_year"] = 1944
    prepared, errors, covered, rows = told(tables, framework)
    engaged = prepared.rows.cases.table.reset_index(drop=True)
    people = {
        "business": tables["businesses"].set_index("business_id").to_dict("index"),
        "mentor": tables["mentors"].set_index("mentor_id").to_dict("index"),
    }
    expected = {}
    for i, row in engaged.iterrows():
        for of in ("business", "mentor"):
            person = people[of][row[f"{of}_id"]]
            decade = person["birth_year"] // 10 * 10
            named = {
                "gender": person["gender"],
                "birth_year": None if np.isnan(decade) else f"{decade:.0f}–{decade + 9:.0f}",
                "disability": "yes" if person["disability"] else "no",
                "district": person["district"],
            }
            for column, group in named.items():
                if group is not None:
                    expected.setdefault((of, column, group), []).append(i)
    first, second = (expected.pop(("mentor", "birth_year", group)) for group in ("1960–1969", "1980–1989"))
    persons = [engaged["mentor_id"].iloc[places].nunique() for places in (first, second, first + second)]
    assert max(persons[:2]) < FEWEST_PERSONS <= persons[2]
    expected["mentor", "birth_year", OTHERS] = sorted(first + second)
    found = {(row["of"], row["column"], str(row["group"])): row for row in rows if row["column"] != "size"}
    assert set(found) == set(expected)
    assert len(found) == len([row for row in rows if row["column"] != "size"])
    for key, places in expected.items():
        row = found[key]
        assert row["engagements"] == len(places)
        if len(places) < 20:
            assert row["error"] is row["rmse"] is row["covered"] is None
        else:
            assert row["error"] == pytest.approx(errors[places].mean())
            assert row["rmse"] ** 2 == pytest.approx((errors[places] ** 2).mean())
            assert row["covered"] == pytest.approx(covered[places].mean())
    assert {row["engagements"] < 20 for row in rows} == {True, False}


def test_columns_that_are_empty_are_not_told(framework):
    tables = peopled()
    tables["businesses"] = tables["businesses"].assign(gender=None, disability=np.nan, birth_year=np.nan)
    *_, rows = told(tables, framework)
    columns = ("gender", "birth_year", "disability", "district")
    assert {(row["of"], row["column"]) for row in rows} == {
        ("business", "district"),
        ("business", "size"),
        *(("mentor", column) for column in columns),
    }


def test_size_is_told_of_businesses_only(framework):
    tables = peopled()
    tables["reports"]["turnover_idr"] *= np.where(tables["reports"]["business_id"] < "B0060", 1.0, 40.0)
    *_, rows = told(tables, framework)
    sizes = [row for row in rows if row["column"] == "size"]
    assert {row["of"] for row in sizes} == {"business"}
    assert str(sizes[0]["group"]) == "Micro business"


def test_who_people_are_is_no_feature_and_changes_nothing_but_the_fairness_table(framework):
    tables = peopled(mentors=16, each=10)
    first = train(seen(tables), framework).answer
    assert not {name.split(":")[-1] for name in first["controls"] + first["controls_constant"]} & set(PERSONAL)
    rng = np.random.default_rng(9)
    mixed = dict(tables)
    for name in ("businesses", "mentors"):
        shuffled = {column: rng.permutation(tables[name][column].to_numpy()) for column in PERSONAL}
        mixed[name] = tables[name].assign(**shuffled)
    second = train(seen(mixed), framework).answer
    assert first.pop("fairness") != second.pop("fairness")
    assert as_json(first, Language("en")) == as_json(second, Language("en"))


@pytest.mark.parametrize(
    ("persons", "told"),
    [
        ((4, 3), {"A": 4, "B": 3}),
        ((5, 1, 4), {"A": 5, OTHERS: 5}),  # one is too few alone: the next smallest comes in
        ((2, 5, 1, 6), {"B": 5, "D": 6, OTHERS: 3}),
        ((9, 2), {}),  # a rest beside all the others would be found by difference
        ((2,), {}),
        ((0, 0), {}),
    ],
)
def test_no_row_tells_of_fewer_than_three_mentors(persons, told):
    place = np.repeat(np.arange(len(persons)), persons)
    found = joined(Grouping("ABCD"[: len(persons)], np.repeat(place, 30)), np.repeat(np.arange(len(place)), 30))
    assert {str(name): int(rows.sum()) // 30 for name, rows in found.members()} == told


@given(st.lists(st.integers(-1, 5), max_size=30), st.integers(1, 4))
def test_all_that_is_known_is_in_rows_of_three_persons_or_more_or_nothing_is(group, each):
    person = np.repeat(np.arange(len(group)), each)
    before = Grouping("ABCDEF", np.repeat(np.array(group, dtype=np.int64), each))
    rows = joined(before, person).members()
    assert all(len(np.unique(person[one])) >= FEWEST_PERSONS for _, one in rows)
    assert sum(int(one.sum()) for _, one in rows) in {0, int((before.place >= 0).sum())}


def test_the_one_mentor_of_a_gender_is_not_told_by_it_however_many_engagements_they_have(framework):
    tables = peopled(mentors=12, each=25)
    tables["mentors"] = tables["mentors"].assign(gender=["P"] + ["L"] * 11)
    *_, rows = told(tables, framework)
    assert [row for row in rows if (row["of"], row["column"]) == ("mentor", "gender")] == []
    assert [row for row in rows if (row["of"], row["column"]) == ("business", "gender")]
