"""The tables a plan is made from, understood and checked, nothing decided yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Area, Framework
from model.refusals import DataMissing
from model.sentences import sentence
from training.planning.gains import Gains, learned_gains
from training.planning.portfolios import Portfolios, portfolios

Pair = tuple[str, str]


@dataclass(frozen=True)
class Course:
    """A course of the table: amounts in whole rupiah, ``seats`` None without a limit, ``hours`` JP, None unknown."""

    id: str
    title: str
    area: str
    cost: int
    fixed: int
    seats: int | None
    least: int
    starts_on: date | None
    prerequisite: str | None
    hours: float | None = None


@dataclass(frozen=True)
class PlanTables:
    """What a plan is made from.

    ``areas``: code → area, the dataset's own where it brings them. ``scores``: (M, A) newest scores, NaN where never
    assessed; mentors in the order of ``reach.mentors``, areas in the order of ``areas``.
    """

    as_of: date
    areas: Mapping[str, Area]
    names: Mapping[str, str]
    courses: Mapping[str, Course]
    reach: Portfolios
    gains: Gains
    scores: NDArray[np.float64]
    completed: frozenset[Pair]
    districts: tuple[str, ...]


def read_tables(snapshot: Snapshot, framework: Framework) -> PlanTables:
    """Understand the tables a plan needs.

    Raises:
        DataMissing: no mentors, no courses, no scores, or a course whose price is missing or below 0.
    """
    areas = dict(snapshot.dataset.areas or framework.areas)
    _need_rows(snapshot)
    mentors = snapshot["mentors"].sort_values("mentor_id", kind="stable")
    return PlanTables(
        as_of=snapshot.as_of,
        areas=areas,
        names=dict(zip(mentors["mentor_id"], mentors["name"], strict=True)),
        courses=_courses(snapshot["courses"]),
        reach=portfolios(snapshot, framework, tuple(areas)),
        gains=learned_gains(snapshot, tuple(areas)),
        scores=_newest_scores(snapshot, tuple(mentors["mentor_id"]), tuple(areas)),
        completed=frozenset(zip(snapshot["trainings"]["mentor_id"], snapshot["trainings"]["course_id"], strict=True)),
        districts=tuple(map(str, mentors["district"])),
    )


def _need_rows(snapshot: Snapshot) -> None:
    mends = {
        "mentors": sentence("Import the table of mentors first."),
        "courses": sentence("Import the courses on offer, with area and cost."),
        "assessments": sentence(
            "Import at least one score per mentor and area, dated on or before the day of the plan."
        ),
    }
    for table, mend in mends.items():
        if snapshot[table].empty:
            raise DataMissing(
                sentence("There is nothing to plan with: the table %(table)s has no rows.", table=table),
                where=sentence("table %(table)s, as of %(day)s", table=table, day=snapshot.as_of),
                mend=mend,
            )


def _courses(table: pd.DataFrame) -> dict[str, Course]:
    rows = table.sort_values("course_id", kind="stable").to_dict("records")
    return {str(row["course_id"]): _course({str(name): value for name, value in row.items()}) for row in rows}


def _course(row: Mapping[str, Any]) -> Course:
    cost, fixed = row["cost_per_participant_idr"], 0.0 if pd.isna(row["fixed_cost_idr"]) else row["fixed_cost_idr"]
    if not (np.isfinite(cost) and cost >= 0 and np.isfinite(fixed) and fixed >= 0):
        raise DataMissing(
            sentence("The course %(course)s has no usable price.", course=row["course_id"]),
            where=sentence("table courses, course %(course)s", course=row["course_id"]),
            mend=sentence("Give a cost of 0 rupiah or more for each participant, and for the whole course."),
        )
    return Course(
        id=row["course_id"],
        title=row["title"],
        area=row["area"],
        cost=round(cost),
        fixed=round(fixed),
        seats=None if pd.isna(row["seats"]) else int(row["seats"]),
        least=1 if pd.isna(row["min_participants"]) else max(int(row["min_participants"]), 1),
        starts_on=None if pd.isna(row["starts_on"]) else row["starts_on"].date(),
        prerequisite=row["prerequisite"] if isinstance(row["prerequisite"], str) and row["prerequisite"] else None,
        hours=None if pd.isna(row["hours_jp"]) else float(row["hours_jp"]),
    )


def _newest_scores(snapshot: Snapshot, mentors: tuple[str, ...], areas: tuple[str, ...]) -> NDArray[np.float64]:
    ordered = snapshot["assessments"].dropna(subset=["score"]).sort_values("assessed_on", kind="stable")
    newest = ordered.drop_duplicates(["mentor_id", "area"], keep="last")
    wide = newest.pivot_table(index="mentor_id", columns="area", values="score", aggfunc="last")
    return wide.reindex(index=list(mentors), columns=list(areas)).to_numpy(dtype=np.float64)
