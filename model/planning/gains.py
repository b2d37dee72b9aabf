"""Course gains: how many score points a course adds, from scores before and after it.

Mentors without a course between two assessments show what happens anyway: practice, a drift with time (each area its
own), and regression of noisy scores to the mean. Points gained = score after − true score before as all assessments up
to then tell it (model/planning/belief.py) − practice and drift. They are the course's level, its gain at a score of 50,
times how much room the mentor's true score leaves, to a power that all courses share; below some score, which is not
known either, it rises no more. Levels are shrunk to what the course expects of itself or to the mean of all courses.
All priors named here are ours; they matter only where data are few.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CEILING = 98.0  # no course lifts a score above it (contract, section 2)
DEFAULT_SD = 5.0  # of an expected gain without a stated sd, and the prior scale of the sd between courses
CENTRE = 50.0  # score at which a course's level is read
_PRIOR_SD = (1.5, 0.5, 2.0)  # drift: practice (points), slope (points per point), points a year
_AREA_SD = 1.0  # drift: what an area differs by, points a year
_NOISE_SD = 5.0  # one assessment, before any data
_PRIOR_WEIGHT = 4.0  # observations that a prior variance counts for
DECAYS = np.linspace(0.0, 2.5, 26)  # powers tried, from a gain alike at all scores
DECAY_MEAN, DECAY_SD = 1.0, 0.5  # prior: a gain in proportion to the room left
WIDEST = np.array([1.2, 1.4, 1.6])  # most room, that of scores of 40, 30 or 20 and below, where few mentors are
_FLAT = np.zeros(1), np.ones(1)  # a gain alike at all scores
_LEAST = 1e-9  # so that a course whose every mentor stood at 100 divides by no zero
Z90 = 1.6448536269514722  # standard normal quantile at 0.95


def applied(gain: Floats | float, score: Floats | float) -> Floats:
    """Points a course adds at a score: min(gain, 98 − score), never below 0."""
    return np.maximum(np.minimum(gain, CEILING - np.asarray(score, dtype=np.float64)), 0.0)


def room(score: Floats | float, widest: Floats | float) -> Floats:
    """What a score leaves to be gained, (100 − score)/50, at most ``widest``: 1 at a score of 50, 0 at 100."""
    return np.clip((100.0 - np.asarray(score, dtype=np.float64)) / (100.0 - CENTRE), 0.0, widest)


def spread_normals(generator: np.random.Generator, count: int) -> Floats:
    """``count`` standard normal values: the quantiles at the middles of ``count`` equal shares, in random order."""
    from scipy.special import ndtri  # noqa: PLC0415 - who only reads plans, as the pages at start-up, waits for no scipy

    values: Floats = generator.permutation(ndtri((np.arange(count) + 0.5) / count))
    return values


@dataclass(frozen=True)
class Stay:
    """Two assessments without a course between (n): ``before``, ``after``, ``years`` between, ``area`` numbers."""

    before: Floats
    after: Floats
    years: Floats
    area: Ints


@dataclass(frozen=True)
class Drift:
    """What scores do without a course: a normal posterior over practice, slope, points a year, and more by area.

    ``mean``: (3 + A); ``covariance``: (3 + A, 3 + A); ``centre``: (A) score at which the slope is 0; ``variance``: of
    one change about the line; ``noise_sd``: of one assessment, from the changes about their area's mean divided by √2
    (true change counts as noise, so it is an upper estimate); ``pairs``: number of untrained pairs.
    """

    mean: Floats
    covariance: Floats
    centre: Floats
    variance: float
    noise_sd: float
    pairs: int

    def rows(self, before: Floats | None, years: Floats, area: Ints) -> Floats:
        """Design rows (n, 3 + A) for scores seen before, or for true ones, which do not regress (None)."""
        return _rows(np.zeros(len(years)) if before is None else before - self.centre[area], years, area, self.centre)

    def expected(self, before: Floats | None, years: Floats, area: Ints) -> Floats:
        """Expected change (n) without a course."""
        change: Floats = self.rows(before, years, area) @ self.mean
        return change

    def yearly(self) -> Floats:
        """Points that a true score gains a year without a course, by area (A)."""
        rate: Floats = self.mean[2] + self.mean[3:]
        return rate


def _rows(off: Floats, years: Floats, area: Ints, centre: Floats) -> Floats:
    rows = np.zeros((len(off), 3 + len(centre)))
    rows[:, 0], rows[:, 1], rows[:, 2] = 1.0, off, years
    rows[np.arange(len(off)), 3 + area] = years
    return rows


def fit_drift(stays: Stay, centre: Floats) -> Drift:
    """Fit the drift to untrained pairs of consecutive scores (none: the priors stand alone) by Bayesian regression.

    ``centre``: (A) mean score of the mentors in each area.
    """
    change = stays.after - stays.before
    noise = _noise_variance(change, stays.area, len(centre))
    X = _rows(stays.before - centre[stays.area], stays.years, stays.area, centre)
    precision = np.diag(np.r_[1 / np.square(_PRIOR_SD), np.full(len(centre), 1 / _AREA_SD**2)])
    variance = 2 * noise
    mean: Floats = np.zeros(len(precision))
    covariance = np.linalg.inv(precision).astype(np.float64)
    for _ in range(20):
        covariance = np.linalg.inv(precision + X.T @ X / variance).astype(np.float64)
        mean = covariance @ (X.T @ change) / variance
        used = float(np.trace(covariance @ (X.T @ X))) / variance
        squares = float(np.sum((change - X @ mean) ** 2))
        variance = (squares + _PRIOR_WEIGHT * 2 * noise) / max(len(change) - used + _PRIOR_WEIGHT, 1.0)
    return Drift(mean, covariance, centre, variance, float(np.sqrt(noise)), len(change))


def _noise_variance(change: Floats, area: Ints, areas: int) -> float:
    """Variance of one assessment: half that of a change about its area's mean, few changes leaning on the prior."""
    counts = np.bincount(area, minlength=areas)
    centres = np.bincount(area, change, minlength=areas) / np.maximum(counts, 1)
    freedom = len(change) - int(np.count_nonzero(counts))
    squares = float(np.sum((change - centres[area]) ** 2)) / 2
    return (squares + _PRIOR_WEIGHT * _NOISE_SD**2) / (freedom + _PRIOR_WEIGHT)


@dataclass(frozen=True)
class CourseGains:
    """Joint posterior of the courses' gains: gain(s) = level · room(s)^decay, one decay for all courses.

    A mixture over K decays with the most room there is, normal in the levels (points at a score of 50) given these.
    ``decays``, ``widest``, ``weights``: (K); ``means``: (K, C), NaN where nothing is known; ``covariances``: (K, C, C),
    0 there; ``observed``: (C) before-after pairs; ``stated``: (C) True where the course has an expected gain.
    """

    decays: Floats
    widest: Floats
    weights: Floats
    means: Floats
    covariances: Floats
    observed: Ints
    stated: NDArray[np.bool_]

    @property
    def mean(self) -> Floats:
        """Expected gain per course (C) at a score of 50."""
        level: Floats = self.weights @ self.means
        return level

    @property
    def sd(self) -> Floats:
        """Posterior sd of that gain (C)."""
        return self.at(np.arange(len(self.observed)), np.full(len(self.observed), CENTRE))[1]

    def at(self, course: Ints, score: Floats) -> tuple[Floats, Floats]:
        """Expected gain and its sd (n) of courses at scores, before the ceiling."""
        falls = room(score, self.widest[:, None]) ** self.decays[:, None]
        gains = self.means[:, course] * falls
        spread = np.diagonal(self.covariances, axis1=1, axis2=2)[:, course] * falls**2
        mean = self.weights @ gains
        variance = self.weights @ (spread + (gains - mean) ** 2)
        return mean, np.sqrt(np.where(np.isnan(mean), 0.0, variance))

    def points(self, course: int, score: float) -> tuple[float, float, float]:
        """Mean, low and high (90 %) of the points the course adds at a score, after the ceiling."""
        mean, sd = self.at(np.array([course]), np.array([score]))
        ends = applied(mean[0] + Z90 * sd[0] * np.array([0.0, -1.0, 1.0]), score)
        return float(ends[0]), float(ends[1]), float(ends[2])

    def draws(self, count: int, generator: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """``count`` joint draws: levels (C, count), decays and most room (count), as often as their weight says."""
        steps = np.cumsum(self.weights) / self.weights.sum()
        picked = generator.permutation(np.searchsorted(steps, (np.arange(count) + 0.5) / count))
        normals = np.array([spread_normals(generator, count) for _ in self.observed]).reshape(-1, count)
        levels = np.empty_like(normals)
        for k in np.unique(picked):
            values, vectors = np.linalg.eigh(self.covariances[k])
            root = vectors * np.sqrt(np.clip(values, 0, None))
            levels[:, picked == k] = self.means[k][:, None] + root @ normals[:, picked == k]
        return levels, self.decays[picked], self.widest[picked]


@dataclass(frozen=True)
class TrainedPairs:
    """Scores about a course (n): expected ``true`` one before, assessed one ``after``, ``years`` between; numbers."""

    true: Floats
    after: Floats
    years: Floats
    area: Ints
    course: Ints


def course_gains(pairs: TrainedPairs, drift: Drift, expected: Floats, expected_sd: Floats) -> CourseGains:
    """Shrink each course's level (normal–normal), with the decay and the drift's own uncertainty shared by all.

    Args:
        pairs: scores before and after a course.
        drift: what scores do without one.
        expected: (C) expected_gain, NaN where not given; taken at a score of 50.
        expected_sd: (C) its sd; NaN takes the default.

    A course without expected_gain is shrunk to the common mean of all observed courses, with the sd between courses
    estimated (:func:`between_variance`); where none is observed, to the mean of the gains others expect. Without any
    scores before and after a course the expected gains stand as they are, at every score.
    """
    decays, widest = (np.repeat(DECAYS, len(WIDEST)), np.tile(WIDEST, len(DECAYS))) if len(pairs.course) else _FLAT
    falls = zip(decays.tolist(), widest.tolist(), strict=True)
    found = [_given_decay(fall, pairs, drift, expected, expected_sd) for fall in falls]
    logs = np.array([log for _, _, log in found]) - 0.5 * ((decays - DECAY_MEAN) / DECAY_SD) ** 2
    weights = np.exp(logs - logs.max())
    return CourseGains(
        decays=decays,
        widest=widest,
        weights=weights / weights.sum(),
        means=np.array([mean for mean, _, _ in found]),
        covariances=np.array([covariance for _, covariance, _ in found]),
        observed=np.bincount(pairs.course, minlength=len(expected)).astype(np.int64),
        stated=~np.isnan(expected),
    )


def _given_decay(
    fall: tuple[float, float], pairs: TrainedPairs, drift: Drift, expected: Floats, expected_sd: Floats
) -> tuple[Floats, Floats, float]:
    """Levels (C), their covariance (C, C), and the log likelihood of the pairs up to a constant.

    ``fall``: decay and the most room there is.
    """
    seen = np.unique(pairs.course)
    means, errors, log = _course_means(pairs, drift, seen, fall)
    stated = ~np.isnan(expected)
    common, common_variance, between = _common(means, errors, expected[stated])
    prior = np.where(stated, expected, common)
    variance = np.where(stated, np.square(np.where(np.isnan(expected_sd), DEFAULT_SD, expected_sd)), between)
    mean, covariance = prior.copy(), np.diag(variance)
    follows = (~stated).astype(np.float64)
    if len(seen):
        total = covariance[np.ix_(seen, seen)] + errors
        wide = total + common_variance * np.outer(follows[seen], follows[seen])
        off = means - prior[seen]
        log -= 0.5 * float(np.linalg.slogdet(wide)[1] + off @ np.linalg.solve(wide, off))
        pull = covariance[:, seen] @ np.linalg.inv(total)
        mean = prior + pull @ off
        covariance = covariance - pull @ covariance[seen, :]
        follows = follows - pull @ follows[seen]
    known = ~np.isnan(mean)
    covariance = covariance + common_variance * np.outer(follows, follows)
    return mean, np.where(np.outer(known, known), covariance, 0.0), log


def _course_means(
    pairs: TrainedPairs, drift: Drift, seen: Ints, fall: tuple[float, float]
) -> tuple[Floats, Floats, float]:
    """Least-squares level per observed course (S), the covariance of its errors (S, S), and the log likelihood.

    The log likelihood is that of what the levels leave over, its variance integrated out.
    """
    gain = pairs.after - pairs.true - drift.expected(None, pairs.years, pairs.area)
    decay, widest = fall
    shape = (pairs.course[None, :] == seen[:, None]) * room(pairs.true, widest) ** decay
    squares = np.maximum(np.sum(shape**2, axis=1), _LEAST)
    member = shape / squares[:, None]
    means: Floats = member @ gain
    resid = gain - means @ shape
    weight = max(len(gain) - len(seen), 0) + _PRIOR_WEIGHT
    over = float(resid @ resid) + _PRIOR_WEIGHT * drift.variance
    lines = member @ drift.rows(None, pairs.years, pairs.area)
    errors = np.diag(over / weight / squares) + lines @ drift.covariance @ lines.T
    return means, errors, -0.5 * (weight * math.log(over) + float(np.log(squares).sum()))


def _common(means: Floats, errors: Floats, stated: Sequence[float] | Floats) -> tuple[float, float, float]:
    """Common mean of the courses, its variance, and the variance between courses."""
    if len(means):
        between = between_variance(means, errors)
        weights = np.linalg.inv(errors + between * np.eye(len(means)))
        total = float(weights.sum())
        return float(weights.sum(axis=0) @ means) / total, 1.0 / total, between
    if len(stated):
        return float(np.mean(stated)), DEFAULT_SD**2 / len(stated), DEFAULT_SD**2
    return float("nan"), 0.0, DEFAULT_SD**2


def between_variance(means: Floats, errors: Floats) -> float:
    """Variance between courses: posterior mean of τ² on a grid, τ half-normal of the default sd, flat common mean.

    The log density of the course means given τ has the common mean integrated out. ``means``: (S); ``errors``: (S, S)
    covariance of their errors. One course alone leaves the prior's own 25.
    """
    grid = (np.arange(200) + 0.5) / 200 * 6 * DEFAULT_SD
    values, vectors = np.linalg.eigh(errors)
    total = values + np.square(grid)[:, None]  # diagonal in the errors' own axes
    means, ones = means @ vectors, vectors.sum(axis=0)
    level = (ones**2 / total).sum(axis=1)
    squares = (means**2 / total).sum(axis=1) - (means * ones / total).sum(axis=1) ** 2 / level
    logs = -0.5 * (np.log(total).sum(axis=1) + np.log(level) + squares) - grid**2 / (2 * DEFAULT_SD**2)
    weights = np.exp(logs - logs.max())
    return float(weights @ grid**2 / weights.sum())
