"""A transportation problem in sparse arrays, its whole-number weights, and the flow that OR-Tools finds."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

QUARTERS = 4
_FINEST = 9
_EXACT = 2**53
"""Whole numbers below this are exact as floats too."""


@dataclass(frozen=True)
class Market:
    """Groups of like businesses (G), mentors (M), and the pairs they may form (E), group after group.

    ``supply``: (G) businesses. ``places``: (M). ``start``: (G + 1) first pair of each group. ``mentor``, ``value``,
    ``kept``: (E) mentor, log points, and whether keeping this pair comes before value. ``load``: see :class:`Pool`.
    """

    supply: Ints
    places: Ints
    start: Ints
    mentor: Ints
    value: Floats
    kept: Bools
    load: float = 0.0

    @cached_property
    def row(self) -> Ints:
        """(E) group of each pair."""
        return np.repeat(np.arange(len(self.supply)), np.diff(self.start))

    def with_pairs(self, chosen: Bools) -> "Market":
        """The same market with some of the pairs only."""
        counts = np.bincount(self.row[chosen], minlength=len(self.supply))
        return Market(
            self.supply,
            self.places,
            np.r_[0, np.cumsum(counts)],
            self.mentor[chosen],
            self.value[chosen],
            self.kept[chosen],
            self.load,
        )


@dataclass(frozen=True)
class Gain:
    """A change of the whole: businesses more served, present pairs more kept, log points."""

    served: int
    kept: int
    value: float


@dataclass(frozen=True)
class Weights:
    """How a pair becomes a whole number: ``served`` + ``kept`` if kept + round(``scale`` · (value − ``base``)).

    One business more served outweighs any change of kept pairs, and that any change of value: on the way from one
    answer to another each mentor is passed once, so a step of a tier is larger than M + 2 times the range below it.
    Rounding moves the sum of n pairs by at most n / (2 · scale) log points.
    """

    scale: float
    base: float
    kept: int
    served: int

    @classmethod
    def of(cls, market: Market) -> "Weights":
        """The finest power of ten (1e9 at most) under which all sums along a way are exact."""
        base = float(market.value.min(initial=0.0))
        spread = float(market.value.max(initial=0.0)) - base + market.load
        steps = 2 * (len(market.places) + 2)
        for power in range(_FINEST, -_FINEST, -1):
            reach = int(np.ceil(spread * 10.0**power)) + 1
            kept = steps * reach if market.kept.any() else 0
            served = steps * (kept + reach)
            if 8 * served < _EXACT:
                return cls(10.0**power, base, kept, served)
        raise ValueError("the values of pairs are too far apart")

    def of_pairs(self, market: Market) -> Ints:
        """(E) the whole number of each pair."""
        value = np.rint(self.scale * (market.value - self.base)).astype(np.int64)
        weight: Ints = self.served + self.kept * market.kept + value
        return weight

    def split(self, amount: int) -> Gain:
        """What a sum or difference of such numbers stands for."""
        served = round(amount / self.served)
        rest = amount - served * self.served
        kept = round(rest / self.kept) if self.kept else 0
        return Gain(served, kept, (rest - kept * self.kept) / self.scale + served * self.base)


@dataclass(frozen=True)
class Steps:
    """What each place of a mentor costs, as whole numbers: quarters of its places at ``cost``, ``width`` (4, M)."""

    width: Ints
    cost: Ints

    @classmethod
    def of(cls, market: Market, weights: Weights) -> "Steps":
        """No cost for the first quarter, ``load`` for the last, straight between."""
        edges = np.arange(QUARTERS + 1)[:, None] * market.places // QUARTERS
        cost = np.rint(weights.scale * market.load * np.arange(QUARTERS) / (QUARTERS - 1)).astype(np.int64)
        return cls(np.diff(edges, axis=0), cost)

    def last(self, used: Ints) -> Ints:
        """(M) what the last place in use costs; 0 where none is."""
        return self._at(used - 1, np.int64(0))

    def next(self, used: Ints, full: int) -> Ints:
        """(M) what the next place costs; ``full`` where there is none."""
        return self._at(used, np.int64(full))

    def total(self, used: Ints) -> int:
        """What all places in use cost."""
        before = np.cumsum(self.width, axis=0) - self.width
        filled = np.clip(used - before, 0, self.width)
        return int((filled * self.cost[:, None]).sum())

    def _at(self, place: Ints, otherwise: np.int64) -> Ints:
        quarter = (np.cumsum(self.width, axis=0) <= place).sum(axis=0)
        inside = (place >= 0) & (quarter < QUARTERS)
        found: Ints = np.where(inside, self.cost[np.minimum(quarter, QUARTERS - 1)], otherwise)
        return found


def best_flow(market: Market, weight: Ints, served: int, steps: Steps) -> Ints:
    """(E) businesses of each group to each mentor: the most served, of these the largest sum of weights.

    OR-Tools' cost scaling, exact in whole numbers; the same arrays give the same flow.

    Raises:
        RuntimeError: the solver did not end with an optimum (a fault of ours).
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415 - takes longer than --help may

    groups, mentors = len(market.supply), len(market.places)
    if len(market.mentor) == 0 or market.places.sum() == 0:
        return np.zeros(len(market.mentor), dtype=np.int64)
    source, sink = groups + mentors, groups + mentors + 1
    seats = np.arange(groups, groups + mentors)
    quarter, seat = np.nonzero(steps.width)
    tails = np.r_[market.row, seats[seat], np.full(groups, source)]
    heads = np.r_[groups + market.mentor, np.full(len(seat), sink), np.arange(groups)]
    pairs = np.minimum(market.supply[market.row], market.places[market.mentor])
    capacity = np.r_[pairs, steps.width[quarter, seat], market.supply]
    cost = np.r_[served - weight, steps.cost[quarter], np.zeros(groups, dtype=np.int64)]
    network = SimpleMinCostFlow()
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), capacity, cost
    )
    total = int(market.supply.sum())
    network.set_nodes_supplies(np.array([source, sink]), np.array([total, -total]))
    status = network.solve_max_flow_with_min_cost()
    if status != network.OPTIMAL:
        raise RuntimeError(f"the matching was not solved: {status.name}")
    flow: Ints = network.flows(arcs[: len(market.mentor)])
    return flow
