"""The best matching: a sparse start, grown until prices prove that no pair left out could better it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.matching.market import Market, Steps, Weights, best_flow
from model.matching.prices import Moves, dual_bound, highest_prices, lowest_prices, moves_of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SMALL = 150_000
"""Pairs that are all looked at from the start."""

CANDIDATES = 5
"""Pairs per unit of work at the start of a large market, on average, the nearest to the best at sampled prices."""

_SHARE = 10
_SEED = 20


@dataclass(frozen=True)
class Assigned:
    """The best flow (E) of a market, its prices in whole numbers, and the proof.

    ``low``, ``high``: (M) lowest and highest optimal prices. ``value``: sum of weights less load. ``bound``: what no
    matching can exceed. ``candidates``: pairs the solver saw in the last of ``rounds``.
    """

    market: Market
    weights: Weights
    steps: Steps
    weight: Ints
    flow: Ints
    moves: Moves
    low: Ints
    high: Ints
    value: int
    bound: int
    candidates: int
    rounds: int

    @property
    def gap(self) -> float:
        """(bound − value) / bound, against every pair that may be formed."""
        return (self.bound - self.value) / self.bound if self.bound else 0.0


def assign(market: Market) -> Assigned:
    """The most businesses served, of these matchings the one of the largest value, with lowest and highest prices."""
    weights = Weights.of(market)
    weight, steps = weights.of_pairs(market), Steps.of(market, weights)
    seen = _candidates(market, weight, weights.served, steps)
    rounds = 0
    while True:
        rounds += 1
        flow = np.zeros(len(weight), dtype=np.int64)
        flow[seen] = best_flow(market.with_pairs(seen), weight[seen], weights.served, steps)
        moves = moves_of(market.with_pairs(seen), weight[seen], flow[seen], steps)
        low = lowest_prices(moves)
        missed = _better_left_out(market, weight, low, flow, moves.open) & ~seen
        if not missed.any():
            break
        seen |= missed
    moves = moves if seen.all() else moves_of(market, weight, flow, steps)
    used = np.bincount(market.mentor, flow, len(market.places)).astype(np.int64)
    return Assigned(
        market=market,
        weights=weights,
        steps=steps,
        weight=weight,
        flow=flow,
        moves=moves,
        low=low,
        high=highest_prices(moves),
        value=int((weight * flow).sum()) - steps.total(used),
        bound=dual_bound(market, weight, low, steps),
        candidates=int(seen.sum()),
        rounds=rounds,
    )


def _better_left_out(market: Market, weight: Ints, price: Ints, flow: Ints, unserved: Bools) -> Bools:
    """(E) pairs that would be worth more to their group, at these prices, than what it has."""
    net = weight - price[market.mentor]
    has = np.full(len(market.supply), np.iinfo(np.int64).max)
    has[unserved] = 0
    taken = flow > 0
    np.minimum.at(has, market.row[taken], net[taken])
    better: Bools = net > has[market.row]
    return better


def _candidates(market: Market, weight: Ints, served: int, steps: Steps) -> Bools:
    """The pairs to begin with: all of a small market, else those nearest to the best at the prices of a sample."""
    if len(weight) <= SMALL:
        return np.ones(len(weight), dtype=bool)
    price = _sampled_prices(market, weight, served, steps)
    net = weight - price[market.mentor]
    behind = np.full(len(market.supply), np.iinfo(np.int64).min)
    np.maximum.at(behind, market.row, net)
    behind_best = behind[market.row] - net
    wanted = min(CANDIDATES * len(market.supply), len(weight) - 1)
    near: Bools = behind_best <= np.partition(behind_best, wanted)[wanted]
    return near


def _sampled_prices(market: Market, weight: Ints, served: int, steps: Steps) -> Ints:
    """Lowest prices of a tenth of the businesses on a tenth of the places."""
    rng = np.random.default_rng(_SEED)
    supply = np.floor(market.supply / _SHARE + rng.random(len(market.supply))).astype(np.int64)
    places = np.floor(market.places / _SHARE + rng.random(len(market.places))).astype(np.int64)
    sample = Market(supply, places, market.start, market.mentor, market.value, market.kept, market.load)
    seen = supply[sample.row] > 0
    small, fewer = sample.with_pairs(seen), weight[seen]
    widths = np.diff(np.arange(len(steps.width) + 1)[:, None] * places // len(steps.width), axis=0)
    narrow = Steps(widths, steps.cost)
    return lowest_prices(moves_of(small, fewer, best_flow(small, fewer, served, narrow), narrow))

