"""The predictions of a plan that is approved: what will be observed and in what range, to be checked later.

They come from the data version, day and model that the plan was made of, and are kept; nothing is worked out anew.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.snapshot import Snapshot, month_end
from data.store.decisions import Promise
from model.framework import Framework
from model.planning.gains import Z90
from training.learning.engagements import GROWTH, cases
from training.planning.plan_tables import Pair, PlanTables, read_tables
from training.publishing import Model
from training.scoring.prediction import asked, explain

SCORE, GROWN, READY = "score", "growth", "outcome"
PAIR, PAIR_READY = "pair", "pair outcome"
"""Growth, or the ready outcome, of a pair that was only advised: of its first engagement since."""
SOON = np.array([0.5])  # years between the two assessments about a course, as a rule
FIRST_MONTH_AFTER = 6  # after the start: the first of the months that growth is measured in (contract, section 2)


def promises(
    snapshot: Snapshot, framework: Framework, model: Model | None, choices: Sequence[Pair]
) -> tuple[Promise, ...]:
    """What the chosen places promise: a change of score each, and the growth of the mentors' engagements.

    Args:
        snapshot: the tables that the plan was made from.
        framework: areas and problem codes.
        model: the plan's own; without one no growth is predicted.
        choices: places (mentor id, course id) that are not refused.
    """
    tables = read_tables(snapshot, framework)
    scores = [_score(tables, mentor, course) for mentor, course in choices]
    mentors = frozenset(mentor for mentor, _ in choices)
    return (*scores, *(() if model is None else _growth(snapshot, framework, model, mentors)))


def _score(tables: PlanTables, mentor: str, course: str) -> Promise:
    """Change from one assessment to the next about the course: its points and what scores do anyway, with the noise."""
    gains, number = tables.gains, tables.gains.number(course)
    area = list(tables.areas).index(tables.courses[course].area)
    score = tables.scores[[tables.reach.mentors.index(mentor)], area]
    points = gains.posterior.points(number, float(score[0]))[0]
    at = np.array([area])
    row = gains.drift.rows(score, SOON, at)
    doubt = float(gains.posterior.at(np.array([number]), score)[1][0])
    line = float((row @ gains.drift.covariance @ row.T)[0, 0])
    sd = float(np.sqrt(gains.drift.variance + line + doubt**2))
    mean = points + float(gains.drift.expected(score, SOON, at)[0])
    return Promise(SCORE, mentor, course, mean, mean - Z90 * sd, mean + Z90 * sd, 0.0, sd)


def _growth(snapshot: Snapshot, framework: Framework, model: Model, mentors: frozenset[str]) -> list[Promise]:
    """Growth of the active engagements whose outcome nothing is known of yet."""
    every = cases(snapshot, framework)
    kind = GROWN if model.about["outcome"] == GROWTH else READY
    opens = month_end(pd.Series(every.month + FIRST_MONTH_AFTER)) > pd.Timestamp(snapshot.as_of)
    unknown = opens.to_numpy() if kind == GROWN else every.table["outcome"].isna().to_numpy()
    rows = asked(snapshot, framework, model)
    own = np.array([mentor in mentors for mentor in rows.mentors], dtype=bool)
    rows = rows.take(rows.active & own & unknown & ~np.isnan(rows.scores).all(axis=1))
    if not len(rows.mentors):
        return []
    missed = model.residuals
    shared, alone = float(np.sqrt(missed.between)), float(np.sqrt(missed.within))
    return [
        Promise(kind, str(mentor), str(engagement), mean, mean + missed.low, mean + missed.high, shared, alone)
        for mentor, engagement, mean in zip(
            rows.mentors, rows.engagements, explain(model, rows).predicted.tolist(), strict=True
        )
    ]
