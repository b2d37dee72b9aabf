import numpy as np
import pytest

from model.effects import shaped
from tests.learning_office import office, seen
from training.learning.preparing import prepare
from training.learning.shape import BENDS, best_bend, choose_shape, reshaped
from training.learning.training import train


def squares(gains, *, bend):
    """Squared errors of 4 rows a mentor: 1 everywhere, less by each mentor's gain under ``bend``."""
    found = np.ones((len(BENDS), 4 * len(gains)))
    found[BENDS.index(bend)] -= np.repeat(gains, 4)
    return found, np.repeat(np.arange(len(gains)), 4)


def test_another_bend_must_win_by_more_than_a_standard_error_over_mentors():
    clear, shaky = np.array([0.1, 0.12, 0.08, 0.1]), np.array([0.4, -0.3, 0.35, -0.3])
    assert best_bend(*squares(clear, bend=3.0)) == 3.0
    assert shaky.sum() > 0
    assert best_bend(*squares(shaky, bend=3.0)) == 1.0


@pytest.mark.parametrize("true", [0.0, 3.0])
def test_the_bend_that_made_the_growth_is_found(framework, true):
    prepared = prepare(seen(office(120, 14, slope=0.0)), framework, None)
    rng = np.random.default_rng(1)
    bent = shaped(np.nan_to_num(prepared.scores[:, 0]), true) / 10
    basis = prepared.basis
    made = type(basis)(**{**vars(basis), "outcome": 0.3 * bent + rng.normal(0, 0.1, len(bent))})
    shape = choose_shape(type(prepared)(**{**vars(prepared), "basis": made}), seed=1)
    assert shape.bend == true
    assert min(shape.errors) == pytest.approx(0.01, rel=0.15)


def test_scores_are_shaped_anew_and_missing_ones_stay_out(framework):
    prepared = prepare(seen(office(12, 6)), framework, None)
    np.testing.assert_allclose(reshaped(prepared, 1.0).basis.scores, prepared.basis.scores)
    np.testing.assert_allclose(reshaped(prepared, 0.0).basis.scores, np.nan_to_num(prepared.scores) / 10)


def test_the_answer_names_the_shape_and_all_that_were_tried(framework):
    answer = train(seen(office(20, 10)), framework).answer
    assert [row["bend"] for row in answer["shape"]["tried"]] == [0.0, 1.0, 2.0, 3.0]
    assert answer["shape"]["bend"] in BENDS
    assert all(row["error"] > 0 for row in answer["shape"]["tried"])
