"""What would take a place out of a plan, told with as many decimals as part the threshold from the present figure."""

from decimal import Decimal

import numpy as np

from model.planning.gains import applied
from model.planning.standard import score_at_value
from model.sentences import Number, Sentence, sentence
from training.planning.reasons import Scene
from training.planning.values import EffectValues

_MOST_DECIMALS = 4
"""A figure is told with one decimal, and with three more at most to part it from another."""


def what_would_change(scene: Scene, row: int, rival: int | None) -> Sentence:
    """The nearest change that would take the place away, in figures of the mentor."""
    if scene.form.locked[row]:
        return sentence("You locked it; without the lock the plan would be made anew.")
    if scene.dependants(row):
        other = scene.course(scene.dependants(row)[0]).title
        return sentence("It stays as long as %(course)s is bought, which needs it first.", course=other)
    if rival is None:
        return _without_rival(scene, row)
    if scene.form.mentor[row] == scene.form.mentor[rival]:
        return _by_gain(scene, row, rival)
    return _by_score(scene, row, rival) if scene.values.basis == "standard" else _by_businesses(scene, row, rival)


def parting(first: float, second: float) -> int | None:
    """Decimals, one to four, at which two figures first read differently; None where none of them part the two.

    Figures are rounded from their decimal form, as they are where they are shown.
    """
    one, two = Decimal(str(float(first))), Decimal(str(float(second)))
    return next((n for n in range(1, 1 + _MOST_DECIMALS) if f"{one:.{n}f}" != f"{two:.{n}f}"), None)


def _without_rival(scene: Scene, row: int) -> Sentence:
    if scene.values.basis == "effect":
        return sentence("Only a smaller budget, or an expected benefit of zero, would take it out.")
    places = scene.candidates.places
    area, score = scene.tables.areas[scene.course(row).area].label, float(places.score[row])
    decimals = parting(float(places.standard[row]), score)
    if decimals is None:
        return sentence(
            "It stands at the edge: a smaller budget, or the smallest rise of the score in %(area)s (now %(score)s), "
            "would take it out.",
            area=area,
            score=Number(score, 1),
        )
    return sentence(
        "A smaller budget, or a score of %(standard)s or more in %(area)s (now %(score)s), would take it out.",
        standard=Number(places.standard[row], decimals),
        area=area,
        score=Number(score, decimals),
    )


def _share(scene: Scene, row: int, rival: int) -> float:
    """Value of the rival ÷ value of the choice, within 0..1."""
    own, other = scene.values.objective[row], scene.values.objective[rival]
    return float(np.clip(other / own, 0.0, 1.0)) if own > 0 else 1.0


def _by_gain(scene: Scene, row: int, rival: int) -> Sentence:
    places = scene.candidates.places
    score = float(places.score[row])
    now = float(applied(scene.gain(row, score), score))
    points = _points_at(scene, row, now, _share(scene, row, rival))
    decimals = parting(points, now)
    if decimals is None:
        return sentence(
            "It stands at the edge: if the course added the least bit fewer points (expected: %(now)s), "
            "%(course)s would be better for %(mentor)s.",
            now=Number(now, 1),
            course=scene.course(rival).title,
            mentor=scene.name(rival),
        )
    return sentence(
        "If the course added fewer than %(points)s points (expected: %(now)s), "
        "%(course)s would be better for %(mentor)s.",
        points=Number(points, decimals),
        now=Number(now, decimals),
        course=scene.course(rival).title,
        mentor=scene.name(row),
    )


def _points_at(scene: Scene, row: int, now: float, share: float) -> float:
    """Points that bring a share of what the expected points bring, at the mentor's score."""
    values = scene.values
    if not isinstance(values, EffectValues):
        return share * now
    score, area = float(values.places.score[row]), int(values.places.area[row])
    grid = np.linspace(0.0, now, 2001)
    shape = values.uplift.effects.shape(area, score + grid)
    return float(np.interp(shape[0] + share * (shape[-1] - shape[0]), shape, grid))


def _by_score(scene: Scene, row: int, rival: int) -> Sentence:
    places, values = scene.candidates.places, scene.values
    joint = values.mean[row] > 0 and scene.caution == 0
    kept = values.objective[row] / values.mean[row] if joint else 1.0  # what caution leaves of a value
    limit = score_at_value(
        float(values.objective[rival] / kept) if kept > 0 else 0.0,
        float(places.standard[row]),
        float(places.needing[row]),
        lambda score: scene.gain(row, score),
    )
    return _by_limit(scene, row, rival, limit)


def _by_limit(scene: Scene, row: int, rival: int, limit: float) -> Sentence:
    """The score above which the place goes to another mentor, with the decimals that part it from the present one."""
    score = float(scene.candidates.places.score[row])
    area, mentor = scene.tables.areas[scene.course(row).area].label, scene.name(rival)
    course, decimals = scene.course(rival).title, parting(limit, score)
    if decimals is None:
        return sentence(
            "It stands at the edge: the smallest rise of the score in %(area)s (now %(score)s) would give the place to "
            "%(mentor)s, %(course)s.",
            area=area,
            score=Number(score, 1),
            mentor=mentor,
            course=course,
        )
    return sentence(
        "At a score above %(limit)s in %(area)s (now %(score)s) the place would go to %(mentor)s, %(course)s.",
        limit=Number(limit, decimals),
        area=area,
        score=Number(score, decimals),
        mentor=mentor,
        course=course,
    )


def _by_businesses(scene: Scene, row: int, rival: int) -> Sentence:
    places = scene.candidates.places
    now = float(places.needing[row] + places.others[row])
    return sentence(
        "With fewer than %(count)s businesses of the same kind (now %(now)s) the place would go to "
        "%(mentor)s, %(course)s.",
        count=Number(float(np.ceil(round(now * _share(scene, row, rival), 9)))),
        now=Number(now),
        mentor=scene.name(rival),
        course=scene.course(rival).title,
    )
