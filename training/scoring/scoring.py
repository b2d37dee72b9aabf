"""Where each mentor stands: newest scores, the growth expected of the active engagements, and why."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Framework
from model.refusals import NotFound
from model.sentences import sentence
from training.learning.engagements import areas_of, assessed, need_flags
from training.publishing import Model
from training.scoring.prediction import Asked, asked, explain
from training.scoring.standing import Words, movers, standing_reasons
from training.scoring.unusual import outside, unusual_inputs

Floats = NDArray[np.float64]

MOST_REASONS = 5


def score(
    snapshot: Snapshot,
    framework: Framework,
    model: Model | None,
    mentor: str | None = None,
    *,
    index: Mapping[str, Mapping[str, Any]] | None = None,
    rows: Asked | None = None,
) -> dict[str, Any]:
    """Newest scores, expected growth of the active engagements and reasons, per mentor; never ranked.

    Args:
        snapshot: the tables on a day.
        framework: areas and problems.
        model: the published model; without one there is no expected growth.
        mentor: only this one; None for all, in the order of the mentors table.
        index: mentor id → {"index", "delivery_rate", "delivery_low", "delivery_high"} from the index room, else None.
        rows: every engagement as the model sees it, where that was made before.

    Raises:
        NotFound: no mentor has that id.
    """
    every = list(snapshot["mentors"]["mentor_id"])
    if mentor is not None and mentor not in every:
        raise NotFound(sentence("mentor"), mentor)
    standing, areas = _standing(snapshot, framework), areas_of(snapshot, framework)
    needing, active = _needing(snapshot, framework), Counter(snapshot.active["mentor_id"])
    growth = _growth(snapshot, framework, model, mentor, rows) if model is not None else {}
    told = []
    for ident in every if mentor is None else [mentor]:
        scores, expected = standing[ident], growth.get(ident, {})
        reasons = standing_reasons(scores, areas, needing.get(ident, {})) + expected.get("reasons", [])
        measured = (index or {}).get(ident, {})
        told.append(
            {
                "mentor_id": ident,
                "scores": scores,
                "index": measured.get("index"),
                **{name: measured.get(name) for name in ("delivery_rate", "delivery_low", "delivery_high")},
                "expected_growth": expected.get("value"),
                "low": expected.get("low"),
                "high": expected.get("high"),
                "active": active[ident],
                "reasons": reasons[:MOST_REASONS],
                "unusual": expected.get("unusual", []),
            }
        )
    return {"mentors": told, "model": model.name if model is not None else None}


def _standing(snapshot: Snapshot, framework: Framework) -> dict[str, dict[str, float]]:
    """Mentor → area → newest score."""
    known = assessed(snapshot, framework)
    codes = np.arange(len(known.mentors))
    today = np.full(len(codes), np.datetime64(snapshot.as_of, "D").astype(np.int64))
    if not known.areas:
        return {str(ident): {} for ident in known.mentors}
    newest = known.newest(codes, today)
    return {
        str(ident): {a: float(s) for a, s in zip(known.areas, row, strict=True) if not np.isnan(s)}
        for ident, row in zip(known.mentors, newest, strict=True)
    }


def _needing(snapshot: Snapshot, framework: Framework) -> dict[str, dict[str, int]]:
    """Mentor → area → number of active businesses with a need in it."""
    areas = tuple(areas_of(snapshot, framework))
    active = snapshot.active
    needs = snapshot["businesses"].set_index("business_id")["needs"].reindex(active["business_id"])
    flags = need_flags(needs, framework, areas)
    counts: dict[str, dict[str, int]] = {}
    for ident, row in zip(active["mentor_id"], flags, strict=True):
        own = counts.setdefault(str(ident), dict.fromkeys(areas, 0))
        for area, flag in zip(areas, row, strict=True):
            own[area] += int(flag)
    return counts


def _growth(
    snapshot: Snapshot, framework: Framework, model: Model, mentor: str | None, rows: Asked | None
) -> dict[str, dict[str, Any]]:
    """Mentor (or only one) → expected growth of the active engagements, its range, and what moves it most."""
    rows = asked(snapshot, framework, model) if rows is None else rows
    rows = rows.take(rows.active if mentor is None else rows.active & (rows.mentors == mentor))
    found = explain(model, rows)
    predicted, words = found.predicted, Words(areas_of(snapshot, framework), framework.sector)
    strange = outside(model, rows)
    assessed_ever = ~np.isnan(rows.scores).all(axis=1)
    answers: dict[str, dict[str, Any]] = {}
    if not assessed_ever.any():
        return answers
    order = np.flatnonzero(assessed_ever)[np.argsort(rows.mentors[assessed_ever].astype(str), kind="stable")]
    names, starts = np.unique(rows.mentors[order].astype(str), return_index=True)
    for name, own in zip(names, np.split(order, starts[1:]), strict=True):
        value, reach = float(predicted[own].mean()), model.residuals.reach(len(own))
        answers[str(name)] = {
            "value": value,
            "low": value - reach,
            "high": value + reach,
            "reasons": movers(model, found, own, words),
            "unusual": unusual_inputs(model, rows, strange, own, words),
        }
    return answers
