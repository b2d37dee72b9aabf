"""Whom a mentor's training would reach: the active businesses, their needs and their turnover."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Framework

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PAST_DAYS = 365
_LAST_REPORTS = 3


@dataclass(frozen=True)
class Portfolios:
    """Per mentor (M, in the order of ``mentors``) and area (A, in the order of ``areas``).

    ``active``: (M) the mentor has active engagements. ``businesses``: (M) distinct active businesses; without active
    ones, engagements started in the past 365 days. ``needing``: (M, A) those with a need in the area, each counted once
    per area; without active ones, engagements × the programme's need share. ``yearly``: (M) their turnover a year, in
    rupiah, and ``yearly_needing``: (M, A) that of the needing (or turnover × share). ``unknown``: (M) businesses whose
    turnover nobody reported, counted in no turnover. ``shares``: (A) need shares: businesses with a need in the area ÷
    all businesses; one that lists no need counts as needing nothing, as it does among active ones.
    """

    mentors: tuple[str, ...]
    areas: tuple[str, ...]
    active: Bools
    businesses: Floats
    needing: Floats
    yearly: Floats
    yearly_needing: Floats
    unknown: Floats
    shares: Floats


def portfolios(snapshot: Snapshot, framework: Framework, areas: tuple[str, ...]) -> Portfolios:
    """Count every mentor's reach on the as-of day."""
    mentors = tuple(sorted(snapshot["mentors"]["mentor_id"]))
    businesses = snapshot["businesses"]["business_id"].to_numpy()
    needs = _needs(snapshot, framework, areas)
    shares = needs.mean(axis=0) if len(needs) else np.zeros(len(areas))
    yearly = _yearly_turnover(snapshot)
    who = pd.Index(mentors)
    now = _pairs(snapshot.active.drop_duplicates(["mentor_id", "business_id"]), who, businesses)
    past = _pairs(_recent(snapshot), who, businesses)
    active = np.bincount(now[0], minlength=len(who)) > 0
    summed = {name: _sums(*pairs, needs, yearly, len(who)) for name, pairs in (("now", now), ("past", past))}
    count, total, unknown = (
        np.where(active, here, then) for here, then in zip(summed["now"][:3], summed["past"][:3], strict=True)
    )
    return Portfolios(
        mentors=mentors,
        areas=areas,
        active=active,
        businesses=count,
        needing=np.where(active[:, None], summed["now"][3], count[:, None] * shares),
        yearly=total,
        yearly_needing=np.where(active[:, None], summed["now"][4], total[:, None] * shares),
        unknown=unknown,
        shares=shares,
    )


def _needs(snapshot: Snapshot, framework: Framework, areas: tuple[str, ...]) -> Bools:
    """(B, A) True where a business lists a problem that the area answers; codes the framework lacks are passed over."""
    number = {area: a for a, area in enumerate(areas)}
    answered: Mapping[str, int] = {
        code: number[problem.area] for code, problem in framework.problems.items() if problem.area in number
    }
    needs = np.zeros((len(snapshot["businesses"]), len(areas)), dtype=bool)
    for row, listed in enumerate(snapshot["businesses"]["needs"]):
        if isinstance(listed, str):
            needs[row, [answered[code.strip()] for code in listed.split(";") if code.strip() in answered]] = True
    return needs


def _yearly_turnover(snapshot: Snapshot) -> Floats:
    """(B) 12 × mean of the last up to 3 reported months; without reports 12 × turnover_month_idr; else NaN."""
    businesses = snapshot["businesses"]
    newest = snapshot["reports"].sort_values(["business_id", "month"], kind="stable").dropna(subset=["turnover_idr"])
    monthly = newest.groupby("business_id").tail(_LAST_REPORTS).groupby("business_id")["turnover_idr"].mean()
    known = businesses["business_id"].map(monthly).astype("float64").fillna(businesses["turnover_month_idr"])
    return np.asarray(12.0 * known.to_numpy(dtype=np.float64), dtype=np.float64)


def _recent(snapshot: Snapshot) -> pd.DataFrame:
    """Engagements started in the 365 days up to the as-of day."""
    since = pd.Timestamp(snapshot.as_of) - pd.Timedelta(days=PAST_DAYS)
    engagements = snapshot["engagements"]
    return engagements[engagements["started_on"] > since]


def _pairs(
    engagements: pd.DataFrame, mentors: pd.Index, businesses: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    mentor = mentors.get_indexer(pd.Index(engagements["mentor_id"]))
    business = pd.Index(businesses).get_indexer(pd.Index(engagements["business_id"]))
    known = (mentor >= 0) & (business >= 0)
    return mentor[known].astype(np.int64), business[known].astype(np.int64)


def _sums(
    mentor: NDArray[np.int64], business: NDArray[np.int64], needs: Bools, yearly: Floats, count: int
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Per mentor: businesses, turnover, businesses without turnover; per mentor and area: needing, their turnover."""
    known = np.nan_to_num(yearly[business])
    needing = np.zeros((count, needs.shape[1]))
    turnover = np.zeros((count, needs.shape[1]))
    np.add.at(needing, mentor, needs[business])
    np.add.at(turnover, mentor, needs[business] * known[:, None])
    return (
        np.bincount(mentor, minlength=count).astype(np.float64),
        np.bincount(mentor, known, minlength=count).astype(np.float64),
        np.bincount(mentor, np.isnan(yearly[business]), minlength=count).astype(np.float64),
        needing,
        turnover,
    )
