"""Effects by residuals on residuals: controls' part in outcome and scores foretold by folds of mentors, then taken out.

The partially linear way (Robinson 1988; Chernozhukov et al. 2018) beside the joint fit that ``train`` makes: the same
mixed model by mentor, prior, noise of scores and placebo, only that its outcome and shaped scores are what a learner of
the controls, fitted on the other mentors, leaves over.
"""

from dataclasses import replace

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from data.snapshot import Snapshot
from model.learning.blur import blur_of
from model.learning.relation import Basis, Sums
from model.learning.supported import FOLDS
from training.learning.estimates import PRIOR_GROWTH, Estimates, averaged, estimate
from training.learning.placebo import Earlier, before_start, earlier
from training.learning.preparing import Prepared
from training.learning.shape import reshaped

PENALTIES = np.logspace(-1, 5, 7)
RIDGE = make_pipeline(StandardScaler(), RidgeCV(PENALTIES))
SMOOTH = make_pipeline(
    StandardScaler(),
    FeatureUnion([("plain", "passthrough"), ("smooth", Nystroem(gamma=0.02, n_components=150, random_state=0))]),
    RidgeCV(PENALTIES),
)


def cross_fitted(snapshot: Snapshot, prepared: Prepared, joint: Estimates, learner: RegressorMixin) -> Estimates:
    """The effects of a city by such residuals, with the shapes' weights of the ``joint`` fit."""
    before, outcome = earlier(snapshot, prepared), _left(prepared.basis, prepared.basis.outcome, learner)
    parts = [_with_bend(prepared, before, part.bend, outcome, learner) for part in joint.parts]
    return replace(averaged(parts, joint.weights), own=joint.own)


def _with_bend(
    prepared: Prepared, before: Earlier, bend: float, outcome: np.ndarray, learner: RegressorMixin
) -> Estimates:
    bent, noise = reshaped(prepared, bend), prepared.noise
    blur = None if noise is None else blur_of(bent.basis, prepared.scores, noise.variance, bend=bend)
    basis = bent.basis
    scores = np.where(basis.missing, Sums.of(basis).fill(), basis.scores)
    rest = replace(
        basis,
        controls=np.ones((len(scores), 1)),
        penalty=np.zeros(1),
        scores=np.column_stack([_left(basis, column, learner) for column in scores.T]),
        missing=np.zeros_like(basis.missing),
        gaps=np.zeros_like(basis.gaps),
        outcome=outcome,
    )
    return estimate(rest, prepared.areas, PRIOR_GROWTH, blur, before_start(bent, before, bend), bend)


def _left(basis: Basis, target: np.ndarray, learner: RegressorMixin) -> np.ndarray:
    """What the controls do not foretell of it for mentors never seen."""
    folds = GroupKFold(FOLDS)
    foretold = cross_val_predict(learner, basis.controls[:, 1:], target, groups=basis.mentor, cv=folds)
    rest: np.ndarray = target - foretold
    return rest
