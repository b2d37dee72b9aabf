"""Which candidates are worth buying at all, and why the others are not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from model.planning.gains import CEILING
from model.refusals import DataMissing
from model.sentences import Number, Sentence, sentence
from training.planning.candidates import Candidates, LeftOut
from training.planning.plan import PlanRequest
from training.planning.plan_tables import PlanTables
from training.planning.values import EffectValues, StandardValues

Valued = StandardValues | EffectValues
_NAMED_REASONS = 3


def worth_buying(
    tables: PlanTables, candidates: Candidates, values: Valued, request: PlanRequest
) -> tuple[Candidates, Valued, list[LeftOut]]:
    """Keep what is worth more than nothing, what is locked, and what another kept course requires.

    Raises:
        DataMissing: nothing is left.
    """
    locked = np.array([pair in set(request.locks) for pair in candidates.pairs], dtype=bool)
    keep = (values.objective > 0) | locked
    while True:
        required = candidates.requires[keep & (candidates.requires >= 0)]
        if keep[required].all():
            break
        keep[required] = True
    dropped = [
        LeftOut(*candidates.pairs[row], _no_gain(tables, candidates, values, int(row))) for row in np.flatnonzero(~keep)
    ]
    if not keep.any():
        _refuse_nothing((*candidates.left_out, *dropped))
    rows = np.flatnonzero(keep)
    return _only(candidates, rows), valued_only(values, rows), dropped


def valued_only(values: Valued, rows: NDArray[np.int64]) -> Valued:
    """The values of these candidates only."""
    return replace(values, places=values.places.take(rows), mean=values.mean[rows], objective=values.objective[rows])


def _only(candidates: Candidates, rows: NDArray[np.int64]) -> Candidates:
    position = np.full(len(candidates.pairs) + 1, -1)
    position[rows] = np.arange(len(rows))
    return replace(
        candidates,
        pairs=tuple(candidates.pairs[row] for row in rows),
        mentor=candidates.mentor[rows],
        places=candidates.places.take(rows),
        requires=position[candidates.requires[rows]],
    )


def _no_gain(tables: PlanTables, candidates: Candidates, values: Valued, row: int) -> Sentence:
    places = candidates.places
    course = tables.courses[candidates.pairs[row][1]]
    area, score = tables.areas[course.area].label, Number(places.score[row], 1)
    if tables.gains.posterior.mean[places.course[row]] <= 0:
        return sentence("No gain: the course is not expected to add any points.")
    if places.score[row] >= CEILING:
        return sentence("No gain: at a score of %(score)s in %(area)s a course adds nothing.", score=score, area=area)
    alone = isinstance(values, EffectValues) and values.standard_share == 1.0  # the standard decides alone
    if values.mean[row] > 0 and not alone:
        return sentence("No gain in the bad cases that the cautious plan counts with.")
    if values.basis == "effect" and not (alone and values.mean[row] > 0):
        return sentence("No gain: the model expects no extra growth from more points in %(area)s here.", area=area)
    if places.score[row] >= places.standard[row]:
        return sentence(
            "No gain by the standard: the score in %(area)s is %(score)s, the office asks for %(standard)s.",
            area=area,
            score=score,
            standard=Number(places.standard[row], 1),
        )
    return sentence("No gain by the standard: no business of the mentor needs help in %(area)s.", area=area)


def _refuse_nothing(left_out: Sequence[LeftOut]) -> NoReturn:
    counted = Counter(out.reason.text for out in left_out)
    example = {out.reason.text: out.reason for out in reversed(left_out)}
    said: Sentence | None = None
    for text, count in reversed(counted.most_common(_NAMED_REASONS)):
        part = sentence("%(count)s × %(reason)s", count=Number(count), reason=example[text])
        said = part if said is None else sentence("%(first)s %(rest)s", first=part, rest=said)
    raise DataMissing(
        sentence("No mentor can usefully be sent on any course. %(reasons)s", reasons=said or ""),
        where=sentence("tables mentors, assessments, engagements, businesses and courses"),
        mend=sentence("Mend the reasons named, most frequent first; each stands with one example of its figures."),
    )
