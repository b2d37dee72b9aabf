"""Learning: from stored tables to a relation, its validation, its effects, and all that is published of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Framework
from model.learning.conformal import NOMINAL, Held, Residuals, held, residuals_of
from model.learning.relation import BEND, SCORE_PENALTY, Fit
from model.learning.rising import fit_chosen
from model.learning.supported import (
    FOLDS,
    FOLDS_CUT,
    REPEATS,
    SHUFFLE_CUT,
    SHUFFLES,
)
from model.progress import Progress, silent
from model.sentences import Number, Sentence, sentence
from training.learning.averaging import find_effects
from training.learning.background import Background, background_of
from training.learning.calibration import calibration
from training.learning.champion import LINEAR, NAMES, PAIRS
from training.learning.cross_fitted import second_estimate
from training.learning.engagements import GROWTH, areas_of
from training.learning.estimates import (
    NEAR,
    Estimates,
    effect_rows,
    prior_source,
    sensitivity,
)
from training.learning.fairness import fairness
from training.learning.fold_rows import FoldRows, fold_rows_of
from training.learning.own_forms import own_answer
from training.learning.pairs import PairsFit, fit_pairs, with_background
from training.learning.placebo import selection
from training.learning.preparing import Prepared, prepare
from training.learning.ranges import Seen, seen_of, unusual_among
from training.learning.secondary import secondary
from training.learning.trend import trend
from training.learning.validating import Validation, crossed_of, rows_of, validate

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FEW_MENTORS = 80
"""Below this many a city is nearer to the sample cities of 40 mentors than to those of 160 (by ratio)."""


@dataclass(frozen=True)
class Learned:
    """``answer``: what ``train`` says; the other fields are what is published (training/publishing.py).

    ``pairs``: the trees of pairs where they predict, None where the relation does. ``fold_rows``: what was predicted
    for each engagement without its mentor's fold.
    """

    answer: dict[str, Any]
    prepared: Prepared
    relation: Fit
    estimates: Estimates
    residuals: Residuals
    background: Background
    seen: Seen
    pairs: PairsFit | None
    supported: bool
    fold_rows: FoldRows


def train(
    snapshot: Snapshot,
    framework: Framework,
    *,
    outcome: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> Learned:
    """Learn how mentors' scores relate to the outcome; the same input and seed give the same bytes on one machine.

    Args:
        snapshot: the tables on a day.
        framework: areas and problems.
        outcome: "growth" for the contract's formula, or the name of the dataset's own; None: its own where it has one.
        seed: of folds, shuffles, trees and the background.
        progress: told how far it has come.

    Raises:
        Refused: with the sentence that says what is missing (training/learning/preparing.py).
    """
    progress(0.0, sentence("Laying out the engagements"))
    prepared = prepare(snapshot, framework, outcome)
    basis = prepared.basis
    validation = validate(prepared, seed, progress)
    relation, penalty = fit_chosen(basis, validation.fold)
    progress(0.9, sentence("Estimating the effects"))
    found = find_effects(snapshot, prepared, seed)
    answer = _answer(snapshot, framework, prepared, validation, found.estimates, seed)
    answer["relation"] |= {"predicting_penalty": penalty}
    answer["shape"] = found.shape.as_answer() | own_answer(found.estimates)
    answer["selection"] = None if found.before is None else selection(prepared, found.before, found.estimates)
    progress(0.93, sentence("Estimating the effects a second way"))
    answer["cross_fitted"] = second_estimate(prepared, found, seed, areas_of(snapshot, framework))
    progress(0.95, sentence("Looking at what else changed, and at whom predictions miss"))
    residuals = residuals_of(validation.errors, basis.mentor)
    kept = held(validation.errors, basis.mentor, validation.fold)
    unusual, flagged = unusual_among(prepared, validation.fold, kept)
    answer |= {**_further(snapshot, prepared, validation.errors, residuals, kept), "unusual": unusual}
    background = background_of(prepared, np.random.default_rng([seed, 4]))
    pairs = _pairs(prepared, background, seed) if validation.champion.learner == PAIRS else None
    progress(1.0, sentence("Learned"))
    return Learned(
        answer,
        prepared,
        relation,
        found.estimates,
        residuals,
        background,
        seen_of(prepared.values, prepared.scores, prepared.controls.areas, prepared.areas),
        pairs,
        validation.support.supported,
        fold_rows_of(prepared, validation, kept, flagged),
    )


def _pairs(prepared: Prepared, background: Background, seed: int) -> PairsFit:
    """The trees of pairs, fitted on all rows."""
    rows = rows_of(prepared)
    fitted = fit_pairs(rows, prepared.basis.outcome, crossed_of(prepared), seed)
    return with_background(fitted, rows, background)


def _answer(
    snapshot: Snapshot,
    framework: Framework,
    prepared: Prepared,
    validation: Validation,
    estimates: Estimates,
    seed: int,
) -> dict[str, Any]:
    growth = prepared.outcome == GROWTH
    noise = prepared.noise
    own_unit = sentence("%(unit)s", unit=snapshot.dataset.unit or prepared.outcome)
    return {
        "engagements": len(prepared.basis.outcome),
        "mentors": len(prepared.mentors),
        "outcome": prepared.outcome,
        "unit": sentence("log points") if growth else own_unit,
        "data_version": snapshot.version,
        "as_of": snapshot.as_of,
        "seed": seed,
        "predictor": NAMES[validation.champion.learner],
        "champion": validation.champion.as_answer(),
        "r2_unseen_mentors": validation.scores[0],
        "r2_without_mentor_traits": validation.scores[1],
        "supported_gain": validation.support.supported,
        "verdict": _verdict(validation),
        "p_shuffle": validation.support.p_shuffle,
        "p_folds": validation.support.p_folds,
        "shuffles": SHUFFLES,
        "folds": f"{REPEATS} × {FOLDS}",
        "validation": _learners(validation),
        "effects": effect_rows(estimates, prepared.newest),
        "prior": {
            "per_ten_points": estimates.scale,
            "source": prior_source(growth=growth),
            "sensitivity": sensitivity(estimates, prepared.newest),
        },
        "assessment_noise": None if noise is None else {"sd": float(np.sqrt(noise.variance)), "pairs": noise.pairs},
        "mentor_sd": float(np.sqrt(estimates.likeliest.mixed.between)),
        "residual_sd": float(np.sqrt(estimates.likeliest.mixed.within)),
        "left_out": [{"reason": left.reason, "count": left.count} for left in prepared.rows.left_out],
        "areas_left_out": [{"area": left.area, "reason": left.reason} for left in prepared.areas_left_out],
        "scores_missing": [
            {"area": area, "count": int(count)}
            for area, count in zip(prepared.areas, prepared.basis.missing.sum(axis=0), strict=True)
            if count
        ],
        "scores_seen": [{"area": area, "lowest": low, "highest": high} for area, low, high in _seen(prepared)],
        "controls": [n.name for n in prepared.controls.numbers] + [t.name for t in prepared.controls.texts],
        "controls_constant": list(prepared.controls.constant),
        "naive_before_after": float(prepared.basis.outcome.mean()) if growth else None,
        "trend": trend(snapshot, prepared.rows.cases.month) if growth else None,
        "relation": {"bend": BEND, "score_penalty": SCORE_PENALTY},
        "limits": [
            *_limits(growth=growth, noise=noise is not None, mentors=len(prepared.mentors)),
            *_unseen(prepared, snapshot, framework),
        ],
    }


def _further(
    snapshot: Snapshot, prepared: Prepared, errors: Floats, residuals: Residuals, kept: Held
) -> dict[str, Any]:
    """What is told beside the effects on the main outcome; ``errors``: (n) of the champion, out of fold."""
    return {
        "secondary": secondary(snapshot, prepared),
        "calibration": calibration(prepared, errors, kept.engagements),
        "fairness": fairness(snapshot, prepared, errors, kept.engagements),
        "conformal": _conformal(residuals, kept),
        "rows_kept": True,
    }


def _conformal(residuals: Residuals, kept: Held) -> dict[str, Any]:
    """Ranges of predictions for mentors never seen: what they promise and what they held."""
    return {
        "nominal": NOMINAL,
        "observed": kept.observed,
        "observed_means": kept.mean,
        "low": residuals.low,
        "high": residuals.high,
        "mentors": len(kept.means),
    }


def _learners(validation: Validation) -> list[dict[str, Any]]:
    named = [
        (NAMES[LINEAR], *validation.linear),
        (sentence("boosted trees"), *validation.boosted),
        (NAMES[PAIRS], *validation.pairs),
        (sentence("mean only"), None, validation.mean_only),
    ]
    return [{"learner": n, "r2_unseen_mentors": w, "r2_without_mentor_traits": wo} for n, w, wo in named]


def _verdict(validation: Validation) -> Sentence:
    support = validation.support
    values = {
        "shuffle": _beside(support.p_shuffle),
        "shuffle_cut": Number(SHUFFLE_CUT, 2),
        "folds": _beside(support.p_folds),
        "folds_cut": Number(FOLDS_CUT, 2),
    }
    r2, mean = validation.scores[0], validation.mean_only
    no_better = r2 is not None and mean is not None and r2 <= mean
    if support.supported and no_better:
        return sentence(
            "Mentors' scores tell more than chance about mentors never seen (shuffles p %(shuffle)s, at most "
            "%(shuffle_cut)s; folds p %(folds)s, at most %(folds_cut)s), so plans go by the effects; but no prediction "
            "is better than the mean of all, so do not rely on the growth expected of a single business.",
            **values,
        )
    if support.supported:
        return sentence(
            "Mentors' scores improve the prediction for mentors never seen, beyond chance (shuffles p %(shuffle)s, "
            "at most %(shuffle_cut)s; folds p %(folds)s, at most %(folds_cut)s). Plans go by the effects.",
            **values,
        )
    if no_better:
        return sentence(
            "These data do not show that mentors' scores improve the prediction for mentors never seen (shuffles p "
            "%(shuffle)s, at most %(shuffle_cut)s asked; folds p %(folds)s, at most %(folds_cut)s asked). Plans go by "
            "the standard. No prediction is better than the mean of all, so do not rely on the growth expected of a "
            "single business or mentor.",
            **values,
        )
    return sentence(
        "These data do not show that mentors' scores improve the prediction for mentors never seen (shuffles p "
        "%(shuffle)s, at most %(shuffle_cut)s asked; folds p %(folds)s, at most %(folds_cut)s asked). Plans go by "
        "the standard.",
        **values,
    )


def _beside(p: float) -> Sentence:
    """A p-value as it stands behind its p; what would round to nought is said to be below the last figure shown."""
    least = 0.001
    if p < least:
        return sentence("< %(least)s", least=Number(least, 3))
    return sentence("= %(p)s", p=Number(p, 3))


def _seen(prepared: Prepared) -> list[tuple[str, float, float]]:
    """Per area the lowest and the highest score at a start that was learned from."""
    return [
        (area, float(np.nanmin(column)), float(np.nanmax(column)))
        for area, column in zip(prepared.areas, prepared.scores.T, strict=True)
    ]


def _unseen(prepared: Prepared, snapshot: Snapshot, framework: Framework) -> list[Sentence]:
    """A word for each area in which no score well below the office's standard was ever learned from."""
    known = areas_of(snapshot, framework)
    return [
        sentence(
            "In %(area)s no score below %(lowest)s was learned from (the standard is %(standard)s): what training does "
            "for mentors below that is not known.",
            area=known[area].label,
            lowest=Number(low, 1),
            standard=Number(known[area].standard, 1),
        )
        for area, low, _ in _seen(prepared)
        if low >= known[area].standard - NEAR
    ]


def _limits(*, growth: bool, noise: bool, mentors: int) -> list[Sentence]:
    said = [
        sentence("Mentors were not assigned at random: an unseen difference between them can look like an effect."),
        sentence("An effect says what training may change; a prediction only says what to expect."),
        sentence(
            "Ranges of effects run from the 5 to the 95 percent point of all that is thought possible; plans draw "
            "effects from normal distributions of the same means and spreads, which reach a little farther in the "
            "middle."
        ),
    ]
    if mentors < FEW_MENTORS:
        said.append(
            sentence(
                "With few mentors read the range, not only its middle: in sample cities of 40 mentors plans by effects "
                "brought five sixths of what they promised where areas differ, and two thirds where all matter alike; "
                "nine of ten ranges held."
            )
        )
    if not noise:
        said.append(
            sentence(
                "How far an assessment is off could not be told, because too few mentors were assessed twice without a "
                "training between; effects may be larger than they look."
            )
        )
    if growth:
        said.append(sentence("Growth of the mentored before and after is not the mentors' effect; see the trend."))
    return said
