"""The stored tables as they stood: one data version, seen on one day. See data/batch.py for how cells are held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd

from data.batch import DTYPES, Dataset
from model.tables import TABLES, Table

DATED: Mapping[str, str] = {
    "engagements": "started_on",
    "assessments": "assessed_on",
    "responses": "answered_on",
    "trainings": "completed_on",
}


def empty_table(table: Table) -> pd.DataFrame:
    """A table without rows, each column of its kind (engagements also carry ``outcome`` and ``controls``)."""
    frame = pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.kind]) for c in table.columns})
    return with_extras(table, frame)


def with_extras(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Engagements gain the columns a mapping may bring: ``outcome`` (float64) and ``controls`` (JSON text)."""
    if table.name == "engagements":
        if "outcome" not in frame:
            frame["outcome"] = pd.Series(float("nan"), index=frame.index, dtype="float64")
        if "controls" not in frame:
            frame["controls"] = pd.Series([None] * len(frame), index=frame.index, dtype="object")
    return frame


def month_end(month: pd.Series) -> pd.Series:
    """Last day of a month given as year · 12 + month − 1."""
    following = month + 1
    days = (following.to_numpy() - 1970 * 12).astype("datetime64[M]").astype("datetime64[ns]")
    return pd.Series(days, index=month.index) - pd.Timedelta(days=1)


def newest_day(tables: Mapping[str, pd.DataFrame]) -> date | None:
    """Default as-of: newest of started_on, assessed_on, answered_on, completed_on and the month end of a report."""
    days = [tables[name][column].max() for name, column in DATED.items()]
    if len(tables["reports"]):
        days.append(month_end(pd.Series([tables["reports"]["month"].max()])).iloc[0])
    known = [day for day in days if not pd.isna(day)]
    return max(known).date() if known else None


@dataclass(frozen=True)
class Snapshot:
    """All tables (every name of ``TABLES`` is there, possibly empty) of data ``version`` as seen on ``as_of``.

    Nothing dated after ``as_of`` is in it; ``engagements.ended_on`` after it is empty (still active then).
    """

    version: int
    as_of: date
    tables: Mapping[str, pd.DataFrame]
    dataset: Dataset

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    @property
    def active(self) -> pd.DataFrame:
        """Engagements started on or before the as-of day and not ended by then."""
        engagements = self.tables["engagements"]
        return engagements[engagements["ended_on"].isna()]


def snapshot_of(
    tables: Mapping[str, pd.DataFrame], version: int, dataset: Dataset, as_of: date | None, today: date | None = None
) -> Snapshot:
    """See ``tables`` on the day ``as_of`` (default: their newest day; ``today`` where no row has a date)."""
    full = {name: tables.get(name, empty_table(table)) for name, table in TABLES.items()}
    day = as_of or newest_day(full) or today or datetime.now(UTC).date()
    limit = pd.Timestamp(day)
    for name, column in DATED.items():
        frame = full[name]
        full[name] = frame[~(frame[column] > limit)]
    if len(full["reports"]):
        full["reports"] = full["reports"][month_end(full["reports"]["month"]) <= limit]
    engagements = full["engagements"].copy()
    engagements.loc[engagements["ended_on"] > limit, "ended_on"] = pd.NaT
    full["engagements"] = engagements
    return Snapshot(version, day, {n: f.reset_index(drop=True) for n, f in full.items()}, dataset)
