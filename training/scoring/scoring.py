"""Where each mentor stands, and the reasons behind an expected growth: base + contributions = value."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Framework
from model.refusals import DataMissing, NotFound
from model.sentences import sentence
from training.learning.engagements import areas_of, assessed, need_flags
from training.publishing import Model
from training.scoring.prediction import Shares, asked, explain
from training.scoring.standing import label_of, movers, reference_of, standing_reasons, typical

Floats = NDArray[np.float64]

MOST_REASONS = 5


def score(
    snapshot: Snapshot,
    framework: Framework,
    model: Model | None,
    mentor: str | None = None,
    *,
    index: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Newest scores, expected growth of the active engagements and reasons, per mentor; never ranked.

    Args:
        snapshot: the tables on a day.
        framework: areas and problems.
        model: the published model; without one there is no expected growth.
        mentor: only this one; None for all, in the order of the mentors table.
        index: mentor id → {"index", "delivery_rate"} from the index room; without it both are None.

    Raises:
        NotFound: no mentor has that id.
    """
    every = list(snapshot["mentors"]["mentor_id"])
    if mentor is not None and mentor not in every:
        raise NotFound(sentence("mentor"), mentor)
    standing, areas = _standing(snapshot, framework), areas_of(snapshot, framework)
    needing, active = _needing(snapshot, framework), Counter(snapshot.active["mentor_id"])
    growth = _growth(snapshot, framework, model) if model is not None else {}
    rows = []
    for ident in every if mentor is None else [mentor]:
        scores, expected = standing[ident], growth.get(ident, {})
        reasons = standing_reasons(scores, areas, needing.get(ident, {})) + expected.get("reasons", [])
        measured = (index or {}).get(ident, {})
        rows.append(
            {
                "mentor_id": ident,
                "scores": scores,
                "index": measured.get("index"),
                "delivery_rate": measured.get("delivery_rate"),
                "expected_growth": expected.get("value"),
                "low": expected.get("low"),
                "high": expected.get("high"),
                "active": active[ident],
                "reasons": reasons[:MOST_REASONS],
            }
        )
    return {"mentors": rows, "model": model.name if model is not None else None}


def explain_mentor(snapshot: Snapshot, framework: Framework, model: Model, mentor: str) -> dict[str, Any]:
    """The reasons behind ``score``'s expected growth of a mentor: the mean over the active engagements.

    Raises:
        NotFound: no mentor has that id.
        DataMissing: the mentor has no active engagement, or was never assessed.
    """
    if mentor not in set(snapshot["mentors"]["mentor_id"]):
        raise NotFound(sentence("mentor"), mentor)
    rows = asked(snapshot, framework, model)
    rows = rows.take(rows.active)
    own = np.flatnonzero(rows.mentors == mentor)
    if not len(own):
        raise DataMissing(
            sentence("The mentor %(id)s has no active engagement, so there is no growth to expect.", id=mentor),
            where=sentence("the table engagements"),
            mend=sentence("Choose a mentor with active engagements, or an earlier day with --as-of."),
        )
    _need_scores(rows.scores[own], mentor)
    return _explained(model, framework, snapshot, explain(model, rows).take(own))


def explain_engagement(snapshot: Snapshot, framework: Framework, model: Model, engagement: str) -> dict[str, Any]:
    """The reasons behind the growth expected of one engagement.

    Raises:
        NotFound: no engagement has that id.
        DataMissing: its mentor was never assessed by then.
    """
    rows = asked(snapshot, framework, model)
    own = rows.take(rows.engagements == engagement)
    if not len(own.mentors):
        raise NotFound(sentence("engagement"), engagement)
    _need_scores(own.scores, str(own.mentors[0]))
    return _explained(model, framework, snapshot, explain(model, own))


def _need_scores(scores: Floats, mentor: str) -> None:
    if np.isnan(scores).all():
        raise DataMissing(
            sentence("The mentor %(id)s has not been assessed in any area the model knows.", id=mentor),
            where=sentence("the table assessments"),
            mend=sentence("Import an assessment of this mentor."),
        )


def _explained(model: Model, framework: Framework, snapshot: Snapshot, found: Shares) -> dict[str, Any]:
    areas = areas_of(snapshot, framework)
    shares = found.shares.mean(axis=0)
    rows = [
        {
            "feature": name,
            "label": label_of(name, areas),
            "value": typical(values),
            "reference": reference_of(model, name),
            "contribution": float(share),
        }
        for name, values, share in zip(found.features, found.values, shares, strict=True)
    ]
    rows.sort(key=lambda row: (-abs(row["contribution"]), row["feature"]))
    value = float(found.predicted.mean())
    return {
        "base": found.base,
        "value": value,
        "engagements": len(found.shares),
        "contributions": rows,
        "model": model.name,
        "note": sentence(
            "Contributions say why this is expected; what training would change is the effect, which is another figure."
        ),
    }


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


def _growth(snapshot: Snapshot, framework: Framework, model: Model) -> dict[str, dict[str, Any]]:
    """Mentor → expected growth of the active engagements, its range, and what moves it most."""
    rows = asked(snapshot, framework, model)
    rows = rows.take(rows.active)
    found = explain(model, rows)
    predicted, areas = found.predicted, areas_of(snapshot, framework)
    assessed_ever = ~np.isnan(rows.scores).all(axis=1)
    answers = {}
    order = np.flatnonzero(assessed_ever)[np.argsort(rows.mentors[assessed_ever].astype(str), kind="stable")]
    names, starts = np.unique(rows.mentors[order].astype(str), return_index=True)
    for name, own in zip(names, np.split(order, starts[1:]), strict=True):
        value, reach = float(predicted[own].mean()), model.residuals.reach(len(own))
        answers[str(name)] = {
            "value": value,
            "low": value - reach,
            "high": value + reach,
            "reasons": movers(model, found, own, areas),
        }
    return answers
