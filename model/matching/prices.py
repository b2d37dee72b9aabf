"""Prices of an answer, and the proof that none is better, from shortest paths on what is left of the network.

OR-Tools gives no duals, so they are worked out here. Rank and total are one number of whole steps: a business served
counts for ``form.served`` steps, more than all worth together. In the network of mentors and a sink, an arc m → n means
that a business of m moves to n; its length is what the total loses by it. Distances to the sink are the prices: what a
place of m is worth to those who have it now. They leave no pair a gain (complementary slackness), so that
:func:`bound` equals :func:`rank`.
"""

from dataclasses import dataclass

import numpy as np

from model.matching.form import Bools, Ints, MatchForm, total

FAR = np.int64(2**61)
"""Longer than any path: no way."""


@dataclass(frozen=True)
class Network:
    """What can change in an answer, all lengths in whole steps.

    ``tail``, ``head``, ``length``: arcs between mentors, sorted by tail; ``row``: the pair that each would bring in.
    ``out``: (M) to the sink: an empty place (its charge), or a business that goes unserved (``leaver``: its number, −1
    where a place is empty). ``back``: (M) from the sink: a place given back, or a business served anew (``comer``: the
    pair that comes in, −1 where a place is given back).
    """

    tail: Ints
    head: Ints
    length: Ints
    row: Ints
    out: Ints
    leaver: Ints
    back: Ints
    comer: Ints


def home_of(form: MatchForm, chosen: Bools) -> Ints:
    """Row of each business's chosen pair (businesses), −1 where it is unserved."""
    home = np.full(form.businesses, -1, dtype=np.int64)
    home[form.business[chosen]] = np.flatnonzero(chosen)
    return home


def network(form: MatchForm, chosen: Bools) -> Network:
    """The network of an answer; locked businesses stay where they are."""
    home = home_of(form, chosen)
    fixed = np.zeros(form.businesses, dtype=bool)
    fixed[form.business[form.locked]] = True
    mine = home[form.business]
    moves = np.flatnonzero((mine >= 0) & ~chosen & ~fixed[form.business])
    lost = form.whole[mine[moves]] - form.whole[moves]
    arcs = _shortest(form.mentor[mine[moves]], form.mentor[moves], lost, moves)
    used = np.bincount(form.mentor[chosen], minlength=form.mentors)
    charge = np.int64(form.charge)
    empty = np.where(used >= form.places, FAR, np.where(used < form.fair, 0, charge))
    given = np.where(used == 0, FAR, np.where(used > form.fair, -charge, 0))
    free = np.flatnonzero(chosen & ~fixed[form.business])
    out, leaves = _or_shorter(empty, form.mentor[free], form.served + form.whole[free], free)
    waiting = np.flatnonzero(mine < 0)
    back, comer = _or_shorter(given, form.mentor[waiting], -form.served - form.whole[waiting], waiting)
    leaver = np.where(leaves < 0, -1, form.business[leaves]) if len(form.business) else leaves
    return Network(*arcs, out, leaver, back, comer)


def _or_shorter(length: Ints, node: Ints, other: Ints, row: Ints) -> tuple[Ints, Ints]:
    """The shorter of two ways of every node, and the row of the other way where it is taken (−1 where not)."""
    _, at, shortest, which = _shortest(np.zeros(len(node), dtype=np.int64), node, other, row)
    better = shortest < length[at]
    found, taken = length.copy(), np.full(len(length), -1, dtype=np.int64)
    found[at[better]], taken[at[better]] = shortest[better], which[better]
    return found, taken


def _shortest(tail: Ints, head: Ints, length: Ints, row: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Of the arcs between the same two the shortest, the earlier row of equals; sorted by tail, then head."""
    width = int(head.max(initial=0)) + 1
    known, group = np.unique(tail * width + head, return_inverse=True)
    best = np.full(len(known), FAR)
    np.minimum.at(best, group, length)
    among = np.flatnonzero(length == best[group])[::-1]
    first = np.zeros(len(known), dtype=np.int64)
    first[group[among]] = row[among]
    return known // width, known % width, best, first


def to_sink(net: Network) -> Ints:
    """Distance of every mentor to the sink (M): what the total loses when a place of the mentor is taken; FAR: no way.

    Raises:
        ArithmeticError: a change without end improves the total: the answer was not the best.
    """
    return _relax(net.out, net.head, net.tail, net.length)


def from_sink(net: Network) -> Ints:
    """Distance from the sink to every mentor (M), at most 0: its negative is what one business more there brings."""
    return _relax(net.back, net.tail, net.head, net.length)


def _relax(start: Ints, source: Ints, target: Ints, length: Ints) -> Ints:
    """Bellman–Ford: d[target] ≤ d[source] + length."""
    order = np.argsort(target, kind="stable")
    source, target, length = source[order], target[order], length[order]
    distance = start.copy()
    if not len(target):
        return distance
    firsts = np.flatnonzero(np.r_[True, np.diff(target) > 0])
    nodes = target[firsts]
    for _ in range(len(start) + 1):
        reached = np.where(distance[source] < FAR // 2, distance[source] + length, FAR)
        nearer = np.minimum(distance[nodes], np.minimum.reduceat(reached, firsts))
        if (nearer == distance[nodes]).all():
            return distance
        distance[nodes] = nearer
    raise ArithmeticError("the answer can be improved without end")


def gains(form: MatchForm, price: Ints) -> Ints:
    """What each pair gives its business at these prices (E), in steps; nothing can be gained beside a lock."""
    fixed = np.zeros(form.businesses, dtype=bool)
    fixed[form.business[form.locked]] = True
    gain = form.served + form.whole - _capped(form, price)[form.mentor]
    return np.where(fixed[form.business] & ~form.locked, -FAR, gain)


def _capped(form: MatchForm, price: Ints) -> Ints:
    """Prices no higher than where no pair gains."""
    return np.minimum(price, form.served + int(form.whole.max(initial=0)) + form.charge + 1)


def bound(form: MatchForm, price: Ints) -> int:
    """No answer comes to more: Σ businesses' best gain at these prices + Σ places × price above its charge.

    Any prices give a bound; those of a best answer give its own rank and total.
    """
    gain = gains(form, price)
    best = np.zeros(form.businesses, dtype=np.int64)
    best[form.business[form.locked]] = -FAR
    np.maximum.at(best, form.business, gain)
    price = _capped(form, price)
    free = np.minimum(form.places, form.fair)
    above = free * np.maximum(price, 0) + (form.places - free) * np.maximum(price - form.charge, 0)
    return int(sum(best.tolist()) + sum(above.tolist()))


def rank(form: MatchForm, chosen: Bools) -> int:
    """Businesses served and total as one number of steps."""
    return form.served * int(chosen.sum()) + total(form, chosen)
