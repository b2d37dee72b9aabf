"""One advice of the intake desk, with all that a reader is owed; one that lacks any of it cannot be made."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.evidence import WORDS
from model.sentences import Number, Sentence, sentence
from training.matching.reasons import need_said
from training.matching.scene import SAME
from training.matching.worth import Floats, Ints
from training.planning.plan import MOST_REASONS, Range, decides
from training.planning.thresholds import parting

if TYPE_CHECKING:
    from training.matching.desk import Desk

MOST = 5
"""Mentors advised."""
_NEEDS_SHOWN = 3


@dataclass(frozen=True)
class Asked:
    """A business at the desk: ``flags`` (A) its needs, ``who`` (n) the mentors who may serve it, ``value`` (n)."""

    desk: "Desk"
    district: str
    flags: Ints
    who: Ints
    value: Floats


@dataclass(frozen=True)
class Advice:
    """One mentor advised.

    ``part``: what the scores add beside a mentor of average ones, with its 90 % range; None, and ``fit`` given, where
    the standard decides: that is an agreement and no forecast, so its range is of the noise in assessments alone.
    ``alike``: as good as the first within noise.

    Raises:
        ValueError: a reason, the evidence word, the range, the runner-up, what would change it or who decides lacks.
    """

    about: dict[str, Any]
    alike: bool
    part: Range | None
    fit: Range | None
    evidence: str
    reasons: tuple[Sentence, ...]
    runner_up: dict[str, Any]
    what_would_change: Sentence
    decides: Sentence

    def __post_init__(self) -> None:
        ends = (*(vars(self.part).values() if self.part else ()), *(vars(self.fit).values() if self.fit else ()))
        there = {
            "reasons": 1 <= len(self.reasons) <= MOST_REASONS,
            "evidence": self.evidence in WORDS,
            "range": (self.part is None) != (self.fit is None) and all(map(math.isfinite, ends)),
            "runner_up": isinstance(self.runner_up.get("note"), Sentence),
            "what_would_change": isinstance(self.what_would_change, Sentence),
            "decides": isinstance(self.decides, Sentence),
        }
        if not all(there.values()):
            raise ValueError(f"an advice lacks: {', '.join(name for name, good in there.items() if not good)}")

    def answer(self) -> dict[str, Any]:
        """The advice as plain values and sentences."""
        return {
            **self.about,
            "within_noise_of_best": self.alike,
            "mentor_part": None if self.part is None else dict(vars(self.part)),
            "fit": None if self.fit is None else self.fit.mean,
            "fit_range": None if self.fit is None else {"low": self.fit.low, "high": self.fit.high},
            "evidence": self.evidence,
            "reasons": list(self.reasons),
            "runner_up": self.runner_up,
            "what_would_change": self.what_would_change,
            "decides": self.decides,
        }


def about(asked: Asked, place: int) -> dict[str, Any]:
    """Who the mentor is, places left, and what one of them is worth to those who have it."""
    desk, mentor = asked.desk, int(asked.who[place])
    price = float(desk.price[mentor])
    return {
        "mentor_id": desk.tables.mentors.ids[mentor],
        "mentor_name": desk.tables.mentors.names[mentor],
        "value": float(asked.value[place]),
        "free": int(desk.free[mentor]),
        "price": price if math.isfinite(price) else None,
    }


def advise(asked: Asked, order: Ints) -> list[Advice]:
    """The advice on the first mentors of an order (places among those asked), each with the one after as runner-up."""
    shown = order[:MOST]
    if not len(shown):
        return []
    mentors, following = asked.who[shown], asked.who[order[1 : len(shown) + 1]]
    average = np.full(len(shown), -1)
    parts = _ends(asked, mentors, average)
    firsts = _ends(asked, np.repeat(mentors[:1], len(shown)), mentors)
    nexts = _ends(asked, mentors[: len(following)], following)
    return [
        Advice(
            about=about(asked, int(place)),
            alike=bool(firsts[0, k] <= 0.0 <= firsts[1, k]),
            **_range(asked, int(place), parts[:, k]),
            evidence=asked.desk.worth.evidence_by_needs(asked.flags, int(asked.who[place])),
            reasons=reasons(asked, int(place)),
            runner_up=_runner_up(asked, order, k, nexts),
            what_would_change=_change(asked, order, k),
            decides=decides(),
        )
        for k, place in enumerate(shown)
    ]


def _ends(asked: Asked, mentor: Ints, beside: Ints) -> Floats:
    """The 90 % range (2, n) of what mentors are worth less what others are (−1: one of average scores)."""
    same = np.zeros(len(mentor), dtype=np.int64)
    return asked.desk.worth.ends_by_needs(asked.flags[None, :], same, mentor, beside)


def _range(asked: Asked, place: int, ends: Floats) -> dict[str, Range | None]:
    """What the mentor adds beside an average one, or by the standard the fit; ``ends`` (2): beside an average."""
    worth = asked.desk.worth
    if worth.model is not None:
        mean = float(worth.parts_by_needs(asked.flags, int(asked.who[place])).sum())
        return {"part": Range(mean, float(ends[0]), float(ends[1])), "fit": None}
    usual = float(worth.sums(worth.shape(worth.average[None]), worth.slopes(asked.flags[None]))[0, 0])
    return {"part": None, "fit": Range(float(asked.value[place]), float(ends[0]) + usual, float(ends[1]) + usual)}


def reasons(asked: Asked, place: int) -> tuple[Sentence, ...]:
    """The needs that weigh most, each with the mentor's own score beside the others' and the standard; the places."""
    desk, mentor = asked.desk, int(asked.who[place])
    needed, worth, labels = np.flatnonzero(asked.flags), desk.worth, tuple(desk.tables.areas.values())
    parts = worth.parts_by_needs(asked.flags, mentor)
    first = needed[np.lexsort((needed, -parts[needed]))][:_NEEDS_SHOWN]
    said = [
        need_said(labels[area].label, worth.scores[mentor, area], worth.scores[asked.who, area], worth.standards[area])
        for area in first
    ]
    if not said:
        said = [sentence("The business names no need; the mentor's scores over all areas decide.")]
    mentors = desk.tables.mentors
    taken = int(mentors.active[mentor] + desk.assigned[mentor])
    return (
        *said,
        sentence(
            "%(mentor)s has %(taken)s of %(capacity)s places taken.",
            mentor=mentors.names[mentor],
            taken=Number(taken),
            capacity=Number(int(mentors.capacity[mentor])),
        ),
    )


def _runner_up(asked: Asked, order: Ints, k: int, ends: Floats) -> dict[str, Any]:
    if k + 1 >= len(order):
        note = sentence("Nobody else who serves %(district)s has a free place.", district=asked.district)
        return {"mentor_id": None, "mentor_name": None, "within_noise": None, "loss": None, "note": note}
    mentors, other = asked.desk.tables.mentors, int(asked.who[order[k + 1]])
    within, name = bool(ends[0, k] <= 0.0 <= ends[1, k]), mentors.names[other]
    loss = float(asked.value[order[k]] - asked.value[order[k + 1]])
    if within:
        note = sentence("%(mentor)s is as good within noise and has a place: either may be right.", mentor=name)
    else:
        note = sentence("Next: %(mentor)s, less by %(loss)s.", mentor=name, loss=_amount(asked, loss))
    return {"mentor_id": mentors.ids[other], "mentor_name": name, "within_noise": within, "loss": loss, "note": note}


def _amount(asked: Asked, value: float) -> Sentence:
    if asked.desk.worth.model is None:
        return sentence("%(value)s points of fit", value=Number(value, 2))
    if asked.desk.unit is not None:
        return sentence("%(amount)s %(unit)s", amount=Number(value, 3), unit=asked.desk.unit)
    return sentence("%(value)s percent of growth", value=Number(100 * math.expm1(value), 1))


def _change(asked: Asked, order: Ints, k: int) -> Sentence:
    """What would send the business elsewhere: for the first a lower score, for the others a higher one."""
    names, values = asked.desk.tables.mentors.names, asked.value[order]
    if len(order) == 1:
        return sentence("Only a free place with another mentor who serves %(district)s.", district=asked.district)
    rival = names[int(asked.who[order[1 if k == 0 else 0]])]
    gap = float(values[1] - values[0]) if k == 0 else float(values[0] - values[k])
    if k and gap < SAME:
        return sentence("Nothing need change: this mentor is as good as %(rival)s.", rival=rival)
    found = asked.desk.worth.turning_score(asked.flags, int(asked.who[order[k]]), gap)
    if found is None:
        return _unchanged(k, rival)
    area, limit = found
    now = float(asked.desk.worth.at[asked.who[order[k]], area])
    decimals = parting(limit, now)
    told: dict[str, Any] = {
        "area": tuple(asked.desk.tables.areas.values())[area].label,
        "score": Number(now, decimals or 1),
        "rival": rival,
    }
    if decimals is None:
        return _at_the_edge(k, told)
    told["limit"] = Number(limit, decimals)
    if k == 0:
        return sentence("With a score below %(limit)s in %(area)s (now %(score)s) %(rival)s would be first.", **told)
    return sentence(
        "With a score above %(limit)s in %(area)s (now %(score)s) this mentor would pass %(rival)s.", **told
    )


def _at_the_edge(k: int, told: dict[str, Any]) -> Sentence:
    """What is said where no decimals part the score that would change it from the present one."""
    if k == 0:
        return sentence(
            "It stands at the edge: with the smallest fall of the score in %(area)s (now %(score)s) %(rival)s would be "
            "first.",
            **told,
        )
    return sentence(
        "It stands at the edge: with the smallest rise of the score in %(area)s (now %(score)s) this mentor would "
        "pass %(rival)s.",
        **told,
    )


def _unchanged(k: int, rival: str) -> Sentence:
    if k == 0:
        return sentence("No lower score in one area would change it; that the places are taken would.")
    return sentence("No higher score in one area would do; that %(rival)s has no free place would.", rival=rival)
