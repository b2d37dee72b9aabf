"""What noise in the scores does to a fit: the part of the scores' sums of products that is noise.

A score measured with noise looks flatter than it is (attenuation). Where the variance σ² of the noise is known, its
expected part of XᵀV⁻¹X is taken out again (moment correction for errors in variables; Fuller 1987, Measurement Error
Models, ch. 2). One assessment serves many engagements of a mentor, so its error is shared by them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.learning.relation import BEND, Basis

Floats = NDArray[np.float64]

MOST = 0.75
"""At most this share of what the scores tell in any direction is ever taken for noise. Where assessments are off by ten
points, differences between areas that move together are noise by about three quarters; a limit of a half left 90 %
ranges that held 79 of 100 true effects (160 mentors)."""


@dataclass(frozen=True)
class Blur:
    """Noise of the score columns per mentor: with V⁻¹ = I − w·11ᵀ it is ``plain`` − w·``outer``, both (M, T, T)."""

    plain: Floats
    outer: Floats

    def of(self, shrink: Floats) -> Floats:
        """(M, T, T) noise in each mentor's share of the sums, ``shrink`` (M) being each mentor's w."""
        noise: Floats = self.plain - shrink[:, None, None] * self.outer
        return noise


def blur_of(basis: Basis, raw: Floats, variance: float, *, bend: float = BEND, exposure: Floats | None = None) -> Blur:
    """Noise in the relation's score columns.

    Args:
        basis: the rows.
        raw: (n, A) scores in points, NaN missing; equal scores of one mentor in one area are one assessment.
        variance: σ² of an assessment, in squared points.
        bend: shape of the basis' scores.
        exposure: (n) what a row's score columns are multiplied by; None where by nothing.
    """
    times = np.ones(len(raw)) if exposure is None else exposure
    areas, crossed = raw.shape[1], np.flatnonzero(basis.with_need)
    mentors, terms = int(basis.mentor.max()) + 1, raw.shape[1] + len(crossed)
    plain, outer = np.zeros((2, mentors, terms, terms))
    for a in range(areas):
        known = ~np.isnan(raw[:, a])
        pairs = np.column_stack([basis.mentor[known], raw[known, a]])
        sources, source = np.unique(pairs, axis=0, return_inverse=True)
        owner, strength = sources[:, 0].astype(np.int64), variance * _slope(sources[:, 1], bend) ** 2
        needs, own = basis.needs[known, a], times[known]
        rows, squares = (np.bincount(source.ravel(), own**power, len(sources)) for power in (1, 2))
        needing, needing_squares = (np.bincount(source.ravel(), needs * own**power, len(sources)) for power in (1, 2))
        places = [(a, rows, 0)]
        places += [(areas + k, needing, 1) for k in np.flatnonzero(crossed == a)]
        for i, counted, mark in places:
            for j, other, also in places:
                shared = needing_squares if mark or also else squares
                np.add.at(plain[:, i, j], owner, strength * shared)
                np.add.at(outer[:, i, j], owner, strength * counted * other)
    return Blur(plain, outer)


def _slope(score: Floats, bend: float) -> Floats:
    """Derivative of shaped score / 10 with respect to the score."""
    if bend == 0:
        return np.full(len(score), 0.1)
    slope: Floats = bend / 10.0 * np.exp(-bend * score / 100.0) / -np.expm1(-bend)
    return slope


def limited(noise: Floats, inverse: Floats) -> float:
    """Share of the noise that may be taken out: 1, or less where more than ``MOST`` of some direction would go.

    Args:
        noise: (T, T) its sum over mentors.
        inverse: (T, T) the score block of the inverse of the uncorrected system.
    """
    largest = float(np.linalg.eigvals(inverse @ noise).real.max(initial=0.0))
    return 1.0 if largest <= MOST else MOST / largest
