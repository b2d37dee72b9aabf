"""What all assessments and courses of the past say of a mentor's true score: a local level model.

A true score is drawn from N(m, b) over mentors; over t years it moves by drift · t, give or take √(wander · t); a
course adds its gain; an assessment shows it with noise. The Kalman filter (Durbin & Koopman 2012, Time Series Analysis
by State Space Methods, ch. 2) is the exact posterior of that model: a score seen twice is known better than one seen
once, and a low one that was low before is hardly drawn to the mean.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WANDER = 1.0  # variance that a year adds, squared points (ours)
_PRIOR_VARIANCE = 225.0  # of true scores between mentors, squared points, before any data (ours)
_PRIOR_WEIGHT = 4.0  # assessments that it counts for
_LEAST = 1.0  # variance between mentors below which no area falls, squared points


@dataclass(frozen=True)
class Belief:
    """Model of true scores: ``mean`` (A) and variance ``between`` (A) over mentors, ``drift`` (A) points a year.

    ``noise_sd``: of one assessment, score points.
    """

    mean: Floats
    between: Floats
    drift: Floats
    noise_sd: float


@dataclass(frozen=True)
class Events:
    """What happened (n), sorted by ``cell`` (number of mentor × area) and time: assessments and courses.

    ``area``: numbers; ``year``: when, in years; ``score``: NaN for a course; ``gain`` and its ``gain_sd``: points a
    course adds, of no account for an assessment.
    """

    cell: Ints
    area: Ints
    year: Floats
    score: Floats
    gain: Floats
    gain_sd: Floats


def belief_of(score: Floats, area: Ints, drift: Floats, noise_sd: float) -> Belief:
    """From mentors' first assessments (n), their area numbers and the noise of one: variance between = all less noise.

    ``drift``: (A) points a year.
    """
    areas = len(drift)
    counts = np.bincount(area, minlength=areas)
    mean = np.bincount(area, score, minlength=areas) / np.maximum(counts, 1)
    squares = np.bincount(area, (score - mean[area]) ** 2, minlength=areas)
    whole = _PRIOR_WEIGHT * (_PRIOR_VARIANCE + noise_sd**2)
    total = (squares + whole) / (np.maximum(counts - 1, 0) + _PRIOR_WEIGHT)
    return Belief(mean, np.maximum(total - noise_sd**2, _LEAST), drift, noise_sd)


def follow(events: Events, belief: Belief) -> tuple[Floats, Floats]:
    """Expected true score and its sd (n) right after each event, all cells side by side."""
    mean, variance = np.empty(len(events.cell)), np.empty(len(events.cell))
    starts = np.flatnonzero(np.diff(events.cell, prepend=-1))
    order = np.arange(len(events.cell)) - np.repeat(starts, np.diff(np.append(starts, len(events.cell))))
    for step in range(int(order.max(initial=-1)) + 1):
        rows = np.flatnonzero(order == step)
        area = events.area[rows]
        if step == 0:
            at, spread = belief.mean[area], belief.between[area]
        else:
            years = events.year[rows] - events.year[rows - 1]
            at, spread = onwards(belief, mean[rows - 1], variance[rows - 1], area, years)
        score = events.score[rows]
        assessed = ~np.isnan(score)
        pull = np.where(assessed, spread / (spread + belief.noise_sd**2), 0.0)
        mean[rows] = at + pull * np.where(assessed, score - at, 0.0) + np.where(assessed, 0.0, events.gain[rows])
        variance[rows] = spread * (1.0 - pull) + np.where(assessed, 0.0, events.gain_sd[rows] ** 2)
    return mean, np.sqrt(variance)


def onwards(belief: Belief, mean: Floats, variance: Floats, area: Ints, years: Floats) -> tuple[Floats, Floats]:
    """Expected true score (n) and its variance after so many years without an event."""
    return mean + belief.drift[area] * years, variance + WANDER * years
