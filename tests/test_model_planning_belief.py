import numpy as np
import pytest

from model.planning.belief import Belief, belief_of


def test_a_score_is_drawn_to_the_mean_by_the_normal_normal_formula():
    belief = Belief(np.array([60.0, 40.0]), np.array([144.0, 75.0]), 5.0)
    area = np.array([0, 1])
    assert belief.expected(np.array([30.0, 80.0]), area) == pytest.approx([60 - 30 * 144 / 169, 40 + 40 * 0.75])
    assert belief.spread(area) ** 2 == pytest.approx([1 / (1 / 144 + 1 / 25), 1 / (1 / 75 + 1 / 25)])


def test_it_finds_the_scores_that_made_the_assessments():
    rng = np.random.default_rng(0)
    true = rng.normal(57, 15, 4000)
    seen = true + rng.normal(0, 10, 4000)
    area = np.zeros(4000, dtype=np.int64)
    belief = belief_of(seen, area, 1, 10.0)
    miss = true - belief.expected(seen, area)
    assert miss.mean() == pytest.approx(0, abs=0.5)
    assert miss.std() == pytest.approx(float(belief.spread(area)[0]), rel=0.03)
    low = seen < 40
    assert miss[low].mean() == pytest.approx(0, abs=0.8)
    assert (true - seen)[low].mean() > 4
