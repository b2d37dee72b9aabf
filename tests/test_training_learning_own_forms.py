from dataclasses import replace

import numpy as np
import pytest

from model.forms import formed
from tests.learning_office import office, seen
from training.learning.averaging import find_effects
from training.learning.estimates import per_ten
from training.learning.own_forms import FLATTEST, STEPS, forms_of
from training.learning.preparing import prepare
from training.learning.shape import BENDS
from training.learning.training import train


@pytest.fixture(scope="module")
def prepared(framework):
    return prepare(seen(office(150, 16, slope=0.0)), framework, None)


def made_by(prepared, forms):
    """The same engagements, growth made by a form of each of the first areas, as strong in each."""
    rng, basis = np.random.default_rng(2), prepared.basis
    made = rng.normal(0, 0.1, len(basis.outcome))
    for place, form in enumerate(forms):
        shape = formed(np.nan_to_num(prepared.scores[:, place]), form)
        made += 0.05 * shape / shape.std()
    return replace(prepared, basis=replace(basis, outcome=made), noise=None)


def learned(prepared):
    return find_effects(seen(office(150, 16, slope=0.0)), replace(prepared, outcome="made"), 0).estimates.own


def test_a_third_each_is_straight_saturating_and_a_step_before_any_data():
    forms, weights = forms_of(np.array(BENDS))
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] == pytest.approx(1 / 3)
    assert weights[~np.isnan(forms[:, 1])].sum() == pytest.approx(1 / 3)


def test_areas_of_different_forms_are_found_and_those_alike_are_not_told_apart(prepared):
    straight, bent, step = np.array([0.0, np.nan]), np.array([4.0, np.nan]), np.array([np.nan, STEPS[1]])
    own = learned(made_by(prepared, (step, bent)))
    assert own.chance > 0.9
    assert own.weights[0, len(BENDS) :].sum() > 0.8
    assert own.weights[1, 1 : len(BENDS)].sum() > 0.8
    assert learned(made_by(prepared, (straight, straight))).chance < 0.6


def test_a_form_that_hardly_rises_where_mentors_stand_does_not_count(prepared):
    low = np.minimum(prepared.newest, 40.0) / 4.0
    own = learned(replace(prepared, newest=low))
    steep = own.sizes > FLATTEST
    assert not steep[:, -1].any()
    assert (own.weights[~steep] == 0).all()
    assert own.weights.sum(axis=1) == pytest.approx(np.ones(len(own.weights)))


def test_mentors_who_stand_alike_today_and_growth_without_any_noise_give_finite_weights(prepared):
    own = learned(replace(prepared, newest=np.full_like(prepared.newest, 60.0)))
    assert np.isfinite(own.weights).all()
    basis = prepared.basis
    exact = replace(prepared, basis=replace(basis, outcome=0.1 * basis.controls[:, 1] + basis.scores[:, 0]))
    own = learned(exact)
    assert np.isfinite(own.weights).all()
    assert np.isfinite(own.chance)


def test_the_effect_of_ten_points_is_the_same_whatever_the_form(prepared):
    effects = find_effects(seen(office(150, 16, slope=0.0)), prepared, 0).estimates.effects
    for need in (False, True):
        mean, spread = per_ten(effects, prepared.newest, need=need)
        plain = per_ten(replace(effects, own=None), prepared.newest, need=need)
        assert mean == pytest.approx(plain[0])
        assert spread == pytest.approx(plain[1])


def test_the_answer_says_how_areas_run(framework):
    told = train(seen(office(30, 10)), framework).answer["shape"]["own"]
    assert 0 <= told["chance"] <= 1
    for row in told["areas"]:
        assert row["straight"] + row["saturating"] + row["step"] == pytest.approx(1.0)
