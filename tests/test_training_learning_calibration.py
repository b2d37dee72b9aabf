import numpy as np
import pandas as pd
import pytest

from data.batch import Dataset
from tests.learning_office import office, seen
from training.learning.calibration import by_text, calibration
from training.learning.preparing import prepare


def shifted(framework, tables=None):
    """Rows, with predictions that miss by 0.1 in district X and by nothing elsewhere, ranges that miss every fifth."""
    tables = office(mentors=12, each=14) if tables is None else tables
    prepared = prepare(seen(tables), framework, None)
    errors = np.where(prepared.rows.cases.businesses["district"] == "X", 0.1, 0.0)
    covered = np.arange(len(errors)) % 5 > 0
    return prepared, errors, covered


def test_each_district_has_its_own_mean_prediction_outcome_and_share_inside(framework):
    prepared, errors, covered = shifted(framework)
    told = calibration(prepared, errors, covered)["district"]
    assert [row["group"] for row in told] == ["X", "Y", "Z"]
    table = prepared.rows.cases.businesses.reset_index(drop=True)
    for row in told:
        rows = table.index[table["district"] == row["group"]].to_numpy()
        assert row["engagements"] == len(rows)
        assert row["mentors"] == prepared.rows.cases.table.iloc[rows]["mentor_id"].nunique()
        assert row["observed"] == pytest.approx(np.mean([prepared.rows.outcome[i] for i in rows]))
        assert row["observed"] - row["predicted"] == pytest.approx(0.1 if row["group"] == "X" else 0.0, abs=1e-12)
        assert row["covered"] == pytest.approx(sum(i % 5 > 0 for i in rows) / len(rows))
    assert sum(row["engagements"] for row in told) == len(errors)


def test_size_is_by_law_of_twelve_months_of_turnover_before_the_start(framework):
    tables = office(mentors=12, each=14)
    factor = np.where(tables["reports"]["business_id"] < "B0060", 1.0, 150.0)
    tables["reports"]["turnover_idr"] *= factor
    prepared, errors, covered = shifted(framework, tables)
    told = calibration(prepared, errors, covered)["size"]
    yearly = 12 * prepared.rows.cases.before / 1e9
    expected = pd.cut(yearly, [0, 2, 15, 50, np.inf], labels=["micro", "small", "medium", "large"])
    counts = {name: int((expected == name).sum()) for name in expected.categories}
    assert {str(row["group"]).split()[0].lower(): row["engagements"] for row in told} == {
        name: count for name, count in counts.items() if count
    }
    assert len(told) >= 3


def test_a_group_below_twenty_engagements_is_counted_only(framework):
    tables = office(mentors=12, each=14)
    prepared = prepare(seen(tables), framework, None)
    entered = prepared.rows.cases.businesses["business_id"].to_numpy()
    district = np.full(len(tables["businesses"]), "Z", dtype=object)
    ids = tables["businesses"]["business_id"]
    district[ids.isin(entered[:19])] = "X"
    district[ids.isin(entered[19:39])] = "Y"
    tables["businesses"]["district"] = district
    told = {row["group"]: row for row in calibration(*shifted(framework, tables))["district"]}
    assert (told["X"]["engagements"], told["Y"]["engagements"]) == (19, 20)
    assert [told["X"][part] for part in ("predicted", "observed", "covered")] == [None] * 3
    assert None not in told["Y"].values()


def test_without_reports_the_size_is_what_the_businesses_table_says_or_unknown(framework):
    tables = office(mentors=12, each=14)
    tables["engagements"]["outcome"] = np.random.default_rng(0).normal(0, 1, 12 * 14)
    tables["reports"] = tables["reports"][:0]

    def sizes():
        prepared = prepare(seen(tables, dataset=Dataset(outcome="points")), framework, None)
        rows = len(prepared.rows.outcome)
        return calibration(prepared, np.zeros(rows), np.ones(rows, dtype=bool))["size"]

    assert sizes() == []
    tables["businesses"]["turnover_month_idr"] = 2e8
    assert [(str(row["group"]), row["engagements"]) for row in sizes()] == [("Small business", 12 * 14)]


def test_what_is_missing_is_in_no_group():
    found = by_text(pd.Series(["b", None, "a", "b"], dtype=object))
    assert [(name, rows.tolist()) for name, rows in found.members()] == [
        ("a", [False, False, True, False]),
        ("b", [True, False, False, True]),
    ]
