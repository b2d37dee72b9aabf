"""Standard value: what a training place is worth by the office's standard alone, without any learned effect."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.planning.gains import applied

Floats = NDArray[np.float64]


def standard_value(
    score: Floats | float, standard: Floats | float, needing: Floats | float, gain: Floats | float
) -> Floats:
    """max(0, standard − score) × businesses with a need in the area × min(gain, 98 − score); contract, section 2.

    Args:
        score: mentor's score in the course's area, 0..100.
        standard: score the office asks for in the area.
        needing: businesses of the mentor with a need in the area (each once), or their expected number.
        gain: expected gain of the course, score points.
    """
    shortfall = np.maximum(np.asarray(standard, dtype=np.float64) - score, 0.0)
    value: Floats = shortfall * needing * applied(gain, score)
    return value


def score_at_value(value: float, standard: float, needing: float, gain: Callable[[float], float]) -> float:
    """Score at which the standard value falls to ``value`` (it falls as the score rises), by bisection.

    ``gain``: expected gain of the course at a score, score points.
    Returns 0 where even a score of 0 is worth no more than ``value``.
    """
    low, high = 0.0, min(standard, 100.0)
    for _ in range(60):
        middle = (low + high) / 2
        if float(standard_value(middle, standard, needing, gain(middle))) > value:
            low = middle
        else:
            high = middle
    return low
