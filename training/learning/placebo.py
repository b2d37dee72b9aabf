"""Growth before the start on the scores of the mentor who came later: what a mentor cannot have done.

It is a negative-control outcome (pre-trend): where better businesses go to better mentors by something that no table
shows, scores seem to matter before the start as well. Businesses that grew faster are taken to go on so, year by year:
growth over ``gap`` years before the start stands for gap times the bias of growth over the outcome's one year. Only a
business's first engagement counts, since an earlier mentor may be behind what came before a later one.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.learning.blur import blur_of
from model.learning.mixed import random_intercept
from model.learning.outcome import BEFORE
from model.learning.relation import Sums
from model.sentences import Number, Sentence, sentence
from training.learning.areas import FEWEST_MENTORS
from training.learning.engagements import ledger, months_of
from training.learning.estimates import WIDE, Before, Estimates, hidden
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]

FEWEST_PER_COLUMN = 3
"""Engagements with reports from before that each column of the fit asks for; below it nothing is said."""

_REACH = 1.6448536269514722
_LONGEST = 120
_MONTHS = 12.0


@dataclass(frozen=True)
class Earlier:
    """Per learning row: ``growth`` (n) of log turnover before the start, over ``gap`` (n) years; NaN where unknown."""

    growth: Floats
    gap: Floats


def earlier(snapshot: Snapshot, prepared: Prepared) -> Earlier:
    """Mean log turnover of months −5..0 less that of all earlier months, and the years between their mean months."""
    businesses, books = ledger(snapshot)
    cases = prepared.rows.cases
    business = businesses.get_indexer(pd.Index(cases.table["business_id"])).astype(np.int64)
    every = snapshot["engagements"]
    first = np.full(len(businesses), np.iinfo(np.int64).max)
    np.minimum.at(first, businesses.get_indexer(pd.Index(every["business_id"])), months_of(every["started_on"]))
    level, month = books.level(business, cases.month + BEFORE[0], cases.month + BEFORE[1])
    old, old_month = books.level(business, cases.month - _LONGEST, cases.month + BEFORE[0] - 1)
    own = cases.month <= first[business]
    return Earlier(np.where(own, level - old, np.nan), np.where(own, (month - old_month) / _MONTHS, np.nan))


def before_start(prepared: Prepared, found: Earlier, bend: float) -> Before | None:
    """Fit growth before the start; None where it is known of too few engagements or mentors.

    Every control may act on growth per year, so each enters alone and times the gap. ``bend`` is that of the scores.
    """
    known = np.isfinite(found.growth) & (found.gap > 0)
    codes, mentor = np.unique(prepared.basis.mentor[known], return_inverse=True)
    basis, gap = replace(prepared.basis.take(known), mentor=mentor.astype(np.int64)), found.gap[known]
    basis = replace(basis, with_need=np.zeros_like(basis.with_need))
    scores = np.where(basis.missing, Sums.of(prepared.basis).fill(), basis.scores) * gap[:, None]
    X = np.hstack([basis.controls, basis.controls * gap[:, None], scores])
    if len(X) < FEWEST_PER_COLUMN * X.shape[1] or len(codes) < FEWEST_MENTORS:
        return None
    areas, q = scores.shape[1], X.shape[1] - scores.shape[1]
    noise = prepared.noise
    blur = None if noise is None else blur_of(basis, prepared.scores[known], noise.variance, bend=bend, exposure=gap)
    penalty = np.concatenate([np.tile(basis.penalty, 2), np.full(areas, WIDE)])
    fit = random_intercept(X, found.growth[known], basis.mentor, penalty, blur)
    steps = np.zeros((len(prepared.mentors), areas))
    steps[codes] = fit.steps[:, q:]
    return Before(fit.coefficients[q:], fit.covariance[q:, q:] + hidden(fit, q), steps)


def selection(prepared: Prepared, found: Earlier, estimates: Estimates) -> dict[str, Any] | None:
    """What growth before the start says of better businesses going to better mentors; None where nothing.

    Returns:
        {"engagements", "mentors", "years", "mean", "low", "high", "said"}: ``mean`` is how much faster a year the
        businesses grew before the start whose later mentor has ten points more in every area, log points.
    """
    placebo = estimates.likeliest.placebo
    if placebo is None:
        return None
    known = np.isfinite(found.growth) & (found.gap > 0)
    mean = float(placebo.estimate.sum())
    reach = _REACH * float(np.sqrt(placebo.covariance.sum() * estimates.widened))
    return {
        "engagements": int(known.sum()),
        "mentors": len(np.unique(prepared.basis.mentor[known])),
        "years": float(found.gap[known].mean()),
        "mean": mean,
        "low": mean - reach,
        "high": mean + reach,
        "said": _said(mean - reach, mean + reach),
    }


def _said(low: float, high: float) -> Sentence:
    values = {"low": Number(low, 3), "high": Number(high, 3)}
    if low > 0:
        return sentence(
            "Businesses that came to mentors with higher scores grew faster already before: ten points more in every "
            "area go with %(low)s to %(high)s more log growth a year. The effects are corrected by it, as if that "
            "difference went on, and their ranges are wider for it.",
            **values,
        )
    if high < 0:
        return sentence(
            "Businesses that came to mentors with higher scores grew more slowly before: ten points more in every area "
            "go with %(low)s to %(high)s log growth a year. The effects are corrected by it, as if that difference "
            "went on, and their ranges are wider for it.",
            **values,
        )
    return sentence(
        "Growth before the start shows no sign that faster-growing businesses went to mentors with higher scores: ten "
        "points more in every area go with %(low)s to %(high)s log growth a year. What little room that leaves is in "
        "the ranges.",
        **values,
    )
