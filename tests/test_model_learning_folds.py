import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.learning.folds import mentor_folds


@given(st.integers(5, 60), st.integers(0, 1000))
def test_mentors_stay_whole_and_folds_are_even(mentors, seed):
    rng = np.random.default_rng(seed)
    mentor = np.repeat(np.arange(mentors), rng.integers(1, 5, mentors))
    fold = mentor_folds(mentor, 5, rng)
    owner = [set(fold[mentor == m]) for m in range(mentors)]
    assert all(len(own) == 1 for own in owner)
    sizes = np.bincount([min(own) for own in owner], minlength=5)
    assert sizes.max() - sizes.min() <= 1
