"""Indicators of a period against figures worked out by hand."""

from dataclasses import replace

import pytest

from model.period import period_of
from tests.planning_office import office, table
from training.period import figures_of

PERIOD = period_of("2026-Q1")


def seen():
    header = "business_id month turnover_idr workers has_nib has_cashbook got_credit has_partner"
    return office(
        engagements=table(
            "engagements",
            "engagement_id mentor_id business_id started_on ended_on",
            ("E1", "007", "B1", "2025-11-01", None),
            ("E2", "M2", "B2", "2026-02-10", "2026-03-05"),
            ("E3", "M2", "B3", "2025-01-01", "2025-12-31"),
            ("E4", "M3", "B5", "2026-01-01", None),
        ),
        reports=table(
            "reports",
            header,
            ("B1", "2025-10", 100, 2, 0, 0, 0, 0),
            ("B1", "2025-12", 200, 3, 0, 0, 0, 0),
            ("B1", "2026-01", 300, 3, 1, 0, 1, 0),
            ("B1", "2026-03", 500, 5, 1, 1, 0, 1),
            ("B2", "2025-12", 100, None, 1, 0, 0, 0),
            ("B2", "2026-02", 100, 1, 1, 0, 0, 0),
            ("B2", "2026-03", 140, 2, 1, 1, 0, 0),
            ("B3", "2025-12", 100, 1, 0, 0, 0, 0),
            ("B3", "2026-03", 900, 1, 1, 1, 1, 1),
            ("B4", "2025-12", 100, 1, 0, 0, 0, 0),
            ("B4", "2026-03", 110, 1, 1, 1, 1, 1),
            ("B5", "2024-01", 100, 4, 0, 0, 0, 0),
        ),
    )


def test_indicators_are_those_worked_out_by_hand():
    told = figures_of(seen(), PERIOD)
    whole = told.programme
    assert (whole.businesses, whole.mentors, whole.started, whole.ended) == (3, 3, 2, 1)
    # B1: 150 before, 400 after; B2: 100 before, 120 after; B5 has no report in the period
    assert whole.turnover_of == 2
    assert whole.turnover_growth == pytest.approx(520 / 250 - 1)
    assert whole.turnover_median == pytest.approx(((400 / 150 - 1) + 0.2) / 2)
    assert whole.new_jobs == (5 - 3) + (2 - 1)
    assert whole.cashbook == 1.0  # B1 and B2; nothing is known of B5 in the period
    assert (whole.legality_gain, whole.finance_access, whole.partnership_gain, whole.size_gain) == (1, 1, 1, 0)
    assert whole.reports_due == 3 + 2 + 3  # B1 January to March, B2 February and March, B5 January to March
    assert whole.reporting == pytest.approx((2 + 2 + 0) / 8)
    assert (told.others_of, told.others_growth) == (1, pytest.approx(0.1))  # B4: never accompanied
    assert told.funnel.registered == 6
    assert (told.funnel.accompanied_ever, told.funnel.accompanied) == (4, 3)
    assert told.funnel.with_nib == 4


def test_who_took_a_course_twice_is_one_mentor_with_two_trainings():
    rows = (("007", "K1", "2026-01-01"), ("007", "K1", "2026-03-31"), ("M2", "K1", "2026-02-01"))
    rows += (("M2", "K2", "2026-04-01"), ("M3", "H1", "2025-12-31"), ("M3", "H1", None))
    told = figures_of(office(trainings=table("trainings", "mentor_id course_id completed_on", *rows)), PERIOD)
    assert [(row.course_id, row.completed, row.mentors) for row in told.courses] == [("K1", 3, 2)]
    assert told.trainings == 3


def test_groups_add_up_to_the_whole():
    told = figures_of(seen(), PERIOD)
    for groups in (told.districts, told.sectors):
        for name in ("businesses", "started", "ended", "turnover_of", "legality_gain", "finance_access", "reports_due"):
            assert sum(getattr(group, name) for group in groups) == getattr(told.programme, name)
        assert [group.group for group in groups] == sorted(group.group for group in groups)


def test_nothing_in_the_period_is_nought_and_unknown_never_nan():
    whole = figures_of(seen(), period_of("2020")).programme
    assert (whole.businesses, whole.turnover_growth, whole.new_jobs, whole.reporting) == (0, None, None, None)


def test_what_no_report_tells_is_unknown_and_not_nought():
    tables = dict(seen().tables)
    tables["reports"] = tables["reports"].iloc[:0]
    tables["businesses"] = tables["businesses"].assign(has_nib=[1, 0, 1, None, None, None])
    told = figures_of(replace(seen(), tables=tables), PERIOD)
    whole, funnel = told.programme, told.funnel
    assert whole.businesses == 3
    assert {whole.legality_gain, whole.finance_access, whole.partnership_gain, whole.size_gain} == {None}
    assert (funnel.with_nib, funnel.with_cashbook, funnel.with_credit, funnel.with_partner) == (2, None, None, None)


def test_a_licence_that_only_the_table_of_businesses_tells_of_is_counted():
    tables = dict(seen().tables)
    tables["businesses"] = tables["businesses"].assign(has_nib=[0, 0, 0, 0, 1, 1])
    told = figures_of(replace(seen(), tables=tables), PERIOD)
    assert told.funnel.with_nib == 4 + 1  # B6 has no report; those of B1 to B5 tell otherwise than the table
    assert told.programme.legality_gain == 1


def test_growth_from_nought_is_unknown_never_infinite():
    tables = dict(seen().tables)
    tables["reports"] = tables["reports"].assign(turnover_idr=0.0)
    whole = figures_of(replace(seen(), tables=tables), PERIOD).programme
    assert (whole.turnover_of, whole.turnover_growth, whole.turnover_median) == (0, None, None)


def test_a_month_that_is_not_over_is_not_due():
    base = seen()
    cut = type(base)(base.version, PERIOD.last.replace(day=15), base.tables, base.dataset)
    assert figures_of(cut, PERIOD).programme.reports_due == 2 + 1 + 2
