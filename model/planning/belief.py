"""What an assessment says of the true score: drawn towards the mentors' mean, the more the noisier assessments are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_PRIOR_VARIANCE = 225.0  # of true scores between mentors, squared points, before any data (ours)
_PRIOR_WEIGHT = 4.0  # assessments that it counts for
_LEAST = 1.0  # variance between mentors below which no area falls, squared points


@dataclass(frozen=True)
class Belief:
    """Normal–normal model of scores: ``mean`` (A) of the mentors' scores, ``between`` (A) variance of the true ones.

    ``noise_sd``: of one assessment, score points.
    """

    mean: Floats
    between: Floats
    noise_sd: float

    def expected(self, score: Floats, area: Ints) -> Floats:
        """E[true score | assessment] (n)."""
        true: Floats = self.mean[area] + self._reliability[area] * (score - self.mean[area])
        return true

    def spread(self, area: Ints) -> Floats:
        """Sd of the true score about it (n)."""
        return np.sqrt(self._reliability[area]) * self.noise_sd

    @property
    def _reliability(self) -> Floats:
        reliability: Floats = self.between / (self.between + self.noise_sd**2)
        return reliability


def belief_of(score: Floats, area: Ints, areas: int, noise_sd: float) -> Belief:
    """From assessments (n), their area numbers and the noise of one: variance between mentors = all less noise."""
    counts = np.bincount(area, minlength=areas)
    mean = np.bincount(area, score, minlength=areas) / np.maximum(counts, 1)
    squares = np.bincount(area, (score - mean[area]) ** 2, minlength=areas)
    whole = _PRIOR_WEIGHT * (_PRIOR_VARIANCE + noise_sd**2)
    total = (squares + whole) / (np.maximum(counts - 1, 0) + _PRIOR_WEIGHT)
    return Belief(mean, np.maximum(total - noise_sd**2, _LEAST), noise_sd)
