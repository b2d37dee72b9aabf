from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.batch import Dataset
from tests.learning_office import SINCE, day, office, seen, table
from training.learning.engagements import GROWTH, assessed, cases, growth_of_firms, learning_rows, need_flags


def learned(snapshot, framework, outcome=GROWTH):
    return learning_rows(snapshot, cases(snapshot, framework), assessed(snapshot, framework), outcome)


def reasons(rows):
    return {str(left.reason): left.count for left in rows.left_out}


def test_every_engagement_enters_or_is_counted_once(framework):
    snapshot = seen(office())
    rows = learned(snapshot, framework)
    assert len(rows.outcome) + sum(left.count for left in rows.left_out) == len(snapshot["engagements"])
    assert np.isfinite(rows.outcome).all()


@pytest.mark.parametrize(("as_of", "enters"), [(date(2023, 7, 31), True), (date(2023, 7, 30), False)])
def test_an_engagement_enters_once_month_12_is_past(framework, as_of, enters):
    tables = office(mentors=1, each=1)
    tables["engagements"]["started_on"] = pd.Timestamp("2022-07-31")
    rows = learned(seen(tables, as_of), framework)
    assert (len(rows.outcome) == 1) is enters
    if not enters:
        assert reasons(rows) == {"month 12 after the start is not past yet": 1}


def test_reasons_are_told_apart(framework):
    tables = office(mentors=6, each=1)
    start = SINCE + 10
    tables["engagements"]["started_on"] = day(start)
    reports = tables["reports"]
    of = {k: reports["business_id"] == f"B000{k}" for k in range(6)}
    month, turnover = reports["month"], reports["turnover_idr"].copy()
    turnover[of[1] & (month <= start)] = 0
    turnover[of[2] & (month > start)] *= 1000
    tables["reports"] = reports[~(of[3] & (month <= start)) & ~(of[4] & (month > start + 5))].assign(
        turnover_idr=turnover
    )
    late = tables["assessments"]["mentor_id"] == "005"
    tables["assessments"].loc[late, "assessed_on"] = day(start, 11)
    found = reasons(learned(seen(tables), framework))
    assert sorted(found.values()) == [1, 1, 1, 1, 1]
    assert found["the mentor was not assessed by the start of the engagement"] == 1
    assert found["no turnover report in the six months up to the start"] == 1
    assert found["no turnover report in the months 6 to 12 after the start"] == 1


def test_the_newest_assessment_on_the_day_of_the_start_counts(framework):
    tables = office(mentors=1, each=1, areas=("finance",))
    tables["engagements"]["started_on"] = pd.Timestamp("2022-07-15")
    tables["assessments"] = table(
        "assessments",
        mentor_id=["000"] * 3,
        area=["finance"] * 3,
        score=[30, 60, 90],
        assessed_on=[pd.Timestamp(f"2022-07-{d}") for d in (14, 15, 16)],
    )
    assert learned(seen(tables), framework).scores.tolist() == [[60.0]]


def test_needs_become_areas(framework):
    areas = ("finance", "legal", "management")
    flags = need_flags(pd.Series(["capital;bookkeeping", "legal ; production", None, "unknown"]), framework, areas)
    assert flags.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0], [0, 0, 0]]


def test_a_ready_outcome_needs_no_reports(framework):
    tables = office(mentors=3, each=2)
    tables["reports"] = tables["reports"][:0]
    tables["engagements"]["outcome"] = [1.0, 2.0, np.nan, np.inf, 5.0, -2.0]
    rows = learned(seen(tables, dataset=Dataset(outcome="points")), framework, "points")
    assert rows.outcome.tolist() == [1.0, 2.0, 5.0, -2.0]
    assert sum(reasons(rows).values()) == 2


def test_growth_of_firms_follows_the_first_engagement_or_the_first_report():
    tables = office(mentors=2, each=1)
    both = growth_of_firms(seen(tables))
    assert both["count"] == 2
    none = tables | {"engagements": tables["engagements"][:0]}
    alone = growth_of_firms(seen(none))
    turnover = tables["reports"].pivot_table("turnover_idr", "business_id", "month").to_numpy()
    by_hand = np.log(turnover[:, 10:13].mean(axis=1)) - np.log(turnover[:, 0])
    assert alone["mean"] == pytest.approx(by_hand.mean(), abs=1e-12)
