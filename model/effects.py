"""What the learned relation says of scores: growth as a function of a mentor's scores and a business's needs.

Growth = (part without mentors) + Σ_a [ θ_a0 · φ_a(score_a) + θ_a1 · φ_a(score_a) · need_a ], with φ_a increasing. How
φ_a runs is not known either: the posterior is a mixture over bends that all areas share, normal in θ with its full
covariance given the bend; beside it stands that each area has a form of its own (model/forms.py). So every sum over
businesses and courses has an interval. Given the bend, that normal stands for a mixture over the prior's grid with the
same mean and covariance; ranges of single effects are the mixture's own quantiles (training/learning/estimates.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.forms import Drawn, Own, shaped

Floats = NDArray[np.float64]

_FORMS = 11  # stream of the seed


@dataclass(frozen=True)
class Effects:
    """Posterior of the score coefficients: a mixture over K bends.

    ``areas``: A codes in order. ``bends``, ``weights``: (K), the weights summing to 1. ``means``: (K, 2A), first the A
    coefficients θ_a0 that hold for every business, then the A coefficients θ_a1 added when the business has a need in
    the area; growth per shaped point. ``covariances``: (K, 2A, 2A). ``has_need``: (A) False where no training business
    had (or lacked) the need, so that θ_a1 is not learned and stands at 0. ``own``: forms of the areas, None where all
    are known to share the bend.
    """

    areas: tuple[str, ...]
    bends: Floats
    weights: Floats
    means: Floats
    covariances: Floats
    has_need: NDArray[np.bool_]
    own: Own | None = None

    @classmethod
    def of_one(
        cls, areas: tuple[str, ...], bend: float, mean: Floats, covariance: Floats, has_need: NDArray[np.bool_]
    ) -> "Effects":
        """The posterior where the bend is known: ``mean`` (2A), ``covariance`` (2A, 2A)."""
        return cls(areas, np.array([bend]), np.ones(1), mean[None], covariance[None], has_need)

    @property
    def mean(self) -> Floats:
        """Mean of θ (2A) over the bends: what a point helps on the mean of all hundred."""
        found: Floats = self.weights @ self.means
        return found

    def shapes(self, area: int, score: Floats | float) -> Floats:
        """Shape (K, …) of a score in an area under each bend, the mean over forms of its own."""
        s = np.asarray(score, dtype=np.float64)
        bent = np.stack([shaped(s, float(bend)) for bend in self.bends])
        if self.own is None or not self.own.chance:
            return bent
        mixed: Floats = (1.0 - self.own.chance) * bent + self.own.chance * self.own.mean(area, s)
        return mixed

    def shape(self, area: int, score: Floats | float) -> Floats:
        """Mean shape of a score over the bends."""
        found: Floats = np.tensordot(self.weights, self.shapes(area, score), axes=1)
        return found

    def contrast(self, area: str, before: Floats, after: Floats, needing: Floats) -> Floats:
        """Weights w (K, n, 2A) so that w_k·θ is the growth gained under bend k when a score goes from before to after.

        ``before``, ``after``: (n) scores; ``needing``: (n) 1.0 where the business has a need in the area, or a share.
        """
        a = self.areas.index(area)
        step = self.shapes(a, after) - self.shapes(a, before)
        weights = np.zeros((*step.shape, 2 * len(self.areas)))
        weights[:, :, a] = step
        weights[:, :, len(self.areas) + a] = step * np.asarray(needing, dtype=np.float64)
        return weights

    def told(self, weights: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation (n) of w·θ for weights (K, n, 2A), over the whole mixture.

        Own forms enter by their mean: exact for means over the mentors to whom forms are scaled.
        """
        means = np.einsum("kni,ki->kn", weights, self.means)
        spreads = np.einsum("kni,kij,knj->kn", weights, self.covariances, weights)
        mean: Floats = self.weights @ means
        return mean, np.sqrt(np.maximum(self.weights @ (spreads + (means - mean) ** 2), 0.0))

    def draws(self, count: int, seed: int | Sequence[int]) -> tuple[Floats, Floats]:
        """``count`` joint draws of θ (count, 2A) and the bend (count), in mirrored pairs about their bend's mean.

        Each bend comes as often as its weight says. Draw d and draw d + count/2 mirror each other.
        """
        half = count // 2
        rng = np.random.default_rng(seed)
        steps = np.cumsum(self.weights) / self.weights.sum()
        picked = rng.permutation(np.searchsorted(steps, (np.arange(half) + 0.5) / half))
        normal = rng.standard_normal((half, self.means.shape[1]))
        off = np.empty_like(normal)
        for k in np.unique(picked):
            values, vectors = np.linalg.eigh(self.covariances[k])
            off[picked == k] = normal[picked == k] @ (vectors * np.sqrt(np.clip(values, 0, None))).T
        centre = self.means[picked]
        return np.vstack([centre + off, centre - off]), np.tile(self.bends[picked], 2)

    def drawn_shapes(self, bends: Floats, seed: int | Sequence[int]) -> Drawn:
        """Draws of every area's shape for drawn ``bends`` (D); the seed is that of the other draws."""
        if self.own is None:
            nothing = np.zeros((0, len(bends)))
            return Drawn(bends, np.zeros((0, 2)), nothing.astype(np.int64), nothing)
        number = np.array([int(np.flatnonzero(self.bends == bend)[0]) for bend in bends], dtype=np.int64)
        rng = np.random.default_rng([*np.atleast_1d(seed), _FORMS])
        return Drawn(bends, self.own.forms, *self.own.drawn(number, rng))


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
