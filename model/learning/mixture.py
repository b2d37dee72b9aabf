"""Quantiles of a mixture of normal distributions: what a posterior over a grid of priors says of one sum.

Where the spread of the normals is itself in doubt, the mixture has a sharper middle and longer tails than one normal of
the same mean and standard deviation, so that mean ± 1.645 standard deviations holds more than 90 % of it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

Floats = NDArray[np.float64]

_FAR = 10.0  # standard deviations beyond which nothing of a normal counts
_LEAST = 1e-12


def quantile(probability: float, weights: Floats, means: Floats, deviations: Floats) -> float:
    """The value below which ``probability`` (0.0001..0.9999) of the mixture lies.

    ``weights`` (G) sum to 1; ``means``, ``deviations`` (G) of the normals, in one unit; a deviation of 0 is a point.
    """
    spread = np.maximum(deviations, _LEAST)
    low, high = float((means - _FAR * spread).min()), float((means + _FAR * spread).max())

    def beyond(value: float) -> float:
        return float(weights @ ndtr((value - means) / spread)) - probability

    return float(brentq(beyond, low, high, xtol=_LEAST))
