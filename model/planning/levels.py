"""Exact search over how many places are bought at each price.

The budget is what keeps a linear programme from whole answers: once the number of places at every price is settled,
what they cost is settled too, and what is left is nearly always a flow, whose linear programme is whole by itself. So
these few numbers are branched on, best bound first, each bound proven by the programme's prices in our own arithmetic;
where an answer is not whole although they are, a small whole problem is solved within them.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from model.planning.branching import proven
from model.planning.near import Near, whole_near
from model.planning.quiet import output_to_error

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_LEVELS = 40
"""Prices up to which their numbers of places are branched on."""
MOST_PROGRAMMES = 600
_WHOLE = 1e-6
_OPTIONS: Any = {"presolve": False}  # takes longer than it saves on programmes as small as these
_NODES = 400  # of a small whole problem


@dataclass(frozen=True)
class _Node:
    """Limits (L) of the places at each price, the bound proven within them, and the programme's answer (b)."""

    low: Floats
    high: Floats
    bound: float
    x: Floats


class Levels:
    """The search within one programme; :meth:`run` is called once.

    Args:
        programme: bundles near the mentors' best.
        counts: (L, b) how many places of each price a bundle holds.
        take: told of bundles and the bound that holds for them; keeps them if they are better.
        better: whether a bound leaves room for a better plan.
    """

    def __init__(
        self,
        programme: Near,
        counts: csr_array,
        take: Callable[[Ints], object],
        better: Callable[[float], bool],
    ) -> None:
        self._programme, self._counts, self._take, self._better = programme, csr_array(counts), take, better
        top, bottom = np.isfinite(programme.high), programme.low > 0
        self._rows: Any = csr_array(vstack([programme.uses[top], -programme.uses[bottom], counts, -counts]))
        self._right = np.r_[programme.high[top], -programme.low[bottom]]
        self._solved = 0

    def run(self) -> float:
        """Search; gives the bound that is left (−inf where nothing is)."""
        width = self._counts.shape[0]
        most = np.asarray(self._counts.sum(axis=1), dtype=np.float64).ravel()
        root = self._node(np.zeros(width), most)
        waiting = [] if root is None else [(-root.bound, 0, root)]
        left = -np.inf
        while waiting and self._better(-waiting[0][0]):
            if self._solved >= MOST_PROGRAMMES:
                return max(left, -waiting[0][0])
            node = heapq.heappop(waiting)[2]
            level = self._unsettled(node)
            if level is None:
                left = max(left, self._end(node))
                continue
            for half in self._halves(node, level):
                heapq.heappush(waiting, (-half.bound, self._solved, half))
        return max([left, *(-entry[0] for entry in waiting)])

    def _unsettled(self, node: _Node) -> int | None:
        """The price whose number of places is furthest from whole."""
        used = self._counts @ node.x
        off = np.abs(used - np.round(used))
        return int(np.argmax(off)) if float(off.max(initial=0.0)) > _WHOLE else None

    def _halves(self, node: _Node, level: int) -> list[_Node]:
        used = float((self._counts @ node.x)[level])
        fewer, more = node.high.copy(), node.low.copy()
        fewer[level], more[level] = np.floor(used), np.ceil(used)
        made = (self._node(node.low, fewer), self._node(more, node.high))
        return [half for half in made if half is not None and self._better(half.bound)]

    def _end(self, node: _Node) -> float:
        """All numbers are whole: the answer is too, or a small whole problem finds it; gives the bound left."""
        programme = self._programme
        if np.all(np.abs(node.x - np.round(node.x)) <= _WHOLE):
            self._take(np.r_[programme.settled, programme.bundles[node.x > 0.5]])
            return -np.inf
        bundles, bound = whole_near(programme, _NODES, extra=(self._counts, node.low, node.high))
        if bundles is not None:
            self._take(bundles)
        return min(bound, node.bound)

    def _node(self, low: Floats, high: Floats) -> _Node | None:
        """The linear programme within limits; None where nothing is feasible."""
        programme = self._programme
        self._solved += 1
        right = np.r_[self._right, high, -low]
        one: Any = programme.one
        once = np.ones(one.shape[0])
        with output_to_error():
            found = linprog(
                -programme.value, A_ub=self._rows, b_ub=right, A_eq=one, b_eq=once, method="highs-ds", options=_OPTIONS
            )
        if found.x is None:
            return None
        prices = np.maximum(-found.ineqlin.marginals, 0.0)
        every = -found.eqlin.marginals
        zeros, ones = np.zeros(len(programme.value)), np.ones(len(programme.value))
        above = programme.value - one.T @ every
        bound = programme.base + float(every.sum()) + proven(above, self._rows, right, prices, zeros, ones)
        return _Node(low, high, bound, found.x)
