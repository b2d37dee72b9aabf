"""Effects per area × need: un-pooled mixed model by mentor, pooled posterior, and the table people read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from model.effects import Effects
from model.evidence import effect_word
from model.forms import Own
from model.learning.blur import Blur
from model.learning.mixed import Mixed, random_intercept
from model.learning.mixture import quantile
from model.learning.pooling import Placebo, Pooled, pool
from model.learning.relation import BEND, Basis, Sums, columns
from model.learning.robustness import robustness_value
from model.sentences import Sentence, sentence

Floats = NDArray[np.float64]

PRIOR_GROWTH = math.log(1.047)
"""Prior scale of ten points in one area, log points: +4.7 % sales, the mean effect of a whole business training."""

PRIOR_SHARE = 0.1
"""Prior scale of ten points where the outcome has its own unit: this share of its standard deviation (ours)."""

NEAR = 15.0
LOW, HIGH = 0.05, 0.95  # every range is 90 %
WIDE = 1.0
"""Ridge on the un-pooled scores: a prior some ten times as wide as any published effect, so that scores that move
together in few mentors can be solved; what it hides is added back to the covariance."""


@dataclass(frozen=True)
class Before:
    """Un-pooled ``estimate`` (A) of what ten shaped points seem to do to growth before the start, per span of outcome.

    ``covariance``: (A, A). ``steps``: (M, A) its jackknife steps by mentor of the main fit, 0 for those it lacks.
    """

    estimate: Floats
    covariance: Floats
    steps: Floats


@dataclass(frozen=True)
class Fitted:
    """What is found with one ``bend``: the ``mixed`` fit; un-pooled ``estimate`` (2A) per ten shaped points.

    ``covariance``: (2A, 2A) of the estimate. ``placebo``: what scores seem to do before the start, in the same unit
    (its (2A) ``shared``); None where unknown.
    """

    bend: float
    mixed: Mixed
    estimate: Floats
    covariance: Floats
    placebo: Placebo | None


@dataclass(frozen=True)
class Estimates:
    """Fits ``parts`` with one bend each (K) and their ``weights`` (K).

    ``learned``: (2A) False where a term is not learned. ``df``: of mentors. ``scale``: of the prior. ``own``: forms of
    the areas, None where they were not asked for.
    """

    areas: tuple[str, ...]
    parts: tuple[Fitted, ...]
    weights: Floats
    learned: NDArray[np.bool_]
    df: float
    scale: float
    own: Own | None = None

    @cached_property
    def pooled(self) -> tuple[Pooled, ...]:
        """The posterior of each part, of what is learned, per ten shaped points."""
        return tuple(_pooled(part, self.learned, self.widened, self.scale) for part in self.parts)

    @cached_property
    def effects(self) -> Effects:
        """The pooled posterior over all parts."""
        return posterior(self)

    @property
    def likeliest(self) -> Fitted:
        """The fit whose bend weighs most; words, standard errors and robustness are told from it."""
        return self.parts[int(self.weights.argmax())]

    @property
    def widened(self) -> float:
        """What a variance counts for where it was estimated from few mentors (Student t for normal)."""
        return float(student.ppf(0.95, self.df) / norm.ppf(0.95)) ** 2

    def z(self) -> Floats:
        """(A, 2) estimate / clustered standard error, without and with the need; 0 where there is no such estimate."""
        return np.stack([self._z(np.eye(len(self.areas))), self._z(np.eye(len(self.areas)), need=True)], axis=1)

    def robustness(self) -> Floats:
        """(A, 2) robustness value of the same."""
        values: Floats = np.vectorize(lambda z: robustness_value(z, self.df), otypes=[float])(self.z())
        return values

    def _z(self, pick: Floats, *, need: bool = False) -> Floats:
        weights = np.hstack([pick, pick if need else np.zeros_like(pick)])
        found = self.likeliest
        spread = np.sqrt(np.einsum("ij,jk,ik->i", weights, found.covariance, weights))
        return np.where(spread > 0, weights @ found.estimate / np.maximum(spread, 1e-300), 0.0)


def estimate(
    basis: Basis,
    areas: tuple[str, ...],
    scale: float,
    blur: Blur | None = None,
    before: Before | None = None,
    bend: float = BEND,
) -> Estimates:
    """Fit the random-intercept model on all rows, noise of the scores taken out, and pool its score coefficients.

    Args:
        basis: the rows.
        areas: A codes.
        scale: of the prior of ten points in one area, in the outcome's unit.
        blur: noise of the scores; None where unknown.
        before: the same scores on growth before the start; None where that is unknown.
        bend: shape of the basis' scores, of the blur and of ``before``.
    """
    X = columns(basis, Sums.of(basis).fill())
    q, count = basis.controls.shape[1], len(areas)
    terms = X.shape[1] - q
    wide = np.concatenate([np.zeros(q), np.full(terms, WIDE)])
    penalty = wide + np.append(basis.penalty, np.zeros(terms))
    mixed = random_intercept(X, basis.outcome, basis.mentor, penalty, blur)
    learned = np.append(np.ones(count, dtype=bool), basis.with_need)
    mean, covariance = np.zeros(2 * count), np.zeros((2 * count, 2 * count))
    mean[learned] = mixed.coefficients[q:]
    covariance[np.ix_(learned, learned)] = mixed.covariance[q:, q:] + hidden(mixed, q)
    placebo = None
    if before is not None:
        shared = np.zeros((2 * count, count))
        shared[learned] = mixed.steps[:, q:].T @ before.steps
        placebo = Placebo(before.estimate, before.covariance, shared, scale)
    df = max(mixed.mentors - count - 3.0, 2.0)
    return Estimates(areas, (Fitted(bend, mixed, mean, covariance, placebo),), np.ones(1), learned, df, scale)


def averaged(found: Sequence[Estimates], weights: Floats) -> Estimates:
    """Estimates under several bends as one, each counting by its weight (K)."""
    return replace(found[0], parts=tuple(part for one in found for part in one.parts), weights=weights)


def hidden(mixed: Mixed, first: int) -> Floats:
    """Covariance that the wide ridge on the columns from ``first`` on hides."""
    inverse: Floats = mixed.inverse[first:, first:] @ mixed.inverse[first:, first:] * (WIDE * mixed.within)
    return inverse


def posterior(found: Estimates) -> Effects:
    """Pooled effects per shaped point, from those per ten."""
    count, learned = len(found.areas), found.learned
    means, covariances = np.zeros((len(found.parts), 2 * count)), np.zeros((len(found.parts), 2 * count, 2 * count))
    for k, pooled in enumerate(found.pooled):
        means[k, learned], covariances[k][np.ix_(learned, learned)] = pooled.mean, pooled.covariance
    bends = np.array([part.bend for part in found.parts])
    return Effects(found.areas, bends, found.weights, means / 10.0, covariances / 100.0, learned[count:], found.own)


def _pooled(part: Fitted, learned: NDArray[np.bool_], widened: float, scale: float) -> Pooled:
    placebo = part.placebo
    if placebo is not None:
        placebo = replace(placebo, covariance=placebo.covariance * widened, shared=placebo.shared[learned] * widened)
    spread = part.covariance[np.ix_(learned, learned)] * widened
    return pool(part.estimate[learned], spread, learned[len(learned) // 2 :], scale, placebo)


def per_ten(effects: Effects, scores: Floats, *, need: bool) -> tuple[Floats, Floats]:
    """Mean and standard deviation (A) of ten points: mean over mentors of E f(min(s+5, 100)) − f(max(s−5, 0)).

    Args:
        effects: the posterior.
        scores: (M, A) newest scores, NaN where never assessed (such a mentor does not count in that area).
        need: for businesses with the need, or without.
    """
    means, spreads = np.zeros(len(effects.areas)), np.zeros(len(effects.areas))
    for a in range(len(effects.areas)):
        mean, spread = effects.told(_ten_points(effects, scores, a, need=need)[:, None])
        means[a], spreads[a] = mean[0], spread[0]
    return means, spreads


def _ten_points(effects: Effects, scores: Floats, area: int, *, need: bool) -> Floats:
    """Weights (K, 2A) of the coefficients that make ten points of an area under each bend."""
    known = scores[~np.isnan(scores[:, area]), area]
    ends = np.maximum(known - 5, 0), np.minimum(known + 5, 100)
    steps: Floats = effects.contrast(effects.areas[area], *ends, np.full(len(known), float(need))).mean(axis=1)
    return steps


def _range(found: Estimates, steps: Floats) -> tuple[float, float]:
    """The 5 % and 95 % quantiles of what ``steps`` (K, 2A) make of the posterior, exactly.

    The posterior is a mixture over bends, how far areas differ, what holds without the need, and how much selection
    there is. Its deviation times 1.645 would be too wide: on 216 cities looked at while building (seeds 40–63) such
    ranges held .951 of the effects where these hold .944.
    """
    rows, parts = steps[:, found.learned] / 10.0, found.pooled
    weights = np.concatenate([weight * part.weights for weight, part in zip(found.weights, parts, strict=True)])
    means = np.concatenate([part.means @ row for row, part in zip(rows, parts, strict=True)])
    spreads = [np.einsum("i,gij,j->g", row, part.covariances, row) for row, part in zip(rows, parts, strict=True)]
    deviations = np.sqrt(np.maximum(np.concatenate(spreads), 0.0))
    low, high = (quantile(at, weights, means, deviations) for at in (LOW, HIGH))
    return low, high


def effect_rows(found: Estimates, scores: Floats) -> list[dict[str, Any]]:
    """The effects table of the contract: area × need with the 90 % range and the evidence word."""
    rows, effects = [], found.effects
    z, robustness = found.z(), found.robustness()
    means = [per_ten(effects, scores, need=need)[0] for need in (False, True)]
    for a, area in enumerate(effects.areas):
        near = np.abs(scores[:, a] - np.nanmean(scores[:, a])) <= NEAR
        for need in (False, True) if effects.has_need[a] else (False,):
            low, high = _range(found, _ten_points(effects, scores, a, need=need))
            figures = float(z[a, int(need)]), int(near.sum()), float(robustness[a, int(need)])
            rows.append(
                {
                    "area": area,
                    "need": need,
                    "per_points": 10,
                    "mean": float(means[need][a]),
                    "low": low,
                    "high": high,
                    "evidence": effect_word(*figures),
                    "z": figures[0],
                    "mentors_near": figures[1],
                    "robustness": figures[2],
                }
            )
    return rows


def sensitivity(found: Estimates, scores: Floats) -> list[dict[str, Any]]:
    """The same effects under a prior half and twice as wide, and under none; all with the bend that weighs most."""
    rows, found = [], replace(found, parts=(found.likeliest,), weights=np.ones(1), own=None)
    for name, factor in (("half", 0.5), ("double", 2.0), ("flat", math.inf)):
        effects = replace(found, scale=found.scale * factor).effects
        tables = {need: per_ten(effects, scores, need=need)[0] for need in (False, True)}
        rows += [
            {"prior": name, "area": area, "need": need, "mean": float(tables[need][a])}
            for a, area in enumerate(effects.areas)
            for need in ((False, True) if effects.has_need[a] else (False,))
        ]
    return rows


def prior_source(*, growth: bool) -> Sentence:
    """Where the prior's scale comes from."""
    if growth:
        return sentence(
            "Ten points in one area are thought to move growth by no more than about a whole business training does: "
            "+4.7 %% sales on average (McKenzie 2021)."
        )
    return sentence(
        "Ten points in one area are thought to move the outcome by about a tenth of its standard deviation (ours)."
    )
