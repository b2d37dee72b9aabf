"""Matchings and decisions on them, as answered."""

from typing import Any

from service.api.answers.common import Answer


class MatchRunnerUp(Answer):
    """The mentor who would be next."""

    mentor_id: str | None
    note: str | None


class MatchPair(Answer):
    """A business, the mentor advised for it, and why."""

    business_id: str
    mentor_id: str
    basis: str
    expected_growth: float | None
    low: float | None
    high: float | None
    evidence: str
    reasons: list[str]
    runner_up: MatchRunnerUp | None
    what_would_change: str | None
    decides: str


class Unmatched(Answer):
    """A business nobody can take, and what would mend it."""

    business_id: str
    reason: str


class Match(Answer):
    """A matching as the command gives it."""

    match: int | None
    pairs: list[MatchPair]
    unmatched: list[Unmatched]
    gap: float | None
    basis: str
    model: str | None
    data_version: int
    as_of: str


class MatchEvent(Answer):
    """An approval, publication or refusal, who made it and when."""

    event: str
    name: str
    role: str
    made_at: str
    reason: str


class MatchStanding(Match):
    """A matching with its status and every decision on it."""

    status: str
    decisions: list[MatchEvent]
    since_made: str | None = None
    part_note: str | None = None


class ListedMatch(Answer):
    """A matching in the list."""

    match: int
    as_of: str
    created_at: str
    model: str | None
    pool: str
    note: str
    status: str


class MatchList(Answer):
    """The stored matchings, the newest first."""

    matches: list[ListedMatch]


class MatchApproved(Answer):
    """An approval that was recorded."""

    match: int
    status: str
    approval: MatchEvent
    pairs: int
    predictions: int


class MatchPublished(Answer):
    """A publication that was recorded."""

    match: int
    status: str
    publication: MatchEvent


class Rematched(Match):
    """The matching anew after pairs were declined, and what moved."""

    base: int | None
    changes: dict[str, Any]
