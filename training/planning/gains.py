"""Course gains from the stored tables: scores before and after each training, and of mentors without one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.planning.belief import Belief, belief_of
from model.planning.gains import CourseGains, Drift, TrainedPairs, course_gains, fit_drift

WITHIN_DAYS = 365  # an assessment later than this after a course says nothing of it (ours)


@dataclass(frozen=True)
class Gains:
    """What is known of the courses, in the order of ``courses`` (sorted ids).

    ``took``: (C) mentors who completed it, of which the posterior's ``observed`` have scores before and after.
    ``untrained``: pairs of scores without a course between, that show the ``drift``. ``unclear``: pairs with more than
    one course of the area between, or with the later score more than a year after the course; left out. ``belief``:
    what an assessment says of the true score.
    """

    courses: tuple[str, ...]
    posterior: CourseGains
    drift: Drift
    belief: Belief
    took: NDArray[np.int64]
    untrained: int
    unclear: int

    def number(self, course: str) -> int:
        """Position of a course id."""
        return self.courses.index(course)


def learned_gains(snapshot: Snapshot, areas: tuple[str, ...]) -> Gains:
    """Estimate every course's gain from consecutive assessments of a mentor in one area.

    A pair is trained when exactly one training of that area was completed on or after the earlier and before the later
    assessment; so the earlier is the newest on or before the course and the later the first after it.
    """
    courses = snapshot["courses"].sort_values("course_id", kind="stable")
    number = pd.Series(np.arange(len(courses)), index=courses["course_id"])
    pairs = _with_trainings(_consecutive(snapshot, areas), snapshot)
    untrained, trained = pairs[pairs["trainings"] == 0], _about_one(pairs)
    drift = fit_drift(
        untrained["before"].to_numpy(), untrained["after"].to_numpy(), untrained["area"].to_numpy(), len(areas)
    )
    belief = _belief(snapshot, areas, drift.noise_sd)
    scores = TrainedPairs(
        before=trained["before"].to_numpy(),
        true=belief.expected(trained["before"].to_numpy(), trained["area"].to_numpy()),
        after=trained["after"].to_numpy(),
        area=trained["area"].to_numpy(),
        course=trained["course_id"].map(number).to_numpy(dtype=np.int64),
    )
    known, known_sd = (courses[name].to_numpy(dtype=np.float64) for name in ("expected_gain", "expected_gain_sd"))
    took = snapshot["trainings"].drop_duplicates(["mentor_id", "course_id"])["course_id"].map(number).dropna()
    return Gains(
        courses=tuple(courses["course_id"]),
        posterior=course_gains(scores, drift, known, known_sd),
        drift=drift,
        belief=belief,
        took=np.bincount(took.to_numpy(dtype=np.int64), minlength=len(courses)).astype(np.int64),
        untrained=len(untrained),
        unclear=len(pairs) - len(untrained) - len(trained),
    )


def scores_about_courses(snapshot: Snapshot, areas: tuple[str, ...]) -> pd.DataFrame:
    """Scores before and after exactly one course: mentor_id, course_id, done, before, after, before_on, after_on."""
    return _about_one(_with_trainings(_consecutive(snapshot, areas), snapshot))


def _about_one(pairs: pd.DataFrame) -> pd.DataFrame:
    soon = pairs["after_on"] - pairs["done"] <= pd.Timedelta(days=WITHIN_DAYS)
    return pairs[(pairs["trainings"] == 1) & soon]


def _belief(snapshot: Snapshot, areas: tuple[str, ...], noise_sd: float) -> Belief:
    number = {area: a for a, area in enumerate(areas)}
    known = snapshot["assessments"].dropna(subset=["score"])
    known = known[known["area"].isin(list(number))]
    area = np.array([number[code] for code in known["area"]], dtype=np.int64)
    return belief_of(known["score"].to_numpy(dtype=np.float64), area, len(areas), noise_sd)


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
