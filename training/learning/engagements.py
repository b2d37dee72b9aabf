"""From stored tables to learning rows: one row per engagement whose outcome and mentor's scores are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot, month_end
from model.framework import Area, Framework
from model.learning.asof import History
from model.learning.outcome import Growth, Lack, Ledger, growth
from model.sentences import Number, Sentence, sentence

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

GROWTH = "growth"
"""Name of the outcome by the contract's formula."""

_LACKS: Mapping[Lack, Sentence] = {
    Lack.BEFORE: sentence("no turnover report in the six months up to the start"),
    Lack.AFTER: sentence("no turnover report in the months 6 to 12 after the start"),
    Lack.ZERO: sentence("a mean turnover of zero before or after, of which no growth can be taken"),
    Lack.ABSURD: sentence("turnover that rose or fell more than 148-fold, taken for a fault in the reports"),
}


@dataclass(frozen=True)
class LeftOut:
    """How many engagements do not enter, and why."""

    reason: Sentence
    count: int


@dataclass(frozen=True)
class Assessed:
    """Assessments by area: ``histories`` (one per area of ``areas``) over mentor codes 0..; ``mentors``: their ids."""

    areas: tuple[str, ...]
    mentors: pd.Index
    histories: tuple[History, ...]

    def newest(self, mentor: Integers, day: Integers) -> Floats:
        """Newest scores of mentors on days (n, A), NaN where none."""
        return self._columns([history.newest(mentor, day) for history in self.histories], len(mentor))

    def newest_or_first(self, mentor: Integers, day: Integers) -> Floats:
        """As :meth:`newest`, a mentor's first score where none is so early (n, A)."""
        return self._columns([history.newest_or_first(mentor, day) for history in self.histories], len(mentor))

    def _columns(self, by_area: list[Floats], rows: int) -> Floats:
        return np.stack(by_area, axis=1) if by_area else np.empty((rows, 0))

    def days(self) -> Integers:
        """All days of assessments, each once, in order."""
        return np.unique(np.concatenate([history.days for history in self.histories]))


@dataclass(frozen=True)
class Cases:
    """Engagements with what is known of each at its start: (n) rows, in the order of the engagements table.

    ``mentor``: code in ``assessed.mentors``. ``day``, ``month``: of the start. ``businesses``: the business's columns.
    ``before``: mean turnover before the start, NaN. ``needs``: (n, D) 1.0 with a need in
    the area, over all areas of the framework or dataset.
    """

    table: pd.DataFrame
    businesses: pd.DataFrame
    mentor: Integers
    day: Integers
    month: Integers
    before: Floats
    growth: Growth
    needs: Floats

    def take(self, rows: Bools) -> "Cases":
        """The rows chosen."""
        chosen = Growth(self.growth.value[rows], self.growth.before[rows], self.growth.lack[rows])
        return Cases(
            self.table[rows],
            self.businesses[rows],
            self.mentor[rows],
            self.day[rows],
            self.month[rows],
            self.before[rows],
            chosen,
            self.needs[rows],
        )


@dataclass(frozen=True)
class LearningRows:
    """``cases`` that enter, their ``outcome`` (n) and ``scores`` (n, A; NaN missing); what was left out, by reason.

    ``enters``: True for the engagements of the whole table that are among them.
    """

    cases: Cases
    enters: Bools
    outcome: Floats
    scores: Floats
    left_out: tuple[LeftOut, ...]


def areas_of(snapshot: Snapshot, framework: Framework) -> Mapping[str, Area]:
    """The dataset's own areas where it brings some, else the framework's."""
    return snapshot.dataset.areas or framework.areas


def whole_days(days: pd.Series) -> Integers:
    """Dates as whole days since 1970."""
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)


def months_of(days: pd.Series) -> Integers:
    """Dates as months, year · 12 + month − 1."""
    return days.to_numpy().astype("datetime64[M]").astype(np.int64) + 1970 * 12


def assessed(snapshot: Snapshot, framework: Framework) -> Assessed:
    """All assessments in the areas that have any."""
    table = snapshot["assessments"]
    areas = tuple(a for a in areas_of(snapshot, framework) if (table["area"] == a).any())
    mentors = pd.Index(snapshot["mentors"]["mentor_id"])
    owner, day = mentors.get_indexer(pd.Index(table["mentor_id"])), whole_days(table["assessed_on"])
    score, area = table["score"].to_numpy(dtype=np.float64), table["area"].to_numpy()
    chosen = [(area == a) & (owner >= 0) for a in areas]
    histories = tuple(History.of(owner[c].astype(np.int64), day[c], score[c]) for c in chosen)
    return Assessed(areas, mentors, histories)


def ledger(snapshot: Snapshot) -> tuple[pd.Index, Ledger]:
    """All turnover reports, over the codes of the businesses table."""
    businesses = pd.Index(snapshot["businesses"]["business_id"])
    reports = snapshot["reports"]
    owner = businesses.get_indexer(pd.Index(reports["business_id"])).astype(np.int64)
    known = owner >= 0
    turnover = reports["turnover_idr"].to_numpy(dtype=np.float64)
    return businesses, Ledger.of(owner[known], reports["month"].to_numpy(dtype=np.int64)[known], turnover[known])


def cases(snapshot: Snapshot, framework: Framework) -> Cases:
    """Every engagement of the snapshot with its start, growth and needs."""
    table = snapshot["engagements"]
    businesses, books = ledger(snapshot)
    at = businesses.get_indexer(pd.Index(table["business_id"])).astype(np.int64)
    mentors = pd.Index(snapshot["mentors"]["mentor_id"])
    month = months_of(table["started_on"])
    found = growth(books, at, month)
    details = snapshot["businesses"].iloc[at].reset_index(drop=True)
    return Cases(
        table,
        details,
        mentors.get_indexer(pd.Index(table["mentor_id"])).astype(np.int64),
        whole_days(table["started_on"]),
        month,
        found.before,
        found,
        need_flags(details["needs"], framework, tuple(areas_of(snapshot, framework))),
    )


def need_flags(needs: pd.Series, framework: Framework, areas: tuple[str, ...]) -> Floats:
    """(n, D) 1.0 where one of the problems in the ;-list is answered by the area."""
    codes, texts = pd.factorize(needs.fillna(""))
    flags = np.zeros((len(texts), len(areas)))
    for row, text in enumerate(texts):
        named = {code.strip() for code in str(text).split(";")}
        answered = {framework.area_of(code) for code in named if code in framework.problems}
        flags[row] = [area in answered for area in areas]
    return flags[codes]


def learning_rows(snapshot: Snapshot, every: Cases, known: Assessed, outcome: str) -> LearningRows:
    """The engagements that enter learning; each other one counted under the first reason that applies."""
    scores = known.newest(every.mentor, every.day)
    value, reasons = outcomes(snapshot, every, outcome)
    left = _first_reasons([*reasons, _unassessed(scores)])
    enters = ~np.any([rows for rows, _ in left], axis=0) if left else np.ones(len(value), dtype=bool)
    left_out = tuple(LeftOut(reason, int(rows.sum())) for rows, reason in left)
    return LearningRows(every.take(enters), enters, value[enters], scores[enters], left_out)


def left_out_rows(snapshot: Snapshot, every: Cases, known: Assessed, outcome: str) -> "_Reasons":
    """For each reason of :func:`learning_rows` the engagements (n) that it leaves out, in the same order."""
    _, reasons = outcomes(snapshot, every, outcome)
    return _first_reasons([*reasons, _unassessed(known.newest(every.mentor, every.day))])


def _unassessed(scores: Floats) -> tuple[Bools, Sentence]:
    unknown = np.asarray(np.isnan(scores).all(axis=1))
    return unknown, sentence("the mentor was not assessed by the start of the engagement")


def _first_reasons(reasons: "_Reasons") -> "_Reasons":
    """Each reason with the rows for which it is the first; those that leave nothing out are not among them."""
    found, left = [], np.ones(len(reasons[0][0]), dtype=bool)
    for lacking, reason in reasons:
        if (lacking & left).any():
            found.append((lacking & left, reason))
        left &= ~lacking
    return found


_Reasons = list[tuple[Bools, Sentence]]


def outcomes(snapshot: Snapshot, every: Cases, outcome: str) -> tuple[Floats, _Reasons]:
    """The outcome of every engagement (n), and for each reason why it is not known which ones (n) it holds for."""
    return _growth(snapshot, every) if outcome == GROWTH else _ready(every)


def _growth(snapshot: Snapshot, every: Cases) -> tuple[Floats, _Reasons]:
    over = month_end(pd.Series(every.month + 12)) <= pd.Timestamp(snapshot.as_of)
    reasons: _Reasons = [(~over.to_numpy(), sentence("month 12 after the start is not past yet"))]
    reasons += [(every.growth.lack == lack, said) for lack, said in _LACKS.items()]
    return every.growth.value, reasons


def _ready(every: Cases) -> tuple[Floats, _Reasons]:
    value = every.table["outcome"].to_numpy(dtype=np.float64)
    return value, [
        (np.isnan(value), sentence("no outcome in the table")),
        (np.isinf(value), sentence("an outcome that is no finite number")),
    ]


def growth_of_firms(snapshot: Snapshot) -> dict[str, Any]:
    """Growth of the businesses themselves, whether mentored or not: {"count", "mean", "lacking"}.

    A business with engagements is followed from its first one, one without from the month of its first report.
    """
    businesses, books = ledger(snapshot)
    starts = _first_months(snapshot, businesses)
    at = np.flatnonzero(starts >= 0)
    found = growth(books, at.astype(np.int64), starts[at])
    grown = found.value[found.lack == Lack.NONE]
    return {
        "count": len(grown),
        "mean": float(grown.mean()) if len(grown) else None,
        "lacking": [
            {"reason": reason, "count": Number(int((found.lack == lack).sum()))}
            for lack, reason in _LACKS.items()
            if (found.lack == lack).any()
        ],
    }


def _first_months(snapshot: Snapshot, businesses: pd.Index) -> Integers:
    """Month from which each business is followed, −1 for one with neither engagement nor report."""
    reports, engagements = snapshot["reports"], snapshot["engagements"]
    first = reports.groupby("business_id")["month"].min()
    started = pd.Series(months_of(engagements["started_on"]), index=engagements["business_id"], dtype="float64")
    month = started.groupby(level=0).min().reindex(businesses)
    return month.fillna(first.reindex(businesses)).fillna(-1).to_numpy().astype(np.int64)
