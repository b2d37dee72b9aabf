"""Course gains from the stored tables: scores before and after each training, and of mentors without one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.planning.belief import Belief, Events, belief_of, follow, onwards
from model.planning.gains import CourseGains, Drift, Stay, TrainedPairs, applied, course_gains, fit_drift

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ANY_GAIN = 15.0  # sd of what a course adds before anything is known of it, score points
WITHIN_DAYS = 365  # an assessment later than this after a course says nothing of it (ours)


@dataclass(frozen=True)
class Gains:
    """What is known of the courses, in the order of ``courses`` (sorted ids), and of mentors' true scores.

    ``took``: (C) mentors who completed it, of which the posterior's ``observed`` have scores before and after.
    ``untrained``: pairs of scores without a course between, that show the ``drift``. ``unclear``: pairs with more than
    one course of the area between, or with the later score more than a year after the course; left out. ``now``,
    ``now_sd``: (M, A) expected true score today and its sd, mentors sorted by id, NaN where never assessed.
    """

    courses: tuple[str, ...]
    posterior: CourseGains
    drift: Drift
    now: Floats
    now_sd: Floats
    took: Ints
    untrained: int
    unclear: int

    def number(self, course: str) -> int:
        """Position of a course id."""
        return self.courses.index(course)


def learned_gains(snapshot: Snapshot, areas: tuple[str, ...]) -> Gains:
    """Estimate every course's gain from consecutive assessments of a mentor in one area.

    A pair is trained when exactly one training of that area was completed on or after the earlier and before the later
    assessment; so the earlier is the newest on or before the course and the later the first after it. How the mentor
    stood before is told by all assessments up to then.
    """
    courses = snapshot["courses"].sort_values("course_id", kind="stable")
    number = pd.Series(np.arange(len(courses)), index=courses["course_id"])
    happened = _happened(snapshot, areas)
    pairs = _with_trainings(_consecutive(snapshot, areas), snapshot)
    untrained, trained = pairs[pairs["trainings"] == 0], _about_one(pairs)
    first = happened[happened["course_id"].isna()].drop_duplicates("cell")
    score, area = first["score"].to_numpy(dtype=np.float64), first["area"].to_numpy(dtype=np.int64)
    counts = np.bincount(area, minlength=len(areas))
    drift = fit_drift(_stay(untrained), np.bincount(area, score, len(areas)) / np.maximum(counts, 1))
    belief = belief_of(score, area, drift.yearly(), drift.noise_sd)
    followed = happened.assign(true=follow(_events(happened, None, number), belief)[0])
    seen = followed[~followed["taught"]]
    scores = TrainedPairs(
        true=trained.merge(seen, on=["mentor_id", "area_code", "before_on"])["true"].to_numpy(),
        after=trained["after"].to_numpy(),
        years=_years(trained["after_on"] - trained["before_on"]),
        area=trained["area"].to_numpy(),
        course=trained["course_id"].map(number).to_numpy(dtype=np.int64),
    )
    known, known_sd = (courses[name].to_numpy(dtype=np.float64) for name in ("expected_gain", "expected_gain_sd"))
    posterior = course_gains(scores, drift, known, known_sd)
    now, now_sd = _now(snapshot, followed, _events(followed, posterior, number), belief)
    took = snapshot["trainings"].drop_duplicates(["mentor_id", "course_id"])["course_id"].map(number).dropna()
    return Gains(
        courses=tuple(courses["course_id"]),
        posterior=posterior,
        drift=drift,
        now=now,
        now_sd=now_sd,
        took=np.bincount(took.to_numpy(dtype=np.int64), minlength=len(courses)).astype(np.int64),
        untrained=len(untrained),
        unclear=len(pairs) - len(untrained) - len(trained),
    )


def _happened(snapshot: Snapshot, areas: tuple[str, ...]) -> pd.DataFrame:
    """Assessments and courses by mentor, area and time: cell, area, year, score, course_id and the keys of a pair.

    A course of the day of an assessment comes after it.
    """
    number, known = {area: a for a, area in enumerate(areas)}, sorted(snapshot["mentors"]["mentor_id"])
    assessed = snapshot["assessments"].dropna(subset=["score", "assessed_on"])
    assessed = assessed.rename(columns={"assessed_on": "before_on"})[["mentor_id", "area", "before_on", "score"]]
    done = snapshot["trainings"].merge(snapshot["courses"][["course_id", "area"]], on="course_id")
    done = done.rename(columns={"completed_on": "before_on"})[["mentor_id", "area", "before_on", "course_id"]]
    both = pd.concat([assessed, done], ignore_index=True).rename(columns={"area": "area_code"})
    both = both[both["area_code"].isin(list(number)) & both["mentor_id"].isin(known)]
    both["area"] = both["area_code"].map(number).astype("int64")
    both["cell"] = pd.Index(known).get_indexer(pd.Index(both["mentor_id"])) * len(areas) + both["area"]
    both["year"] = _years(both["before_on"] - pd.Timestamp(snapshot.as_of))
    both["taught"] = both["course_id"].notna()
    return both.sort_values(["cell", "before_on", "taught"], kind="stable", ignore_index=True)


def _events(happened: pd.DataFrame, posterior: CourseGains | None, number: pd.Series) -> Events:
    """Courses add what their posterior says of the score before them; without one, nobody knows what."""
    gain, gain_sd = np.zeros(len(happened)), np.full(len(happened), ANY_GAIN)
    rows = np.flatnonzero(happened["taught"].to_numpy())
    if posterior is not None and len(rows):
        course = happened["course_id"].iloc[rows].map(number).to_numpy(dtype=np.int64)
        before = happened["true"].to_numpy()[np.maximum(rows - 1, 0)]
        mean, sd = posterior.at(course, before)
        told = ~np.isnan(mean)
        gain[rows[told]], gain_sd[rows[told]] = applied(mean[told], before[told]), sd[told]
    cell, area, year, score = (happened[name].to_numpy() for name in ("cell", "area", "year", "score"))
    return Events(cell, area, year, score, gain, gain_sd)


def _now(snapshot: Snapshot, happened: pd.DataFrame, events: Events, belief: Belief) -> tuple[Floats, Floats]:
    """Expected true score today and its sd (M, A), NaN where never assessed."""
    mean, sd = follow(events, belief)
    last = np.flatnonzero(np.diff(events.cell, append=-1))
    assessed = np.isin(events.cell[last], happened["cell"][~happened["taught"]].unique())
    last = last[assessed]
    at, spread = onwards(belief, mean[last], sd[last] ** 2, events.area[last], -events.year[last])
    now, now_sd = np.full((2, len(snapshot["mentors"]) * len(belief.mean)), np.nan)
    now[events.cell[last]], now_sd[events.cell[last]] = at, np.sqrt(spread)
    shape = (len(snapshot["mentors"]), len(belief.mean))
    return now.reshape(shape), now_sd.reshape(shape)


def _stay(pairs: pd.DataFrame) -> Stay:
    before, after, area = (pairs[name].to_numpy() for name in ("before", "after", "area"))
    return Stay(before, after, _years(pairs["after_on"] - pairs["before_on"]), area)


def _years(span: pd.Series) -> Floats:
    return np.asarray(span.dt.days.to_numpy(dtype=np.float64) / 365.25, dtype=np.float64)


def scores_about_courses(snapshot: Snapshot, areas: tuple[str, ...]) -> pd.DataFrame:
    """Scores before and after exactly one course: mentor_id, course_id, done, before, after, before_on, after_on."""
    return _about_one(_with_trainings(_consecutive(snapshot, areas), snapshot))


def _about_one(pairs: pd.DataFrame) -> pd.DataFrame:
    soon = pairs["after_on"] - pairs["done"] <= pd.Timedelta(days=WITHIN_DAYS)
    return pairs[(pairs["trainings"] == 1) & soon]


def _consecutive(snapshot: Snapshot, areas: tuple[str, ...]) -> pd.DataFrame:
    """Each assessment with the same mentor's next one in the area: before, after, their days, area number."""
    number = {area: a for a, area in enumerate(areas)}
    scores = snapshot["assessments"].dropna(subset=["score", "assessed_on"])
    scores = scores[scores["area"].isin(list(number))].sort_values(["mentor_id", "area", "assessed_on"], kind="stable")
    following = scores.groupby(["mentor_id", "area"])[["score", "assessed_on"]].shift(-1)
    pairs = pd.DataFrame(
        {
            "mentor_id": scores["mentor_id"],
            "area_code": scores["area"],
            "area": scores["area"].map(number).astype("int64"),
            "before": scores["score"].astype("float64"),
            "after": following["score"].astype("float64"),
            "before_on": scores["assessed_on"],
            "after_on": following["assessed_on"],
        }
    )
    return pairs.dropna(subset=["after"]).reset_index(drop=True)


def _with_trainings(pairs: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    """Adds ``trainings`` (number in the area between the two scores), and of the first: course_id and ``done``."""
    done = snapshot["trainings"].merge(snapshot["courses"][["course_id", "area"]], on="course_id")
    done = done.rename(columns={"area": "area_code", "completed_on": "done"})
    keyed = pairs.reset_index(names="pair").merge(done, on=["mentor_id", "area_code"])
    inside = keyed[(keyed["before_on"] <= keyed["done"]) & (keyed["done"] < keyed["after_on"])]
    inside = inside.sort_values(["pair", "done", "course_id"], kind="stable")
    first = inside.groupby("pair")[["course_id", "done"]].first()
    found = pairs.join(first)
    found["trainings"] = inside.groupby("pair").size().reindex(pairs.index, fill_value=0).astype("int64")
    return found
