"""Plans, decisions on them and how they held, as answered."""

from typing import Any

from service.api.answers.common import Answer, Range


class RunnerUp(Answer):
    """What would have been chosen next."""

    mentor_id: str
    course_id: str
    note: str


class Choice(Answer):
    """One course for one mentor, and why."""

    mentor_id: str
    mentor_name: str
    course_id: str
    title: str
    area: str
    cost_idr: int
    gain_points: Range
    benefit: Range | None
    turnover_idr: Range | None
    basis: str
    evidence: str
    reasons: list[str]
    runner_up: RunnerUp | None
    what_would_change: str | None
    decides: str


class NotChosen(Answer):
    """A course or mentor left out, and why."""

    mentor_id: str | None
    course_id: str | None
    reason: str


class Plan(Answer):
    """A training plan as the command gives it."""

    plan: int
    budget_idr: int
    cost_idr: int
    benefit: Range
    turnover_idr: Range | None
    gap: float | None
    basis: str
    risk: str
    decides: str
    choices: list[Choice]
    left_out: list[NotChosen]
    model: str | None
    data_version: int
    as_of: str
    seed: int
    max_courses_per_mentor: int
    locks: list[list[str]]
    forbids: list[list[str]]
    hindsight: str | None
    places_in_all: int | None = None
    part_note: str | None = None


class Listed(Answer):
    """A plan in the list."""

    plan: int
    as_of: str
    created_at: str
    budget_idr: int
    max_courses_per_mentor: int
    risk: str
    locks: list[list[str]]
    forbids: list[list[str]]
    seed: int
    status: str


class Plans(Answer):
    """The stored plans, the newest first."""

    plans: list[Listed]


class Approval(Answer):
    """Who approved, and when."""

    name: str
    role: str
    approved_at: str


class Decision(Answer):
    """A decision on one choice."""

    mentor_id: str
    course_id: str
    decision: str
    reason: str
    name: str
    role: str
    model: str | None
    decided_at: str


class Repeated(Answer):
    """A place that an approved plan holds already and that is not done yet."""

    mentor_id: str
    course_id: str
    plan: int
    note: str


class PlanStanding(Plan):
    """A plan with its status, who approved it and every decision on it."""

    status: str
    approval: Approval | None
    decisions: list[Decision]
    repeated: list[Repeated]
    since_made: str | None


class Decided(Decision):
    """A decision that was recorded."""

    plan: int
    status: str


class Approved(Answer):
    """An approval that was recorded."""

    plan: int
    status: str
    approval: Approval
    repeated: list[Repeated]
    choices: int
    refused: int
    undecided: int
    predictions: int
    note: str


class Difference(Answer):
    """An input that differs."""

    name: str


class Comparison(Answer):
    """What differs between two plans."""

    first: int
    second: int
    inputs: list[Difference]
    kept: int
    note: str
    part_note: str | None = None


class Point(Answer):
    """A budget of the curve, and what it buys."""

    budget_idr: int
    cost_idr: int
    places: int
    value: float | None
    benefit: Range | None
    turnover_idr: Range | None
    gap: float | None
    reason: str | None


class Further(Answer):
    """What a little more would buy."""

    what: str
    course_id: str | None
    value: float
    cost_idr: int


class Curve(Answer):
    """Benefit against budget."""

    budget_idr: int
    basis: str
    points: list[Point]
    more: list[Further]
    standard_share: float
    note: str
    model: str | None
    data_version: int
    as_of: str


class Assessment(Answer):
    """A new assessment, and what it would be worth to the plan."""

    mentor_id: str
    area: str
    score: float | None
    worth: Range
    turnover_idr: float | None
    chance: float
    evidence: str
    reasons: list[str]
    runner_up: str | None
    what_would_change: str | None
    decides: str


class Assessments(Answer):
    """New assessments, the most valuable first."""

    budget_idr: int
    basis: str
    assessments: list[Assessment]
    model: str | None
    data_version: int
    as_of: str


class WhatIf(Answer):
    """A plan as it would be with changes, beside the stored one; a simulation."""

    simulation: bool
    plan: None
    base: int
    note: str
    budget_idr: int
    cost_idr: int
    benefit: Range
    turnover_idr: Range | None
    gap: float | None
    basis: str
    choices: list[Choice]
    left_out: list[NotChosen]
    compare: dict[str, Any]
    model: str | None
    data_version: int
    as_of: str


class Held(Answer):
    """How predictions held."""

    predictions: int
    observed: int
    coverage_90: float | None
    bias: float | None


class Review(Held):
    """How the predictions of approved plans held; uplift itself is never observed."""

    growth: Held
    scores: Held
    counted_before: int
    note: str
    uplift: str
    data_version: int
    as_of: str
