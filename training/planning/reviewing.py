"""Past promises beside what was observed since: growth against its range, scores after a course, a plan's sum."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from data.snapshot import Snapshot, month_end
from data.store.decisions import Kept
from model.framework import Framework
from model.learning.outcome import Lack
from model.planning.gains import Z90
from model.sentences import Sentence, sentence
from training.learning.engagements import areas_of, cases
from training.planning.gains import scores_about_courses
from training.planning.promises import GROWN, PAIR, PAIR_READY, READY, SCORE

KINDS = (GROWN, READY, SCORE, PAIR, PAIR_READY)
Observed = tuple[str, float]
UPLIFT = sentence(
    "The extra growth that a course brings is never observed: nobody sees the same business without it. "
    "What is compared is the growth itself and the scores."
)


def review(snapshot: Snapshot, framework: Framework, kept: Sequence[Kept]) -> dict[str, Any]:
    """Compare every kept prediction with what the tables show by the day of the snapshot.

    Args:
        snapshot: the tables as they stand now.
        framework: areas.
        kept: predictions as they were kept at approval; those of a later day are not looked at.

    Returns:
        ``predictions``, ``observed``, ``coverage_90`` (share of the observed inside their range), ``bias`` (mean of
        observed − predicted): of growth, or of scores where no growth was predicted (``of`` says which); the same for
        ``growth`` and ``scores``, one row per plan, one row per prediction. What is not observed yet is None. What
        several approvals promise of the same thing is counted once, the earliest promise (``counted`` of each row,
        ``counted_before``: how many are not); the sum of a plan holds all of its own.
    """
    known = [row for row in kept if row.as_of <= snapshot.as_of]
    found = _observed(snapshot, framework, known)
    seen, first = _values(found), _first(known, found)
    growth = [row for row in known if row.kind != SCORE]
    scores = [row for row in first if row.kind == SCORE]
    of = "growth" if growth or not scores else "scores"
    once = {row.id for row in first}
    parts = {"growth": _summary([row for row in growth if row.id in once], seen), "scores": _summary(scores, seen)}
    return {
        **parts[of],
        "of": of,
        **parts,
        "plans": _plans(growth, seen),
        "rows": [{**_row(row, seen.get(row.id)), "counted": row.id in once} for row in known],
        "counted_before": len(known) - len(first),
        "note": _note(known, seen),
        "uplift": UPLIFT,
    }


def review_by_kind(
    snapshot: Snapshot, framework: Framework, kept: Sequence[Kept], model: str
) -> dict[str, dict[str, dict[str, Any]]]:
    """The figures of :func:`review` by kind of prediction.

    Returns:
        ``own`` (predictions made with that version of the model) and ``every`` (made with any, or none), each: kind →
        ``predictions``, ``observed``, ``coverage_90``, ``bias`` in the kind's own unit.
    """
    known = [row for row in kept if row.as_of <= snapshot.as_of]
    found = _observed(snapshot, framework, known) if known else {}
    seen, own = _values(found), [row for row in known if row.model == model]
    return {
        name: {kind: _summary([row for row in _first(rows, found) if row.kind == kind], seen) for kind in KINDS}
        for name, rows in (("own", own), ("every", known))
    }


def review_rows(
    snapshot: Snapshot, framework: Framework, kept: Sequence[Kept], model: str | None, kind: str = ""
) -> dict[str, Any]:
    """The predictions of a kind (empty: of all) behind the figures of :func:`review_by_kind`, each counted once.

    ``model``: only those made with that version; None: made with any, or none. Each row tells in ``answered_by`` which
    engagement, or which day of completing the course, its outcome was read from.

    Returns:
        ``figures`` (predictions, observed, inside, coverage_90; bias of one kind only) and ``rows``.
    """
    known = [row for row in kept if row.as_of <= snapshot.as_of and model in {None, row.model}]
    found = _observed(snapshot, framework, known) if known else {}
    seen, first = _values(found), [row for row in _first(known, found) if kind in {"", row.kind}]
    rows = [
        {**_row(row, seen.get(row.id)), "answered_by": found[row.id][0] if row.id in found else None} for row in first
    ]
    figures = {**_summary(first, seen), "inside": sum(row["inside"] is True for row in rows)}
    return {"figures": figures if kind else {**figures, "bias": None}, "rows": rows}


def _first(rows: Sequence[Kept], found: Mapping[int, Observed]) -> list[Kept]:
    """The earliest promise of each thing: later ones that the same observation answers, or that wait alike, are out."""
    first: dict[tuple[str, ...], Kept] = {}
    for row in rows:
        what = found[row.id][0] if row.id in found else ""
        first.setdefault((row.kind, row.mentor_id, row.subject, what), row)
    return list(first.values())


def _values(found: Mapping[int, Observed]) -> dict[int, float]:
    return {number: value for number, (_, value) in found.items()}


def _note(known: Sequence[Kept], seen: Mapping[int, float]) -> Sentence | None:
    if not known:
        return sentence("No plan has been approved yet, so there is no prediction to compare.")
    if not seen:
        return sentence("Nothing that was predicted can be observed yet.")
    return None


def _observed(snapshot: Snapshot, framework: Framework, kept: Sequence[Kept]) -> dict[int, Observed]:
    """Ledger id → what answers the promise (day or engagement) and its value, for what can be observed."""
    growth, ready, scores = _growths(snapshot, framework), _ready(snapshot), _scores(snapshot, framework)
    begun = _begun(snapshot)
    found: dict[int, Observed] = {}
    for row in kept:
        what, value = row.subject, None
        match row.kind:
            case "score":
                after = scores.get((row.mentor_id, row.subject), ())
                what, value = next(((str(done), v) for done, v in after if done > row.as_of), ("", None))
            case "growth":
                value = growth.get(what)
            case "pair" | "pair outcome":
                what = next((e for day, e in begun.get((row.mentor_id, row.subject), ()) if day >= row.as_of), "")
                value = (growth if row.kind == PAIR else ready).get(what)
            case _:
                value = ready.get(what)
        if value is not None:
            found[row.id] = (what, value)
    return found


def _growths(snapshot: Snapshot, framework: Framework) -> dict[str, float]:
    every = cases(snapshot, framework)
    over = (month_end(pd.Series(every.month + 12)) <= pd.Timestamp(snapshot.as_of)).to_numpy()
    there = over & (every.growth.lack == Lack.NONE)
    return dict(zip(every.table["engagement_id"][there].astype(str), every.growth.value[there].tolist(), strict=True))


def _begun(snapshot: Snapshot) -> dict[tuple[str, str], list[tuple[Any, str]]]:
    """(Mentor, business) → (day started, engagement), the earliest first."""
    found: dict[tuple[str, str], list[tuple[Any, str]]] = {}
    for row in snapshot["engagements"].sort_values("started_on", kind="stable").to_dict("records"):
        key = (str(row["mentor_id"]), str(row["business_id"]))
        found.setdefault(key, []).append((row["started_on"].date(), str(row["engagement_id"])))
    return found


def _ready(snapshot: Snapshot) -> dict[str, float]:
    table = snapshot["engagements"]
    there = np.isfinite(table["outcome"].to_numpy(dtype=np.float64))
    return dict(zip(table["engagement_id"][there].astype(str), table["outcome"][there].tolist(), strict=True))


def _scores(snapshot: Snapshot, framework: Framework) -> dict[tuple[str, str], list[tuple[Any, float]]]:
    """(Mentor, course) → (day completed, score after − score before), the earliest first."""
    found: dict[tuple[str, str], list[tuple[Any, float]]] = {}
    pairs = scores_about_courses(snapshot, tuple(areas_of(snapshot, framework))).sort_values("done", kind="stable")
    for row in pairs.to_dict("records"):
        change = float(row["after"] - row["before"])
        found.setdefault((str(row["mentor_id"]), str(row["course_id"])), []).append((row["done"].date(), change))
    return found


def _summary(rows: Sequence[Kept], seen: Mapping[int, float]) -> dict[str, Any]:
    there = [row for row in rows if row.id in seen]
    inside = [row.low <= seen[row.id] <= row.high for row in there]
    misses = [seen[row.id] - row.mean for row in there]
    return {
        "predictions": len(rows),
        "observed": len(there),
        "coverage_90": float(np.mean(inside)) if there else None,
        "bias": float(np.mean(misses)) if there else None,
    }


def _plans(rows: Sequence[Kept], seen: Mapping[int, float]) -> list[dict[str, Any]]:
    """Per plan or matching: the sum of the observed engagements' growth beside its predicted range."""
    found = []
    for source in dict.fromkeys((row.source, row.source_id) for row in rows):
        own = [row for row in rows if (row.source, row.source_id) == source]
        there = [row for row in own if row.id in seen]
        low, mean, high = sum_range(there)
        total = float(sum(seen[row.id] for row in there))
        found.append(
            {
                source[0]: source[1],
                "predictions": len(own),
                "observed": len(there),
                "predicted": {"mean": mean, "low": low, "high": high} if there else None,
                "sum": total if there else None,
                "inside": low <= total <= high if there else None,
            }
        )
    return found


def sum_range(rows: Sequence[Kept]) -> tuple[float, float, float]:
    """Low, mean and high (90 %) of the sum of predictions: a mentor's share of the error is common to all of theirs."""
    per_mentor: dict[str, float] = {}
    for row in rows:
        per_mentor[row.mentor_id] = per_mentor.get(row.mentor_id, 0.0) + row.shared_sd
    variance = sum(row.own_sd**2 for row in rows) + sum(shared**2 for shared in per_mentor.values())
    mean, reach = float(sum(row.mean for row in rows)), float(Z90 * np.sqrt(variance))
    return mean - reach, mean, mean + reach


def _row(row: Kept, value: float | None) -> dict[str, Any]:
    return {
        row.source: row.source_id,
        "kind": row.kind,
        "mentor_id": row.mentor_id,
        "subject": row.subject,
        "predicted": {"mean": row.mean, "low": row.low, "high": row.high},
        "observed": value,
        "inside": None if value is None else row.low <= value <= row.high,
        "model": row.model,
        "as_of": row.as_of,
    }
