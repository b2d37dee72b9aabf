"""A small office as stored tables: mentors, scores, businesses, engagements and monthly reports, made by one seed."""

from datetime import date

import numpy as np
import pandas as pd

from data.batch import DTYPES, Dataset
from data.snapshot import Snapshot, snapshot_of, with_extras
from model.tables import TABLES

SINCE = 2022 * 12


def table(name: str, /, **columns) -> pd.DataFrame:
    """A stored table: the columns given, the others empty, each of its kind."""
    count = len(next(iter(columns.values())))
    frame = pd.DataFrame(index=range(count))
    for column in TABLES[name].columns:
        kind = DTYPES[column.kind]
        given = columns.get(column.name)
        if given is not None:
            frame[column.name] = pd.Series(list(given)).astype(kind)
        else:
            frame[column.name] = pd.Series([None] * count, dtype="object" if kind == "object" else kind)
    for extra in ("outcome", "controls"):
        if extra in columns:
            frame[extra] = list(columns[extra])
    return with_extras(TABLES[name], frame)


def day(month: int, number: int = 10) -> pd.Timestamp:
    """A day of a month given as year · 12 + month − 1."""
    return pd.Timestamp(year=month // 12, month=month % 12 + 1, day=number)


def office(mentors=24, each=12, *, slope=0.05, seed=0, areas=("finance", "legal")) -> dict[str, pd.DataFrame]:
    """Tables of an office whose growth rises by ``slope`` per ten points in the first area, more with its need."""
    rng = np.random.default_rng(seed)
    ids = [f"{m:03d}" for m in range(mentors)]
    scores = np.clip(rng.normal(58, 14, (mentors, len(areas))), 5, 98).round(1)
    count = mentors * each
    owner = np.repeat(np.arange(mentors), each)
    start = SINCE + 6 + rng.integers(0, 24, count)
    needs = rng.choice(["capital", "legal", "capital;legal", "", "marketing"], count)
    needing = np.char.find(needs.astype(str), "capital") >= 0
    gained = slope * (scores[owner, 0] - 58) / 10 * (1 + needing) + rng.normal(0.1, 0.2, count)
    before = np.exp(rng.normal(15.5, 0.8, count))
    months = np.arange(SINCE, SINCE + 36)
    later = np.clip((months[None, :] - start[:, None]) / 6, 0, 1)
    turnover = np.rint(before[:, None] * np.exp(later * gained[:, None] + rng.normal(0, 0.05, (count, 36))))
    businesses = [f"B{b:04d}" for b in range(count)]
    return {
        "mentors": table("mentors", mentor_id=ids, name=ids, district=rng.choice(["X", "Y"], mentors)),
        "assessments": table(
            "assessments",
            mentor_id=np.repeat(ids, len(areas)),
            area=np.tile(areas, mentors),
            score=scores.ravel(),
            assessed_on=[day(SINCE, 5)] * (mentors * len(areas)),
        ),
        "businesses": table(
            "businesses",
            business_id=businesses,
            name=businesses,
            district=rng.choice(["X", "Y", "Z"], count),
            sector=rng.choice(["G", "I"], count),
            start_year=rng.integers(2005, 2022, count),
            needs=[text or None for text in needs],
            gender=rng.choice(["L", "P"], count),
            birth_year=rng.integers(1960, 2000, count),
        ),
        "engagements": table(
            "engagements",
            engagement_id=[f"E{e:04d}" for e in range(count)],
            mentor_id=[ids[m] for m in owner],
            business_id=businesses,
            started_on=[day(int(m)) for m in start],
            ended_on=[day(int(m) + 10) if m < SINCE + 22 else pd.NaT for m in start],
        ),
        "reports": table(
            "reports",
            business_id=np.repeat(businesses, 36),
            month=np.tile(months, count),
            turnover_idr=turnover.ravel(),
        ),
    }


def seen(tables: dict[str, pd.DataFrame], as_of: date | None = None, dataset: Dataset | None = None) -> Snapshot:
    """The tables as a snapshot of data version 1."""
    return snapshot_of(tables, 1, dataset or Dataset(), as_of)
