"""The rows behind figures of a report that are not of businesses: scores, plans, desk decisions, objections, others."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from data.snapshot import Snapshot
from model.period import Period
from model.refusals import NotFound
from model.sentences import sentence
from service.language import Language, mark
from service.reports import approvals, desk
from service.reports.form import SHOWN, Cell, Column, Grid
from service.reports.telling import Asked, newest_scores, raised_in, standards, tables_of
from training.period import completed_in

Told = Mapping[str, Any]
Figures = tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Behind:
    """The ``figures`` of a report as the rows of ``grid`` give them; ``of``: the report's period or day, in words.

    ``changed``: (name, as published, as the rows are now) of every figure that a published report told otherwise.
    """

    of: str
    figures: Figures
    grid: Grid
    changed: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Near:
    """What is in a reader's reach: ids of ``mentors`` and names of ``districts``, None for all."""

    mentors: frozenset[str] | None = None
    districts: Collection[str] | None = None


EVERYWHERE = Near()


@dataclass(frozen=True)
class _Asking:
    asked: Asked
    seen: Snapshot
    period: Period
    told: Told | None
    group: str
    near: Near
    lang: Language

    @property
    def ids(self) -> frozenset[str] | None:
        """Mentors in reach, None for all."""
        return self.near.mentors


def rows_of(
    asked: Asked,
    of: str,
    lang: Language,
    *,
    period: str | None = None,
    group: str = "",
    near: Near = EVERYWHERE,
    published: Told | None = None,
) -> Behind:
    """The rows behind figures of a report.

    ``of``: scores (of the area ``group``), trainings (of the course ``group``, or all), plans, desk (of the district
    ``group``, or all), review (``group``: growth or scores) or objections. ``near``: what the reader may see.
    ``published``: what a published report told; its rows are of the data that it was made from.

    Raises:
        NotFound: a report has no such rows.
    """
    if of not in _OF:
        raise NotFound(sentence("rows of this report"), of)
    seen, shown = tables_of(asked, period, published)
    found = _OF[of](_Asking(asked, seen, shown, published, group, near, lang))
    if published is None or near != EVERYWHERE:
        return found
    told = zip(found.figures, _THEN[of](published, group), strict=False)
    then = {name: SHOWN[cell.kind](lang, value) for (name, cell), value in told}
    return replace(found, changed=differing(shown_figures(found, lang), then))


def shown_figures(found: Behind, lang: Language) -> list[tuple[str, str]]:
    """Every figure, its name and how it is written."""
    return [(name, SHOWN[cell.kind](lang, cell.value)) for name, cell in found.figures]


def differing(now: Sequence[tuple[str, str]], then: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """(Name, as published, as the rows are now) of the figures that are written otherwise than they were."""
    return tuple((name, then[name], new) for name, new in now if then.get(name, new) != new)


def _reached(frame: pd.DataFrame, ids: frozenset[str] | None) -> pd.DataFrame:
    return frame if ids is None else frame[frame["mentor_id"].isin(ids)]


def _named(seen: Snapshot, table: str, key: str, value: str) -> dict[Any, Any]:
    return dict(zip(seen[table][key], seen[table][value], strict=True))


def _scores(ask: _Asking) -> Behind:
    lang = ask.lang
    told = next((row for row in standards(ask.seen, ask.asked.framework, ask.ids) if row["area"] == ask.group), None)
    if told is None:
        raise NotFound(sentence("area"), ask.group)
    frame = newest_scores(ask.seen)
    names = _named(ask.seen, "mentors", "mentor_id", "name")
    rows = tuple(
        (id_, names.get(id_), score, lang.day(day.date()), bool(score < told["standard"]))
        for _, id_, score, day in _reached(frame[frame["area"] == ask.group], ask.ids).to_numpy()
    )
    figures = (
        (lang.text("Standard"), Cell(told["standard"], "count")),
        (lang.text("Mentors assessed"), Cell(told["mentors"], "count")),
        (lang.text("Mean score"), Cell(told["mean"], "points")),
        (lang.text("Below the standard"), Cell(told["below"], "count")),
        (lang.text("Share below"), Cell(told["share_below"], "share")),
    )
    columns = (
        *(Column(lang.text("Mentor")), Column(lang.text("Name")), Column(lang.text("Score"), "points")),
        *(Column(lang.text("Assessed on")), Column(lang.text("Below the standard"))),
    )
    caption = lang.text("Newest score of each mentor in %(area)s up to %(day)s", area=told["label"], day=ask.seen.as_of)
    return Behind(lang.day(ask.seen.as_of), figures, Grid("", caption, columns, rows))


def _trainings(ask: _Asking) -> Behind:
    lang, frame = ask.lang, _reached(completed_in(ask.seen, ask.period), ask.ids)
    frame = frame[frame["course_id"] == ask.group] if ask.group else frame
    known, names = ["mentor_id", "course_id", "completed_on"], _named(ask.seen, "mentors", "mentor_id", "name")
    titles = _named(ask.seen, "courses", "course_id", "title")
    rows = tuple(
        (mentor, names.get(mentor), course, titles.get(course), lang.day(day.date()))
        for mentor, course, day in frame.sort_values(["completed_on", "mentor_id"], kind="stable")[known].to_numpy()
    )
    heads = (lang.text("Mentor"), lang.text("Name"), lang.text("Course"), lang.text("Title"), lang.text("Completed on"))
    grid = Grid("", lang.text("Trainings completed in the period"), tuple(Column(head) for head in heads), rows)
    figures = [(lang.text("Trainings completed"), Cell(len(rows), "count"))]
    if ask.group:
        figures.append((lang.text("Mentors"), Cell(int(frame["mentor_id"].nunique()), "count")))
    return Behind(ask.period.code, tuple(figures), grid)


def _plans(ask: _Asking) -> Behind:
    day_of = ask.asked.settings.day_of
    plans = ask.told["plans"] if ask.told else approvals.approved_plans(ask.asked.store, ask.seen, ask.period, day_of)
    return Behind(ask.period.code, *approvals.rows_of(plans, ask.lang))


def _review(ask: _Asking) -> Behind:
    found = ask.asked.review(as_of=ask.seen.as_of, version=ask.seen.version)
    if ask.group not in {"", *approvals.KINDS}:
        raise NotFound(sentence("rows of this report"), ask.group)
    kept = [row for row in found["rows"] if ask.ids is None or row["mentor_id"] in ask.ids]
    told = approvals.predictions_of(kept, ask.group or found["of"], ask.lang, ask.seen.as_of)
    return Behind(ask.lang.day(ask.seen.as_of), *told)


def _review_then(told: Told, kind: str) -> list[Any]:
    part = told["review"].get(kind, told["review"])
    return [part[name] for name in ("predictions", "observed", "coverage_90")]


def _objections(ask: _Asking) -> Behind:
    lang = ask.lang
    kept = raised_in(ask.asked.objections()["objections"], ask.period, ask.asked.settings.day_of)
    kept = [row for row in kept if ask.ids is None or row["mentor_id"] in ask.ids]
    rows = tuple((row["id"], lang.day(row["raised_at"]), row["status"] == "open") for row in kept)
    figures = (
        (lang.text("Raised"), Cell(len(rows), "count")),
        (lang.text("Still open"), Cell(sum(row[-1] for row in rows), "count")),
    )
    columns = (Column(lang.text("Number"), "count"), Column(lang.text("Raised on")), Column(lang.text("Still open")))
    caption = lang.text("Objections and requests for correction raised in the period, without names")
    return Behind(ask.period.code, figures, Grid("", caption, columns, rows))


def _desk(ask: _Asking) -> Behind:
    rows = ask.asked.desk_decisions(districts=ask.near.districts)["decisions"]
    done = desk.decided_in(rows, ask.period, ask.asked.settings.day_of, ask.ids)
    done = [row for row in done if not ask.group or row["district"] == ask.group]
    return Behind(ask.period.code, desk.figures(desk.counted(done), ask.lang), desk.rows_of(done, ask.lang))


def _desk_then(told: Told, district: str) -> list[int]:
    counts = told.get("desk") or {"districts": []}
    row = next((row for row in counts["districts"] if row["group"] == district), {}) if district else counts
    return [row.get(name, 0) for name in desk.COUNTED]


def _trained(told: Told, course: str) -> list[int]:
    return next(([row["completed"], row["mentors"]] for row in told["courses"] if row["course_id"] == course), [0, 0])


_OF: Mapping[str, Callable[[_Asking], Behind]] = {
    "scores": _scores,
    "trainings": _trainings,
    "plans": _plans,
    "desk": _desk,
    "review": _review,
    "objections": _objections,
}
_THEN: Mapping[str, Callable[[Told, str], Sequence[Any]]] = {
    "scores": lambda told, area: next(
        [row[name] for name in ("standard", "mentors", "mean", "below", "share_below")]
        for row in told["standards"]
        if row["area"] == area
    ),
    "trainings": lambda told, course: _trained(told, course) if course else [told["trainings"]],
    "plans": lambda _, __: [],
    "desk": _desk_then,
    "review": _review_then,
    "objections": lambda told, _: [told["objections"][name] for name in ("raised", "open")],
}
"""What a published report told, in the order of the figures; plans are taken from it as they stand."""
TITLES: Mapping[str, str] = {
    "scores": mark("Scores behind the report"),
    "trainings": mark("Trainings behind the report"),
    "plans": mark("Plans behind the report"),
    "desk": mark("Decisions of the intake desk behind the report"),
    "review": mark("Predictions behind the report"),
    "objections": mark("Objections behind the report"),
}
