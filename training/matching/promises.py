"""The predictions of an approved matching: the growth of each pair, to be checked once its engagement is over."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.store.decisions import Promise
from training.learning.engagements import GROWTH
from training.planning.promises import PAIR, PAIR_READY
from training.publishing import Model


def pair_promises(pairs: Sequence[Mapping[str, Any]], model: Model | None) -> tuple[Promise, ...]:
    """What the pairs of a stored answer promise; none where the standard decided, which predicts no growth.

    The engagement of a pair is not there yet, so that the subject is the business.
    """
    if model is None:
        return ()
    kind = PAIR if model.about["outcome"] == GROWTH else PAIR_READY
    shared, alone = float(np.sqrt(model.residuals.between)), float(np.sqrt(model.residuals.within))
    return tuple(
        Promise(
            kind,
            pair["mentor_id"],
            pair["business_id"],
            pair["expected_growth"],
            pair["low"],
            pair["high"],
            shared,
            alone,
        )
        for pair in pairs
        if pair["expected_growth"] is not None
    )
