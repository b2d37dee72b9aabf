"""What else changed in the engagements learned from: which outcomes, over which windows, beside whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot, month_end
from model.learning.outcome import AFTER, BEFORE, Ledger
from model.learning.secondary import Change, Lack, Scale, more, newly, scale_of
from model.sentences import Sentence, sentence
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ENOUGH_NEVER = 30
"""At least this many never-mentored businesses with the outcome known make the comparison group (ours)."""

LACKS: Mapping[Lack, Sentence] = {
    Lack.EARLY: sentence("month 12 after the start is not past yet"),
    Lack.BEFORE: sentence("not reported in the six months up to the start"),
    Lack.AFTER: sentence("not reported in the months 6 to 12 after the start"),
    Lack.ALREADY: sentence("it was there before the start"),
    Lack.ABSURD: sentence("a number that rose or fell more than 148-fold, taken for a fault in the reports"),
}


@dataclass(frozen=True)
class Asked:
    """An outcome: its ``code``, the ``column`` of the reports it is read from, and how its change is taken."""

    code: str
    column: str
    label: Sentence
    unit: Sentence
    change: Callable[[Floats, Floats], Change]

    def between(self, books: Ledger, business: Integers, start: Integers) -> Change:
        """Change of businesses (n) over the windows around start months (n)."""
        before, after = (books.mean(business, start + first, start + last) for first, last in (BEFORE, AFTER))
        return self.change(before, after)


_SHARE = sentence("share of the businesses that had none before")
_ASKED = (
    Asked("workers", "workers", sentence("Change in workers"), sentence("workers"), more),
    Asked("new_nib", "has_nib", sentence("New registration number (NIB)"), _SHARE, newly),
    Asked("cashbook", "has_cashbook", sentence("Cash book taken up"), _SHARE, newly),
    Asked("credit", "got_credit", sentence("Credit obtained"), _SHARE, newly),
    Asked("partner", "has_partner", sentence("Partner found"), _SHARE, newly),
)


@dataclass(frozen=True)
class Followed:
    """An outcome of the n engagements learned from, and what it is standardised by.

    ``own``: scale of the engagements; ``never``: of never-mentored businesses, None where too few or all alike.
    """

    asked: Asked
    change: Change
    own: Scale
    never: Scale | None

    @property
    def scale(self) -> Scale:
        """What it is standardised by."""
        return self.never or self.own


@dataclass(frozen=True)
class _Groups:
    """Who is followed: codes of the ``mentored`` (n) from their ``start`` months, codes of the ``never`` mentored.

    ``over``: (n) whether month 12 after the start is past.
    """

    mentored: Integers
    start: Integers
    over: NDArray[np.bool_]
    never: Integers

    @classmethod
    def of(cls, snapshot: Snapshot, prepared: Prepared, businesses: pd.Index) -> "_Groups":
        cases = prepared.rows.cases
        at = businesses.get_indexer(pd.Index(cases.table["business_id"])).astype(np.int64)
        over = month_end(pd.Series(cases.month + 12)) <= pd.Timestamp(snapshot.as_of)
        never = np.flatnonzero(~businesses.isin(snapshot["engagements"]["business_id"])).astype(np.int64)
        return cls(at, cases.month, over.to_numpy(), never)


def followed(snapshot: Snapshot, prepared: Prepared) -> list[Followed]:
    """Every outcome that any engagement learned from has."""
    businesses = pd.Index(snapshot["businesses"]["business_id"])
    groups = _Groups.of(snapshot, prepared, businesses)
    reports = snapshot["reports"]
    owner = businesses.get_indexer(pd.Index(reports["business_id"])).astype(np.int64)
    tried = [_followed(asked, _books(reports, owner, asked.column), groups) for asked in _ASKED]
    return [found for found in tried if found is not None]


def _followed(asked: Asked, books: Ledger, groups: _Groups) -> Followed | None:
    """The outcome; None where no engagement has it."""
    change = asked.between(books, groups.mentored, groups.start).when(groups.over)
    there = change.lack == Lack.NONE
    if not there.any():
        return None
    own = scale_of(change.value[there], np.ones(int(there.sum())))
    return Followed(asked, change, own, _never_mentored(books, groups.never, groups.start[there], asked))


def _books(reports: pd.DataFrame, owner: Integers, column: str) -> Ledger:
    """The reports that have the column filled; ``owner``: code of each report's business, −1 for an unknown one."""
    amounts = reports[column].to_numpy(dtype=np.float64)
    there = (owner >= 0) & ~np.isnan(amounts)
    return Ledger.of(owner[there], reports["month"].to_numpy(dtype=np.int64)[there], amounts[there])


def _never_mentored(books: Ledger, never: Integers, starts: Integers, asked: Asked) -> Scale | None:
    """Scale of never-mentored businesses over the same windows: from each quarter in which engagements started.

    A quarter weighs as many as engagements started in it.
    """
    values, weights, seen = [], [], np.zeros(len(never), dtype=bool)
    for quarter, engagements in zip(*np.unique(starts // 3, return_counts=True), strict=True):
        found = asked.between(books, never, np.full(len(never), quarter * 3 + 1))
        there = found.lack == Lack.NONE
        seen |= there
        values.append(found.value[there])
        weights.append(np.full(int(there.sum()), engagements / max(int(there.sum()), 1)))
    if int(seen.sum()) < ENOUGH_NEVER:
        return None
    scale = scale_of(np.concatenate(values), np.concatenate(weights))
    return scale if scale.sd > 0 else None
