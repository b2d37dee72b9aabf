"""What may be asked: parameters of addresses and queries, headers, bodies. Whatever is not named here is refused."""

import functools
import re
from datetime import date
from typing import Annotated, Any, Literal

from flask_openapi import FileStorage
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from werkzeug.datastructures import FileStorage as Uploaded

from data.match_rules_file import RulesEntry
from service.api.faults import needed
from service.plans import MOST_BUDGET

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
        raise needed("whole")
    return value


def _day(value: str) -> str:
    try:
        found = date.fromisoformat(value) if _DAY.match(value) else None
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:  # beyond that no table has a day
        raise needed("day")
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
Period = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}(-(H[12]|Q[1-4]))?$")]
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

    prefer: str | None = Field(
        None,
        alias="Prefer",
        max_length=200,
        description="respond-async: have it done as a job (RFC 7240); the answer names the job.",
    )

    @property
    def later(self) -> bool:
        """Whether the work is to be done as a job; other preferences are left alone, as the standard asks."""
        return "respond-async" in {part.strip().lower() for part in (self.prefer or "").split(",")}


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


class RowsQuery(Paging):
    """Query of the rows behind a model's card."""

    left: Annotated[int, Field(ge=0, le=999)] | None = Field(
        None, description="Number of a reason that leaves engagements out, from 0 in the card's order (default: none)."
    )
    by: Identifier | None = Field(
        None, description="What rows are grouped by: size, district, sector, mentor_district, fold, unusual, gender …"
    )
    group: Identifier | None = Field(None, description="Only this group, as the card names it in either language.")
    per: Literal["engagement", "mentor"] = Field("engagement", description="A row for each engagement or mentor.")


class PromisesQuery(Paging):
    """Query of the predictions behind a card's record of past promises."""

    kind: Literal["growth", "outcome", "score", "pair", "pair outcome"] | None = Field(
        None, description="Only predictions of this kind (default: of every kind)."
    )
    made: Literal["own", "every"] = Field("own", description="Made with this version, or with any version or none.")


class JobPath(Asked):
    """Address of a job."""

    job_id: Number


class PairQuery(Spoken):
    """Query of a comparison."""

    other: Number


Pair = Annotated[str, Field(pattern=r"^[^:\s][^:]*:[^:]*[^:\s]$", max_length=401)]
"""MENTOR:COURSE or BUSINESS:MENTOR."""


Counted = Annotated[str, Field(pattern=r"^[^\s:][^:]*:[0-9]{1,6}$", max_length=210)]
"""NAME:N."""
Budget = Annotated[int, Field(ge=1, le=MOST_BUDGET, description="Rupiah to spend.")]
Most = Annotated[int, Field(ge=1, le=100, description="Most courses one mentor may get.")]
Risk = Literal["mean", "cautious"]
Hours = Annotated[float, Field(gt=0, le=10_000, description="Most JP of courses for one mentor.")]


class LimitsBody(Body):
    """What limits a plan beside its budget."""

    lock: list[Pair] = Field([], max_length=2000, description="MENTOR:COURSE that must be chosen.")
    forbid: list[Pair] = Field([], max_length=2000, description="MENTOR:COURSE that must not be chosen.")
    hours_per_mentor: Hours | None = None
    floor: list[Counted] = Field([], max_length=500, description="DISTRICT:N, at least N places for mentors there.")
    area_cap: list[Counted] = Field([], max_length=500, description="AREA:N, at most N places in the area.")


class PlanBody(LimitsBody):
    """A plan that is asked for."""

    budget_idr: Budget
    max_courses_per_mentor: Most = 2
    risk: Risk = Field("mean", description="Value choices by the mean or cautiously.")
    as_of: Day | None = None


class CurveBody(PlanBody):
    """A budget and the points of the curve around it."""

    points: list[Budget] = Field(
        [], max_length=20, description="Budgets to look at (default: from a quarter to twice)."
    )


class WhatIfBody(LimitsBody):
    """Changes to a stored plan; what is not given stays."""

    budget_idr: Budget | None = None
    max_courses_per_mentor: Most | None = None
    risk: Risk | None = None
    free: list[Pair] = Field([], max_length=2000, description="MENTOR:COURSE neither locked nor forbidden any more.")
    seats: list[Counted] = Field([], max_length=500, description="COURSE:N, seats that a course would have.")


class MatchPath(Asked):
    """Address of a matching."""

    match_id: Number


class MatchBody(Body):
    """A matching that is asked for."""

    pool: Literal["new", "all"] = Field("new", description="Businesses without a mentor, or all of them anew.")
    keep: float = Field(0.02, ge=0, le=10, description="What keeping a present pair is worth, log points (pool all).")
    balance: float = Field(0.0, ge=0, le=10, description="What a place beyond a fair share costs, log points.")
    lock: list[Pair] = Field([], max_length=2000, description="BUSINESS:MENTOR that must be.")
    forbid: list[Pair] = Field([], max_length=2000, description="BUSINESS:MENTOR that must not be.")
    without: list[Identifier] = Field([], max_length=2000, description="Mentors who take nobody.")
    rules: RulesEntry | None = Field(None, description="Of sector and language, in place of the framework's.")
    as_of: Day | None = None


class DeclineBody(Body):
    """Pairs that are declined, or a mentor who leaves."""

    pairs: list[Annotated[str, Field(min_length=1, max_length=401, pattern=r"^[^:\s]+(:[^:\s]+)?$")]] = Field(
        min_length=1, max_length=2000, description="BUSINESS:MENTOR, or MENTOR for all of a mentor who leaves."
    )
    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]


class ReportPath(Asked):
    """Address of a published report."""

    report_id: Number


class FilePath(ReportPath):
    """Address of a file of a published report."""

    language: Literal["id", "en"]
    form: Literal["pdf", "xlsx"]


class PeriodQuery(Spoken):
    """Query of a period."""

    period: Period | None = Field(None, description="2026, 2026-H1 or 2026-Q1 (default: the year of the newest day).")


class PublishBody(Body):
    """A report to be published for good."""

    period: Period | None = None
    number: str = Field("", max_length=100, description="Number of the letter.")


class VersionBody(Body):
    """An import to be taken back."""

    version: int | None = Field(None, ge=1, le=10**9, description="Its data version (default: the newest).")
    note: str = Field("", max_length=500)


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


def _file(value: Any) -> Any:
    if not isinstance(value, Uploaded):
        raise needed("file")
    return value


Upload = Annotated[FileStorage, AfterValidator(_file)]


class ImportForm(Asked):
    """Files to take in."""

    files: list[Upload] = Field(min_length=1, max_length=50, description="CSV files or workbooks.")
    mapping: Upload | None = Field(None, description="Mapping file (TOML).")
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
