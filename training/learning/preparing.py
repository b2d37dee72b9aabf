"""From a snapshot to what is fitted: which outcome, which rows, which areas; every refusal of learning is here."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Area, Framework
from model.learning.relation import Basis, tens
from model.learning.supported import Profiles
from model.refusals import DataMissing, InputRefused, ModelRefused
from model.sentences import Number, Sentence, sentence
from training.learning.areas import FEWEST_MENTORS, AreaLeftOut, need_both_ways, usable_areas
from training.learning.controls import Controls, Values, fit_controls, values_of
from training.learning.engagements import (
    GROWTH,
    Assessed,
    LearningRows,
    areas_of,
    assessed,
    cases,
    growth_of_firms,
    learning_rows,
)
from training.learning.noise import Noise, assessment_noise

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Prepared:
    """All that is fitted: rows, controls, the relation's ``basis``, profiles for the shuffles.

    ``areas``: the A codes learned from. ``scores``: (n, A) raw scores at the start, NaN missing. ``mentors``: (M) ids
    behind the codes of ``basis.mentor``. ``newest``: (M, A) newest scores, NaN. ``noise``: of one assessment,
    None where it cannot be told.
    """

    outcome: str
    rows: LearningRows
    areas: tuple[str, ...]
    areas_left_out: tuple[AreaLeftOut, ...]
    controls: Controls
    values: Values
    scores: Floats
    basis: Basis
    profiles: Profiles
    mentors: NDArray[np.object_]
    newest: Floats
    noise: Noise | None


def prepare(snapshot: Snapshot, framework: Framework, outcome: str | None) -> Prepared:
    """Choose outcome, rows and areas and lay them out.

    Raises:
        InputRefused: an outcome name that is not known.
        DataMissing: no mentors, engagements, assessments or outcomes.
        ModelRefused: too few mentors, or no area to learn from.
    """
    chosen = _outcome(snapshot, outcome)
    _need_tables(snapshot)
    known, every = assessed(snapshot, framework), cases(snapshot, framework)
    rows = learning_rows(snapshot, every, known, chosen)
    codes, mentor = np.unique(rows.cases.mentor, return_inverse=True)
    _need_rows(rows, len(codes))
    areas, left_out = _areas(areas_of(snapshot, framework), known, rows, mentor)
    place = [known.areas.index(area) for area in areas]
    values = values_of(snapshot, every).take(rows.enters)
    controls = fit_controls(values, tuple(areas_of(snapshot, framework)))
    today = np.full(len(codes), np.datetime64(snapshot.as_of, "D").astype(np.int64))
    return Prepared(
        chosen,
        rows,
        areas,
        left_out,
        controls,
        values,
        rows.scores[:, place],
        _basis(rows.scores[:, place], areas, controls, values, rows.outcome, mentor.astype(np.int64)),
        _profiles(known, place, rows, codes),
        known.mentors.to_numpy(dtype=object)[codes],
        known.newest(codes, today)[:, place],
        assessment_noise(snapshot, known),
    )


def _basis(
    scores: Floats, areas: tuple[str, ...], controls: Controls, values: Values, outcome: Floats, mentor: Integers
) -> Basis:
    needs = values.needs[:, [controls.areas.index(area) for area in areas]]
    missing = np.isnan(scores)
    return Basis(
        controls=controls.matrix(values),
        penalty=controls.penalty(),
        scores=np.where(missing, 0.0, tens(np.nan_to_num(scores))),
        missing=missing,
        needs=needs,
        gaps=np.asarray(missing.any(axis=0)),
        with_need=need_both_ways(needs, mentor),
        outcome=outcome,
        mentor=mentor,
    )


def _profiles(assessments: Assessed, place: list[int], rows: LearningRows, codes: Integers) -> Profiles:
    """Start days between two assessment days anywhere see the same, so they share a slot."""
    _, first, slot = np.unique(
        np.searchsorted(assessments.days(), rows.cases.day, side="right"), return_index=True, return_inverse=True
    )
    days = rows.cases.day[first]
    seen = assessments.newest_or_first(np.repeat(codes, len(days)), np.tile(days, len(codes)))[:, place]
    shaped = tens(seen).reshape(len(codes), len(days), len(place))
    known = ~np.isnan(shaped)
    means = np.where(known, shaped, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    level = means.sum(axis=0) / np.maximum(known.any(axis=1).sum(axis=0), 1)
    return Profiles(np.where(known, shaped, level), slot.astype(np.int64))


def _outcome(snapshot: Snapshot, asked: str | None) -> str:
    ready = snapshot.dataset.outcome
    known = [GROWTH] if ready is None else [GROWTH, ready]
    if asked is not None and asked not in known:
        raise InputRefused(
            sentence("There is no outcome called %(name)s.", name=asked),
            where=sentence("the option --outcome"),
            mend=sentence("Choose one of: %(names)s.", names=", ".join(known)),
        )
    return asked or ready or GROWTH


def _need_tables(snapshot: Snapshot) -> None:
    if len(snapshot["mentors"]) and not len(snapshot["engagements"]):
        raise DataMissing(
            sentence("There are no engagements: nothing says which mentor guides which business."),
            where=sentence("the table engagements, as of %(day)s", day=snapshot.as_of),
            mend=sentence("Import the engagements, with mentor, business and the day they started."),
        )
    if not len(snapshot["mentors"]):
        raise DataMissing(
            sentence(
                "There are no mentor ids: no engagement links a business to a mentor. Growth itself can be computed "
                "for %(count)s businesses.",
                count=Number(growth_of_firms(snapshot)["count"]),
            ),
            where=sentence("the tables mentors and engagements"),
            mend=sentence("Import mentors, their assessments and the engagements that say who guides whom."),
        )
    if not len(snapshot["assessments"]):
        raise DataMissing(
            sentence("No mentor has been assessed in any area, so there are no traits to learn from."),
            where=sentence("the table assessments"),
            mend=sentence("Import assessments: mentor, area, score, day."),
        )


def _need_rows(rows: LearningRows, mentors: int) -> None:
    if not len(rows.outcome):
        raise DataMissing(
            sentence("No engagement can be learned from: %(reasons)s.", reasons=_reasons(rows)),
            where=sentence("the tables engagements, reports and assessments"),
            mend=sentence("Import reports up to month 12 after the starts, and assessments dated before the starts."),
        )
    if mentors < FEWEST_MENTORS:
        raise ModelRefused(
            sentence(
                "Mentors with engagements to learn from: %(mentors)s; at least %(least)s are needed, because mentors "
                "and not engagements are the sample.",
                mentors=Number(mentors),
                least=Number(FEWEST_MENTORS),
            ),
            where=sentence("the tables engagements, reports and assessments"),
            mend=sentence("Until more mentors have outcomes, plan by the standard: it needs no model."),
        )
    if float(np.ptp(rows.outcome)) == 0.0:
        raise ModelRefused(
            sentence("The outcome is the same for every engagement, so nothing can be learned of it."),
            where=sentence("the outcome of the engagements"),
            mend=sentence("Check the reports: are the same amounts repeated in every month?"),
        )


def _reasons(rows: LearningRows) -> Sentence:
    """The reasons with their counts, one after another."""
    said = [
        sentence("%(count)s: %(reason)s", count=Number(left.count), reason=left.reason) for left in rows.left_out
    ] or [sentence("no engagement had started by then")]
    whole = said[0]
    for one in said[1:]:
        whole = sentence("%(some)s; %(one)s", some=whole, one=one)
    return whole


def _areas(
    every: Mapping[str, Area], known: Assessed, rows: LearningRows, mentor: Integers
) -> tuple[tuple[str, ...], tuple[AreaLeftOut, ...]]:
    never = [area for code, area in every.items() if code not in known.areas]
    kept, left_out = usable_areas(rows.scores, mentor, [every[code] for code in known.areas], never)
    if not kept:
        raise ModelRefused(
            sentence("No area can be learned from: in none do enough mentors have scores that differ."),
            where=sentence("the table assessments"),
            mend=sentence(
                "Import assessments of at least %(least)s mentors in an area, whose scores are not all the same.",
                least=Number(FEWEST_MENTORS),
            ),
        )
    return tuple(known.areas[k] for k in kept), tuple(left_out)
