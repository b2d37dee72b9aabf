"""What comes next to a pair: the runner-up, whose place it would take, and who is as good within noise."""

import numpy as np

from model.sentences import Number, Sentence, sentence
from training.matching.match import NextBest
from training.matching.scene import SAME, Cost, Scene


def next_best(scene: Scene, row: int) -> NextBest:
    """The runner-up of a chosen pair: the mentor whose taking the business costs least, everything else made best."""
    business = int(scene.candidates.business[row])
    rival = int(scene.displaced.rival[business])
    if rival < 0:
        return _without_way(scene, row)
    gone, form = scene.displaced, scene.found.form
    cost = scene.cost(int(gone.loss[rival]))
    within = _within_noise(scene, rival)
    leaver, goes = int(gone.leaver[business]), int(gone.goes[business])
    return NextBest(
        mentor_id=scene.tables.mentors.ids[form.mentor[rival]],
        mentor_name=scene.tables.mentors.names[form.mentor[rival]],
        within_noise=within,
        loss=None if cost is None else cost.value,
        serves=0 if cost is None else cost.served,
        displaces=scene.tables.businesses.ids[leaver] if leaver >= 0 else None,
        goes_to=scene.tables.mentors.ids[goes] if goes >= 0 else None,
        moves=int(gone.moves[business]),
        note=_note(scene, rival, cost, within=within),
    )


def _within_noise(scene: Scene, rival: int) -> bool:
    low, high = (float(ends[rival]) for ends in scene.noise)
    return low <= 0.0 <= high


def equals(scene: Scene, row: int) -> tuple[str, ...]:
    """Mentors who are as good for the business within noise as the one chosen, whether they have a place or not."""
    rows = np.arange(*np.searchsorted(scene.candidates.business, [(b := int(scene.candidates.business[row])), b + 1]))
    low, high = (ends[rows] for ends in scene.noise)
    return tuple(scene.tables.mentors.ids[m] for m in scene.candidates.mentor[rows[(low <= 0) & (high >= 0)]])


def _without_way(scene: Scene, row: int) -> NextBest:
    """No other mentor can take the business: a lock, no candidate, or places that nobody can leave."""
    business = int(scene.candidates.business[row])
    rows = np.arange(*np.searchsorted(scene.candidates.business, [business, business + 1]))
    others = rows[rows != row]
    if scene.found.form.locked[row] and len(others):
        best = int(others[np.argmax(scene.found.form.worth[others])])
        note = sentence(
            "You locked the pair; by scores and needs alone the next would be %(mentor)s.",
            mentor=scene.mentor_name(int(scene.candidates.mentor[best])),
        )
    elif len(others):
        note = sentence("The other mentors who could serve it have no place that anyone could leave.")
    elif scene.candidates.ruled[business]:
        note = sentence(
            "No other mentor can serve it; rules of sector or language keep %(count)s from it who reach its district.",
            count=Number(int(scene.candidates.ruled[business])),
        )
    else:
        note = sentence("No other mentor can serve it.")
    return NextBest(None, None, None, None, 0, None, None, 0, note)


def _note(scene: Scene, rival: int, cost: Cost | None, *, within: bool) -> Sentence:
    who = scene.mentor_name(int(scene.candidates.mentor[rival]))
    business = int(scene.candidates.business[rival])
    leaver = int(scene.displaced.leaver[business])
    if leaver < 0:
        return _with_place(scene, who, cost, within=within)
    return sentence(
        "%(alike)s %(way)s %(cost)s",
        alike=_alike(who, within=within),
        way=_way(scene, leaver, int(scene.displaced.goes[business])),
        cost=_cost(scene, cost),
    )


def _with_place(scene: Scene, who: str, cost: Cost | None, *, within: bool) -> Sentence:
    if within:
        return sentence("%(mentor)s is as good within noise and has a place: either may be right.", mentor=who)
    return sentence("Next: %(mentor)s, who has a place. %(cost)s", mentor=who, cost=_cost(scene, cost))


def _alike(who: str, *, within: bool) -> Sentence:
    if within:
        return sentence("%(mentor)s is as good within noise, but full.", mentor=who)
    return sentence("Next: %(mentor)s, who is full.", mentor=who)


def _way(scene: Scene, leaver: int, goes: int) -> Sentence:
    if goes < 0:
        return sentence("%(business)s would lose its mentor.", business=scene.business_name(leaver))
    return sentence(
        "%(business)s would have to go to %(mentor)s.",
        business=scene.business_name(leaver),
        mentor=scene.mentor_name(goes),
    )


def _cost(scene: Scene, cost: Cost | None) -> Sentence:
    if cost is not None and cost.served > 0:
        return sentence("One business fewer would be served.")
    if cost is not None and cost.moved > 0:
        return sentence("More pairs of the former matching would be moved.")
    if cost is None or cost.value < SAME:
        return sentence("The sum would stay the same.")
    return sentence("The sum would fall by %(amount)s.", amount=scene.amount(cost.value))
