import numpy as np
import pytest

from model.forms import shaped
from model.learning.conformal import Residuals
from tests.learning_office import office, seen
from training.learning.preparing import prepare
from training.learning.shape import BENDS, log_density, reshaped, stacked, weigh_shapes
from training.learning.training import train


def test_the_log_density_of_a_mentors_errors_is_the_multivariate_normals():
    errors, mentor = np.array([0.3, -0.1, 0.2, 0.5]), np.array([0, 1, 0, 0])
    spread = Residuals(between=0.02, within=0.1, low=0.0, high=0.0, stretch=1.0)
    logs = log_density(errors, mentor, spread)
    for m in (0, 1):
        own = errors[mentor == m]
        V = 0.1 * np.eye(len(own)) + 0.02
        assert logs[m] == pytest.approx(-0.5 * own @ np.linalg.solve(V, own))


def test_weights_follow_the_evidence_and_chance_decides_little():
    rng = np.random.default_rng(0)
    assert stacked(np.zeros((3, 50)), rng) == pytest.approx(np.full(3, 1 / 3))
    clear = np.vstack([np.zeros(200), np.full(200, 0.05)])  # ten nats, the same from every mentor
    assert stacked(clear, rng)[1] > 0.99
    shaky = np.vstack([np.zeros(50), rng.normal(0, 1, 50)])
    shaky[1] += (3.0 - shaky[1].sum()) / 50  # three nats, of sums that scatter by seven
    assert 0.5 < stacked(shaky, rng)[1] < 0.8  # their odds alone would say .95


@pytest.mark.parametrize("true", [0.0, 3.0])
def test_the_bend_that_made_the_growth_is_found(framework, true):
    prepared = prepare(seen(office(120, 14, slope=0.0)), framework, None)
    rng = np.random.default_rng(1)
    bent = shaped(np.nan_to_num(prepared.scores[:, 0]), true) / 10
    basis = prepared.basis
    made = type(basis)(**{**vars(basis), "outcome": 0.3 * bent + rng.normal(0, 0.1, len(bent))})
    shape = weigh_shapes(type(prepared)(**{**vars(prepared), "basis": made}), seed=1)
    assert BENDS[int(shape.weights.argmax())] == true
    assert shape.weights.sum() == pytest.approx(1.0)
    assert min(shape.errors) == pytest.approx(0.01, rel=0.15)


def test_scores_are_shaped_anew_and_missing_ones_stay_out(framework):
    prepared = prepare(seen(office(12, 6)), framework, None)
    np.testing.assert_allclose(reshaped(prepared, 1.0).basis.scores, prepared.basis.scores)
    np.testing.assert_allclose(reshaped(prepared, 0.0).basis.scores, np.nan_to_num(prepared.scores) / 10)


def test_the_answer_names_the_shape_and_all_that_were_tried(framework):
    answer = train(seen(office(20, 10)), framework).answer
    assert [row["bend"] for row in answer["shape"]["tried"]] == list(BENDS)
    assert sum(row["weight"] for row in answer["shape"]["tried"]) == pytest.approx(1.0)
    assert answer["shape"]["bend"] in BENDS
    assert all(row["error"] > 0 for row in answer["shape"]["tried"])
