import numpy as np
import pandas as pd
import pytest

from tests.learning_office import SINCE, office, seen
from training.learning.placebo import earlier
from training.learning.preparing import prepare
from training.learning.training import train


def sorted_office(pull, **options):
    """An office where scores do nothing, yet businesses grow by ``pull`` a year per ten points of their mentor."""
    tables = office(50, 24, slope=0.0, **options)
    scores = tables["assessments"].query("area == 'finance'").set_index("mentor_id")["score"]
    owner = tables["engagements"].set_index("business_id")["mentor_id"]
    own = pull * (tables["reports"]["business_id"].map(owner).map(scores) - 58) / 10
    reports = tables["reports"]
    reports["turnover_idr"] = np.rint(reports["turnover_idr"] * np.exp(own * (reports["month"] - SINCE) / 12))
    return tables


def finance(answer):
    return next(row for row in answer["effects"] if row["area"] == "finance" and not row["need"])


def test_growth_before_the_start_by_hand(framework):
    tables = office(10, 6)
    prepared = prepare(seen(tables), framework, None)
    found = earlier(seen(tables), prepared)
    reports = tables["reports"].set_index(["business_id", "month"])["turnover_idr"]
    for row in (0, 7, 31):
        business = prepared.rows.cases.table["business_id"].iloc[row]
        start = prepared.rows.cases.month[row]
        now, old = range(start - 5, start + 1), range(SINCE, start - 5)
        level = [np.log([reports[business, m] for m in months]).mean() if months else np.nan for months in (now, old)]
        np.testing.assert_allclose(found.growth[row], level[0] - level[1], rtol=1e-9)
        np.testing.assert_allclose(found.gap[row], (np.mean(now) - np.mean(old)) / 12 if old else np.nan)


def test_what_came_before_a_second_engagement_is_not_looked_at(framework):
    tables = office(10, 6)
    engagements = tables["engagements"]
    again = engagements.assign(
        engagement_id="X" + engagements["engagement_id"], started_on=engagements["started_on"] - pd.Timedelta(days=62)
    )
    tables["engagements"] = pd.concat([engagements, again], ignore_index=True)
    prepared = prepare(seen(tables), framework, None)
    found = earlier(seen(tables), prepared)
    first = prepared.rows.cases.table["engagement_id"].str.startswith("X").to_numpy()
    assert np.isnan(found.growth[~first]).all()
    assert np.isfinite(found.growth[first]).any()


@pytest.mark.parametrize("pull", [0.1, -0.1])
def test_businesses_that_grew_before_do_not_make_an_effect(framework, pull):
    answer = train(seen(sorted_office(pull)), framework).answer
    told = answer["selection"]
    assert told["mean"] == pytest.approx(pull, rel=0.35)
    assert told["low"] > 0 if pull > 0 else told["high"] < 0
    assert ("faster already before" if pull > 0 else "more slowly before") in str(told["said"])
    row = finance(answer)
    assert row["low"] <= 0 <= row["high"]
    assert abs(row["mean"]) < abs(pull) / 3


def test_where_nothing_was_sorted_the_effect_stays_and_nothing_is_said_of_it(framework):
    answer = train(seen(office(50, 24, slope=0.05)), framework).answer
    told = answer["selection"]
    assert told["low"] < 0 < told["high"]
    assert "no sign" in str(told["said"])
    assert finance(answer)["low"] > 0.02


def test_too_few_reports_from_before_say_nothing(framework):
    assert train(seen(office(12, 6)), framework).answer["selection"] is None
