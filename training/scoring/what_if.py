"""What the model would expect of a mentor's active engagements if the scores were others; nothing is stored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from model.framework import Area
from model.refusals import DataMissing
from model.sentences import sentence
from training.publishing import Model
from training.scoring.prediction import Asked, Shares, explain
from training.scoring.standing import label_of

_NOTE = sentence(
    "This is a simulation: what the model expects where scores are these. It does not say that training brings the "
    "scores, nor that the scores alone bring the growth; for that read the effects. Nothing is stored."
)


def what_if(
    rows: Asked, model: Model, areas: Mapping[str, Area], mentor: str, scores: Mapping[str, float]
) -> dict[str, Any]:
    """The expected growth now and with other scores, each with its 90 % range, and what makes the difference.

    Args:
        rows: every engagement as the model sees it.
        model: the published model.
        areas: for the names of features.
        mentor: id.
        scores: area → score 0..100 in place of the mentor's own; areas left out stay as they are.

    Raises:
        DataMissing: the mentor has no active engagement.
    """
    own = rows.take(rows.active & (rows.mentors == mentor))
    if not len(own.mentors):
        raise DataMissing(
            sentence("The mentor %(id)s has no active engagement, so there is no growth to expect.", id=mentor),
            where=sentence("the table engagements"),
            mend=sentence("Choose a mentor with active engagements, or an earlier day with --as-of."),
        )
    changed = own.scores.copy()
    for place, area in enumerate(model.areas):
        if area in scores:
            changed[:, place] = scores[area]
    now, then = explain(model, own), explain(model, replace(own, scores=changed))
    differences = (then.shares - now.shares).mean(axis=0)
    reach = model.residuals.reach(len(own.mentors))
    largest = np.argsort(-np.abs(differences), kind="stable")
    return {
        "now": _ranged(now, reach),
        "then": _ranged(then, reach),
        "difference": float(then.predicted.mean() - now.predicted.mean()),
        "engagements": len(own.mentors),
        "scores": {area: _score(own.scores[:, place]) for place, area in enumerate(model.areas)},
        "contributions": [
            {
                "feature": (name := now.features[at]),
                "label": label_of(name, areas),
                "contribution": float(differences[at]),
            }
            for at in largest
            if abs(differences[at]) > 0
        ],
        "model": model.name,
        "note": _NOTE,
    }


def _ranged(found: Shares, reach: float) -> dict[str, float]:
    value = float(found.predicted.mean())
    return {"value": value, "low": value - reach, "high": value + reach}


def _score(column: Any) -> float | None:
    """The mentor's own score, the same in every active engagement; None where there is none."""
    return None if np.isnan(column[0]) else float(column[0])
