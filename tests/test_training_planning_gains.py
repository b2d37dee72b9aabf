import numpy as np
import pytest

from tests.planning_office import AREAS, office, table
from training.planning.gains import learned_gains


def scores(*rows):
    return table("assessments", "mentor_id area score assessed_on", *rows)


def done(*rows):
    return table("trainings", "mentor_id course_id completed_on", *rows)


def test_a_pair_is_trained_when_one_course_of_its_area_lies_between():
    found = learned_gains(
        office(
            assessments=scores(
                ("007", "finance", 40, "2025-01-01"),
                ("007", "finance", 52, "2025-07-01"),  # K1 between: trained
                ("007", "finance", 53, "2025-12-01"),  # nothing between: untrained
                ("M2", "legal", 40, "2025-01-01"),
                ("M2", "legal", 41, "2025-12-01"),  # K1 is of another area: untrained
                ("M3", "finance", 40, "2025-01-01"),
                ("M3", "finance", 70, "2025-12-01"),  # K1 and K2 between: unclear
                ("M4", "finance", 40, "2024-01-01"),
                ("M4", "finance", 70, "2025-12-01"),  # after more than a year: unclear
            ),
            trainings=done(
                ("007", "K1", "2025-01-01"),  # on the day of the earlier score, which still counts as before
                ("M2", "K1", "2025-06-01"),
                ("M3", "K1", "2025-06-01"),
                ("M3", "K2", "2025-06-01"),
                ("M4", "K1", "2024-02-01"),
            ),
        ),
        AREAS,
    )
    k1 = found.number("K1")
    assert list(found.posterior.observed) == [0, 1, 0, 0]
    assert (found.untrained, found.unclear) == (2, 2)
    assert found.took[k1] == 4
    assert found.took[found.number("K2")] == 1
    assert 10 < found.posterior.at(np.array([k1]), np.array([40.0]))[0][0] < 12.5  # K1 expects 10 at a score of 50


def test_a_course_on_the_day_of_the_later_score_belongs_to_what_follows():
    found = learned_gains(
        office(
            assessments=scores(("007", "finance", 40, "2025-01-01"), ("007", "finance", 52, "2025-07-01")),
            trainings=done(("007", "K1", "2025-07-01")),
        ),
        AREAS,
    )
    assert found.untrained == 1
    assert found.posterior.observed.sum() == 0


def test_without_any_assessment_the_expected_gains_stand():
    found = learned_gains(office(assessments=scores(), trainings=done()), AREAS)
    assert found.courses == ("H1", "K1", "K2", "L1")
    assert found.posterior.mean == pytest.approx(np.array([8, 10, 20, 30]))
    assert found.posterior.sd == pytest.approx(np.array([2, 2, 4, 2]))


def test_a_score_seen_before_holds_a_low_one_down_and_time_goes_on():
    often = [("007", "finance", 30, f"{year}-01-05") for year in (2022, 2023, 2024, 2025)]
    once, known = (
        learned_gains(office(assessments=scores(*rows, ("007", "finance", 30, "2026-01-05")), trainings=done()), AREAS)
        for rows in ((), often)
    )
    area = AREAS.index("finance")
    assert known.now_sd[0, area] < once.now_sd[0, area]
    assert np.isnan(known.now[0, AREAS.index("legal")])


def test_a_course_since_the_newest_score_lifts_what_is_expected_today():
    rows = scores(("007", "finance", 40, "2025-01-05"), ("M2", "finance", 40, "2025-01-05"))
    found = learned_gains(office(assessments=rows, trainings=done(("007", "K1", "2025-03-01"))), AREAS)
    area = AREAS.index("finance")
    lifted = found.now[0, area] - found.now[1, area]
    assert lifted == pytest.approx(10.0, abs=0.5)  # what K1 expects of itself
    assert found.now_sd[0, area] > found.now_sd[1, area]
