from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from model.learning.folds import mentor_folds
from model.learning.relation import SCORE_PENALTY, Sums, columns, fit, penalties
from model.learning.rising import chosen_penalty, fit_chosen, fit_rising, out_of_fold_rising
from tests.learning_rows import rows


def slopes_of(found, basis):
    """Slopes without and with the need, areas whose need is learned."""
    areas = basis.scores.shape[1]
    plain, crossed = np.split(found.coefficients[basis.controls.shape[1] :], [areas])
    return plain, plain[basis.with_need] + crossed


def test_where_no_bound_binds_it_is_the_relation_itself():
    basis, _ = rows()
    basis = replace(basis, outcome=basis.outcome + (basis.scores * (0.3 + 0.1 * basis.needs)).sum(axis=1))
    assert min(part.min() for part in slopes_of(fit(basis), basis)) > 0
    found = fit_rising(Sums.of(basis), basis)
    np.testing.assert_allclose(found.predict(basis), fit(basis).predict(basis), atol=1e-7)


@pytest.mark.parametrize("cross", [-0.2, 0.0, 0.2])
def test_bounded_slopes_are_the_best_there_are_within_the_bounds(cross):
    basis, _ = rows(main=-0.1, cross=cross)
    found = fit_rising(Sums.of(basis), basis)
    plain, needed = slopes_of(found, basis)
    assert min(plain.min(), needed.min()) >= -1e-12
    assert min(plain.min(), needed.min()) == pytest.approx(0.0, abs=1e-12)  # some bound binds
    X, penalty = columns(basis, found.fill), penalties(basis)
    q, areas = basis.controls.shape[1], basis.scores.shape[1]

    def objective(given):
        scores = given.copy()
        scores[areas:] -= scores[:areas][basis.with_need]
        rest = basis.outcome - X[:, q:] @ scores
        gram = X[:, :q].T @ X[:, :q] + np.diag(basis.penalty + 1e-9)
        controls = np.linalg.solve(gram, X[:, :q].T @ rest)
        left = rest - X[:, :q] @ controls
        return left @ left + penalty[:q] @ controls**2 + penalty[q:] @ scores**2

    start = np.append(plain, needed)
    outside = minimize(objective, np.full(len(start), 0.05), bounds=[(0, None)] * len(start), method="L-BFGS-B")
    assert objective(start) <= outside.fun * (1 + 1e-9)


def test_folds_are_predicted_by_the_others_alone():
    basis, _ = rows(main=-0.05, gaps=0.1)
    fold = mentor_folds(basis.mentor, 4, np.random.default_rng(2))
    predicted = out_of_fold_rising(basis, fold)
    changed = basis.outcome.copy()
    changed[fold == 1] += 5.0
    again = out_of_fold_rising(replace(basis, outcome=changed), fold)
    np.testing.assert_allclose(predicted[fold == 1], again[fold == 1])
    assert not np.allclose(predicted[fold == 0], again[fold == 0])


def test_sums_of_folds_add_to_the_sums_of_all():
    basis, _ = rows(gaps=0.1)
    fold = mentor_folds(basis.mentor, 4, np.random.default_rng(2))
    parts = [Sums.of(basis.take(fold == k)) for k in range(4)]
    np.testing.assert_allclose((parts[0] + parts[1] + parts[2] + parts[3]).gram, Sums.of(basis).gram)
    chosen, penalty = fit_chosen(basis, fold)
    assert penalty == chosen_penalty(parts, basis)
    again = fit_rising(Sums.of(basis), basis, penalty)
    np.testing.assert_allclose(chosen.coefficients, again.coefficients)


def test_strong_effects_are_held_back_little_and_none_at_all_much():
    basis, _ = rows(main=0.5)
    fold = mentor_folds(basis.mentor, 5, np.random.default_rng(2))
    noise = np.random.default_rng(4).normal(size=len(basis.outcome))
    penalties_ = []
    for outcome in (basis.outcome, noise):
        other = replace(basis, outcome=outcome)
        penalties_.append(chosen_penalty([Sums.of(other.take(fold == k)) for k in range(5)], other))
    assert penalties_[0] < penalties_[1]
    assert chosen_penalty([Sums.of(basis)], basis) == SCORE_PENALTY
