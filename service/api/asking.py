"""What may be asked: parameters of addresses and queries, headers, bodies. Whatever is not named here is refused."""

import functools
import re
from datetime import date
from typing import Annotated, Any, Literal

from flask_openapi import FileStorage
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

_DIGITS = re.compile(r"[0-9]{1,15}\Z", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)


class Asked(BaseModel):
    """Base of what is asked. Its schema is made once, since flask-openapi asks for it at every request."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    @classmethod
    def model_json_schema(cls, *given: Any, **named: Any) -> dict[str, Any]:
        """JSON Schema of the model, from the cache."""
        return _schema(cls, given, tuple(sorted(named.items(), key=lambda item: item[0])))


@functools.cache
def _schema(of: type[Asked], given: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return super(Asked, of).model_json_schema(*given, **dict(named))


class Body(Asked):
    """Base of bodies: values of the very type described, no text for a number."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not _DIGITS.match(value):
        raise ValueError("a whole number in digits is needed")
    return value


def _day(value: str) -> str:
    try:
        found = date.fromisoformat(value) if _DAY.match(value) else None
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:  # beyond that no table has a day
        raise ValueError("a day of the calendar as year-month-day is needed, for example 2026-12-31")
    return value


Whole = Annotated[int, BeforeValidator(_digits)]
Day = Annotated[
    str,
    AfterValidator(_day),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "pattern": "^(19[0-9]{2}|20[0-9]{2}|21[0-9]{2})-",
            "examples": ["2026-12-31"],
        }
    ),
]
Identifier = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,14}$", description="Number of it, as the list names it.")]


class WriteHeader(Asked):
    """Headers of an operation that changes something."""

    model_config = ConfigDict(extra="ignore", populate_by_name=False, defer_build=True)

    idempotency_key: Annotated[str, Field(pattern=r"^[!-~]{1,200}$")] | None = Field(
        None,
        alias="Idempotency-Key",
        description="Of your own making; the same request sent again under it is not done again.",
    )


class LongHeader(WriteHeader):
    """Headers of an operation that may take long."""

    prefer: Literal["respond-async"] | None = Field(
        None, alias="Prefer", description="Have it done as a job (RFC 7240): the answer names the job."
    )


class Spoken(Asked):
    """Query of every operation: the language of the answer."""

    lang: Literal["id", "en"] | None = Field(None, description="Language of the answer (default: the installation's).")


class Seen(Spoken):
    """Query of an answer that depends on the day."""

    as_of: Day | None = Field(None, description="See the data as they stood on this day (default: the newest day).")


class IndexQuery(Seen):
    """Query of the index."""

    by: Literal["program", "district", "mentor"] = Field("program", description="One group for each.")


class Beside(Seen):
    """Query of reasons that may be asked for against another."""

    against: Identifier | None = Field(None, description="Explain the difference from this other id.")


class Paging(Spoken):
    """Query of a list: without ``limit`` the whole of it, as the command gives it."""

    limit: Whole | None = Field(None, ge=1, le=1000, description="Most entries of a page (default: all).")
    offset: Whole = Field(0, ge=0, le=10_000_000, description="Entries left out before the first.")


class MentorsQuery(Paging):
    """Query of the mentors' list."""

    as_of: Day | None = Field(None, description="See the data as they stood on this day (default: the newest day).")
    district: Identifier | None = Field(None, description="Only mentors of this district.")
    search: Identifier | None = Field(None, description="Only mentors whose id or name contains this.")


class MentorPath(Asked):
    """Address of a mentor."""

    mentor_id: Identifier


class EngagementPath(Asked):
    """Address of an engagement."""

    engagement_id: Identifier


class PlanPath(Asked):
    """Address of a plan."""

    plan_id: Number


class ModelPath(Asked):
    """Address of a model."""

    name: Identifier


class JobPath(Asked):
    """Address of a job."""

    job_id: Number


class PairQuery(Spoken):
    """Query of a comparison."""

    other: Number


Pair = Annotated[str, Field(pattern=r"^[^:\s][^:]*:[^:]*[^:\s]$", max_length=401)]
"""MENTOR:COURSE or BUSINESS:MENTOR."""


class PlanBody(Body):
    """A plan that is asked for."""

    budget_idr: int = Field(ge=1, le=10**15, description="Rupiah to spend.")
    max_courses_per_mentor: int = Field(2, ge=1, le=100)
    risk: Literal["mean", "cautious"] = Field("mean", description="Value choices by the mean or cautiously.")
    lock: list[Pair] = Field([], max_length=2000, description="MENTOR:COURSE that must be chosen.")
    forbid: list[Pair] = Field([], max_length=2000, description="MENTOR:COURSE that must not be chosen.")
    as_of: Day | None = None


class TrainBody(Body):
    """What is to be learned."""

    outcome: Identifier | None = Field(None, description="Name of a ready outcome (default: growth of turnover).")
    as_of: Day | None = None


class Nothing(Body):
    """Nothing more need be said."""


class DecisionBody(Body):
    """A decision on one choice of a plan."""

    choice: Pair = Field(description="MENTOR:COURSE.")
    decision: Literal["accept", "change", "refuse"]
    reason: str = Field("", max_length=2000, description="Why; needed unless the decision is accept.")


class RollbackBody(Body):
    """The model to go back to."""

    model: Identifier | None = Field(None, description="Name of the model (default: the whole one before that in use).")


class ImportForm(Asked):
    """Files to take in."""

    files: list[FileStorage] = Field(min_length=1, max_length=50, description="CSV files or workbooks.")
    mapping: FileStorage | None = Field(None, description="Mapping file (TOML).")
    confirm: Literal["true", "false"] = Field("false", description="false: only say what importing would do.")
    dates: Literal["dmy", "mdy"] | None = Field(None, description="Which comes first in dates.")
    numbers: Literal["id", "en"] | None = Field(None, description="How numbers are written.")


Figure = Annotated[float, Field(allow_inf_nan=False)]


class ScoreBody(Body):
    """One engagement in plain values."""

    scores: dict[str, Annotated[float, Field(ge=0, le=100)] | None] = Field(
        max_length=200, description="Area → score of the mentor; an area left out or null counts as not assessed."
    )
    needs: list[Identifier] = Field([], max_length=200, description="Areas the business has a need in.")
    facts: dict[str, Figure | Annotated[str, Field(max_length=200)] | None] = Field(
        {},
        max_length=200,
        description="What else is known: turnover, mentor_turnover (rupiah a month), business_age (years), "
        "start_quarter (2026-Q1), sector, district, and the data's own; left out or null: not known.",
    )
