"""The growth to expect of pairs that are not there yet: as if each began on the day of the matching."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Framework
from training.matching.match import PairIds
from training.planning.plan import Range
from training.publishing import Model
from training.scoring.prediction import asked, explain

Floats = NDArray[np.float64]


def expected_growth(
    snapshot: Snapshot, framework: Framework, model: Model, pairs: Sequence[PairIds], beside_average: Floats
) -> list[Range]:
    """Growth of each pair with the 90 % range of what will be observed.

    The published predictor says what the business would grow with a mentor of average scores; what this mentor's scores
    add to it (n) comes from the effects, as the matching counts it.

    Args:
        snapshot: the tables of the matching.
        framework: areas and problem codes.
        model: the published model.
        pairs: (business id, mentor id).
        beside_average: what each pair's mentor adds, growth.
    """
    if not pairs:
        return []
    usual = average_growth(snapshot, framework, model, pairs)
    missed = model.residuals
    return [Range(mean, mean + missed.low, mean + missed.high) for mean in (usual + beside_average).tolist()]


def average_growth(snapshot: Snapshot, framework: Framework, model: Model, pairs: Sequence[PairIds]) -> Floats:
    """What the predictor says of each pair if the mentor had average scores (n)."""
    known = snapshot["engagements"]
    began = pd.Timestamp(snapshot.as_of)
    fresh = pd.DataFrame(
        {
            "engagement_id": [f"{business}:{mentor}" for business, mentor in pairs],
            "mentor_id": [mentor for _, mentor in pairs],
            "business_id": [business for business, _ in pairs],
            "started_on": pd.Series([began] * len(pairs), dtype=known["started_on"].dtype),
        }
    )
    columns = {name: fresh.get(name, pd.Series([None] * len(pairs))).astype(known[name].dtype) for name in known}
    table = pd.concat([known, pd.DataFrame(columns)], ignore_index=True) if len(known) else pd.DataFrame(columns)
    rows = asked(replace(snapshot, tables={**snapshot.tables, "engagements": table}), framework, model)
    last = np.zeros(len(table), dtype=bool)
    last[len(known) :] = True
    rows = rows.take(last)
    with np.errstate(invalid="ignore"):
        means = np.nan_to_num(np.nanmean(model.effects.mentor_scores, axis=0), nan=50.0)
    scores = np.broadcast_to(means, rows.scores.shape).copy()
    return explain(model, replace(rows, scores=scores)).predicted
