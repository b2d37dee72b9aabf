"""Effects estimated a second way: what controls foretell of outcome and scores, by folds of mentors, is taken out.

The partially linear model (Robinson 1988, Econometrica 56, 931–954) with cross-fitted nuisances (Chernozhukov et al.
2018, Econometrics Journal 21, C1–C68), beside the joint fit that plans go by: the same mixed model by mentor, prior,
noise of scores, shapes and placebo, only that its outcome and shaped scores are what a learner of the controls, fitted
on the other mentors, leaves over. Needs are among the controls, so a score's residual times the need is the residual
of score × need.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.framework import Area
from model.learning.folds import mentor_folds
from model.learning.relation import Basis, Sums
from model.learning.supported import FOLDS
from model.sentences import Number, Sentence, sentence
from training.learning.averaging import Found, with_bend
from training.learning.estimates import Estimates, averaged, per_ten
from training.learning.preparing import Prepared
from training.learning.shape import reshaped

if TYPE_CHECKING:
    from sklearn.base import RegressorMixin

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PENALTIES = np.logspace(-1, 5, 7)


def squares() -> "RegressorMixin":
    """Ridge on the standardised controls and their squares, its penalty by leave-one-out for each target."""
    from sklearn.linear_model import RidgeCV  # noqa: PLC0415 - slow to import
    from sklearn.pipeline import FeatureUnion, make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import FunctionTransformer, StandardScaler  # noqa: PLC0415

    both = FeatureUnion([("plain", "passthrough"), ("squares", FunctionTransformer(np.square))])
    return make_pipeline(StandardScaler(), both, StandardScaler(), RidgeCV(PENALTIES, alpha_per_target=True))


def cross_fitted(prepared: Prepared, found: Found, seed: int, learner: "RegressorMixin | None" = None) -> Estimates:
    """The effects by residuals on residuals, with the shapes' weights, the scale and the own forms of the joint fit.

    Args:
        prepared: the rows.
        found: what the joint fit found in them.
        seed: of the mentor folds.
        learner: of the nuisances, of many targets at once; None: :func:`squares`.
    """
    joint, basis = found.estimates, prepared.basis
    bent = [reshaped(prepared, part.bend) for part in joint.parts]
    scores = [np.where(one.basis.missing, Sums.of(one.basis).fill(), one.basis.scores) for one in bent]
    targets = np.column_stack([basis.outcome, *scores])
    fold = mentor_folds(basis.mentor, FOLDS, np.random.default_rng([seed, 8]))
    left = targets - foretold(basis.controls[:, 1:], targets, fold, squares() if learner is None else learner)
    rests = np.split(left[:, 1:], len(bent), axis=1)
    parts = [
        with_bend(one, found.before, joint.scale, part.bend, _rest(one.basis, left[:, 0], rest))
        for one, part, rest in zip(bent, joint.parts, rests, strict=True)
    ]
    return replace(averaged(parts, joint.weights), own=joint.own)


def foretold(controls: Floats, targets: Floats, fold: Integers, learner: "RegressorMixin") -> Floats:
    """Targets (n, T) as ``learner`` of the ``controls`` (n, q) predicts them, fitted without the row's ``fold`` (n)."""
    if not controls.shape[1]:
        controls = np.zeros((len(targets), 1))
    predicted = np.empty_like(targets)
    for one in np.unique(fold):
        held = fold == one
        predicted[held] = learner.fit(controls[~held], targets[~held]).predict(controls[held])
    return predicted


def _rest(basis: Basis, outcome: Floats, scores: Floats) -> Basis:
    """The rows with only what the controls leave over of outcome (n) and scores (n, A)."""
    return replace(
        basis,
        controls=np.ones((len(outcome), 1)),
        penalty=np.zeros(1),
        scores=scores,
        missing=np.zeros_like(basis.missing),
        gaps=np.zeros_like(basis.gaps),
        outcome=outcome,
    )


def second_estimate(prepared: Prepared, found: Found, seed: int, known: Mapping[str, Area]) -> dict[str, Any]:
    """How the effects come out by the second way.

    Returns:
        {"effects": [{"area", "need", "mean", "difference", "in_sd"}], "said"}: mean of ten points, less that of the
        joint fit, and the same in standard deviations of the joint fit's posterior.
    """
    main, other, rows = found.estimates.effects, cross_fitted(prepared, found, seed).effects, []
    tables = [
        (per_ten(main, prepared.newest, need=n), per_ten(other, prepared.newest, need=n)[0]) for n in (False, True)
    ]
    for a, area in enumerate(main.areas):
        for need in (False, True) if main.has_need[a] else (False,):
            (means, spreads), others = tables[need]
            difference = float(others[a] - means[a])
            in_sd = difference / float(spreads[a]) if spreads[a] > 0 else 0.0
            rows.append(
                {"area": area, "need": need, "mean": float(others[a]), "difference": difference, "in_sd": in_sd}
            )
    return {"effects": rows, "said": _said(rows, known)}


def _said(rows: list[dict[str, Any]], known: Mapping[str, Area]) -> Sentence:
    """Whether all agree within one standard deviation; the largest difference either way."""
    most = max(rows, key=lambda row: abs(row["in_sd"]))
    values = {
        "area": known[most["area"]].label,
        "businesses": sentence("with the need") if most["need"] else sentence("without the need"),
        "by": Number(abs(most["in_sd"]), 2),
    }
    if abs(most["in_sd"]) <= 1.0:
        return sentence(
            "All effects agree with those of the joint fit within one standard deviation of its posterior; the largest "
            "difference is in %(area)s, %(businesses)s: %(by)s standard deviations.",
            **values,
        )
    return sentence(
        "Not all effects agree with those of the joint fit within one standard deviation of its posterior; the largest "
        "difference is in %(area)s, %(businesses)s: %(by)s standard deviations. Rely on that effect with care.",
        **values,
    )
