"""Advice of the intake desk and decisions on it, as answered."""

from typing import Any

from service.api.answers.common import Answer


class Desk(Answer):
    """The best mentors with a free place for a business that comes in now."""

    district: str
    needs: list[str]
    basis: str
    best: list[dict[str, Any]]
    full: list[dict[str, Any]]
    unit: str | None
    model: str | None
    data_version: int
    as_of: str
    note: str | None
    mark: str


class Withdrawal(Answer):
    """Who withdrew a decision, when and why."""

    reason: str
    name: str
    role: str
    made_at: str


class ListedDecision(Answer):
    """A decision of the desk in the list."""

    desk: int
    business: str
    district: str
    needs: list[str]
    sector: str | None
    decision: str
    status: str
    mentor_id: str | None
    advised: str | None
    reason: str
    name: str
    role: str
    made_at: str
    withdrawn: list[Withdrawal]
    model: str | None
    data_version: int
    as_of: str


class DeskDecision(ListedDecision):
    """A decision of the desk with the advice as it was then."""

    advice: dict[str, Any]
    note: str


class DeskDecisions(Answer):
    """The decisions of the desk, the newest first."""

    decisions: list[ListedDecision]
