import numpy as np
import pytest

from tests.planning_office import AREAS, FRAMEWORK, office, table
from training.planning.portfolios import portfolios

FINANCE, LEGAL = AREAS.index("finance"), AREAS.index("legal")


def of(**changed):
    return portfolios(office(**changed), FRAMEWORK, AREAS)


def test_active_businesses_and_their_needs_each_once_per_area():
    found = of()
    assert found.mentors == ("007", "M2", "M3", "M4")
    assert list(found.active) == [True, True, True, False]
    assert list(found.businesses) == [2, 2, 1, 1]
    assert list(found.needing[0, [FINANCE, LEGAL]]) == [1, 1]  # B1 brings two finance needs and counts once
    assert list(found.needing[2]) == [0] * len(AREAS)


def test_without_active_ones_the_past_years_starts_and_the_programmes_shares_count():
    found = of()
    # E7 started within 365 days of 2026-01-05, E8 did not; 3 of the 6 businesses have a need in finance
    assert found.shares[FINANCE] == pytest.approx(3 / 6)
    assert found.needing[3, FINANCE] == pytest.approx(0.5)
    assert found.yearly[3] == 60_000_000
    assert found.yearly_needing[3, FINANCE] == pytest.approx(30_000_000)


@pytest.mark.parametrize(("started", "count"), [("2025-01-05", 0), ("2025-01-06", 1), ("2026-01-05", 1)])
def test_the_past_year_is_365_days(started, count):
    rows = office()["engagements"].copy()
    rows.loc[rows["engagement_id"] == "E7", ["started_on", "ended_on"]] = np.array(
        [started, started], dtype="datetime64[ns]"
    )
    rows.loc[rows["engagement_id"] == "E7", "ended_on"] = np.datetime64("2026-01-05")
    assert of(engagements=rows).businesses[3] == count


def test_turnover_is_the_mean_of_the_last_three_reports_else_the_businesses_own_figure_else_unknown():
    reports = table(
        "reports",
        "business_id month turnover_idr",
        *[("B1", f"2025-{month:02}", amount) for month, amount in ((8, 9e9), (9, 1e6), (10, 2e6), (12, 6e6))],
    )
    businesses = office()["businesses"].copy()
    businesses.loc[businesses["business_id"] == "B2", "turnover_month_idr"] = np.nan
    found = of(reports=reports, businesses=businesses)
    assert found.yearly[0] == 12 * 3e6
    assert found.unknown[0] == 1
    assert found.yearly_needing[0, FINANCE] == 12 * 3e6
    assert found.yearly[1] == 12 * 3.5e6


def test_two_engagements_with_one_business_reach_it_once():
    rows = office()["engagements"]
    twice = rows.assign(engagement_id="X" + rows["engagement_id"])
    both = np.concatenate([rows.index, rows.index])
    doubled = rows.loc[both].reset_index(drop=True)
    doubled.loc[len(rows) :, "engagement_id"] = twice["engagement_id"].to_numpy()
    assert list(of(engagements=doubled).businesses[:3]) == [2, 2, 1]


def test_needs_the_framework_does_not_know_are_passed_over():
    businesses = office()["businesses"].assign(needs="unheard; capital ")
    found = of(businesses=businesses)
    assert found.shares[FINANCE] == 1.0
    assert found.needing[0].sum() == 2
