"""Shapes of a score: how growth rises with it, from 0 at no point to 100 at all hundred.

All areas may share one bend. Or each has a form of its own: straight, more or less saturating, or a step, where little
is gained before a score is reached and much about it. An area's own form is scaled so that ten points are worth, on
the mean over mentors, what they are worth under the common bend: forms say where on the scale points help, not how
much.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_STRAIGHT = 1e-8
"""Below this bend the curve differs from the line by less than rounding does."""

_WIDTH = 8.0
"""Width of a step in points (ours): from a quarter of the rise to three quarters it takes 18."""

_ARRAYS = ("forms", "weights", "sizes", "common")


def shaped(score: Floats | float, bend: Floats | float) -> Floats:
    """Shape φ of a score (0..100): linear for ``bend`` 0, saturating for ``bend`` > 0; φ(0) = 0, φ(100) = 100.

    φ(s) = 100·(1 − exp(−bend·s/100)) / (1 − exp(−bend)); score and bend may be arrays that fit each other.
    """
    s, b = np.asarray(score, dtype=np.float64), np.asarray(bend, dtype=np.float64)
    if not b.ndim and b < _STRAIGHT:
        return s
    safe = np.maximum(b, _STRAIGHT)
    bent: Floats = np.where(b < _STRAIGHT, s, 100.0 * np.expm1(-safe * s / 100.0) / np.expm1(-safe))
    return bent


def stepped(score: Floats | float, centre: float) -> Floats:
    """A step about ``centre``: the logistic curve of width 8, moved and scaled to run from 0 to 100."""
    s = np.asarray(score, dtype=np.float64)
    low, high, here = (1.0 / (1.0 + np.exp((centre - at) / _WIDTH)) for at in (0.0, 100.0, s))
    found: Floats = 100.0 * (here - low) / (high - low)
    return found


def formed(score: Floats | float, form: Floats) -> Floats:
    """A score under a ``form``: (bend, NaN) for :func:`shaped`, (NaN, centre) for :func:`stepped`."""
    bend, centre = (float(value) for value in form)
    return shaped(score, bend) if np.isnan(centre) else stepped(score, centre)


@dataclass(frozen=True)
class Own:
    """Forms that A areas have of their own, beside the K bends that they may share.

    ``chance``: that they have (0..1). ``forms``: (J, 2), as in :func:`formed`. ``weights``: (A, J) how likely each is
    in an area that has its own, summing to 1. ``sizes``: (A, J) what ten points move by it, mean over mentors;
    ``common``: (A, K) what they move by the bends.
    """

    chance: float
    forms: Floats
    weights: Floats
    sizes: Floats
    common: Floats

    def mean(self, area: int, score: Floats) -> Floats:
        """Mean own form (K, …) of scores, scaled to each bend."""
        told = self.weights[area] / self.sizes[area]
        likely = np.flatnonzero(told)
        s = np.asarray(score, dtype=np.float64)
        form = sum((told[j] * formed(s, self.forms[j]) for j in likely), np.zeros_like(s))
        found: Floats = np.multiply.outer(self.common[area], form)
        return found

    def drawn(self, bend: Integers, rng: np.random.Generator) -> tuple[Integers, Floats]:
        """For draws of the common bend (D, by number): the form of each area (A, D), −1 for the bend, and its scale.

        Within each bend every form comes as often as its weight says. Areas have their own in the same draws.
        """
        picked = np.full((len(self.weights), len(bend)), -1, dtype=np.int64)
        for k in np.unique(bend):
            rows = np.flatnonzero(bend == k)
            own = rng.permutation(rows)[: round(self.chance * len(rows))]
            middles = (np.arange(len(own)) + 0.5) / max(len(own), 1)
            for forms, weights in zip(picked, self.weights, strict=True):
                steps = np.cumsum(weights) / weights.sum()
                forms[own] = rng.permutation(np.searchsorted(steps, middles))
        scale = self.common[:, bend] / np.take_along_axis(self.sizes, np.maximum(picked, 0), axis=1)
        return picked, np.where(picked < 0, 1.0, scale)

    def as_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays, for the model file."""
        return {"chance": np.array([self.chance]), **{name: getattr(self, name) for name in _ARRAYS}}

    @classmethod
    def from_arrays(cls, plain: Mapping[str, NDArray[Any]]) -> "Own":
        """Back from :meth:`as_arrays`."""
        return cls(float(plain["chance"][0]), *(plain[name] for name in _ARRAYS))


@dataclass(frozen=True)
class Drawn:
    """Joint draws of every area's shape: ``bends`` (D); where areas have their own, ``forms``, ``picked``, ``scale``.

    ``forms``: (J, 2); ``picked``: (A, D) number of the form, −1 for the bend; ``scale``: (A, D).
    """

    bends: Floats
    forms: Floats
    picked: Integers
    scale: Floats

    def at(self, area: int, score: Floats) -> Floats:
        """Shapes (…, D) of scores (…, D), one for each draw."""
        if not len(self.picked):
            return shaped(score, self.bends)
        found = np.empty(score.shape)
        for j in np.unique(self.picked[area]):
            draws = np.flatnonzero(self.picked[area] == j)
            own = score[..., draws]
            found[..., draws] = shaped(own, self.bends[draws]) if j < 0 else formed(own, self.forms[j])
        found *= self.scale[area]
        return found
