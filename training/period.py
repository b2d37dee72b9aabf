"""The programme's indicators in a period, from the stored tables: in all, by district and by sector.

The names and formulas are those by which mentoring programmes report (data/reporting.toml says where each comes from);
where the tables differ from them, :class:`Indicators` says how.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.business_size import size_of
from model.period import Period
from training.learning.engagements import ledger, months_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BEFORE_MONTHS = 6
"""How far back before the period the earlier turnover may lie."""
_FLAGS: Mapping[str, str] = {"nib": "has_nib", "book": "has_cashbook", "credit": "got_credit", "partner": "has_partner"}


@dataclass(frozen=True)
class Indicators:
    """Indicators of a group of businesses that were accompanied in the period; None where nothing is known.

    ``turnover_growth``: summed mean turnover of the newest up to three reports in the period, against the newest up to
    three in the six months before it, minus 1, over the ``turnover_of`` businesses that have both; ``turnover_median``
    is of single businesses. ``new_jobs``, ``legality_gain``, ``partnership_gain``: newest report of the period against
    the newest before it, or the first in it. ``finance_access``: businesses without credit before that
    report it in the period. Counts are None where businesses were accompanied but nothing is known of any.
    ``cashbook``: share with a cash book by their newest report. ``size_gain``: businesses in a higher size class
    by the two turnovers. ``reporting``: reports received of the ``reports_due``, one a month accompanied.
    """

    group: str
    businesses: int
    mentors: int
    started: int
    ended: int
    turnover_of: int
    turnover_growth: float | None
    turnover_median: float | None
    new_jobs: float | None
    cashbook: float | None
    legality_gain: int | None
    finance_access: int | None
    partnership_gain: int | None
    size_gain: int | None
    reports_due: int
    reporting: float | None


@dataclass(frozen=True)
class Funnel:
    """How many businesses came how far by the period's end; None where nothing is known of any.

    A licence (NIB) is known from the newest report, else from the table of businesses.
    """

    registered: int
    accompanied_ever: int
    accompanied: int
    with_nib: int | None
    with_cashbook: int | None
    with_credit: int | None
    with_partner: int | None


@dataclass(frozen=True)
class CourseFigures:
    """Trainings in a course ``completed`` in the period, and how many ``mentors`` completed one."""

    course_id: str
    title: str
    completed: int
    mentors: int


@dataclass(frozen=True)
class PeriodFigures:
    """Indicators in all, by district and by sector; ``others``: the same turnover of businesses never accompanied.

    ``courses``: those in which somebody completed a training, by id.
    """

    programme: Indicators
    districts: tuple[Indicators, ...]
    sectors: tuple[Indicators, ...]
    others_of: int
    others_growth: float | None
    others_median: float | None
    funnel: Funnel
    trainings: int
    assessments: int
    courses: tuple[CourseFigures, ...]


def figures_of(seen: Snapshot, period: Period) -> PeriodFigures:
    """All figures of a period; ``seen`` is the tables as they stood at its end (or at the newest day in it)."""
    table, engagements = _businesses(seen, period), _in_period(seen, period)
    there = table["accompanied"].to_numpy(dtype=bool)
    never = ~table["ever"].to_numpy(dtype=bool)
    of, growth, median = _turnover(table[never])
    return PeriodFigures(
        programme=_indicators("", table[there], engagements, period),
        districts=_by(table[there], engagements, "district", period),
        sectors=_by(table[there], engagements, "sector", period),
        others_of=of,
        others_growth=growth,
        others_median=median,
        funnel=_funnel(table),
        trainings=_within(seen["trainings"]["completed_on"], period),
        assessments=_within(seen["assessments"]["assessed_on"], period),
        courses=_courses(seen, period),
    )


def completed_in(seen: Snapshot, period: Period) -> pd.DataFrame:
    """The trainings completed in the period."""
    rows = seen["trainings"]
    return rows[_inside(rows["completed_on"], period)]


def _courses(seen: Snapshot, period: Period) -> tuple[CourseFigures, ...]:
    titles = seen["courses"].set_index("course_id")["title"]
    return tuple(
        CourseFigures(str(code), str(titles.get(code, code)), len(rows), int(rows["mentor_id"].nunique()))
        for code, rows in completed_in(seen, period).groupby("course_id")
    )


def rows_behind(
    seen: Snapshot, period: Period, of: str = "accompanied", by: str | None = None, group: str | None = None
) -> pd.DataFrame:
    """The businesses that figures of a period rest on, by id: what each gives to them.

    ``of``: accompanied (in the period), never (accompanied) or all; ``by``: district or sector that is ``group``.
    """
    table, engagements = _businesses(seen, period), _in_period(seen, period)
    kept = {"accompanied": table["accompanied"], "never": ~table["ever"], "all": table["ever"].notna()}[of]
    table = table[kept.to_numpy(dtype=bool)]
    table = table if by is None else table[table[by] == group]
    own = engagements[engagements["business_id"].isin(table.index)]
    mentors = own.groupby("business_id")["mentor_id"].agg(lambda ids: ", ".join(sorted(set(ids))))
    counts = {name: _counted(own, f"{name}_on", period, table.index) for name in ("started", "ended")}
    return table.assign(mentors=mentors.reindex(table.index), **counts)


def _counted(rows: pd.DataFrame, column: str, period: Period, index: pd.Index) -> pd.Series:
    days = rows[column]
    inside = rows[_inside(days, period)]
    return inside.groupby("business_id").size().reindex(index, fill_value=0)


def figures_behind(seen: Snapshot, period: Period, rows: pd.DataFrame) -> tuple[Indicators, Funnel]:
    """The figures that rows of :func:`rows_behind` give."""
    return _indicators("", rows, _in_period(seen, period), period), _funnel(rows)


def _inside(days: pd.Series, period: Period) -> pd.Series:
    return (days >= pd.Timestamp(period.first)) & (days <= pd.Timestamp(period.last))


def _within(days: pd.Series, period: Period) -> int:
    return int(_inside(days, period).sum())


def _in_period(seen: Snapshot, period: Period) -> pd.DataFrame:
    """Engagements that ran on some day of the period."""
    rows = seen["engagements"]
    runs = (rows["started_on"] <= pd.Timestamp(period.last)) & ~(rows["ended_on"] < pd.Timestamp(period.first))
    return rows[runs]


def _businesses(seen: Snapshot, period: Period) -> pd.DataFrame:
    """One row per business: what is known of it before and in the period."""
    table = seen["businesses"][["business_id", "district", "sector"]].set_index("business_id")
    first, last = period.months
    business, amounts = ledger(seen)
    codes = np.arange(len(business), dtype=np.int64)
    months = np.ones(len(business), dtype=np.int64)
    table["before"] = amounts.mean(codes, months * (first - BEFORE_MONTHS), months * (first - 1))
    table["after"] = amounts.mean(codes, months * first, months * last)
    engaged = seen["engagements"]
    table["ever"] = table.index.isin(engaged["business_id"])
    table["accompanied"] = table.index.isin(_in_period(seen, period)["business_id"])
    reports = seen["reports"].sort_values("month", kind="stable")
    for name, column in {**_FLAGS, "workers": "workers"}.items():
        table[f"{name}_start"], table[f"{name}_end"] = _ends(reports, column, first, last, table.index)
    registered = seen["businesses"].set_index("business_id")["has_nib"].astype("float64")
    table["nib_end"] = table["nib_end"].fillna(table["nib_start"]).fillna(registered.reindex(table.index))
    lent = (reports["month"] >= first) & (reports["month"] <= last) & (reports["got_credit"] == 1)
    table["credit"] = table.index.isin(reports.loc[lent, "business_id"]) & (table["credit_start"] == 0)
    table["due"], table["given"] = _reporting(seen, period, table.index)
    return table


def _ends(reports: pd.DataFrame, column: str, first: int, last: int, index: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Value at the start (newest before the period, else the first in it) and at the end, as numbers; NaN unknown."""
    known = reports[reports[column].notna() & (reports["month"] <= last)]
    value = known[column].astype("float64")
    owner = known["business_id"]
    earlier = value[known["month"] < first].groupby(owner).last()
    inside = value[known["month"] >= first].groupby(owner)
    start = earlier.reindex(index).fillna(inside.first().reindex(index))
    return start, inside.last().reindex(index)


def _reporting(seen: Snapshot, period: Period, index: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Months accompanied within the period, and those of them with a report, by business."""
    first, last = period.months
    last = min(last, seen.as_of.year * 12 + seen.as_of.month - 2 + _month_is_over(seen))
    rows = _in_period(seen, period)
    start = np.maximum(months_of(rows["started_on"]), first)
    end = np.where(rows["ended_on"].isna(), last, months_of(rows["ended_on"].fillna(pd.Timestamp(period.last))))
    end = np.minimum(end, last)
    count = np.maximum(end - start + 1, 0)
    owner = rows["business_id"].to_numpy().repeat(count)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    due = pd.DataFrame({"business_id": owner, "month": np.repeat(start, count) + offset}).drop_duplicates()
    given = due.merge(seen["reports"][["business_id", "month"]], on=["business_id", "month"])
    return (frame.groupby("business_id").size().reindex(index, fill_value=0) for frame in (due, given))  # type: ignore[return-value]


def _month_is_over(seen: Snapshot) -> int:
    return int((pd.Timestamp(seen.as_of) + pd.Timedelta(days=1)).month != seen.as_of.month)


def _by(table: pd.DataFrame, engagements: pd.DataFrame, column: str, period: Period) -> tuple[Indicators, ...]:
    groups = sorted(table[column].dropna().unique())
    return tuple(_indicators(str(group), table[table[column] == group], engagements, period) for group in groups)


def _indicators(group: str, table: pd.DataFrame, engagements: pd.DataFrame, period: Period) -> Indicators:
    own = engagements[engagements["business_id"].isin(table.index)]
    of, growth, median = _turnover(table)
    jobs = (table["workers_end"] - table["workers_start"]).dropna()
    book = table["book_end"].dropna()
    due = int(table["due"].sum())
    return Indicators(
        group=group,
        businesses=len(table),
        mentors=int(own["mentor_id"].nunique()),
        started=_within(own["started_on"], period),
        ended=_within(own["ended_on"], period),
        turnover_of=of,
        turnover_growth=growth,
        turnover_median=median,
        new_jobs=float(jobs.sum()) if len(jobs) else None,
        cashbook=float(book.mean()) if len(book) else None,
        legality_gain=_turned(table, "nib"),
        finance_access=_counted_of(table["credit"], table["credit_start"].notna()),
        partnership_gain=_turned(table, "partner"),
        size_gain=_counted_of(size_of(table["after"].to_numpy()) > size_of(table["before"].to_numpy()), _both(table)),
        reports_due=due,
        reporting=int(table["given"].sum()) / due if due else None,
    )


def _turned(table: pd.DataFrame, name: str) -> int | None:
    """Businesses that turned from no to yes."""
    start, end = table[f"{name}_start"], table[f"{name}_end"]
    return _counted_of((start == 0) & (end == 1), start.notna() & end.notna())


def _counted_of(those: pd.Series | Bools, known: pd.Series | Bools) -> int | None:
    """How many of the known; None where there are businesses but none is known."""
    those, known = np.asarray(those, dtype=bool), np.asarray(known, dtype=bool)
    return int((those & known).sum()) if known.any() or not len(known) else None


def _both(table: pd.DataFrame) -> Bools:
    return ((table["before"] > 0) & table["after"].notna()).to_numpy()


def _turnover(table: pd.DataFrame) -> tuple[int, float | None, float | None]:
    """Businesses with both turnovers, growth of their sum, median of their own growth."""
    both = table[_both(table)]
    if both.empty:
        return 0, None, None
    growth = float(both["after"].sum() / both["before"].sum() - 1)
    return len(both), growth, float((both["after"] / both["before"] - 1).median())


def _funnel(table: pd.DataFrame) -> Funnel:
    last = {name: table[f"{name}_end"].fillna(table[f"{name}_start"]) for name in _FLAGS}
    had = {name: _counted_of(value == 1, value.notna()) for name, value in last.items()}
    return Funnel(
        registered=len(table),
        accompanied_ever=int(table["ever"].sum()),
        accompanied=int(table["accompanied"].sum()),
        with_nib=had["nib"],
        with_cashbook=had["book"],
        with_credit=had["credit"],
        with_partner=had["partner"],
    )
