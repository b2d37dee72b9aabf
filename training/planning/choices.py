"""Turns a solved plan into its answer: choices with ranges and words, costs, gains of the courses."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.planning.gains import Z90
from model.sentences import Number, Sentence, sentence
from training.planning.plan import Choice, Range, decides
from training.planning.plan_tables import PlanTables
from training.planning.reasons import Scene, reasons
from training.planning.rivals import rival_of, runner_up
from training.planning.thresholds import what_would_change
from training.planning.values import HIGH, LOW

Floats = NDArray[np.float64]
NOTHING = Range(0, 0, 0)


def choices_of(scene: Scene) -> tuple[tuple[Choice, ...], Range, Range | None]:
    """The places bought, in order of mentor and course id, with the plan's benefit and turnover.

    Ranges come from the same joint draws, so that the plan's range is that of the sum; the plan's mean is the sum of
    its choices' means.
    """
    rows = np.flatnonzero(scene.standing.chosen)
    rivals = [rival_of(scene, int(row)) for row in rows]
    others = np.array(
        [row if rival is None else rival for row, rival in zip(rows, rivals, strict=True)], dtype=np.int64
    )
    own, next_best = scene.values.draws(rows), scene.values.draws(others)
    turnover = scene.values.turnover(rows)
    choices = tuple(
        _choice(
            scene,
            int(row),
            rivals[k],
            own[k] - next_best[k],
            benefit=_range(own[k], float(scene.values.mean[row])) if scene.values.basis == "effect" else None,
            turnover=_rupiah(scene, int(row), turnover[k]) if turnover is not None else None,
        )
        for k, row in enumerate(rows)
    )
    if turnover is None:
        return choices, NOTHING, None
    benefit = _range(own.sum(axis=0), math.fsum(c.benefit.mean for c in choices if c.benefit))
    known = [c.turnover_idr.mean for c in choices if c.turnover_idr]
    total = turnover.sum(axis=0)
    return choices, benefit, _whole(_range(total, sum(known))) if known else None


def _choice(
    scene: Scene, row: int, rival: int | None, difference: Floats, *, benefit: Range | None, turnover: Range | None
) -> Choice:
    mentor, course = scene.candidates.pairs[row][0], scene.course(row)
    score = float(scene.candidates.places.score[row])
    return Choice(
        mentor_id=mentor,
        mentor_name=scene.name(row),
        course_id=course.id,
        title=course.title,
        area=course.area,
        area_label=scene.tables.areas[course.area].label,
        cost_idr=course.cost,
        gain_points=Range(*scene.tables.gains.posterior.points(int(scene.candidates.places.course[row]), score)),
        benefit=benefit,
        turnover_idr=turnover,
        value=float(scene.values.objective[row]),
        basis=scene.values.basis,
        evidence=scene.values.evidence(row),
        reasons=reasons(scene, row),
        runner_up=runner_up(scene, row, rival, difference),
        what_would_change=what_would_change(scene, row, rival),
        decides=decides(),
    )


def _range(draws: Floats, mean: float) -> Range:
    low, high = np.quantile(draws, (LOW, HIGH))
    return Range(mean, float(low), float(high))


def _rupiah(scene: Scene, row: int, draws: Floats) -> Range | None:
    """Whole rupiah; None where no business of the mentor has any turnover reported."""
    if scene.tables.reach.yearly[scene.candidates.mentor[row]] == 0:
        return None
    return _whole(_range(draws, float(draws.mean())))


def _whole(values: Range) -> Range:
    return Range(round(values.mean), round(values.low), round(values.high))


def fixed_costs(scene: Scene) -> tuple[Mapping[str, object], ...]:
    """Each course held, with its fixed cost and its participants in this plan."""
    ids = scene.tables.gains.courses
    return tuple(
        {
            "course_id": ids[number],
            "title": scene.tables.courses[ids[number]].title,
            "fixed_cost_idr": scene.tables.courses[ids[number]].fixed,
            "participants": int(scene.standing.per_course[number]),
        }
        for number in np.flatnonzero(scene.standing.per_course)
    )


def gain_rows(tables: PlanTables) -> tuple[Mapping[str, object], ...]:
    """What is known of each course's gain: mean and 90 % range before the ceiling, null where nothing is."""
    posterior = tables.gains.posterior
    spread = Z90 * posterior.sd
    rows = []
    for number, code in enumerate(tables.gains.courses):
        mean = float(posterior.mean[number])
        ends = {"mean": mean, "low": mean - float(spread[number]), "high": mean + float(spread[number])}
        rows.append(
            {
                "course_id": code,
                "title": tables.courses[code].title,
                "area": tables.courses[code].area,
                "gain_points": None if math.isnan(mean) else ends,
                "took": int(tables.gains.took[number]),
                "observed": int(posterior.observed[number]),
                "source": _source(tables, number),
            }
        )
    return tuple(rows)


def _source(tables: PlanTables, number: int) -> Sentence:
    posterior = tables.gains.posterior
    observed = int(posterior.observed[number])
    if observed and posterior.stated[number]:
        return sentence(
            "Scores before and after it (%(count)s), drawn towards the gain the course expects.", count=Number(observed)
        )
    if observed:
        return sentence(
            "Scores before and after it (%(count)s), drawn towards the mean of all courses.", count=Number(observed)
        )
    if posterior.stated[number]:
        return sentence("The gain the course expects; no scores before and after it yet.")
    if np.isnan(posterior.mean[number]):
        return sentence("Nothing is known of its gain.")
    return sentence("The mean of the other courses; no scores before and after it yet.")


def caution(risk: str, basis: str, *, joint: bool) -> Sentence:
    """What the choice of risk does, in one sentence; ``joint``: caution looks at the whole plan."""
    if risk == "mean":
        return sentence("Of all plans within the limits, this one has the largest expected total.")
    if basis == "effect":
        return sentence(
            "Cautious: of all plans within the limits, this one is meant to bring the most in the fifth of the cases "
            "that are worst for it, so doubt that places share weighs against them."
        )
    if joint:
        return sentence(
            "Cautious: of all plans within the limits, this one is meant to be worth the most by the standard in the "
            "fifth of the cases of course gains and true scores that are worst for it, so doubt that places share "
            "weighs against them."
        )
    return sentence(
        "Cautious: each place counts with the low end of its course's gain (5 percent), so doubt weighs against it."
    )


def basis_note(model: str | None, basis: str, standard_share: float = 0.0, *, sure: bool = True) -> Sentence:
    """Why every value stands on this basis, and how far the standard has a say; ``sure``: as of edition 5 on."""
    if basis == "effect":
        said = sentence(
            "Valued by the extra growth that model %(model)s expects; its gain for unseen mentors is supported.",
            model=str(model),
        )
        if round(100 * standard_share) == 0:
            return said
        if sure:
            return sentence(
                "%(said)s The office's standard, brought to the same scale, has %(share)s percent of the say in the "
                "choice: with that much, the plan is surest to be worth no less than one by the standard alone. "
                "Every benefit shown is the model's alone.",
                said=said,
                share=Number(100 * standard_share),
            )
        return sentence(
            "%(said)s How the areas differ is known less well than it varies, so the office's standard, brought to the "
            "same scale, has %(share)s percent of the say in the choice; every benefit shown is the model's alone.",
            said=said,
            share=Number(100 * standard_share),
        )
    if model is None:
        return sentence("Valued by the office's standard: no relation has been learned yet.")
    return sentence(
        "Valued by the office's standard: model %(model)s found no supported gain from mentors' scores.", model=model
    )
