"""What places would be worth to the plan once a score is assessed anew, by the very values that the plan chooses by.

By effect: the expected benefit from the belief that the new score leaves, its blend with the standard, and what a
cautious plan takes off for doubt. By the standard: its value at the new score itself.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.planning.gains import CourseGains
from model.planning.information import after_assessing, nodes
from model.planning.standard import standard_value
from model.planning.uplift import Chances, Places, Uplift
from training.planning.caution import Caution
from training.planning.preparing import Prepared
from training.planning.solving import Stage
from training.planning.values import EffectValues, blended_at, scale_of
from training.planning.worth import Valued

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DRAWS = 500  # of what is expected after a result; the level comes from the plan's own draws


@dataclass(frozen=True)
class Outlook:
    """Places (n) as a plan values them: ``before`` now, −∞ where it cannot choose them, ``results`` (K, n) after.

    ``predicted``: sd (n) of a new assessment.
    """

    before: Floats
    results: Floats
    predicted: Floats


def outlook(prepared: Prepared, ready: Stage, places: Places, unknown: NDArray[np.bool_], count: int) -> Outlook:
    """Value some places now and at each of ``count`` equally likely results of one more assessment.

    Args:
        prepared: of the day; the plan's values are its own.
        ready: the plan; where it is cautious, what doubt takes off a place stays as it is.
        places: (n) numbered as the values number them; those never assessed among them.
        unknown: (n) which those are.
        count: of results.
    """
    shift, left, predicted = after_assessing(places.doubt, prepared.tables.gains.drift.noise_sd)
    values, gains = prepared.values, prepared.tables.gains.posterior
    if isinstance(values, EffectValues) and isinstance(ready.values, EffectValues):
        values = replace(values, standard_share=ready.values.standard_share)
        after = [(z * shift, left, z * predicted) for z in nodes(count)]
        mean, now, results = _by_effect(values, gains, places, after)
    else:
        mean = now = _rule(gains, places, places.score)
        results = np.array([_rule(gains, places, places.true + z * predicted) for z in nodes(count)])
    off = _doubt(replace(values, places=places, mean=mean, objective=now), ready.worst)
    return Outlook(np.where(unknown, -np.inf, now - off), results - off, predicted)


def _by_effect(
    values: EffectValues, gains: CourseGains, places: Places, after: list[tuple[Floats, Floats, Floats]]
) -> tuple[Floats, Floats, Floats]:
    """What is expected now, and the plan's values now and after: shifts of belief and of score, with the doubt left.

    What is expected now is the mean of what is expected after; what a few results and draws miss of it is put right.
    """
    share, scale = values.standard_share, scale_of(values.mean, _rule(gains, values.places, values.places.score))
    thin = Uplift.of(values.uplift.effects, Chances.of(gains, values.uplift.chances.seed, _DRAWS))
    expected = np.array([thin.expected(replace(places, true=places.true + by, doubt=left)) for by, left, _ in after])
    mean = values.uplift.expected(places)
    expected += mean - expected.mean(axis=0)
    rules = [_rule(gains, places, places.true + by) for _, _, by in after] if share else [mean * 0.0] * len(after)
    results = [blended_at(each, rule, share, scale) for each, rule in zip(expected, rules, strict=True)]
    return mean, blended_at(mean, _rule(gains, places, places.score), share, scale), np.array(results)


def _rule(gains: CourseGains, places: Places, score: Floats) -> Floats:
    """The standard's value (n) at a score."""
    score = np.clip(score, 0.0, 100.0)
    gain, _ = gains.at(places.course, score)
    return standard_value(score, places.standard, places.needing, gain)


def _doubt(values: Valued, worst: Ints | None) -> Floats:
    """What a cautious plan takes off each place (n) for doubt; nothing where it counts with all draws."""
    if worst is None:
        return np.zeros(len(values.mean))
    off: Floats = values.objective - Caution(values).counted(worst).objective
    return off
