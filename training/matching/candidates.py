"""Who could serve whom: every mentor who reaches the business's district, locks beyond it, less what is forbidden."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.framework import fold
from model.matching.form import MatchForm
from training.matching.match import MatchRequest, PairIds
from training.matching.match_tables import MatchTables
from training.matching.ruling import Ruling
from training.matching.worth import Worth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Candidates:
    """Pairs (E) in order of business, then mentor.

    ``forbidden``: (N) pairs of each business that were struck out; ``ruled``: (N) mentors who reach it, but whom rules
    of sector or language keep from it.
    """

    business: Ints
    mentor: Ints
    forbidden: Ints
    ruled: Ints

    def row(self, business: int, mentor: int) -> int:
        """Row of a pair; −1 where it is none."""
        first, last = np.searchsorted(self.business, [business, business + 1])
        at = first + int(np.searchsorted(self.mentor[first:last], mentor))
        return int(at) if at < last and self.mentor[at] == mentor else -1


def list_candidates(tables: MatchTables, request: MatchRequest) -> Candidates:
    """Every pair that may stand, and present and locked pairs beyond reach and rules."""
    mentors, businesses = tables.mentors, tables.businesses
    reaching: dict[str, list[int]] = {}
    leaving = {mentors.number[code] for code in request.leaving}
    for who, districts in enumerate(mentors.reach):
        for district in districts if who not in leaving else ():
            reaching.setdefault(district, []).append(who)
    further: dict[int, set[int]] = {n: set(present) for n, present in enumerate(businesses.present) if present}
    for business, mentor in _numbers(tables, request.locks):
        further.setdefault(business, set()).add(mentor)
    struck: dict[int, set[int]] = {}
    for business, mentor in _numbers(tables, request.forbids):
        struck.setdefault(business, set()).add(mentor)
    near = {code: np.array(sorted(numbers), dtype=np.int64) for code, numbers in reaching.items()}
    nobody = np.zeros(0, dtype=np.int64)
    ruling = Ruling(request.rules, tables) if request.rules else None
    lists, (forbidden, ruled) = [], np.zeros((2, len(businesses.ids)), dtype=np.int64)
    for number, district in enumerate(businesses.districts):
        near_by = near.get(fold(district), nobody)
        if ruling is not None:
            within = near_by[ruling.within(number)[near_by]]
            ruled[number], near_by = len(near_by) - len(within), within
        if number in further or number in struck:
            asked = set(near_by.tolist()) | further.get(number, set())
            left = asked - struck.get(number, set())
            forbidden[number] = len(asked) - len(left)
            near_by = np.array(sorted(left), dtype=np.int64)
        lists.append(near_by)
    counts = np.array([len(who) for who in lists], dtype=np.int64)
    everyone = np.concatenate([*lists, nobody])
    return Candidates(np.repeat(np.arange(len(lists)), counts), everyone, forbidden, ruled)


def _numbers(tables: MatchTables, pairs: tuple[PairIds, ...]) -> list[tuple[int, int]]:
    """Pairs as numbers; one whose business is not in the pool is passed over."""
    business, mentor = tables.businesses.number, tables.mentors.number
    return [(business[b], mentor[m]) for b, m in pairs if b in business and m in mentor]


def match_form(tables: MatchTables, candidates: Candidates, worth: Worth, request: MatchRequest) -> MatchForm:
    """The candidates as arrays for the solver."""
    places = free_places(tables, request)
    value = worth.values(candidates.business, candidates.mentor)
    count = len(value)
    return MatchForm(
        businesses=len(tables.businesses.ids),
        business=candidates.business,
        mentor=candidates.mentor,
        worth=value + request.keep * present_rows(tables, candidates),
        places=places,
        locked=_rows(tables, candidates, request.locks, count),
        held=_rows(tables, candidates, request.held, count),
        fair=_fair(places, len(tables.businesses.ids)) if request.balance > 0 else places,
        load=request.balance,
    )


def free_places(tables: MatchTables, request: MatchRequest) -> Ints:
    """Places each mentor has for the pool (M): what is used up stays so (active pairs, unless decided anew)."""
    mentors = tables.mentors
    places: Ints = np.maximum(mentors.capacity - mentors.used, 0)
    places[[mentors.number[code] for code in request.without]] = 0
    return places


def present_rows(tables: MatchTables, candidates: Candidates) -> Bools:
    """Pairs (E) that stand as active engagements now."""
    rows = [candidates.row(b, m) for b, present in enumerate(tables.businesses.present) for m in present]
    return _marked([row for row in rows if row >= 0], len(candidates.business))


def _rows(tables: MatchTables, candidates: Candidates, pairs: tuple[PairIds, ...], count: int) -> Bools:
    rows = [candidates.row(business, mentor) for business, mentor in _numbers(tables, pairs)]
    return _marked([row for row in rows if row >= 0], count)


def _marked(rows: list[int], count: int) -> Bools:
    marked = np.zeros(count, dtype=bool)
    marked[rows] = True
    return marked


def _fair(places: Ints, waiting: int) -> Ints:
    """The same share of everyone's places, large enough for all that wait (M)."""
    total = int(places.sum())
    return places if total <= waiting else np.ceil(places * waiting / total).astype(np.int64)
