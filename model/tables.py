"""The tables of the programme: columns, kinds, ranges, keys and the tables they refer to (contract, section 1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a column holds; the reader turns a cell into exactly this or names the fault."""

    ID = "id"  # text, never a number: leading zeros stay
    TEXT = "text"
    LIST = "list"  # ;-separated codes, stored as given, trimmed
    NUMBER = "number"  # a decimal number
    INTEGER = "integer"  # a whole number
    MONEY = "money"  # whole rupiah
    YEAR = "year"
    DATE = "date"
    MONTH = "month"  # YYYY-MM
    YESNO = "yesno"


@dataclass(frozen=True)
class Column:
    """One column: its kind, whether every row must have it, and the range a value may take."""

    name: str
    kind: Kind
    required: bool = False
    low: float | None = None
    high: float | None = None
    default: float | None = None
    hidden: bool = False
    personal: bool = False


@dataclass(frozen=True)
class Table:
    """One table.

    ``key`` names the columns that make a row unique; ``refers`` maps a column to the table whose key it must have.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        return next(column for column in self.columns if column.name == name)


_PERSON = (
    Column("gender", Kind.TEXT, personal=True),
    Column("birth_year", Kind.YEAR, low=1900, high=2100, personal=True),
    Column("disability", Kind.YESNO, personal=True),
    Column("phone", Kind.ID, personal=True, hidden=True),
    Column("nik", Kind.ID, personal=True, hidden=True),
)


def _id(name: str) -> Column:
    return Column(name, Kind.ID, required=True)


_ALL = (
    Table(
        "mentors",
        (
            _id("mentor_id"),
            Column("name", Kind.TEXT, required=True, personal=True),
            Column("district", Kind.TEXT, required=True),
            Column("capacity", Kind.INTEGER, low=0, high=10_000, default=30),
            Column("start_year", Kind.YEAR, low=1900, high=2100),
            Column("extra_districts", Kind.LIST),
            *_PERSON,
        ),
        key=("mentor_id",),
    ),
    Table(
        "assessments",
        (
            _id("mentor_id"),
            Column("area", Kind.ID, required=True),
            Column("score", Kind.NUMBER, required=True, low=0, high=100),
            Column("assessed_on", Kind.DATE, required=True),
            Column("assessor", Kind.TEXT),
        ),
        key=("mentor_id", "area", "assessed_on"),
        refers={"mentor_id": "mentors"},
    ),
    Table(
        "businesses",
        (
            _id("business_id"),
            Column("name", Kind.TEXT, required=True, personal=True),
            Column("district", Kind.TEXT, required=True),
            Column("sector", Kind.TEXT, required=True),
            Column("start_year", Kind.YEAR, low=1900, high=2100),
            Column("workers", Kind.INTEGER, low=0, high=100_000),
            Column("turnover_month_idr", Kind.MONEY, low=0),
            Column("has_nib", Kind.YESNO),
            Column("needs", Kind.LIST),
            *_PERSON,
        ),
        key=("business_id",),
    ),
    Table(
        "engagements",
        (
            _id("engagement_id"),
            _id("mentor_id"),
            _id("business_id"),
            Column("started_on", Kind.DATE, required=True),
            Column("ended_on", Kind.DATE),
            Column("visits", Kind.INTEGER, low=0),
            Column("hours", Kind.NUMBER, low=0),
        ),
        key=("engagement_id",),
        refers={"mentor_id": "mentors", "business_id": "businesses"},
    ),
    Table(
        "reports",
        (
            _id("business_id"),
            Column("month", Kind.MONTH, required=True),
            Column("turnover_idr", Kind.MONEY, required=True, low=0),
            Column("profit_idr", Kind.MONEY),
            Column("workers", Kind.INTEGER, low=0, high=100_000),
            Column("has_nib", Kind.YESNO),
            Column("has_cashbook", Kind.YESNO),
            Column("got_credit", Kind.YESNO),
            Column("has_partner", Kind.YESNO),
        ),
        key=("business_id", "month"),
        refers={"business_id": "businesses"},
    ),
    Table(
        "items",
        (
            _id("item_id"),
            Column("text_id", Kind.TEXT, required=True),
            Column("text_en", Kind.TEXT),
            Column("area", Kind.ID),
        ),
        key=("item_id",),
    ),
    Table(
        "responses",
        (
            _id("respondent_id"),
            _id("mentor_id"),
            _id("item_id"),
            Column("answer", Kind.YESNO, required=True),
            Column("answered_on", Kind.DATE),
        ),
        key=("respondent_id", "mentor_id", "item_id", "answered_on"),
        refers={"mentor_id": "mentors", "item_id": "items"},
    ),
    Table(
        "courses",
        (
            _id("course_id"),
            Column("title", Kind.TEXT, required=True),
            Column("area", Kind.ID, required=True),
            Column("cost_per_participant_idr", Kind.MONEY, required=True, low=0),
            Column("fixed_cost_idr", Kind.MONEY, low=0, default=0),
            Column("seats", Kind.INTEGER, low=0),
            Column("min_participants", Kind.INTEGER, low=1, default=1),
            Column("hours_jp", Kind.NUMBER, low=0),
            Column("starts_on", Kind.DATE),
            Column("expected_gain", Kind.NUMBER, low=-100, high=100),
            Column("expected_gain_sd", Kind.NUMBER, low=0, high=100),
            Column("prerequisite", Kind.ID),
        ),
        key=("course_id",),
        refers={"prerequisite": "courses"},
    ),
    Table(
        "trainings",
        (
            _id("mentor_id"),
            _id("course_id"),
            Column("completed_on", Kind.DATE, required=True),
        ),
        key=("mentor_id", "course_id", "completed_on"),
        refers={"mentor_id": "mentors", "course_id": "courses"},
    ),
)

TABLES: Mapping[str, Table] = {table.name: table for table in _ALL}
