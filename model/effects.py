"""What the learned relation says of scores: growth as a function of a mentor's scores and a business's needs.

Growth = (part without mentors) + Σ_a [ θ_a0 · φ_a(score_a) + θ_a1 · φ_a(score_a) · need_a ], with φ_a a fixed
increasing shape. The posterior of θ is normal with its full covariance, so that every sum over businesses and courses
has a correct interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


_STRAIGHT = 1e-8
"""Below this bend the curve differs from the line by less than rounding does."""


def shaped(score: Floats | float, bend: float) -> Floats:
    """Shape φ of a score (0..100): linear for ``bend`` 0, saturating for ``bend`` > 0; φ(0) = 0, φ(100) = 100.

    φ(s) = 100·(1 − exp(−bend·s/100)) / (1 − exp(−bend)).
    """
    s = np.asarray(score, dtype=np.float64)
    if bend < _STRAIGHT:
        return s
    bent: Floats = 100.0 * np.expm1(-bend * s / 100.0) / np.expm1(-bend)
    return bent


@dataclass(frozen=True)
class Effects:
    """Posterior of the score coefficients.

    ``areas``: A codes in order. ``bend``: shape per area (A). ``mean``: (2A), first the A coefficients θ_a0 that hold
    for every business, then the A coefficients θ_a1 added when the business has a need in the area; growth per shaped
    point. ``covariance``: (2A, 2A). ``has_need``: (A) False where no training business had (or lacked) the need, so
    that θ_a1 is not learned and stands at 0.
    """

    areas: tuple[str, ...]
    bend: Floats
    mean: Floats
    covariance: Floats
    has_need: NDArray[np.bool_]

    def contrast(self, area: str, before: Floats, after: Floats, needing: Floats) -> Floats:
        """Rows of weights w (n, 2A) so that w·θ is the growth gained when a score goes from before to after.

        ``before``, ``after``: (n) scores; ``needing``: (n) 1.0 where the business has a need in the area, or a share.
        """
        a = self.areas.index(area)
        step = shaped(after, self.bend[a]) - shaped(before, self.bend[a])
        weights = np.zeros((len(step), 2 * len(self.areas)))
        weights[:, a] = step
        weights[:, len(self.areas) + a] = step * np.asarray(needing, dtype=np.float64)
        return weights

    def draws(self, count: int, seed: int | Sequence[int]) -> Floats:
        """``count`` joint draws of θ (count, 2A) from the posterior."""
        rng = np.random.default_rng(seed)
        values, vectors = np.linalg.eigh(self.covariance)
        root = vectors * np.sqrt(np.clip(values, 0, None))
        drawn: Floats = self.mean + rng.standard_normal((count, len(self.mean))) @ root.T
        return drawn


@dataclass(frozen=True)
class LearnedEffects:
    """What advice reads of a published model.

    ``model``: its version name. ``supported``: supported_gain of the contract. ``z`` and ``robustness``: (A, 2), column
    0 for businesses without the need, 1 with it, from the un-pooled own-area fit with mentor-clustered standard errors.
    ``mentor_scores``: (M, A) newest scores of the training mentors, NaN where never assessed.
    """

    model: str
    supported: bool
    effects: Effects
    z: Floats
    robustness: Floats
    mentor_scores: Floats

    def mentors_near(self, area: str, score: float, reach: float = 15.0) -> int:
        """Number of training mentors whose score in the area lies within ``reach`` points of ``score``."""
        near = np.abs(self.mentor_scores[:, self.effects.areas.index(area)] - score) <= reach
        return int(near.sum())
