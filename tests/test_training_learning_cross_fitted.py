import numpy as np
import pytest

from model.learning.folds import mentor_folds
from tests.learning_office import office, seen
from training.learning import cross_fitted as cross_fitted_module
from training.learning.averaging import find_effects
from training.learning.cross_fitted import foretold, second_estimate, squares
from training.learning.engagements import areas_of
from training.learning.preparing import prepare


@pytest.fixture(scope="module")
def large(framework):
    """An office of many mentors whose outcome and scores are truly linear in the controls."""
    snapshot = seen(office(150, 10, slope=0.03))
    prepared = prepare(snapshot, framework, None)
    found = find_effects(snapshot, prepared, 0)
    return prepared, found, areas_of(snapshot, framework)


def test_both_ways_agree_where_the_controls_act_in_straight_lines(large):
    prepared, found, known = large
    answer = second_estimate(prepared, found, 0, known)
    assert {(row["area"], row["need"]) for row in answer["effects"]} >= {("finance", False), ("finance", True)}
    for row in answer["effects"]:
        assert np.isfinite([row["mean"], row["difference"], row["in_sd"]]).all()
        assert abs(row["in_sd"]) < 0.5
    finance = next(row for row in answer["effects"] if row["area"] == "finance" and not row["need"])
    assert finance["mean"] == pytest.approx(0.03, abs=0.008)
    assert str(answer["said"]).startswith("All effects agree")


def test_a_difference_of_more_than_one_deviation_is_named(large, monkeypatch):
    """Planted fault: residuals of the outcome with the wrong sign."""
    prepared, found, known = large
    as_is = cross_fitted_module._rest
    monkeypatch.setattr(cross_fitted_module, "_rest", lambda basis, outcome, scores: as_is(basis, -outcome, scores))
    answer = second_estimate(prepared, found, 0, known)
    finance = next(row for row in answer["effects"] if row["area"] == "finance" and row["need"])
    assert finance["in_sd"] < -1
    assert str(answer["said"]).startswith("Not all effects agree")
    assert str(known["finance"].label) in str(answer["said"])


def test_the_nuisances_of_a_mentor_are_learned_on_other_mentors_only():
    rng = np.random.default_rng(0)
    mentor = np.repeat(np.arange(20), 5)
    controls, targets = rng.normal(size=(100, 3)), rng.normal(size=(100, 2))
    fold = mentor_folds(mentor, 5, rng)
    before = foretold(controls, targets, fold, squares())
    own = fold == fold[0]
    changed = targets + 1000.0 * (mentor == 0)[:, None]
    after = foretold(controls, changed, fold, squares())
    np.testing.assert_array_equal(after[own], before[own])
    assert (after[~own] != before[~own]).all()


def test_squares_of_the_controls_are_taken_out():
    rng = np.random.default_rng(1)
    controls = rng.normal(size=(600, 2))
    targets = np.column_stack([controls[:, 0] ** 2, controls[:, 1] - controls[:, 0] ** 2])
    left = targets - foretold(controls, targets, np.arange(600) % 5, squares())
    assert left.std(axis=0).max() < 0.01
    assert foretold(np.empty((600, 0)), targets, np.arange(600) % 5, squares()).shape == (600, 2)
