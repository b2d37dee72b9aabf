import numpy as np
import pytest
from scipy.stats import kstest
from scipy.stats import t as student

from model.learning.relation import SCORE_PENALTY, columns, penalties
from model.learning.supported import Support, _Statistic, corrected_p, folds_p, shuffle_p
from tests.learning_rows import rows


def test_the_statistic_is_the_drop_in_penalised_squared_error():
    basis, profiles = rows(main=0.05)
    order = np.random.default_rng(2).permutation(len(profiles.tens))
    found = _Statistic(basis, profiles).of(order)
    scores = profiles.tens[order[basis.mentor], profiles.slot]
    moved = type(basis)(**{**vars(basis), "scores": scores})

    def least(X, penalty):
        inner = X.T @ X + np.diag(penalty)
        b = np.linalg.solve(inner, X.T @ basis.outcome)
        return ((basis.outcome - X @ b) ** 2).sum() + (penalty * b**2).sum()

    drop = least(basis.controls, basis.penalty) - least(columns(moved, np.zeros(3)), penalties(basis))
    assert found == pytest.approx(drop, rel=1e-6)
    assert SCORE_PENALTY in penalties(basis)


def test_a_clear_effect_is_supported_and_none_is_not():
    basis, profiles = rows(mentors=80, main=0.08)
    found = Support(shuffle_p(basis, profiles, np.random.default_rng(1), 199), folds_p(basis, np.random.default_rng(2)))
    assert found.p_shuffle == pytest.approx(1 / 200)
    assert found.supported
    basis, profiles = rows(mentors=80)
    found = Support(shuffle_p(basis, profiles, np.random.default_rng(1), 199), folds_p(basis, np.random.default_rng(2)))
    assert not found.supported


def test_without_effect_the_shuffles_are_uniform():
    found = []
    for seed in range(120):
        basis, profiles = rows(mentors=30, each=6, seed=seed)
        found.append(shuffle_p(basis, profiles, np.random.default_rng(seed), 49))
    assert kstest(found, "uniform").pvalue > 0.01
    assert np.mean(np.array(found) <= 0.1) < 0.2


def test_without_effect_the_folds_rarely_claim_one():
    found = [folds_p(rows(mentors=30, each=6, seed=seed)[0], np.random.default_rng(seed)) for seed in range(60)]
    assert np.mean(np.array(found) <= 0.05) <= 0.1


def test_the_corrected_variance_by_hand():
    gains = np.array([0.1, 0.3, -0.1, 0.2])
    t = gains.mean() / np.sqrt((1 / 4 + 0.25) * gains.var(ddof=1))
    assert corrected_p(gains, 0.25) == pytest.approx(student.sf(t, 3), rel=1e-12)
    assert corrected_p(np.full(4, 0.1), 0.25) == 0.0
    assert corrected_p(np.zeros(4), 0.25) == 1.0


@pytest.mark.parametrize(("shuffle", "folds", "says"), [(0.01, 0.05, True), (0.011, 0.05, False), (0.01, 0.051, False)])
def test_both_must_agree(shuffle, folds, says):
    assert Support(shuffle, folds).supported is says


def test_a_slot_sees_the_profile_of_its_time():
    basis, profiles = rows(mentors=12, each=4)
    rng = np.random.default_rng(0)
    slots = type(profiles)(rng.normal(size=(12, 3, 3)), rng.integers(0, 3, len(basis.mentor)))
    order = rng.permutation(12)
    statistic = _Statistic(basis, slots)
    scores = np.stack([slots.tens[order[m], s] for m, s in zip(basis.mentor, slots.slot, strict=True)])
    alone = type(profiles)(scores[:, None, :], np.zeros(len(scores), dtype=np.int64))
    rowwise = type(basis)(**{**vars(basis), "mentor": np.arange(len(scores))})
    assert statistic.of(order) == pytest.approx(_Statistic(rowwise, alone).of(np.arange(len(scores))), rel=1e-9)
