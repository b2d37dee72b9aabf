import pytest

from model.evidence import effect_word, standard_word


@pytest.mark.parametrize(
    ("z", "mentors", "robustness", "word"),
    [
        (2.6, 50, 0.05, "strong"),
        (2.59, 50, 0.05, "moderate"),
        (9.0, 49, 0.05, "moderate"),
        (1.6, 30, 0.5, "moderate"),
        (1.59, 30, 0.5, "weak"),
        (9.0, 29, 0.5, "weak"),
        (0.7, 15, 0.5, "weak"),
        (0.69, 500, 0.5, "insufficient"),
        (9.0, 14, 0.5, "insufficient"),
        (-9.0, 500, 0.5, "insufficient"),
        (2.6, 50, 0.049, "moderate"),
        (0.7, 15, 0.0, "insufficient"),
        (0.0, 0, 0.0, "insufficient"),
    ],
)
def test_effect_word_has_the_contracts_cuts(z, mentors, robustness, word):
    assert effect_word(z, mentors, robustness) == word


@pytest.mark.parametrize(
    ("took", "word"),
    [
        (30, "strong"),
        (29, "moderate"),
        (15, "moderate"),
        (14, "weak"),
        (5, "weak"),
        (4, "insufficient"),
        (0, "insufficient"),
    ],
)
def test_standard_word_counts_the_mentors_who_took_the_course(took, word):
    assert standard_word(took) == word
