"""The shipped mapping files on the real data sets, against published counts."""

import json
from pathlib import Path

import pandas as pd
import pytest

from data.checking import cross_faults
from data.mapping.applying import apply_mapping
from data.reading.batches import read_batch
from tests.mapping_sheets import column_of, real, rows_of

MAPPINGS = Path(__file__).parents[1] / "data" / "mappings"


@pytest.fixture(scope="module")
def star(shared, framework):
    return apply_mapping([real(shared / "realdata/B_star_teachers/star.csv")], MAPPINGS / "star.toml", framework)


def test_star_has_its_published_counts(star):
    assert star.faults == []
    counts = {name: len(rows_of(star, name)) for name in ("mentors", "businesses", "engagements")}
    assert counts == {"mentors": 1387, "businesses": 11598, "engagements": 26796}
    gained = [row for row in rows_of(star, "engagements") if not pd.isna(row["outcome"])]
    assert len(gained) == 13509
    assert len({row["mentor_id"] for row in gained}) == 1010


def test_star_gains_are_the_pupils_change_from_one_grade_earlier(star, shared):
    source = pd.read_csv(shared / "realdata/B_star_teachers/star.csv", dtype={"id": str, "gr": str})
    score = {(row.id, "K123".index(row.gr)): row.math for row in source.itertuples()}
    expected = {f"{i}-{'K123'[g]}": value - score.get((i, g - 1), float("nan")) for (i, g), value in score.items()}
    for row in rows_of(star, "engagements"):
        assert row["outcome"] == expected[row["engagement_id"]] or (
            pd.isna(row["outcome"]) and pd.isna(expected[row["engagement_id"]])
        )


def test_star_uses_no_protected_trait_and_lists_what_it_leaves(star):
    assert star.unmapped == {"star.csv": ["trace", "sx", "eth", "birthq", "birthy", "yrs"]}
    controls = [json.loads(text) for text in column_of(star, "engagements", "controls")]
    assert {name for row in controls for name in row} == set(star.dataset.controls)
    assert star.dataset.controls == ("math_previous", "read_previous", "ses", "schtype", "cltype", "gr")
    assert {row["gr"] for row in controls} == {"K", "1", "2", "3"}
    assert list(star.dataset.areas) == ["degree", "career_level", "experience"]


def test_star_assesses_a_teacher_once_an_area_before_the_first_grade(star):
    rows = pd.DataFrame(rows_of(star, "assessments"))
    assert not rows.duplicated(["mentor_id", "area"]).any()
    assert rows["mentor_id"].nunique() <= 1387
    assert set(rows["assessed_on"]) == {"1985-08-01"}
    assert rows["score"].astype(float).between(0, 100).all()
    assert set(column_of(star, "engagements", "started_on")) == {f"{year}-09-01" for year in range(1985, 1989)}


def test_kenya_gives_businesses_and_wave_reports_and_lists_the_rest(shared, framework):
    sheet = real(shared / "realdata/A_kenya_mentors/panel.csv")
    result = apply_mapping([sheet], MAPPINGS / "kenya.toml", framework)
    assert result.faults == []
    assert len(rows_of(result, "businesses")) == 372
    assert len(rows_of(result, "reports")) == 2628 - 1228
    assert {table.table for table in result.tables} == {"businesses", "reports"}
    assert set(column_of(result, "reports", "month")) == {"2015-02", "2015-03", "2015-06", "2015-11", "2016-04"}
    left = result.unmapped["panel.csv"]
    assert {"mentorH", "meet", "discuss", "treat2"} <= set(left)
    assert len(left) == 118 - 11
    assert "Rows not used for reports because trevenue is empty: 1,228." in [str(note) for note in result.notes]


@pytest.mark.parametrize(("name", "people", "items"), [("lsat", 1000, 5), ("abortion", 379, 4), ("transreas", 425, 12)])
def test_scales_are_read_whole(shared, framework, name, people, items):
    path = shared / f"realdata/C_scales/{name}.csv"
    result = apply_mapping([real(path)], MAPPINGS / "scales.toml", framework)
    answers = pd.DataFrame(rows_of(result, "responses"))
    assert result.faults == []
    assert (answers["respondent_id"].nunique(), len(answers)) == (people, people * items)
    shares = pd.read_csv(path).drop(columns="grade", errors="ignore").mean()
    pd.testing.assert_series_equal(
        answers["answer"].astype(float).groupby(answers["item_id"]).mean(), shares.sort_index(), check_names=False
    )
    assert column_of(result, "items", "item_id") == list(shares.index)


@pytest.mark.parametrize(
    ("mapping", "path", "counts"),
    [
        ("star", "B_star_teachers/star.csv", {"mentors": 1387, "businesses": 11598, "engagements": 26796}),
        ("kenya", "A_kenya_mentors/panel.csv", {"businesses": 372, "reports": 1400}),
        ("scales", "C_scales/transreas.csv", {"mentors": 1, "items": 12, "responses": 5100}),
    ],
)
def test_the_real_sets_are_read_whole_without_a_fault(shared, framework, mapping, path, counts):
    batch = read_batch([shared / "realdata" / path], framework, MAPPINGS / f"{mapping}.toml")
    assert batch.faults == []
    assert cross_faults(batch, {}) == []
    assert {name: len(batch.tables[name]) for name in counts} == counts
