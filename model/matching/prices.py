"""Prices of mentors' places and values of businesses: the dual of a matching, which OR-Tools does not give.

A business that moves from mentor j to k changes the sum by w_k − w_j; the largest such change per pair of mentors is
the arc j → k of a graph over mentors only. Longest ways in it give the prices (Bellman & Ford). Of all optimal prices
the lowest say what one more place brings, the highest what one place fewer costs (Shapley & Shubik 1971).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.matching.market import Market, Steps

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = np.int64(-(2**60))
"""Stands for a move that is not possible; sums of two do not overflow."""

_PIECE = 4_000_000


@dataclass(frozen=True)
class Moves:
    """The best changes by one business, in whole numbers.

    ``between``: (M, M) from mentor j to mentor k. ``enter``: (M) a business not served comes to k. ``leave``: (M) the
    least weight of a business at j: what is lost if it leaves unserved. ``last``, ``room``: (M) what the last place in
    use and the next one cost; ``room`` is −NEVER where all are taken. ``open``: (G) groups with unserved businesses.
    """

    between: Ints
    enter: Ints
    leave: Ints
    last: Ints
    room: Ints
    open: Bools


def moves_of(market: Market, weight: Ints, flow: Ints, steps: Steps) -> Moves:
    """All best changes by one business; M × M whole numbers of memory."""
    mentors = len(market.places)
    used = np.bincount(market.mentor, flow, mentors).astype(np.int64)
    unserved = market.supply - np.bincount(market.row, flow, len(market.supply)).astype(np.int64) > 0
    enter = np.full(mentors, NEVER)
    late = np.flatnonzero(unserved[market.row])
    np.maximum.at(enter, market.mentor[late], weight[late])
    leave = np.full(mentors, -NEVER)
    taken = np.flatnonzero(flow > 0)
    np.minimum.at(leave, market.mentor[taken], weight[taken])
    room = steps.next(used, -int(NEVER))
    return Moves(_between(market, weight, taken), enter, leave, steps.last(used), room, unserved)


def _between(market: Market, weight: Ints, taken: Ints) -> Ints:
    """(M, M) largest w_k − w_j of a business at j that may go to k."""
    mentors = len(market.places)
    best = np.full(mentors * mentors, NEVER)
    degree = np.diff(market.start)[market.row[taken]]
    cuts = np.searchsorted(np.cumsum(degree), np.arange(0, int(degree.sum()), _PIECE)[1:])
    for part in np.split(np.arange(len(taken)), cuts):
        own, other = taken[part], degree[part]
        before = np.cumsum(other) - other
        place = np.arange(int(other.sum())) - np.repeat(before - market.start[market.row[own]], other)
        here = np.repeat(own, other)
        np.maximum.at(best, market.mentor[here] * mentors + market.mentor[place], weight[place] - weight[here])
    return best.reshape(mentors, mentors)


def lowest_prices(moves: Moves) -> Ints:
    """(M) the lowest optimal prices."""
    price = np.maximum(np.maximum(moves.enter, moves.last), 0)
    changed = np.arange(len(price))
    while len(changed):
        reached = (price[changed, None] + moves.between[changed]).max(axis=0)
        changed = np.flatnonzero(reached > price)
        price = np.maximum(price, reached)
    return price


def highest_prices(moves: Moves) -> Ints:
    """(M) the highest optimal prices; −NEVER for a mentor without any place."""
    price = np.minimum(moves.leave, moves.room)
    changed = np.arange(len(price))
    while len(changed):
        reached = (price[changed] - moves.between[:, changed]).min(axis=1)
        changed = np.flatnonzero(reached < price)
        price = np.minimum(price, reached)
    return price


def group_values(market: Market, weight: Ints, price: Ints) -> Ints:
    """(G) the most a business of each group can have at these prices: its best weight less price, at least 0."""
    value = np.zeros(len(market.supply), dtype=np.int64)
    np.maximum.at(value, market.row, weight - price[market.mentor])
    return value


def dual_bound(market: Market, weight: Ints, price: Ints, steps: Steps) -> int:
    """What no matching of this market can exceed, whatever the prices (weak duality)."""
    places = np.maximum(price - steps.cost[:, None], 0) * steps.width
    return int((market.supply * group_values(market, weight, price)).sum()) + int(places.sum())
