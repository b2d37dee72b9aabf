import numpy as np
import pytest
from scipy import stats

from model.planning.gains import (
    DEFAULT_SD,
    CourseGains,
    Drift,
    Stay,
    TrainedPairs,
    applied,
    between_variance,
    course_gains,
    fit_drift,
)

NONE = np.zeros(0)
NOBODY = TrainedPairs(NONE, NONE, NONE, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
STILL = Drift(np.zeros(4), np.zeros((4, 4)), np.array([55.0]), 25.0, 3.5, 100)


def of_course(counts, gains):
    course = np.repeat(np.arange(len(counts)), counts)
    before = np.full(len(course), 50.0)
    none = np.zeros(len(course))
    return TrainedPairs(before, before + np.repeat(gains, counts), none, none.astype(np.int64), course)


def test_points_stop_at_98_and_never_fall():
    assert list(applied(10.0, np.array([50.0, 91.0, 98.0, 99.5]))) == [10.0, 7.0, 0.0, 0.0]
    assert float(applied(-3.0, 50.0)) == 0.0


def test_one_course_is_shrunk_by_the_normal_normal_formula():
    pairs = of_course([8], [12.0])
    found = course_gains(pairs, STILL, np.array([5.0]), np.array([3.0]))
    variance = (4 * 25.0) / (8 - 1 + 4) / 8  # no spread within, four observations' worth of the drift's variance
    weight = 9 / (9 + variance)
    assert found.mean[0] == pytest.approx(5 + weight * 7)
    assert found.sd[0] ** 2 == pytest.approx(9 * (1 - weight))
    assert found.observed[0] == 8


def test_without_scores_the_expected_gain_stands_and_its_default_sd():
    found = course_gains(NOBODY, STILL, np.array([7.0, 6.0]), np.array([2.0, np.nan]))
    assert list(found.mean) == [7.0, 6.0]
    assert found.sd == pytest.approx([2.0, DEFAULT_SD])


def test_a_course_nobody_knows_takes_the_mean_of_the_others_or_stays_unknown():
    unknown = np.array([np.nan, np.nan])
    assert np.isnan(course_gains(NOBODY, STILL, unknown, unknown).mean).all()
    stated = course_gains(NOBODY, STILL, np.array([np.nan, 6.0]), unknown)
    assert stated.mean[0] == 6.0
    assert stated.sd[0] > stated.sd[1]
    seen = course_gains(of_course([0, 400, 400], [0, 4.0, 8.0]), STILL, np.full(3, np.nan), np.full(3, np.nan))
    assert seen.mean[0] == pytest.approx(6.0, abs=0.05)
    assert seen.mean[1] == pytest.approx(4.0, abs=0.1)
    assert seen.sd[0] > 2


def test_few_observations_are_drawn_to_the_common_mean_more_than_many():
    found = course_gains(of_course([2, 50, 50], [12.0, 4.0, 6.0]), STILL, np.full(3, np.nan), np.full(3, np.nan))
    assert 6.0 < found.mean[0] < 12.0
    assert abs(found.mean[1] - 4.0) < 0.5


def test_an_expected_gain_without_doubt_is_kept():
    assert course_gains(of_course([30], [12.0]), STILL, np.array([5.0]), np.array([0.0])).mean[0] == pytest.approx(5.0)


def test_variance_between_courses_by_quadrature():
    means, errors = np.array([2.0, 9.0, 5.0]), np.diag([1.0, 2.0, 1.5])
    taus = np.linspace(0, 20, 4001)
    levels = np.linspace(-60, 80, 1401)
    weights = np.array(
        [
            stats.norm.pdf(tau, 0, DEFAULT_SD)
            * np.prod(stats.norm.pdf(means[:, None], levels, np.sqrt(np.diag(errors) + tau**2)[:, None]), axis=0).sum()
            for tau in taus[::10]
        ]
    )
    assert between_variance(means, errors) == pytest.approx(float(weights @ taus[::10] ** 2 / weights.sum()), rel=0.01)
    assert between_variance(np.array([5.0]), np.array([[2.0]])) == pytest.approx(DEFAULT_SD**2, rel=0.01)


def simulated(rng, count, gain, chosen=lambda score: np.ones(len(score), dtype=bool)):
    """Before, after, years between, area: noise 5 on each score, 0.6 points of practice, 2 a year, a course's gain."""
    true, area, years = rng.normal(55, 12, count), rng.integers(0, 4, count), rng.uniform(0.1, 1.5, count)
    before = true + rng.normal(0, 5, count)
    after = true + 0.6 + 2 * years + gain + rng.normal(0, 5, count)
    kept = chosen(before)
    return before[kept], after[kept], years[kept], area[kept]


CENTRE = np.full(4, 55.0)


def test_the_drift_finds_regression_to_the_mean_practice_time_and_noise():
    drift = fit_drift(Stay(*simulated(np.random.default_rng(1), 6000, 0.0)), CENTRE)
    assert drift.mean[1] == pytest.approx(-25 / (144 + 25), abs=0.02)
    assert drift.noise_sd == pytest.approx(5.0, abs=0.2)
    assert drift.yearly() == pytest.approx(np.full(4, 2.0), abs=0.7)
    one = np.array([1.0]), np.array([0])
    assert drift.expected(np.array([55.0]), *one)[0] == pytest.approx(2.6, abs=0.4)
    assert drift.expected(np.array([95.0]), *one)[0] == pytest.approx(2.6 - 40 * 25 / 169, abs=1.0)
    assert drift.expected(None, *one)[0] == drift.expected(np.array([55.0]), *one)[0]


def test_sending_the_lowest_scorers_soon_assessed_again_neither_flatters_nor_wrongs_a_course():
    naive, found, covered = [], [], 0
    for seed in range(60):
        rng = np.random.default_rng([9, seed])
        drift = fit_drift(Stay(*simulated(rng, 400, 0.0)), CENTRE)
        before, after, years, area = simulated(rng, 60, 6.0, lambda score: score < 48)
        after, years = after - 2 * (years - 0.1), np.full(len(years), 0.1)
        true = 55 + 144 / 169 * (before - 55)
        pairs = TrainedPairs(true, after, years, area, np.zeros(len(before), dtype=np.int64))
        gains = course_gains(pairs, drift, np.array([np.nan]), np.array([np.nan]))
        naive.append(float((after - before).mean()))
        (gain,), (sd,) = gains.at(np.array([0]), np.array([pairs.true.mean()]))
        found.append(float(gain))
        covered += abs(found[-1] - 6.0) <= 1.645 * sd
    assert np.mean(naive) > 8.5
    assert np.mean(found) == pytest.approx(6.0, abs=0.5)
    assert covered >= 46  # 90 % of 60 is 54; fewer than 46 has a chance below 1 in 500


def test_without_any_untrained_pair_the_drift_is_nothing_but_uncertain():
    nobody = np.zeros(0, dtype=np.int64)
    drift = fit_drift(Stay(NONE, NONE, NONE, nobody), np.full(2, 55.0))
    assert list(drift.expected(np.array([40.0]), np.ones(1), np.array([1]))) == [0.0]
    assert drift.covariance[0, 0] == pytest.approx(1.5**2)
    assert drift.noise_sd == 5.0


def test_points_are_capped_at_all_three_ends():
    gains = CourseGains(
        decays=np.zeros(1),
        widest=np.ones(1),
        weights=np.ones(1),
        means=np.array([[10.0]]),
        covariances=np.array([[[4.0]]]),
        observed=np.array([0]),
        stated=np.array([True]),
    )
    mean, low, high = gains.points(0, 87.0)
    assert (mean, high) == (10.0, 11.0)
    assert low == pytest.approx(10 - 1.6448536 * 2)


def test_one_decay_is_found_from_all_courses_and_holds_for_the_one_hardly_taken():
    rng = np.random.default_rng(4)
    course = np.repeat([0, 1, 2], [400, 400, 2])
    true = rng.uniform(20, 90, 802)
    gain = np.array([8.0, 12.0, 10.0])[course] * ((100 - true) / 50) ** 1.5
    none = np.zeros(802)
    pairs = TrainedPairs(true, true + gain + rng.normal(0, 3, 802), none, none.astype(np.int64), course)
    found = course_gains(pairs, STILL, np.full(3, np.nan), np.full(3, np.nan))
    assert found.weights @ found.decays == pytest.approx(1.5, abs=0.1)
    assert found.mean[:2] == pytest.approx([8.0, 12.0], abs=0.4)
    gain, _ = found.at(np.array([2, 2]), np.array([50.0, 75.0]))
    assert gain[1] / gain[0] == pytest.approx(0.5**1.5, rel=0.1)


@pytest.mark.parametrize("widest", [1.2, 1.6])
def test_where_a_gain_rises_no_more_is_learned_from_low_scores(widest):
    rng = np.random.default_rng(5)
    true, none = rng.uniform(10, 80, 900), np.zeros(900)
    gain = 10 * np.minimum((100 - true) / 50, widest)
    pairs = TrainedPairs(true, true + gain + rng.normal(0, 3, 900), none, none.astype(np.int64), none.astype(np.int64))
    found = course_gains(pairs, STILL, np.full(1, np.nan), np.full(1, np.nan))
    assert found.weights[found.widest == widest].sum() > 0.95
    assert found.at(np.zeros(1, dtype=np.int64), np.array([15.0]))[0] == pytest.approx([10 * widest], abs=0.5)


def test_without_scores_before_and_after_the_expected_gain_stands_at_every_score():
    found = course_gains(NOBODY, STILL, np.array([7.0]), np.array([2.0]))
    assert found.at(np.zeros(3, dtype=np.int64), np.array([10.0, 50.0, 90.0]))[0] == pytest.approx(np.full(3, 7.0))


def test_scores_that_say_nothing_of_the_decay_leave_its_prior():
    found = course_gains(of_course([5], [7.0]), STILL, np.array([7.0]), np.array([2.0]))  # all at 50, where room is 1
    density = stats.norm.pdf(found.decays, 1.0, 0.5)
    assert found.weights == pytest.approx(density / density.sum())


def test_draws_have_the_mean_and_sd_of_the_posterior_at_any_score():
    pairs = of_course([4, 6], [12.0, 4.0])
    found = course_gains(pairs, STILL, np.array([np.nan, 5.0]), np.array([np.nan, 2.0]))
    levels, decays, widest = found.draws(20000, np.random.default_rng(0))
    mean, sd = found.at(np.array([0, 1]), np.array([30.0, 80.0]))
    drawn = levels * np.minimum(np.array([[1.4], [0.4]]), widest) ** decays
    assert drawn.mean(axis=1) == pytest.approx(mean, rel=0.02)
    assert drawn.std(axis=1) == pytest.approx(sd, rel=0.03)
