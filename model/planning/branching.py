"""Exact search over yes/no options by our own bounds: which courses are held first, then who sits in them.

A course's fixed cost makes the bound of a linear programme weak as long as it may be held by a fraction; once it is
settled, little is left to search. So: best bound first, one deciding option settled after the other, then the others.
Every bound is a linear programme's, proven from its prices (model/planning/programme.py); an option whose price shows
that it cannot be in a better answer is taken out. Programmes are counted and seconds are not, so that the same problem
gives the same answer on every machine.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from model.planning.programme import Limits, Programme, Relaxed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_PROGRAMMES = 12_000
"""Linear programmes after which a search over all options ends with the bound then proven."""
MOST_LEAVES = 300
"""Linear programmes after which a search whose leaves are solved apart ends."""
WHOLE = 1e-6
"""How far from 0 or 1 an option counts as whole."""

_SLACK = 1e-9  # share of the value by which a bound must be better to be followed
_TOLERANCE = 1e-11  # share of a row's sum by which its floating sum may be off
_INFEASIBLE = 2  # milp's status


@dataclass(frozen=True)
class Found:
    """``x`` (n) of 0 and 1, None where nothing is feasible; the proven upper ``bound`` of its value."""

    x: Floats | None
    bound: float


@dataclass(frozen=True)
class Selection:
    """Maximise value · x over x in {0, 1}, with low ≤ matrix · x ≤ high and lower ≤ x ≤ upper.

    ``value``: (n); ``matrix``: (m, n); ``low``, ``high``: (m), ±inf where open; ``lower``, ``upper``: (n) of 0 and 1.
    ``first``: options that decide much and are few, settled first; may be empty.
    """

    value: Floats
    matrix: csr_array
    low: Floats
    high: Floats
    lower: Floats
    upper: Floats
    first: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def violated(problem: Selection, chosen: Bools) -> Ints:
    """Numbers of the rows (and −1 for a bound) that a selection breaks; computed anew, without the solver."""
    x = chosen.astype(np.float64)
    sums = problem.matrix @ x
    slack = _TOLERANCE * np.maximum(1.0, np.abs(sums))
    rows = np.flatnonzero((sums < problem.low - slack) | (sums > problem.high + slack))
    outside = bool(np.any((x < problem.lower) | (x > problem.upper)))
    return np.concatenate([np.array([-1])[: int(outside)], rows]).astype(np.int64)


def whole(problem: Selection, nodes: int) -> Floats | None:
    """A good answer (n) by the solver's own search within so many nodes, if it finds one; its bound is not used."""
    rows = problem.matrix
    found = milp(
        -problem.value,
        integrality=np.ones(len(problem.value), dtype=np.int64),
        bounds=Bounds(problem.lower, problem.upper),
        constraints=[LinearConstraint(rows, problem.low, problem.high)] if rows.shape[0] else [],
        options={"node_limit": nodes, "mip_rel_gap": 0.0},
    )
    return None if found.status == _INFEASIBLE or found.x is None else np.round(found.x)


Split = list[Limits] | float
"""Parts that a node falls into; or, where it falls into none, the bound that is left of it."""


def best_first(
    programme: Programme,
    root: Limits,
    split: Callable[[Limits, Relaxed], Split],
    better: Callable[[float], bool],
    most: int,
) -> float:
    """Search the best bound first until none leaves room for a ``better`` answer; gives the bound that is left.

    After ``most`` programmes the search ends, and what still waits is in the bound.
    """
    ends, left = programme.solved + most, -np.inf
    waiting: list[tuple[float, int, Limits, Relaxed]] = []
    parts: list[tuple[Limits, float]] = [(root, np.inf)]
    while parts or (waiting and better(-waiting[0][0])):
        for limits, above in parts:
            found = programme.within(limits)
            bound = min(found.bound, above)
            if not found.answered:
                left = max(left, bound)
            elif better(bound):
                heapq.heappush(waiting, (-bound, programme.solved, limits, found))
            else:
                left = max(left, bound)
        parts = []
        if not waiting or programme.solved >= ends or not better(-waiting[0][0]):
            break
        worst, _, limits, found = heapq.heappop(waiting)
        fallen = split(limits, found)
        if isinstance(fallen, float):
            left = max(left, min(fallen, -worst))
        else:
            parts = [(part, -worst) for part in fallen]
    return max([left, *(-entry[0] for entry in waiting)])


Leaf = Callable[[Floats, Floats], Found]
"""Solves the problem within limits that settle every deciding option; x None where no better answer was found."""


class Search:
    """The search over a selection; :meth:`run` is called once.

    ``leaf`` stands in for the search over the other options where all deciding ones are settled; ``start``: an answer
    known already; ``step``: that answers of unequal value differ by at least, where that is known.
    """

    def __init__(
        self, problem: Selection, leaf: Leaf | None = None, start: Floats | None = None, step: float = 0.0
    ) -> None:
        self._problem, self._leaf, self._step = problem, leaf, step
        self._most = MOST_LEAVES if leaf else MOST_PROGRAMMES
        self._programme = Programme(problem.value, problem.matrix)
        self._best, self._value = start, -np.inf if start is None else float(problem.value @ start)

    def run(self) -> Found:
        """The best answer and the bound proven of it; −∞ where it is proven that there is none."""
        problem = self._problem
        root = Limits(problem.lower, problem.upper, problem.low, problem.high)
        if self._leaf:
            relaxed = self._programme.within(root)
            if relaxed.answered:
                self._end(*_settled(root, problem.first, np.round(relaxed.x[problem.first])))
        bound = best_first(self._programme, root, self._split, self._better, self._most)
        return Found(self._best, max(bound, self._value) if self._better(bound) else self._value)

    def _better(self, bound: float) -> bool:
        return self._best is None or bound > self._value + max(self._step, _SLACK * abs(self._value))

    def _split(self, limits: Limits, found: Relaxed) -> Split:
        """The node with one more option settled either way, a deciding one while there is any."""
        narrowed = self._without_losers(limits, found)
        open_ = narrowed.lower < narrowed.upper
        deciding = self._problem.first[open_[self._problem.first]]
        if len(deciding) == 0 and self._leaf:
            return self._end(narrowed.lower, narrowed.upper)
        off = np.abs(found.x - np.round(found.x))
        settled = len(deciding) == 0 and float(off.max(initial=0.0)) <= WHOLE
        if settled and self._take(np.round(found.x)) and np.isfinite(found.bound):
            return found.bound
        among = deciding if len(deciding) else np.flatnonzero(open_)
        if len(among) == 0:
            return self._value  # all is settled: what it is worth was taken, if it breaks nothing
        option = among[[int(np.argmax(off[among]))]]
        ends = (_settled(narrowed, option, np.array([value])) for value in (0.0, 1.0))
        return [replace(narrowed, lower=lower, upper=upper) for lower, upper in ends]

    def _without_losers(self, limits: Limits, found: Relaxed) -> Limits:
        """The limits without options whose price shows that changing them leaves nothing better."""
        if self._best is None:
            return limits
        room = found.bound - self._value
        lower = np.where(found.above > room, limits.upper, limits.lower)
        return replace(limits, lower=lower, upper=np.where(found.above < -room, limits.lower, limits.upper))

    def _take(self, x: Floats) -> bool:
        """Keep an answer if it breaks nothing (whether it does is told) and is better."""
        if len(violated(self._problem, x > 0.5)):
            return False
        value = float(self._problem.value @ x)
        if self._best is None or value > self._value:
            self._best, self._value = x, value
        return True

    def _end(self, lower: Floats, upper: Floats) -> float:
        """What is left where the deciding options are settled; keeps the answer found there."""
        found = self._leaf(lower, upper) if self._leaf else Found(None, np.inf)
        if found.x is not None:
            self._best, self._value = found.x, float(self._problem.value @ np.round(found.x))
        return found.bound


def _settled(limits: Limits, options: Ints, values: Floats) -> tuple[Floats, Floats]:
    """Limits of the options with these at these values."""
    lower, upper = limits.lower.copy(), limits.upper.copy()
    lower[options] = np.maximum(values, limits.lower[options])
    upper[options] = lower[options]
    return lower, upper
