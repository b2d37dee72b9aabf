"""Why a business goes to its mentor: what it needs beside the mentor's scores, and what the office asks for."""

from typing import Any

import numpy as np

from model.matching.prices import FAR
from model.sentences import Label, Number, Sentence, listed, sentence
from training.matching.scene import SAME, Scene
from training.matching.worth import Floats
from training.planning.plan import MOST_REASONS, Range
from training.planning.thresholds import parting

_NEEDS_SHOWN = 2


def reasons(scene: Scene, row: int, part: Range | None) -> tuple[Sentence, ...]:
    """At most five reasons, each with the mentor's own value beside a reference."""
    said = [*_settled(scene, row), *_ruled(scene, row), *_needs(scene, row), *_part(scene, part), _load(scene, row)]
    return tuple(said[:MOST_REASONS])


def _settled(scene: Scene, row: int) -> list[Sentence]:
    form = scene.found.form
    business, mentor = int(form.business[row]), int(form.mentor[row])
    if form.locked[row]:
        return [sentence("You locked this pair.")]
    if mentor in scene.tables.businesses.present[business]:
        return [
            sentence(
                "They work together already; keeping that counts %(bonus)s.", bonus=scene.amount(scene.request.keep)
            )
        ]
    if form.held[row]:
        return [
            sentence(
                "They stand together in matching %(base)s; as few pairs as possible are moved.",
                base=str(scene.request.base or "–"),
            )
        ]
    leaver = scene.leaver(business)
    return [] if leaver is None else [sentence("Its mentor now, %(mentor)s, leaves.", mentor=leaver)]


def _ruled(scene: Scene, row: int) -> list[Sentence]:
    """Rules of sector or language that speak of the pair."""
    if not scene.request.rules:
        return []
    business, mentor = int(scene.candidates.business[row]), int(scene.candidates.mentor[row])
    language, sectors = scene.ruling.needed(business), scene.ruling.sectors_of(mentor)
    kept = Number(int(scene.candidates.ruled[business]))
    if not scene.ruling.within(business)[mentor]:
        return [
            sentence("Rules of sector or language speak against this pair; the lock, or that it stands now, overrides.")
        ]
    said = []
    if language is not None:
        said.append(
            sentence(
                "It needs a mentor who speaks %(language)s, as this one does; rules keep %(count)s others who reach "
                "its district from it.",
                language=language,
                count=kept,
            )
        )
    if sectors is not None:
        said.append(
            sentence(
                "The mentor serves the sectors %(sectors)s only; the business is in %(sector)s.",
                sectors=listed([scene.sector_name(sector) for sector in sectors]),
                sector=scene.sector_name(scene.tables.businesses.sectors[business]),
            )
        )
    return said


def _needs(scene: Scene, row: int) -> list[Sentence]:
    business, mentor = int(scene.candidates.business[row]), int(scene.candidates.mentor[row])
    needs, worth = scene.tables.businesses.needs[business], scene.worth
    needed = np.flatnonzero(needs)
    if not len(needed):
        return [sentence("The business names no need; the mentor's scores over all areas decide.")]
    parts = worth.parts(business, mentor)
    first = needed[np.lexsort((needed, -parts[needed]))][:_NEEDS_SHOWN]
    said = [_need(scene, mentor, int(area), business) for area in first]
    if len(needed) > _NEEDS_SHOWN:
        scores = worth.scores[mentor, needed]
        said.append(
            sentence(
                "Areas of need where the mentor is at the office's standard: %(met)s of %(all)s.",
                met=Number(int((np.nan_to_num(scores, nan=-1.0) >= worth.standards[needed]).sum())),
                all=Number(len(needed)),
            )
        )
    return said


def _need(scene: Scene, mentor: int, area: int, business: int) -> Sentence:
    worth, mine = scene.worth, scene.candidates
    rows = slice(*np.searchsorted(mine.business, [business, business + 1]))
    label = tuple(scene.tables.areas.values())[area].label
    return need_said(label, worth.scores[mentor, area], worth.scores[mine.mentor[rows], area], worth.standards[area])


def need_said(label: Label, score: float, others: Floats, standard: float) -> Sentence:
    """An area of need: the mentor's score (NaN: never assessed) beside the mean of all candidates' and the standard."""
    usual = float(np.mean(others[np.isfinite(others)])) if np.isfinite(others).any() else float("nan")
    values = {"area": label, "usual": Number(usual, 1), "standard": Number(standard, 1)}
    if not np.isfinite(score):
        return sentence(
            "It needs help in %(area)s, where this mentor was never assessed; the mean of its candidates is "
            "%(usual)s, the office asks for %(standard)s.",
            **values,
        )
    return sentence(
        "It needs help in %(area)s: the mentor scores %(score)s, the mean of its candidates is %(usual)s, the office "
        "asks for %(standard)s.",
        score=Number(score, 1),
        **values,
    )


def _part(scene: Scene, part: Range | None) -> list[Sentence]:
    if part is None:
        return []
    if scene.unit is not None:
        return [
            sentence(
                "Beside a mentor of average scores, %(mean)s %(unit)s more are expected (%(low)s to %(high)s).",
                unit=scene.unit,
                **{name: Number(value, 3) for name, value in vars(part).items()},
            )
        ]
    return [
        sentence(
            "Beside a mentor of average scores, growth is expected to differ by %(mean)s percent (%(low)s to "
            "%(high)s).",
            **{name: Number(100 * float(np.expm1(value)), 1) for name, value in vars(part).items()},
        )
    ]


def _load(scene: Scene, row: int) -> Sentence:
    mentors, mentor = scene.tables.mentors, int(scene.candidates.mentor[row])
    taken = int(scene.found.used[mentor]) + int(mentors.used[mentor])
    return sentence(
        "With this matching %(mentor)s has %(taken)s of %(capacity)s places taken.",
        mentor=mentors.names[mentor],
        taken=Number(taken),
        capacity=Number(int(mentors.capacity[mentor])),
    )


def what_would_change(scene: Scene, row: int, rival: int) -> Sentence:
    """The nearest change that would send the business elsewhere, in figures of the mentor."""
    if scene.found.form.locked[row]:
        return sentence("You locked it; without the lock the matching would be made anew.")
    cost = scene.cost(int(scene.displaced.loss[rival])) if rival >= 0 else None
    if cost is None:
        return sentence("Only a forbid, a lock on another mentor, or more places elsewhere would change it.")
    if not (cost.served or cost.moved) and cost.value < SAME:
        return sentence("Nothing need change: with %(rival)s the sum would be the same.", rival=_rival(scene, rival))
    limit = None if cost.served or cost.moved else _limit(scene, row, cost.value)
    if limit is None:
        return sentence(
            "No lower score of the mentor in one area would change it; a forbid, or one place less with the mentor, "
            "would."
        )
    area, score = limit
    return _by_score(scene, row, area, score, _rival(scene, rival))


def _by_score(scene: Scene, row: int, area: int, limit: float, rival: str) -> Sentence:
    """The score below which the business goes elsewhere, with the decimals that part it from the present one."""
    mentor, effect = int(scene.candidates.mentor[row]), scene.worth.basis == "effect"
    now = float((scene.worth.at if effect else scene.worth.scores)[mentor, area])
    decimals = parting(limit, now)
    told: dict[str, Any] = {
        "area": tuple(scene.tables.areas.values())[area].label,
        "score": Number(now, decimals or 1),
        "rival": rival,
    }
    if decimals is None and effect:
        return sentence(
            "It stands at the edge: for this business alone, the smallest fall of the true score in %(area)s (all "
            "assessments say %(score)s) would send it to %(rival)s.",
            **told,
        )
    if decimals is None:
        return sentence(
            "It stands at the edge: for this business alone, the smallest fall of the score in %(area)s (now "
            "%(score)s) would send it to %(rival)s.",
            **told,
        )
    told["limit"] = Number(limit, decimals)
    if effect:
        return sentence(
            "For this business alone: with a true score below %(limit)s in %(area)s (all assessments say %(score)s) it "
            "would go to %(rival)s.",
            **told,
        )
    return sentence(
        "For this business alone: at a score below %(limit)s in %(area)s (now %(score)s) it would go to %(rival)s.",
        **told,
    )


def _rival(scene: Scene, rival: int) -> str:
    return scene.mentor_name(int(scene.candidates.mentor[rival]))


def _limit(scene: Scene, row: int, loss: float) -> tuple[int, float] | None:
    """Area and score at which the mentor's value for the business has fallen by the loss, where one area can do it."""
    business, mentor = int(scene.candidates.business[row]), int(scene.candidates.mentor[row])
    return scene.worth.turning_score(scene.worth.needs[business], mentor, -max(loss, 0.0))


def why_unserved(scene: Scene, business: int, waiting: int) -> tuple[Sentence, Sentence]:
    """Why a business has no mentor in this matching, and what would mend it; ``waiting``: unserved in its district."""
    tables, candidates = scene.tables, scene.candidates
    rows = np.arange(*np.searchsorted(candidates.business, [business, business + 1]))
    district = tables.businesses.districts[business]
    if not len(rows) and candidates.forbidden[business]:
        return (
            sentence("Every mentor who could serve it is forbidden for it."),
            sentence("Take a forbid away, or add a mentor for %(district)s.", district=district),
        )
    if not len(rows) and candidates.ruled[business]:
        return _ruled_out(scene, business)
    if not len(rows):
        return (
            sentence("No mentor works in %(district)s.", district=district),
            sentence(
                "Add a mentor there, or name %(district)s among the extra districts of one nearby.", district=district
            ),
        )
    who = candidates.mentor[rows]
    values = {"count": Number(len(who)), "district": district}
    if not scene.found.form.places[who].any():
        why = sentence(
            "The mentors who can serve %(district)s (%(count)s) have no free place: their active businesses and "
            "capacity leave none.",
            **values,
        )
    else:
        why = sentence(
            "The mentors who can serve %(district)s (%(count)s) are full in this matching; their places go where the "
            "sum is larger.",
            **values,
        )
    if candidates.ruled[business]:
        why = sentence(
            "%(why)s Rules of sector or language keep %(count)s more from it.",
            why=why,
            count=Number(int(candidates.ruled[business])),
        )
    best = int(who[np.argmax(scene.found.given[who])])
    return why, sentence(
        "One more place with %(mentor)s would serve one business more; %(waiting)s wait in %(district)s.",
        mentor=scene.mentor_name(best),
        waiting=Number(waiting),
        district=district,
    )


def _ruled_out(scene: Scene, business: int) -> tuple[Sentence, Sentence]:
    """Why rules leave nobody for a business, and what would mend it."""
    businesses, language = scene.tables.businesses, scene.ruling.needed(business)
    values = {
        "count": Number(int(scene.candidates.ruled[business])),
        "district": businesses.districts[business],
        "sector": scene.sector_name(businesses.sectors[business]),
    }
    if language is None:
        return (
            sentence("None of the %(count)s mentors who reach %(district)s serves the sector %(sector)s.", **values),
            sentence(
                "Let one of them serve %(sector)s in the rules, or add a mentor for %(district)s who does.", **values
            ),
        )
    values["language"] = language
    if not scene.ruling.allowed(None, language).any():
        why = sentence("No mentor speaks %(language)s, which it needs.", **values)
    else:
        why = sentence(
            "None of the %(count)s mentors who reach %(district)s speaks %(language)s, which it needs, and serves the "
            "sector %(sector)s.",
            **values,
        )
    return why, sentence(
        "Name a mentor who speaks %(language)s and can serve %(district)s, or lock one in spite of the rule.", **values
    )


def price_of(scene: Scene, mentor: int) -> dict[str, object] | None:
    """What the sum loses when a place of a mentor is taken away; None where there is none to take."""
    steps = int(scene.found.taken[mentor])
    cost = scene.cost(steps) if steps < FAR else None
    return None if cost is None else {"serves": cost.served, "value": cost.value}
