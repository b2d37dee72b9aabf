"""What a period report tells, as an answer: figures, verdicts and conclusions, before any language or layout."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any, Protocol

import pandas as pd

from data.snapshot import Snapshot
from data.store.store import Store
from model.framework import Framework
from model.period import Period, period_of
from model.refusals import DataMissing, NotFound
from model.sentences import sentence
from service.installation import Day
from service.reports import desk
from service.reports.approvals import approved_plans, summary
from service.reports.conclusions import conclusions
from service.settings import Settings
from training.learning.engagements import areas_of
from training.period import PeriodFigures, figures_behind, figures_of, rows_behind


class Asked(Protocol):
    """The questions that a report is made of."""

    @property
    def settings(self) -> Settings:
        """The installation."""

    @property
    def framework(self) -> Framework:
        """The office's framework."""

    @property
    def store(self) -> Store:
        """The store."""

    def snapshot(self, as_of: Day = None, version: int | None = None) -> Snapshot:
        """The tables as seen on a day."""

    def shelf(self, name: str | None = None) -> Any:
        """The published model."""

    def index(self, *, by: str = "program", as_of: Day = None) -> dict[str, Any]:
        """The index."""

    def learned(self) -> dict[str, Any] | None:
        """What training answered."""

    def review(self, *, as_of: Day = None, version: int | None = None) -> dict[str, Any]:
        """How past promises held."""

    def objections(self, *, mentor: str | None = None) -> dict[str, Any]:
        """Objections."""

    def desk_decisions(self, *, districts: Collection[str] | None = None) -> dict[str, Any]:
        """Decisions of the intake desk, of these districts (None: all)."""


def tell(asked: Asked, code: str | None) -> dict[str, Any]:
    """The report's answer; ``code``: of the period, None for the calendar year of the newest day.

    Raises:
        InputRefused: the code names no period.
        DataMissing: nothing was imported, or the period begins after the newest day of the data.
    """
    seen, period = tables_of(asked, code, None)
    shelf, figures = asked.shelf(), figures_of(seen, period)
    told: dict[str, Any] = {
        "period": period.code,
        "name": period.named(),
        "first": period.first,
        "last": period.last,
        "so_far": seen.as_of < period.last,
        "data_version": seen.version,
        "as_of": seen.as_of,
        "model": shelf.name,
        "hindsight": shelf.hindsight(seen.as_of),
        **_figures(figures, asked.framework),
        "before": _before(seen, period),
        "index": _index(asked, seen.as_of),
        "standards": standards(seen, asked.framework),
        "learned": _learned(asked.learned()),
        "plans": approved_plans(asked.store, seen, period, asked.settings.day_of),
        "desk": desk.told_of(desk.decided_in(asked.desk_decisions()["decisions"], period, asked.settings.day_of)),
        "review": summary(asked.review(as_of=seen.as_of)),
        "objections": _counted(raised_in(asked.objections()["objections"], period, asked.settings.day_of)),
    }
    return {**told, "conclusions": conclusions(told)}


def tables_of(asked: Asked, code: str | None, published: Mapping[str, Any] | None) -> tuple[Snapshot, Period]:
    """The tables that a report is made from and its period; of a ``published`` one those that it was made from."""
    if published:
        return asked.snapshot(published["as_of"], published["data_version"]), period_of(published["period"])
    newest = asked.snapshot().as_of
    period = period_of(code or str(newest.year))
    _refuse_empty(asked, period, newest)
    return asked.snapshot(min(period.last, newest)), period


def rows(
    seen: Snapshot,
    period: Period,
    *,
    of: str = "accompanied",
    by: str | None = None,
    group: str | None = None,
    earlier: bool = False,
    ids: frozenset[str] | None = None,
) -> dict[str, Any]:
    """The businesses behind figures of a report: ``rows``, and the ``indicators`` and ``funnel`` they give.

    ``seen`` and ``period``: as :func:`tables_of` gives them.
    ``of``, ``by``, ``group``: as in :func:`training.period.rows_behind`; ``earlier``: of the period before, which the
    report shows beside. ``ids``: those in reach, None for all.
    """
    if of not in {"accompanied", "never", "all"} or by not in {None, "district", "sector"}:
        raise NotFound(sentence("rows of this report"), f"{of} {by or ''}".strip())
    shown = period.previous() if earlier else period
    found = rows_behind(seen, shown, of, by, group)
    if ids is not None:
        found = found[found.index.isin(ids)].assign(mentors=None)
    indicators, funnel = figures_behind(seen, shown, found)
    return {
        "period": shown.code,
        "rows": found.reset_index().to_dict("records"),
        "indicators": vars(indicators),
        "funnel": vars(funnel),
    }


def _refuse_empty(asked: Asked, period: Period, newest: date) -> None:
    if not asked.store.version() or period.first > newest:
        raise DataMissing(
            sentence("There are no data of this period."),
            where=sentence("the period %(code)s", code=period.code),
            mend=sentence("Import the tables, or choose a period that begins by %(day)s.", day=newest),
        )


def _figures(found: PeriodFigures, framework: Framework) -> dict[str, Any]:
    return {
        "indicators": vars(found.programme),
        "districts": [vars(row) for row in found.districts],
        "sectors": [{**vars(row), "label": framework.sector(row.group)} for row in found.sectors],
        "others": {
            "businesses": found.others_of,
            "turnover_growth": found.others_growth,
            "turnover_median": found.others_median,
        },
        "funnel": vars(found.funnel),
        "trainings": found.trainings,
        "courses": [vars(row) for row in found.courses],
        "assessments": found.assessments,
    }


def _before(seen: Snapshot, period: Period) -> dict[str, Any] | None:
    """The indicators of the period before; None where nobody was accompanied in it."""
    earlier = figures_of(seen, period.previous())
    if not earlier.programme.businesses:
        return None
    return {"period": period.previous().code, **vars(earlier.programme), "others_growth": earlier.others_growth}


def _index(asked: Asked, day: date) -> dict[str, Any] | None:
    """The index of the programme and of each district; None where nobody has answered."""
    shown = ("group", "respondents", "kr", "ks", "band", "verdict", "reason", "caveat", "delivery_rate")
    try:
        whole, districts = (asked.index(by=by, as_of=day)["groups"] for by in ("program", "district"))
    except DataMissing:
        return None
    told = [{name: getattr(group, name) for name in shown} for group in (*whole, *districts)]
    return {**told[0], "districts": told[1:]}


def newest_scores(seen: Snapshot) -> pd.DataFrame:
    """The newest score of each mentor in each area: area, mentor_id, score, assessed_on."""
    told = ["area", "mentor_id", "score", "assessed_on"]
    ordered = seen["assessments"].sort_values("assessed_on", kind="stable")
    return ordered.drop_duplicates(["area", "mentor_id"], keep="last")[told].sort_values(told[:2], kind="stable")


def standards(seen: Snapshot, framework: Framework, ids: frozenset[str] | None = None) -> list[dict[str, Any]]:
    """Per area: mentors (of ``ids``) with a score, their mean, how many stand below the standard."""
    newest = newest_scores(seen)
    newest = newest if ids is None else newest[newest["mentor_id"].isin(ids)]
    found = []
    for code, area in areas_of(seen, framework).items():
        scores = newest.loc[newest["area"] == code, "score"]
        below = int((scores < area.standard).sum())
        found.append(
            {
                "area": code,
                "label": area.label,
                "standard": area.standard,
                "mentors": len(scores),
                "mean": float(scores.mean()) if len(scores) else None,
                "below": below,
                "share_below": below / len(scores) if len(scores) else None,
            }
        )
    return found


def _learned(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    names = ("supported_gain", "verdict", "engagements", "mentors", "effects", "limits", "areas", "unit", "outcome")
    return {name: answer.get(name) for name in names}


def raised_in(rows: list[dict[str, Any]], period: Period, day_of: Callable[[datetime], date]) -> list[dict[str, Any]]:
    """The objections raised in the period."""
    return [row for row in rows if period.first <= day_of(row["raised_at"]) <= period.last]


def _counted(raised: list[dict[str, Any]]) -> dict[str, int]:
    """Objections, and how many of them are still open."""
    return {"raised": len(raised), "open": sum(row["status"] == "open" for row in raised)}
