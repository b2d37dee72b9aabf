from dataclasses import replace

import numpy as np
import pytest

from model.effects import Effects
from model.forms import Own, formed
from model.planning.gains import CourseGains
from model.planning.standard import standard_value
from model.planning.uplift import Chances, Places, Uplift, spread_normals, standard_draws


def places(n=3, noise=0.0, **changed):
    """Places whose assessments are taken at their word, but for a noise."""
    score = changed.pop("score", np.linspace(40, 60, n))
    base = {
        "course": np.arange(n) % 2,
        "area": np.arange(n) % 2,
        "cell": np.arange(n),
        "score": score,
        "true": score,
        "doubt": np.full(n, noise),
        "standard": np.full(n, 70.0),
        "needing": np.full(n, 2.0),
        "others": np.full(n, 3.0),
        "yearly_needing": np.full(n, 2e7),
        "yearly_others": np.full(n, 5e7),
    }
    return Places(**(base | changed))


def gains(sd=2.0, decays=(0.0,)):
    alike = np.ones(len(decays))
    return CourseGains(
        decays=np.array(decays),
        widest=np.full(len(decays), 1.6),
        weights=alike / len(decays),
        means=np.outer(alike, [10.0, 6.0]),
        covariances=np.array([sd**2 * np.eye(2) for _ in decays]),
        observed=np.array([5, 5]),
        stated=np.array([True, True]),
    )


def effects(sd=0.0002, bend=2.0):
    return Effects.of_one(
        areas=("a", "b"),
        bend=bend,
        mean=np.array([0.001, 0.002, 0.003, 0.004]),
        covariance=sd**2 * np.eye(4),
        has_need=np.array([True, True]),
    )


def test_without_any_doubt_the_benefit_is_the_contrast_of_the_effects():
    found = places()
    uplift = Uplift.of(effects(sd=0.0), Chances.of(gains(sd=0.0), 1))
    for row in range(3):
        area = "ab"[found.area[row]]
        after = found.score[row] + (10.0, 6.0)[found.course[row]]
        needing = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
        each = effects().contrast(area, np.full(5, found.score[row]), np.full(5, after), needing)[0] @ effects().mean
        assert uplift.expected(found)[row] == pytest.approx(each.sum())
        assert uplift.draws(found)[row] == pytest.approx(np.full(2000, each.sum()))
        money = 1e7 * np.expm1(each[:2]).sum() + 5e7 / 3 * np.expm1(each[2:]).sum()
        assert uplift.turnover(found)[row, 0] == pytest.approx(money)


def test_the_mean_of_the_draws_is_the_expected_benefit():
    uplift = Uplift.of(effects(), Chances.of(gains(), 1))
    found = places(noise=5.0)
    assert uplift.draws(found).mean(axis=1) == pytest.approx(uplift.expected(found), rel=0.01)


def test_a_linear_effect_has_the_closed_form_mean_and_range():
    found = places(score=np.full(3, 40.0))
    uplift = Uplift.of(effects(bend=0.0), Chances.of(gains(sd=1.0), 5))
    drawn = uplift.draws(found)[0]
    # k·g with k ~ N(3·0.001 + 2·0.004, 0.0002²·(5² + 2²)) and g ~ N(10, 1), independent
    k, g, k_sd = 0.011, 10.0, 0.0002 * np.sqrt(29)
    assert uplift.expected(found)[0] == pytest.approx(k * g)
    assert drawn.std() == pytest.approx(np.sqrt((g * k_sd) ** 2 + k**2 + k_sd**2), rel=0.05)


def test_places_of_one_course_share_its_gain_and_places_of_one_assessment_its_noise():
    two = places(2, course=np.array([0, 0]), area=np.array([1, 1]), cell=np.array([0, 1]), score=np.array([40.0, 40.0]))
    shared = Uplift.of(effects(sd=0.0), Chances.of(gains(), 1)).draws(two)
    assert shared[0] == pytest.approx(shared[1])
    noisy = Chances.of(gains(sd=0.0), 1)
    two = replace(two, doubt=np.full(2, 5.0))
    now, _ = noisy.scores(two)
    assert abs(np.corrcoef(now)[0, 1]) < 0.1
    same, _ = noisy.scores(replace(two, cell=np.array([1, 1])))
    assert same[0] == pytest.approx(now[1])


def test_draws_do_not_depend_on_which_other_places_are_asked_for():
    many = places(
        1100, course=np.zeros(1100, dtype=int), area=np.zeros(1100, dtype=int), cell=np.arange(1100), noise=4.0
    )
    uplift = Uplift.of(effects(), Chances.of(gains(), 2))
    rows = np.array([3, 700, 1099])
    assert uplift.draws(many.take(rows)) == pytest.approx(uplift.draws(many)[rows])
    assert uplift.expected(many)[rows] == pytest.approx(uplift.expected(many.take(rows)))


def test_scores_stay_within_the_scale_and_below_the_ceiling_a_course_keeps():
    now, after = Chances.of(gains(), 1).scores(places(noise=8.0, score=np.array([2.0, 95.0, 99.0])))
    assert now.min() >= 0
    assert now.max() <= 100
    assert np.all(after >= now)
    assert np.all(after <= np.maximum(now, 98.0))


def test_a_gain_falls_with_the_drawn_score_by_the_drawn_decay():
    now, after = Chances.of(gains(sd=0.0, decays=(0.5, 2.0)), 1).scores(places(score=np.array([30.0, 75.0, 60.0])))
    assert now[1] == pytest.approx(np.full(2000, 75.0))
    assert sorted(set(np.round(after[1] - now[1], 9))) == pytest.approx([6 * 0.5**2, 6 * 0.5**0.5])
    assert (after[0] - now[0]).mean() == pytest.approx(10 * (1.4**0.5 + 1.4**2) / 2)


def test_normals_are_their_own_quantiles():
    values = spread_normals(np.random.default_rng(0), 2000)
    assert values.mean() == pytest.approx(0, abs=1e-12)
    assert values.std() == pytest.approx(1, abs=2e-3)
    assert np.quantile(values, 0.95) == pytest.approx(1.6449, abs=5e-3)


def test_standard_draws_scatter_about_the_standard_value():
    drawn = standard_draws(places(noise=0.5), Chances.of(gains(sd=0.5), 3))
    value = standard_value(places().score, 70.0, 2.0, np.array([10.0, 6.0, 10.0]))
    assert drawn.mean(axis=1) == pytest.approx(value, rel=0.01)


def test_parameters_come_in_mirrored_pairs_about_their_mean():
    theta = Uplift.of(effects(), Chances.of(gains(), 4)).theta
    assert theta.shape == (2000, 4)
    assert theta.mean(axis=0) == pytest.approx(effects().mean, abs=1e-15)
    assert theta.std(axis=0) == pytest.approx(np.full(4, 0.0002), rel=0.1)


def test_two_bends_count_by_their_weight_in_the_mean_and_in_the_draws():
    one, other = effects(sd=0.0, bend=0.0), effects(sd=0.0, bend=3.0)
    both = Effects(
        ("a", "b"),
        np.array([0.0, 3.0]),
        np.array([0.25, 0.75]),
        np.vstack([one.means, 2 * other.means]),
        np.zeros((2, 4, 4)),
        one.has_need,
    )
    chances, found = Chances.of(gains(), 4), places(noise=3.0)
    apart = [Uplift.of(alone, chances).expected(found) for alone in (one, other)]
    assert Uplift.of(both, chances).expected(found) == pytest.approx(0.25 * apart[0] + 1.5 * apart[1], rel=0.01)
    drawn = Uplift.of(both, chances)
    assert np.mean(drawn.shapes.bends == 3.0) == pytest.approx(0.75)
    assert drawn.draws(found).mean(axis=1) == pytest.approx(drawn.expected(found), rel=0.01)


def test_own_forms_count_by_their_weight_and_leave_the_areas_that_share_the_bend_alone():
    straight, stepped = np.array([0.0, np.nan]), np.array([np.nan, 60.0])
    weights, ten = np.array([[1.0, 0.0], [0.5, 0.5]]), np.full((2, 2), 10.0)
    own = Own(1.0, np.array([straight, stepped]), weights, ten, ten[:, :1])
    mixed = replace(effects(sd=0.0, bend=0.0), own=own)
    chances, found = Chances.of(gains(sd=0.0), 4), places()
    uplift, plain = Uplift.of(mixed, chances), Uplift.of(effects(sd=0.0, bend=0.0), chances)
    other = found.area == 0
    assert uplift.draws(found)[other] == pytest.approx(plain.draws(found)[other])
    after = found.score + np.array([10.0, 6.0, 10.0])
    steps = formed(after, stepped) - formed(found.score, stepped)
    expected = plain.expected(found) * (0.5 + 0.5 * steps / (after - found.score))
    assert uplift.expected(found)[~other] == pytest.approx(expected[~other])
    assert uplift.draws(found).mean(axis=1) == pytest.approx(uplift.expected(found))
    assert uplift.draws(found)[~other].std() > 0
