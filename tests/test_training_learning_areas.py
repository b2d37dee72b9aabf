import numpy as np

from model.framework import Area
from model.sentences import Label
from training.learning.areas import need_both_ways, usable_areas


def area(code):
    return Area(code, Label(code, code), 70)


def test_areas_that_cannot_be_learned_from_are_named_with_the_reason():
    rng = np.random.default_rng(0)
    base = rng.normal(60, 10, (20, 2))
    few = np.where(np.arange(20) < 7, 50.0 + np.arange(20), np.nan)
    scores = np.column_stack([base, np.full(20, 55.0), base[:, 0] - 2 * base[:, 1], few])
    mentor = np.arange(20)
    kept, left = usable_areas(scores, mentor, [area(c) for c in "abcde"], [area("f")])
    assert kept == [0, 1]
    said = {out.area: str(out.reason) for out in left}
    assert said["f"] == "no mentor was assessed in it"
    assert "same score" in said["c"]
    assert "a, b" in said["d"]
    assert "only 7 mentors" in said["e"]


def test_score_times_need_is_learned_where_mentors_have_both():
    mentor = np.repeat(np.arange(6), 2)
    needs = np.zeros((12, 3))
    needs[::2, 0] = 1
    needs[:, 1] = 1
    needs[:6:2, 2] = 1
    assert need_both_ways(needs, mentor).tolist() == [True, False, False]
