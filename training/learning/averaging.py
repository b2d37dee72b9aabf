"""The effects of a city: fitted with every shape of the scores, averaged, and cleaned of what came before the start."""

from dataclasses import dataclass, replace

from data.snapshot import Snapshot
from model.learning.blur import blur_of
from model.learning.relation import Basis
from training.learning.engagements import GROWTH
from training.learning.estimates import PRIOR_GROWTH, PRIOR_SHARE, Estimates, averaged, estimate
from training.learning.own_forms import own_forms
from training.learning.placebo import Earlier, before_start, earlier
from training.learning.preparing import Prepared
from training.learning.shape import BENDS, Shape, reshaped, weigh_shapes


@dataclass(frozen=True)
class Found:
    """``estimates`` over all bends of ``shape``; ``before`` the start: growth, None for an outcome of its own."""

    shape: Shape
    before: Earlier | None
    estimates: Estimates


def find_effects(snapshot: Snapshot, prepared: Prepared, seed: int) -> Found:
    """Estimate the effects on what is prepared; ``seed``: of the folds that weigh the shapes."""
    growth = prepared.outcome == GROWTH
    scale = PRIOR_GROWTH if growth else PRIOR_SHARE * float(prepared.basis.outcome.std())
    shape = weigh_shapes(prepared, seed)
    before = earlier(snapshot, prepared) if growth else None
    found = averaged([with_bend(reshaped(prepared, bend), before, scale, bend) for bend in BENDS], shape.weights)
    return Found(shape, before, replace(found, own=own_forms(prepared, found)))


def with_bend(
    bent: Prepared, before: Earlier | None, scale: float, bend: float, basis: Basis | None = None
) -> Estimates:
    """The fit with one bend, noise of scores and what came before the start taken out.

    ``bent``: the rows with scores of that ``bend``; ``basis``: what to fit in the place of theirs, as far as scores
    and outcome stand there for them (training/learning/cross_fitted.py).
    """
    noise = bent.noise
    blur = None if noise is None else blur_of(bent.basis, bent.scores, noise.variance, bend=bend)
    placebo = None if before is None else before_start(bent, before, bend)
    return estimate(bent.basis if basis is None else basis, bent.areas, scale, blur, placebo, bend)
