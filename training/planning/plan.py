"""The plan as an answer. A recommendation that lacks what a reader is owed cannot be made: its type refuses it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from model.evidence import WORDS
from model.planning.gains import CENTRE
from model.sentences import Label, Number, Sentence, sentence
from training.planning.candidates import LeftOut
from training.planning.plan_tables import Pair

MOST_REASONS = 5
RANKED = 5
"""First edition whose choices stand in the order of what each brings."""


@dataclass(frozen=True)
class PlanRequest:
    """What is asked: budget in whole rupiah, limits, risk, and pairs (mentor id, course id) locked or forbidden.

    ``hours_per_mentor``: most JP hours of courses for one mentor, None without a limit. ``floors``: (district, least
    places its mentors get). ``area_caps``: (area code, most places in it). ``edition``: of the rules that
    a stored plan is made by again: 1 before there were such limits, 2 before a plan by the standard was cautious as a
    whole, 3 before our own search gave the first plan, by which one of several worth the same may be chosen, 4 before
    the standard's say was what most surely leaves a plan no worse and choices stood in the order of what each brings.
    """

    budget_idr: int
    max_courses_per_mentor: int = 2
    risk: Literal["mean", "cautious"] = "mean"
    locks: tuple[Pair, ...] = ()
    forbids: tuple[Pair, ...] = ()
    seed: int = 0
    hours_per_mentor: float | None = None
    floors: tuple[tuple[str, int], ...] = ()
    area_caps: tuple[tuple[str, int], ...] = ()
    edition: int = 5


@dataclass(frozen=True)
class Range:
    """A mean and its 90 % range."""

    mean: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (all(map(math.isfinite, (self.mean, self.low, self.high))) and self.low <= self.high):
            raise ValueError(f"not a range: {self}")


@dataclass(frozen=True)
class RunnerUp:
    """The best candidate that could stand in a choice's place; ids None where nothing fits, which ``note`` then says.

    ``value`` is measured like the choice's own; ``within_noise``: the 90 % range of the difference holds 0.
    """

    mentor_id: str | None
    mentor_name: str | None
    course_id: str | None
    title: str | None
    value: float | None
    within_noise: bool | None
    note: Sentence


@dataclass(frozen=True)
class Choice:
    """One place bought. ``value`` is what the plan sums up; ``cost_idr`` the place alone, without fixed costs.

    Raises:
        ValueError: a reason, the evidence word, a range, the runner-up, what would change it or who decides is missing,
            or the basis does not fit the figures.
    """

    mentor_id: str
    mentor_name: str
    course_id: str
    title: str
    area: str
    area_label: Label
    cost_idr: int
    gain_points: Range
    benefit: Range | None
    turnover_idr: Range | None
    value: float
    basis: Literal["effect", "standard"]
    evidence: str
    reasons: tuple[Sentence, ...]
    runner_up: RunnerUp
    what_would_change: Sentence
    decides: Sentence

    def __post_init__(self) -> None:
        lacking = [
            name
            for name, there in {
                "reasons": 1 <= len(self.reasons) <= MOST_REASONS and all(_said(r) for r in self.reasons),
                "evidence": self.evidence in WORDS,
                "gain_points": isinstance(self.gain_points, Range),
                "runner_up": _said(getattr(self.runner_up, "note", None)),
                "what_would_change": _said(self.what_would_change),
                "decides": _said(self.decides),
                "value": math.isfinite(self.value),
                "benefit": isinstance(self.benefit, Range) == (self.basis == "effect"),
                "turnover_idr": self.turnover_idr is None or self.basis == "effect",
            }.items()
            if not there
        ]
        if lacking:
            raise ValueError(f"a recommendation lacks: {', '.join(lacking)}")


def _said(text: object) -> bool:
    return isinstance(text, Sentence) and bool(str(text))


def decides() -> Sentence:
    """Who decides."""
    return sentence("This is advice: the programme manager decides.")


@dataclass(frozen=True)
class Plan:
    """A training plan and what it was made from; :meth:`answer` gives the contract's names.

    ``standard_share``: 0..1, the say that the office's standard had in an effect plan's choice.
    """

    request: PlanRequest
    data_version: int
    as_of: date
    model: str | None
    basis: Literal["effect", "standard"]
    basis_note: Sentence
    standard_share: float
    risk_note: Sentence
    cost_idr: int
    benefit: Range
    turnover_idr: Range | None
    gap: float
    choices: tuple[Choice, ...]
    fixed_costs: tuple[Mapping[str, object], ...]
    left_out: tuple[LeftOut, ...]
    gains: tuple[Mapping[str, object], ...]

    def __post_init__(self) -> None:
        if any(choice.basis != self.basis for choice in self.choices):
            raise ValueError("a plan has one basis")
        if self.cost_idr > self.request.budget_idr:
            raise ValueError("a plan keeps to its budget")

    def _ranked(self) -> Sequence[Choice]:
        """The choices, what brings the most first; as they came in plans of before."""
        if self.request.edition < RANKED:
            return self.choices
        return sorted(self.choices, key=lambda one: (-_brings(one), one.mentor_id, one.course_id))

    def answer(self) -> dict[str, object]:
        """The plan under the contract's names: plain values, and sentences still to be put in the reader's language."""
        asked = self.request
        return {
            "budget_idr": asked.budget_idr,
            "cost_idr": self.cost_idr,
            "benefit": _plain(self.benefit),
            "turnover_idr": _plain(self.turnover_idr),
            "gap": self.gap,
            "basis": self.basis,
            "basis_note": self.basis_note,
            **({"standard_share": self.standard_share} if self.standard_share else {}),
            "risk": asked.risk,
            "risk_note": self.risk_note,
            "decides": decides(),
            "choices": [_choice(choice) for choice in self._ranked()],
            "fixed_costs": [dict(cost) for cost in self.fixed_costs],
            "left_out": [
                {"mentor_id": out.mentor_id, "course_id": out.course_id, "reason": out.reason} for out in self.left_out
            ],
            "gains": [dict(gain) for gain in self.gains],
            "model": self.model,
            "data_version": self.data_version,
            "as_of": self.as_of.isoformat(),
            "seed": asked.seed,
            "max_courses_per_mentor": asked.max_courses_per_mentor,
            "locks": _pairs(asked.locks),
            "forbids": _pairs(asked.forbids),
            **({} if asked.edition == 1 else {"rules": _rules(asked), "gains_note": _gains_note()}),
        }


def _brings(choice: Choice) -> float:
    return choice.value if choice.benefit is None else choice.benefit.mean


def _plain(values: Range | None) -> dict[str, float] | None:
    return None if values is None else {"mean": values.mean, "low": values.low, "high": values.high}


def _gains_note() -> Sentence:
    """What the rows of ``gains`` mean."""
    return sentence(
        "The points of a course under gains are those at a score of %(score)s; a higher score leaves less to gain.",
        score=Number(CENTRE),
    )


def _rules(asked: PlanRequest) -> dict[str, object]:
    return {
        "hours_per_mentor": asked.hours_per_mentor,
        "floors": [{"district": district, "places": places} for district, places in sorted(asked.floors)],
        "area_caps": [{"area": area, "places": places} for area, places in sorted(asked.area_caps)],
    }


def _pairs(pairs: Sequence[Pair]) -> list[dict[str, str]]:
    return [{"mentor_id": mentor, "course_id": course} for mentor, course in sorted(set(pairs))]


def _choice(choice: Choice) -> dict[str, object]:
    other = choice.runner_up
    return {
        "mentor_id": choice.mentor_id,
        "mentor_name": choice.mentor_name,
        "course_id": choice.course_id,
        "title": choice.title,
        "area": choice.area,
        "area_label": choice.area_label,
        "cost_idr": choice.cost_idr,
        "gain_points": _plain(choice.gain_points),
        "benefit": _plain(choice.benefit),
        "turnover_idr": _plain(choice.turnover_idr),
        "value": choice.value,
        "basis": choice.basis,
        "evidence": choice.evidence,
        "reasons": list(choice.reasons),
        "runner_up": {
            "mentor_id": other.mentor_id,
            "mentor_name": other.mentor_name,
            "course_id": other.course_id,
            "title": other.title,
            "value": other.value,
            "within_noise": other.within_noise,
            "note": other.note,
        },
        "what_would_change": choice.what_would_change,
        "decides": choice.decides,
    }
