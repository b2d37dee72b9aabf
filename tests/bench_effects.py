"""Effects beside a causal library that knows nothing of mentors: ``python -m tests.bench_effects [CITIES [SEED]]``.

For each kind of sample city: error (root mean square, log points per ten points of score), share of 90 % ranges that
hold the true effect, and their mean width. The same fit with nuisances cross-fitted by folds of mentors stands beside
it, by a ridge on the controls and by one on smooth functions of them. The library is econml (``pip install econml``
beside what this project needs): LinearDML with its own errors, which take engagements for the sample, on the same rows,
controls, shaped scores and number of folds, one area at a time with the other areas' scores among the controls. Cities
are other ones than those looked at while building (seeds below 100).
"""

import logging
import math
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from data.sample import KINDS
from data.snapshot import Snapshot
from model.forms import shaped
from model.learning.relation import BEND, Sums, columns
from model.learning.supported import FOLDS
from tests.sample_city import FRAMEWORK, city_of
from training.learning.averaging import Found, find_effects
from training.learning.cross_fitted import PENALTIES, cross_fitted
from training.learning.estimates import Estimates, effect_rows
from training.learning.preparing import Prepared, prepare

Ranges = dict[tuple[str, bool], tuple[float, float, float]]
"""Mean, low and high per area and need."""

OWN, UNPOOLED, PEER = "train", "train, not pooled over areas", "econml LinearDML, errors by engagement"
CROSSED, SMOOTHED = "train, cross-fitted by a ridge", "train, cross-fitted by smooth functions"
SQUARED = "train, cross-fitted by squares, as told"
APART = "hidden_selection"

RIDGE = make_pipeline(StandardScaler(), RidgeCV(PENALTIES, alpha_per_target=True))
SMOOTH = make_pipeline(
    StandardScaler(),
    FeatureUnion([("plain", "passthrough"), ("smooth", Nystroem(gamma=0.02, n_components=150, random_state=0))]),
    RidgeCV(PENALTIES, alpha_per_target=True),
)


@dataclass
class Score:
    """Errors, hits and widths of one method."""

    misses: list[float] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def judge(self, found: Ranges, truth: Mapping[tuple[str, bool], float]) -> None:
        for key, (mean, low, high) in found.items():
            if key in truth:
                self.misses.append(mean - truth[key])
                self.held.append(low <= truth[key] <= high)
                self.widths.append(high - low)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.misses + other.misses, self.held + other.held, self.widths + other.widths)

    def line(self) -> str:
        error = math.sqrt(np.mean(np.square(self.misses)))
        return f"{error:8.4f} {np.mean(self.held):8.0%} {np.mean(self.widths):8.4f} {len(self.held):6}"


@dataclass
class Learned:
    """What is prepared of a city, and what ``train`` finds in it."""

    snapshot: Snapshot
    prepared: Prepared
    found: Found

    @property
    def estimates(self) -> Estimates:
        return self.found.estimates


def own(learned: Learned) -> Ranges:
    """What ``train`` answers."""
    return _ranges(learned.estimates, learned)


def unpooled(learned: Learned) -> Ranges:
    """The same fit by mentor without the prior."""
    return _ranges(replace(learned.estimates, scale=math.inf), learned)


def crossed(learned: Learned) -> Ranges:
    """The same with nuisances cross-fitted by a ridge."""
    return _ranges(cross_fitted(learned.prepared, learned.found, 0, RIDGE), learned)


def smoothed(learned: Learned) -> Ranges:
    """The same with nuisances cross-fitted by a ridge on smooth functions."""
    return _ranges(cross_fitted(learned.prepared, learned.found, 0, SMOOTH), learned)


def squared(learned: Learned) -> Ranges:
    """The same with nuisances cross-fitted by a ridge on squares: the second estimate of the model card."""
    return _ranges(cross_fitted(learned.prepared, learned.found, 0), learned)


def _ranges(found: Estimates, learned: Learned) -> Ranges:
    rows = effect_rows(found, learned.prepared.newest)
    return {(r["area"], r["need"]): (r["mean"], r["low"], r["high"]) for r in rows}


def linear_dml(learned: Learned) -> Ranges:
    """LinearDML per area, the effect as a straight line in the need."""
    from econml.dml import LinearDML  # noqa: PLC0415 - a peer that need not be installed

    prepared = learned.prepared
    basis, first = prepared.basis, prepared.basis.controls.shape[1]
    scores = columns(basis, Sums.of(basis).fill())[:, first : first + len(prepared.areas)]
    found: Ranges = {}
    for a, area in enumerate(prepared.areas):
        known = prepared.newest[~np.isnan(prepared.newest[:, a]), a]
        step = float((shaped(np.minimum(known + 5, 100), BEND) - shaped(np.maximum(known - 5, 0), BEND)).mean()) / 10
        further = np.hstack([basis.controls[:, 1:], np.delete(scores, a, axis=1)])
        ridge = np.logspace(-2, 4, 7)
        dml = LinearDML(model_y=RidgeCV(ridge), model_t=RidgeCV(ridge), cv=FOLDS, random_state=0)
        dml.fit(basis.outcome, scores[:, a], X=basis.needs[:, [a]], W=further)
        needs = np.array([[0.0], [1.0]]) if basis.with_need[a] else np.array([[0.0]])
        low, high = dml.const_marginal_effect_interval(needs, alpha=0.1)
        parts = zip(dml.const_marginal_effect(needs).ravel(), low.ravel(), high.ravel(), strict=True)
        for need, (mean, least, most) in enumerate(parts):
            found[area, bool(need)] = (step * mean, step * least, step * most)
    return found


def methods() -> dict[str, Callable[[Learned], Ranges]]:
    """The methods that can run here."""
    ours = {OWN: own, UNPOOLED: unpooled, CROSSED: crossed, SMOOTHED: smoothed, SQUARED: squared}
    try:
        import econml  # noqa: F401, PLC0415 - a peer that need not be installed
    except ImportError:
        print("econml is not installed here, so there is no peer: pip install econml, in an environment of its own.")
        return ours
    return {**ours, PEER: linear_dml}


def main() -> None:
    """Print one table: a line per kind and method, and all kinds but hidden selection together."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    given = [int(text) for text in sys.argv[1:]]
    cities, first = [*given, *(5, 100)[len(given) :]]
    tried, whole = methods(), defaultdict(Score)
    print(f"{cities} cities of each kind, seeds from {first}")
    print(f"{'kind':18} {'method':40} {'rmse':>8} {'covered':>8} {'width':>8} {'of':>6}")
    for kind in KINDS:
        scores = defaultdict(Score)
        for seed in range(first, first + cities):
            snapshot, known = city_of(kind, seed)
            truth = {(row["area"], row["need"]): row["mean"] for row in known["effects"]}
            prepared = prepare(snapshot, FRAMEWORK, None)
            learned = Learned(snapshot, prepared, find_effects(snapshot, prepared, 0))
            for name, method in tried.items():
                scores[name].judge(method(learned), truth)
        for name, score in scores.items():
            print(f"{kind:18} {name:40} {score.line()}", flush=True)
            whole[name] += score if kind != APART else Score()
    for name, score in whole.items():
        print(f"{'all but ' + APART:18.18} {name:40} {score.line()}")


if __name__ == "__main__":
    main()
