"""The tables a matching is made from, understood and checked, nothing decided yet."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.snapshot import Snapshot
from model.framework import Area, Framework, fold
from model.refusals import DataMissing
from model.sentences import Label, sentence
from model.tables import TABLES
from training.learning.engagements import areas_of, assessed
from training.matching.match import PairIds
from training.planning.gains import learned_gains

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Mentors:
    """The M mentors in order of id.

    ``reach``: folded districts each works in; ``capacity``, ``active``: businesses each may have and has (distinct);
    ``taken``: places held beside these by decisions of the intake desk; ``used``: places that the pool cannot have;
    ``scores``: (M, A) newest; ``true``, ``doubt``: (M, A) what all assessments say of the true score, and its sd; NaN
    where never assessed.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    districts: tuple[str, ...]
    reach: tuple[frozenset[str], ...]
    capacity: Ints
    active: Ints
    taken: Ints
    used: Ints
    scores: Floats
    true: Floats
    doubt: Floats

    @cached_property
    def number(self) -> Mapping[str, int]:
        """Position of an id."""
        return {code: number for number, code in enumerate(self.ids)}


@dataclass(frozen=True)
class Businesses:
    """The N businesses to be served, in order of id.

    ``needs``: (N, A) problems of each in the area's keeping, each once; ``present``: mentors (numbers) of its active
    engagements, where all are decided anew.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    districts: tuple[str, ...]
    sectors: tuple[str, ...]
    needs: Ints
    present: tuple[tuple[int, ...], ...]

    @cached_property
    def number(self) -> Mapping[str, int]:
        """Position of an id."""
        return {code: number for number, code in enumerate(self.ids)}


@dataclass(frozen=True)
class MatchTables:
    """What a matching is made from; ``known``: ids of all businesses; ``sectors``, ``districts``: folded, of them all.

    ``strays``: active pairs (mentor, business id) of a mentor who does not reach the district. ``sector_of``: name of a
    sector by its code. ``left``: mentor who leaves, by the id of each active business that none but such have.
    """

    areas: Mapping[str, Area]
    mentors: Mentors
    businesses: Businesses
    known: frozenset[str]
    sectors: frozenset[str]
    districts: frozenset[str]
    strays: tuple[tuple[int, str], ...]
    sector_of: Callable[[str], Label | str]
    left: Mapping[str, str]


def read_match_tables(
    snapshot: Snapshot,
    framework: Framework,
    pool: str,
    leaving: Sequence[str] = (),
    taken: Sequence[PairIds] = (),
) -> MatchTables:
    """Understand the tables a matching needs; ``pool``: new or all. Engagements of who is ``leaving`` count as ended.

    ``taken``: pairs that the intake desk made and whose engagement is not in the tables yet; they count as active.

    Raises:
        DataMissing: no mentors or no businesses.
    """
    _need_rows(snapshot)
    areas = dict(areas_of(snapshot, framework))
    table = snapshot["businesses"].sort_values("business_id", kind="stable").reset_index(drop=True)
    known, pairs = frozenset(table["business_id"]), ["mentor_id", "business_id"]
    engaged = snapshot.active.drop_duplicates(pairs)
    ends = engaged["mentor_id"].isin(leaving)
    active, ended = engaged[~ends], engaged[ends]
    alone = ended[~ended["business_id"].isin(set(active["business_id"]))].sort_values("mentor_id", kind="stable")
    given = [(mentor, business) for business, mentor in taken if mentor not in leaving]
    loads = _Loads(
        Counter(active["mentor_id"]),
        Counter(mentor for mentor, _ in given),
        Counter(mentor for mentor, business in given if business not in known),
    )
    mentors = _mentors(snapshot, framework, tuple(areas), loads, pool)
    within = [row for row in given if row[1] in known]
    active = pd.concat([active[pairs], pd.DataFrame(within, columns=pairs)]) if within else active
    waiting = ~table["business_id"].isin(set(active["business_id"]))
    chosen = table if pool == "all" else table[waiting]
    return MatchTables(
        areas=areas,
        mentors=mentors,
        businesses=_businesses(chosen, framework, tuple(areas), active, mentors),
        known=known,
        sectors=frozenset(fold(sector) for sector in table["sector"].dropna().unique()),
        districts=frozenset(fold(district) for district in table["district"].dropna().unique()),
        strays=_strays(table, active, mentors),
        sector_of=framework.sector,
        left=dict(zip(alone["business_id"], alone["mentor_id"], strict=True)),
    )


def _need_rows(snapshot: Snapshot) -> None:
    mends = {
        "mentors": sentence("Import the table of mentors first."),
        "businesses": sentence("Import the table of businesses first."),
    }
    for name, mend in mends.items():
        if snapshot[name].empty:
            raise DataMissing(
                sentence("There is nothing to match: the table %(table)s has no rows.", table=name),
                where=sentence("table %(table)s, as of %(day)s", table=name, day=snapshot.as_of),
                mend=mend,
            )


@dataclass(frozen=True)
class _Loads:
    """Businesses of a mentor: engaged, given at the intake desk, and those of the latter that no table has."""

    active: Counter[str]
    taken: Counter[str]
    beyond: Counter[str]


def _mentors(snapshot: Snapshot, framework: Framework, areas: tuple[str, ...], loads: _Loads, pool: str) -> Mentors:
    table = snapshot["mentors"].sort_values("mentor_id", kind="stable")
    ids = tuple(table["mentor_id"])
    usual = TABLES["mentors"].column("capacity").default
    active, taken, beyond = (
        np.array([load[code] for code in ids], dtype=np.int64) for load in (loads.active, loads.taken, loads.beyond)
    )
    true, doubt = _true(snapshot, len(ids), areas)
    return Mentors(
        ids=ids,
        names=tuple(table["name"]),
        districts=tuple(table["district"]),
        reach=tuple(_reach(*places) for places in zip(table["district"], table["extra_districts"], strict=True)),
        capacity=np.maximum(table["capacity"].fillna(usual).to_numpy(dtype=np.float64), 0).astype(np.int64),
        active=active,
        taken=taken,
        used=active + taken if pool == "new" else beyond,
        scores=_newest(snapshot, framework, ids, areas),
        true=true,
        doubt=doubt,
    )


def _reach(home: Any, further: Any) -> frozenset[str]:
    """Folded districts of a mentor; ``further``: a ;-list."""
    named = [part for text in (home, further) if isinstance(text, str) for part in text.split(";")]
    return frozenset(fold(part) for part in named if part.strip())


def _newest(snapshot: Snapshot, framework: Framework, ids: tuple[str, ...], areas: tuple[str, ...]) -> Floats:
    scores = np.full((len(ids), len(areas)), np.nan)
    known = assessed(snapshot, framework)
    if known.areas:
        who = known.mentors.get_indexer(pd.Index(ids)).astype(np.int64)
        today = np.full(len(ids), int(np.datetime64(snapshot.as_of, "D").astype(np.int64)))
        scores[:, [areas.index(area) for area in known.areas]] = known.newest(who, today)
    return scores


def _true(snapshot: Snapshot, mentors: int, areas: tuple[str, ...]) -> tuple[Floats, Floats]:
    """What all assessments and courses say of the true scores, mentors in order of id, and how surely."""
    if snapshot["assessments"]["score"].isna().all():
        unknown = np.full((mentors, len(areas)), np.nan)
        return unknown, unknown
    known = learned_gains(snapshot, areas)
    return known.now, known.now_sd


def needs_of(listed: Any, framework: Framework, areas: tuple[str, ...]) -> Ints:
    """(A) distinct problems of a ;-list in each area's keeping; codes the framework lacks are passed over."""
    found = np.zeros(len(areas), dtype=np.int64)
    codes = {code.strip() for code in listed.split(";")} if isinstance(listed, str) else set()
    for area in (framework.area_of(code) for code in codes if code in framework.problems):
        if area in areas:
            found[areas.index(area)] += 1
    return found


def _businesses(
    table: pd.DataFrame, framework: Framework, areas: tuple[str, ...], active: pd.DataFrame, mentors: Mentors
) -> Businesses:
    codes, texts = pd.factorize(table["needs"].fillna(""))
    each = np.array([needs_of(text, framework, areas) for text in texts], dtype=np.int64).reshape(-1, len(areas))
    engaged = active.groupby("business_id")["mentor_id"].agg(list).to_dict() if len(active) else {}
    present = tuple(
        tuple(sorted(mentors.number[code] for code in engaged.get(business, ()) if code in mentors.number))
        for business in table["business_id"]
    )
    ids, names, districts, sectors = (
        tuple(table[name].fillna("")) for name in ("business_id", "name", "district", "sector")
    )
    return Businesses(ids, names, districts, sectors, each[codes], present)


def _strays(table: pd.DataFrame, active: pd.DataFrame, mentors: Mentors) -> tuple[tuple[int, str], ...]:
    district = dict(zip(table["business_id"], table["district"], strict=True))
    pairs = ((mentors.number.get(m, -1), b) for m, b in zip(active["mentor_id"], active["business_id"], strict=True))
    return tuple((m, b) for m, b in pairs if m >= 0 and fold(district.get(b, "")) not in mentors.reach[m])
