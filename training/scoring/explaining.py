"""The reasons behind an expected growth, alone or against another: base + contributions = value, exactly."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Framework
from model.refusals import DataMissing, InputRefused, NotFound
from model.sentences import sentence
from training.learning.engagements import areas_of
from training.publishing import Model
from training.scoring.prediction import Asked, Shares, asked, explain
from training.scoring.standing import Words, label_of, level_of, reference_of, typical
from training.scoring.unusual import outside, unusual_inputs

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def explain_mentor(
    snapshot: Snapshot,
    framework: Framework,
    model: Model,
    mentor: str,
    against: str | None = None,
    *,
    rows: Asked | None = None,
) -> dict[str, Any]:
    """The reasons behind ``score``'s expected growth of a mentor: the mean over the active engagements.

    Args:
        snapshot: the tables on a day.
        framework: areas and problems.
        model: the published model.
        mentor: id.
        against: id of another mentor; the contributions are then of the difference between the two.
        rows: every engagement as the model sees it, where that was made before.

    Raises:
        NotFound: no mentor has that id.
        DataMissing: a mentor has no active engagement, or was never assessed.
        InputRefused: the two are the same.
    """
    rows = asked(snapshot, framework, model) if rows is None else rows
    rows = rows.take(rows.active)
    known = set(snapshot["mentors"]["mentor_id"])
    sides = [_of_mentor(rows, known, one) for one in _both(mentor, against)]
    return _answer(model, framework, snapshot, rows, sides, against)


def explain_engagement(
    snapshot: Snapshot,
    framework: Framework,
    model: Model,
    engagement: str,
    against: str | None = None,
    *,
    rows: Asked | None = None,
) -> dict[str, Any]:
    """The reasons behind the growth expected of one engagement, or behind its difference from another's.

    Args:
        snapshot: the tables on a day.
        framework: areas and problems.
        model: the published model.
        engagement: id.
        against: id of another engagement.
        rows: every engagement as the model sees it, where that was made before.

    Raises:
        NotFound: no engagement has that id.
        DataMissing: the mentor was never assessed by then.
        InputRefused: the two are the same.
    """
    rows = asked(snapshot, framework, model) if rows is None else rows
    sides = [_of_engagement(rows, one) for one in _both(engagement, against)]
    return _answer(model, framework, snapshot, rows, sides, against)


def _both(one: str, against: str | None) -> list[str]:
    if against is None:
        return [one]
    if one == against:
        raise InputRefused(
            sentence("%(id)s is compared with itself: there is no difference to explain.", id=one),
            where=sentence("the option %(option)s", option="--against"),
            mend=sentence("Name another id to compare with."),
        )
    return [one, against]


def _of_mentor(rows: Asked, known: set[str], mentor: str) -> Places:
    if mentor not in known:
        raise NotFound(sentence("mentor"), mentor)
    own = np.flatnonzero(rows.mentors == mentor)
    if not len(own):
        raise DataMissing(
            sentence("The mentor %(id)s has no active engagement, so there is no growth to expect.", id=mentor),
            where=sentence("the table engagements"),
            mend=sentence("Choose a mentor with active engagements, or an earlier day with --as-of."),
        )
    return _assessed(rows, own)


def _of_engagement(rows: Asked, engagement: str) -> Places:
    own = np.flatnonzero(rows.engagements == engagement)
    if not len(own):
        raise NotFound(sentence("engagement"), engagement)
    return _assessed(rows, own)


def _assessed(rows: Asked, own: Places) -> Places:
    if np.isnan(rows.scores[own]).all():
        mentor = str(rows.mentors[own[0]])
        raise DataMissing(
            sentence("The mentor %(id)s has not been assessed in any area the model knows.", id=mentor),
            where=sentence("the table assessments"),
            mend=sentence("Import an assessment of this mentor."),
        )
    return own


def _answer(
    model: Model, framework: Framework, snapshot: Snapshot, rows: Asked, sides: list[Places], against: str | None
) -> dict[str, Any]:
    """Base, value and contributions of one side, or of the difference of the first side from the second."""
    words, first = Words(areas_of(snapshot, framework), framework.sector), rows.take(sides[0])
    own, *others = [explain(model, rows.take(side)) for side in sides]
    shares, value = _mean(own), float(own.predicted.mean())
    base, reference = own.base, [reference_of(model, name, words) for name in own.features]
    for other in others:
        shares, base = shares - _mean(other), float(other.predicted.mean())
        reference = [typical(values) for values in other.values]
    told = [
        {
            "feature": name,
            "label": label_of(name, words.areas),
            "value": typical(values),
            "level": level_of(name, typical(values), words),
            "reference": beside,
            "reference_level": level_of(name, beside, words),
            "contribution": float(share),
        }
        for name, values, beside, share in zip(own.features, own.values, reference, shares, strict=True)
    ]
    told.sort(key=lambda row: (-abs(row["contribution"]), row["feature"]))
    return {
        "base": base,
        "value": value,
        "against": against,
        "engagements": len(own.shares),
        "contributions": told,
        "unusual": unusual_inputs(model, first, outside(model, first), np.arange(len(sides[0])), words),
        "model": model.name,
        "note": _AGAINST if others else _ALONE,
    }


def _mean(found: Shares) -> Floats:
    means: Floats = found.shares.mean(axis=0)
    return means


_ALONE = sentence(
    "Contributions say why this is expected; what training would change is the effect, which is another figure."
)
_AGAINST = sentence(
    "Contributions say why more or less is expected than of the other; they do not say who is the better mentor, and "
    "what training would change is the effect, which is another figure."
)
