"""Secondary outcomes: workers, registration, cash book, credit, partner, and the summary index of them.

The engagements are those learned from, the windows those of growth, the effects estimated as those on the main outcome
but not pooled over areas. A registration comes of guidance in one area, a partner in another, so that areas do not
resemble each other; and nothing is chosen by these effects, so that no choice flatters them. On 18 sample cities with
effects (seeds 0–5) 90 % ranges held 96 % of the effects that are there un-pooled, 61 % pooled with a prior of a tenth
of the outcome's deviation, and 92 and 96 % of those that are not; un-pooled on 40 others (seeds 20–29) 89 and 92 %.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from data.snapshot import Snapshot
from model.learning.blur import blur_of
from model.learning.relation import Basis
from model.learning.secondary import summary_index
from model.sentences import Number, Sentence, sentence
from training.learning.areas import FEWEST_MENTORS, need_both_ways
from training.learning.estimates import Estimates, effect_rows, estimate
from training.learning.following import LACKS, Followed, followed
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

INDEX = "summary_index"


def secondary(snapshot: Snapshot, prepared: Prepared) -> list[dict[str, Any]]:
    """Effects on every outcome that is reported at all, the summary index first where two outcomes make one.

    Returns:
        Rows {"outcome", "label", "unit", "engagements", "mentors", "mean", "never_mentored_mean", "effects",
        "left_out", "components", "p", "said"}: ``effects`` like those of the main outcome, empty where none can be
        estimated; ``p`` of the index alone (:func:`_p`); ``components``: what it is made of and standardised by.
    """
    known = followed(snapshot, prepared)
    parts = [found for found in known if found.scale.sd > 0]
    rows = [_outcome_row(prepared, found, len(known)) for found in known]
    return [_index_row(prepared, parts), *rows] if len(parts) > 1 else rows


def _outcome_row(prepared: Prepared, found: Followed, tried: int) -> dict[str, Any]:
    asked, change = found.asked, found.change
    counts = [(reason, int((change.lack == lack).sum())) for lack, reason in LACKS.items()]
    caution = sentence(
        "One of %(count)s outcomes looked at beside the main one: among several, one can stand out by chance. Plans do "
        "not go by it.",
        count=Number(tried),
    )
    return {
        "outcome": asked.code,
        "label": asked.label,
        "unit": asked.unit,
        **_estimated(prepared, change.value, caution),
        "p": None,
        "never_mentored_mean": None if found.never is None else found.never.mean,
        "left_out": [{"reason": reason, "count": count} for reason, count in counts if count],
        "components": [],
    }


def _index_row(prepared: Prepared, parts: list[Followed]) -> dict[str, Any]:
    value = summary_index(np.stack([part.change.value for part in parts], axis=1), [part.scale for part in parts])
    unknown = int(np.isnan(value).sum())
    reason = sentence("none of the outcomes is known before and after")
    said = sentence(
        "The one test of secondary outcomes set beforehand: ten points more in every area. Plans do not go by it."
    )
    return {
        "outcome": INDEX,
        "label": sentence("Summary index of the secondary outcomes"),
        "unit": sentence("standard deviations"),
        **_estimated(prepared, value, said),
        "never_mentored_mean": None,
        "left_out": [{"reason": reason, "count": unknown}] if unknown else [],
        "components": [
            {
                "outcome": part.asked.code,
                "mean": part.scale.mean,
                "sd": part.scale.sd,
                "of": sentence("the engagements themselves")
                if part.never is None
                else sentence("never-mentored businesses"),
            }
            for part in parts
        ],
    }


def _estimated(prepared: Prepared, value: Floats, said: Sentence) -> dict[str, Any]:
    """The part of a row that is learned: ``value`` (n) of the outcome, NaN where it is not known."""
    there = ~np.isnan(value)
    basis, codes = _basis(prepared, value, there)
    counted = {"engagements": int(there.sum()), "mentors": len(codes), "mean": float(basis.outcome.mean())}
    why_not = _why_not(basis.outcome, len(codes))
    if why_not is not None:
        return counted | {"effects": [], "p": None, "said": why_not}
    noise = prepared.noise
    blur = None if noise is None else blur_of(basis, prepared.scores[there], noise.variance)
    found = estimate(basis, prepared.areas, math.inf, blur)
    return counted | {"effects": effect_rows(found, prepared.newest[codes]), "p": _p(found, basis), "said": said}


def _basis(prepared: Prepared, value: Floats, there: NDArray[np.bool_]) -> tuple[Basis, Integers]:
    """The rows with the outcome known, and the codes of their mentors among those of ``prepared``."""
    rows = prepared.basis.take(there)
    codes, mentor = np.unique(rows.mentor, return_inverse=True)
    mentor = mentor.astype(np.int64)
    both = rows.with_need & need_both_ways(rows.needs, mentor)
    gaps = np.asarray(rows.missing.any(axis=0))
    return replace(rows, outcome=value[there], mentor=mentor, with_need=both, gaps=gaps), codes


def _why_not(outcome: Floats, mentors: int) -> Sentence | None:
    if mentors < FEWEST_MENTORS:
        return sentence(
            "Known of the businesses of %(mentors)s mentors only; at least %(least)s are needed.",
            mentors=Number(mentors),
            least=Number(FEWEST_MENTORS),
        )
    if float(np.ptp(outcome)) == 0.0:
        return sentence("It is the same for every engagement, so no effect on it can be learned.")
    return None


def _p(found: Estimates, basis: Basis) -> float | None:
    """Two-sided p of the un-pooled effect of ten shaped points more in every area on the average engagement."""
    weights = np.append(np.ones(basis.needs.shape[1]), basis.needs.mean(axis=0)) * found.learned
    variance = float(weights @ found.likeliest.covariance @ weights)
    if variance <= 0:
        return None
    return float(2 * student.sf(abs(float(weights @ found.likeliest.estimate)) / np.sqrt(variance), found.df))
