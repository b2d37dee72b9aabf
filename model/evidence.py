"""Evidence words, in one place: strong, moderate, weak, insufficient (contract, section 3)."""

WORDS = ("insufficient", "weak", "moderate", "strong")

_EFFECT = ((2.6, 50), (1.6, 30), (0.7, 15))
_STANDARD = (30, 15, 5)
ROBUSTNESS_CUT = 0.05


def effect_word(z: float, mentors: int, robustness: float) -> str:
    """Word for an effect.

    Args:
        z: estimate / mentor-clustered standard error of the un-pooled, unconstrained own-area fit.
        mentors: number of mentors within ±15 points of the score.
        robustness: robustness value (0..1) after Cinelli & Hazlett; below 0.05 the word goes one step down.
    """
    step = next((3 - i for i, (cut, least) in enumerate(_EFFECT) if z >= cut and mentors >= least), 0)
    if robustness < ROBUSTNESS_CUT:
        step = max(step - 1, 0)
    return WORDS[step]


def standard_word(took: int) -> str:
    """Word for a standard choice, by the number of mentors who took the course."""
    return WORDS[next((3 - i for i, least in enumerate(_STANDARD) if took >= least), 0)]
