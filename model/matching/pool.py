"""Who is to be matched with whom: businesses, mentors' places, reach, and what each pair is worth.

Businesses in the same district with the same needs cannot be told apart, so they are one group with several units:
100,000 businesses become some thousand groups, and every pair within reach can be looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.matching.market import Market

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOBODY = -1
_CHUNK = 4096


def no_pairs() -> Ints:
    """No pairs of business and mentor."""
    return np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True)
class Pool:
    """The matching that is asked for; businesses and mentors are numbered in the order of their ids.

    ``profile``: (n) number of each business's needs, a row of ``worth``. ``district``: (n) a row of ``reach``.
    ``worth``: (T, M) what a mentor is worth to such a business, finite. ``reach``: (D, M) whether a mentor serves a
    district. ``places``: (M) free places. ``present``, ``forbidden``, ``locked``: (k, 2) business and mentor; a
    present pair is within reach and worth ``keep`` more; a lock overrides reach, not places. ``fewest_moves``: keeping
    present pairs comes before worth. ``load``: what the last quarter of a mentor's places costs a pair, the first none.

    Raises:
        ValueError: an array does not fit, a worth is not finite, or there are fewer than no places.
    """

    profile: Ints
    district: Ints
    worth: Floats
    reach: Bools
    places: Ints
    present: Ints
    forbidden: Ints
    locked: Ints
    keep: float = 0.0
    load: float = 0.0
    fewest_moves: bool = False

    def __post_init__(self) -> None:
        mentors = len(self.places)
        if self.worth.shape[1:] != (mentors,) or self.reach.shape[1:] != (mentors,):
            raise ValueError("worth and reach need a column for every mentor")
        if not (np.isfinite(self.worth).all() and np.isfinite([self.keep, self.load]).all() and self.load >= 0):
            raise ValueError("what a pair is worth must be finite, and load at least 0")
        if (self.places < 0).any():
            raise ValueError("places must be at least 0")

    @property
    def businesses(self) -> int:
        """Number of businesses n."""
        return len(self.profile)

    def worth_of(self, businesses: Ints, mentors: Ints) -> Floats:
        """What pairs are worth, without the bonus for keeping."""
        found: Floats = self.worth[self.profile[businesses], mentors]
        return found


def pair_keys(pairs: Ints, mentors: int) -> Ints:
    """One number for each pair of business and mentor."""
    keys: Ints = pairs[:, 0] * mentors + pairs[:, 1]
    return keys


@dataclass(frozen=True)
class Groups:
    """Businesses that cannot be told apart: ``of``: (n) group of each, −1 if locked; ``first``: (G) one of each."""

    of: Ints
    first: Ints

    def members(self, group: int) -> Ints:
        """Businesses of a group, in the order of their ids."""
        return np.flatnonzero(self.of == group)


def groups_of(pool: Pool) -> Groups:
    """Group the businesses that are not locked by district, needs, present mentors and forbidden ones."""
    special = np.zeros(pool.businesses, dtype=np.int64)
    codes: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    present, forbidden = _by_business(pool.present), _by_business(pool.forbidden)
    for business in sorted({*present, *forbidden}):
        key = (present.get(business, ()), forbidden.get(business, ()))
        special[business] = codes.setdefault(key, len(codes) + 1)
    free = np.ones(pool.businesses, dtype=bool)
    free[pool.locked[:, 0]] = False
    rows = np.flatnonzero(free)
    sizes = (len(pool.reach), len(pool.worth), len(codes) + 1)
    key = np.ravel_multi_index((pool.district[rows], pool.profile[rows], special[rows]), sizes)
    _, first, member = np.unique(key, return_index=True, return_inverse=True)
    of = np.full(pool.businesses, -1, dtype=np.int64)
    of[rows] = member
    return Groups(of, rows[first])


def _by_business(pairs: Ints) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for business, mentor in sorted(set(map(tuple, pairs.tolist()))):
        found[business] = (*found.get(business, ()), mentor)
    return found


def market_of(pool: Pool, groups: Groups) -> Market:
    """The groups with every pair they may form, and the places the locked pairs leave.

    Raises:
        ValueError: more pairs are locked to a mentor than it has places.
    """
    places = pool.places - np.bincount(pool.locked[:, 1], minlength=len(pool.places))
    if (places < 0).any():
        raise ValueError("more pairs are locked to a mentor than it has places")
    parts = list(_edges(pool, groups.first))
    degree = np.concatenate([part[0] for part in parts] or [np.zeros(0, dtype=np.int64)])
    mentor = np.concatenate([part[1] for part in parts] or [np.zeros(0, dtype=np.int64)])
    row = np.repeat(np.arange(len(groups.first)), degree)
    business = groups.first[row]
    kept = _is_present(pool, groups.first[row], mentor)
    bonus = 0.0 if pool.fewest_moves else pool.keep
    return Market(
        supply=np.bincount(groups.of[groups.of >= 0], minlength=len(groups.first)),
        places=places,
        start=np.r_[0, np.cumsum(degree)],
        mentor=mentor,
        value=pool.worth_of(business, mentor) + bonus * kept,
        kept=kept & pool.fewest_moves,
        load=pool.load,
    )


def _is_present(pool: Pool, business: Ints, mentor: Ints) -> Bools:
    mentors = len(pool.places)
    return np.isin(business * mentors + mentor, pair_keys(pool.present, mentors))


def _edges(pool: Pool, first: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Degree of each group and its mentors, some groups at a time."""
    for begin in range(0, len(first), _CHUNK):
        allowed = allowed_pairs(pool, first[begin : begin + _CHUNK])
        yield allowed.sum(axis=1), np.nonzero(allowed)[1]


def allowed_pairs(pool: Pool, businesses: Ints) -> Bools:
    """(b, M) which mentors each of some businesses may go to: in reach or present, and not forbidden.

    ``businesses`` are in order, each once.
    """
    allowed: Bools = pool.reach[pool.district[businesses]]
    for pairs, answer in ((pool.present, True), (pool.forbidden, False)):
        place = np.searchsorted(businesses, pairs[:, 0])
        inside = place < len(businesses)
        inside[inside] = businesses[place[inside]] == pairs[inside, 0]
        allowed[place[inside], pairs[inside, 1]] = answer
    return allowed
