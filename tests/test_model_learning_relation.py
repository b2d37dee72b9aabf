import numpy as np
import pytest
from sklearn.linear_model import Ridge

from model.learning.folds import mentor_folds
from model.learning.relation import Sums, columns, fit, out_of_fold, penalties, r_squared, tens
from tests.learning_rows import rows


def test_fit_equals_an_outside_ridge_with_the_same_penalties():
    basis, _ = rows(main=0.05, cross=0.1)
    found = fit(basis)
    X = columns(basis, found.fill)
    penalty = penalties(basis)
    scaled = np.where(penalty > 0, np.sqrt(np.maximum(penalty, 1e-12)), 1e-4)
    outside = Ridge(alpha=1.0, fit_intercept=False, solver="svd").fit(X / scaled, basis.outcome)
    np.testing.assert_allclose(X @ found.coefficients, outside.predict(X / scaled), atol=1e-6)


@pytest.mark.parametrize("traits", [True, False])
def test_sums_of_other_folds_fit_and_judge_as_the_rows_themselves(traits):
    basis, _ = rows(main=0.05, gaps=0.15)
    assert basis.missing.any()
    fold = mentor_folds(basis.mentor, 5, np.random.default_rng(3))
    whole = Sums.of(basis)
    predicted = out_of_fold(basis, fold, traits=traits)
    for k in range(5):
        test = Sums.of(basis.take(fold == k))
        error = test.squared_error((whole - test).fit(basis, traits=traits), basis)
        assert error == pytest.approx(np.mean((basis.outcome - predicted)[fold == k] ** 2), rel=1e-9)


def test_a_missing_score_stands_at_the_mean_of_the_training_mentors_only():
    basis, _ = rows(gaps=0.2)
    fold = mentor_folds(basis.mentor, 5, np.random.default_rng(1))
    train = basis.take(fold != 0)
    fill = Sums.of(train).fill()
    for a in range(3):
        known = ~train.missing[:, a]
        one_each = dict(zip(train.mentor[known], train.scores[known, a], strict=True))
        assert fill[a] == pytest.approx(np.mean(list(one_each.values())), rel=1e-12)


def test_predictions_do_not_depend_on_the_unit_of_a_number():
    basis, _ = rows(main=0.05)
    moved = basis.controls.copy()
    moved[:, 4] = 7.0 + 12.0 * moved[:, 4]
    other = type(basis)(**{**vars(basis), "controls": moved})
    np.testing.assert_allclose(fit(basis).predict(basis), fit(other).predict(other), atol=1e-7)


def test_shape_has_diminishing_steps_and_r_squared_its_definition():
    steps = np.diff(tens(np.arange(0.0, 101.0, 10.0)))
    assert (np.diff(steps) < 0).all()
    assert steps.sum() == pytest.approx(10.0)
    y = np.array([1.0, 2.0, 4.0])
    assert r_squared(y, np.full(3, y.mean())) == pytest.approx(0.0)
    assert r_squared(y, y) == 1.0
    assert r_squared(np.ones(3), np.ones(3)) is None
