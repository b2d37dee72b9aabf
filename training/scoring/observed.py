"""What became of one engagement beside what was expected of it: the outcome, and whether it fell inside the range."""

from dataclasses import replace
from datetime import date
from typing import Any

from data.snapshot import Snapshot
from model.framework import Framework
from model.sentences import Sentence, sentence
from training.learning.engagements import cases, outcomes
from training.publishing import Model


def beside_observed(
    snapshot: Snapshot, framework: Framework, model: Model, engagement: str, value: float
) -> dict[str, Any]:
    """The 90 % range about the expected ``value`` of an engagement, and what was observed since.

    Returns:
        ``low`` and ``high``: of what will be observed, by the errors for mentors never seen; ``observed`` (None: not
        known yet), ``inside`` (None with it) and ``outcome_note``, a sentence that says either.
    """
    low, high = value + model.residuals.low, value + model.residuals.high
    seen, note = _observed(snapshot, framework, str(model.about["outcome"]), engagement)
    inside = None if seen is None else bool(low <= seen <= high)
    if inside is not None:
        note = sentence("It fell inside the range.") if inside else sentence("It fell outside the range.")
    learned = date.fromisoformat(str(model.about["as_of"])[:10])
    if inside is not None and learned <= snapshot.as_of:
        known, _ = _observed(replace(snapshot, as_of=learned), framework, str(model.about["outcome"]), engagement)
        if known is not None:
            note = sentence(
                "%(said)s The model has learned from this outcome, so it is no test of the range.", said=note
            )
    return {"low": low, "high": high, "observed": seen, "inside": inside, "outcome_note": note}


def _observed(snapshot: Snapshot, framework: Framework, outcome: str, engagement: str) -> tuple[float | None, Sentence]:
    """The outcome, or why it is not known."""
    rows, reports = snapshot["engagements"], snapshot["reports"]
    own = rows[rows["engagement_id"] == engagement].reset_index(drop=True)
    reports = reports[reports["business_id"].isin(own["business_id"])]
    alone = replace(snapshot, tables={**snapshot.tables, "engagements": own, "reports": reports})
    value, reasons = outcomes(alone, cases(alone, framework), outcome)
    why = next((reason for lacking, reason in reasons if lacking[0]), None)
    if why is not None:
        return None, sentence("The outcome is not known: %(reason)s.", reason=why)
    return float(value[0]), sentence("The outcome is known.")
