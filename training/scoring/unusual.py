"""Inputs outside what was learned from: a prediction for them stands on no such case."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.sentences import Sentence, sentence
from training.publishing import Model
from training.scoring.prediction import Asked, own_values
from training.scoring.standing import Words, label_of, natural, typical

Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]


def outside(model: Model, rows: Asked) -> dict[str, Bools]:
    """Features of the rows that lie outside the training range, with the rows that do (r)."""
    return model.seen.outside(rows.facts, rows.scores, model.controls.areas, model.areas)


def unusual_inputs(
    model: Model, rows: Asked, found: Mapping[str, Bools], own: Integers, words: Words
) -> list[dict[str, Any]]:
    """What is unusual among the rows at the places ``own``, the most frequent first.

    Returns:
        Rows {"feature", "label", "value", "low", "high", "engagements", "said"}: the typical value outside, the lowest
        and highest of training (None for texts), how many of the engagements are outside.
    """
    told = []
    for name, flags in found.items():
        places = own[flags[own]]
        if len(places):
            every = own_values(model, name, rows)
            row = unusual_row(model, name, typical([every[place] for place in places]), words)
            told.append({**row, "engagements": len(places)})
    return sorted(told, key=lambda row: (-row["engagements"], row["feature"]))


def unusual_row(model: Model, name: str, value: Any, words: Words) -> dict[str, Any]:
    """One unusual value, in the unit of the feature, with the sentence that says so."""
    low, high = model.seen.numbers.get(name, (None, None))
    return {
        "feature": name,
        "label": label_of(name, words.areas),
        "value": value,
        "low": low,
        "high": high,
        "said": _said(name, value, (low, high), words),
    }


def _said(name: str, value: Any, ends: tuple[float | None, float | None], words: Words) -> Sentence:
    feature, unit = natural(name, words)
    if ends[0] is None:
        return sentence(
            "%(feature)s %(value)s is none of those learned from: take the prediction with care.",
            feature=feature,
            value=unit(value),
        )
    return sentence(
        "%(feature)s %(value)s lies outside what was learned from (%(low)s to %(high)s): take the prediction with "
        "care.",
        feature=feature,
        value=unit(value),
        low=unit(ends[0]),
        high=unit(ends[1]),
    )
