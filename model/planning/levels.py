"""Exact search over how many places are bought at each price, and then over single places.

The budget is what keeps a linear programme from whole answers: once the number of places at every price is settled,
what they cost is settled too, and what is left is nearly always a flow, whose linear programme is whole by itself. So
these few numbers are branched on first, then whether a mentor gets a course; best bound first, each bound proven by the
programme's prices in our own arithmetic.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from model.planning.branching import WHOLE, Split, best_first
from model.planning.near import Near
from model.planning.programme import Limits, Programme, Relaxed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_LEVELS = 200
"""Prices up to which their numbers of places are branched on."""


class Levels:
    """The search within one programme; :meth:`run` is called once.

    Args:
        programme: bundles near the mentors' best.
        holds: (b, n) which of the form's places a bundle holds.
        counts: (L, b) how many places of each price a bundle holds; L may be 0.
        take: keeps bundles if they are a better plan; tells whether they break no rule.
        better: whether a bound leaves room for a better plan.
        most: linear programmes after which it ends with the bound then proven.
    """

    def __init__(
        self,
        programme: Near,
        holds: csr_array,
        counts: csr_array,
        take: Callable[[Ints], bool],
        better: Callable[[float], bool],
        most: int,
    ) -> None:
        self._near, self._take, self._better, self._most = programme, take, better, most
        places = np.flatnonzero(holds.sum(axis=0))
        self._holds = csr_array(holds[:, places])
        self._counts = counts
        self._mentor = programme.one.tocoo().row[np.argsort(programme.one.tocoo().col)]
        self._programme = Programme(programme.value, csr_array(vstack([programme.uses, programme.one, counts])))

    def run(self) -> float:
        """Search; gives the bound that is left (−inf where nothing is)."""
        near, width = self._near, self._counts.shape[0]
        bottom = np.where(near.low > 0, near.low, -np.inf)
        once = np.ones(near.one.shape[0])
        most = np.asarray(self._counts.sum(axis=1), dtype=np.float64).ravel()
        low, high = np.r_[bottom, once, np.zeros(width)], np.r_[near.high, once, most]
        root = Limits(np.zeros(len(near.value)), np.ones(len(near.value)), low, high)
        bound = best_first(self._programme, root, self._split, self._room, self._most)
        return near.base + bound

    def _room(self, bound: float) -> bool:
        return self._better(self._near.base + bound)

    def _split(self, limits: Limits, found: Relaxed) -> Split:
        """A node in two: by the number furthest from whole, else by the place furthest from it."""
        used = self._counts @ found.x
        off = np.abs(used - np.round(used))
        if float(off.max(initial=0.0)) > WHOLE:
            return self._by_level(limits, int(np.argmax(off)), used)
        whole = np.all(np.abs(found.x - np.round(found.x)) <= WHOLE)
        if whole and self._take(self._plan(found.x)) and np.isfinite(found.bound):
            return found.bound
        return self._by_place(limits, found)

    def _plan(self, x: Floats) -> Ints:
        bundles: Ints = np.r_[self._near.settled, self._near.bundles[x > 0.5]]
        return bundles

    def _by_level(self, limits: Limits, level: int, used: Floats) -> Split:
        row = len(limits.low) - len(used) + level
        fewer, more = limits.high.copy(), limits.low.copy()
        fewer[row], more[row] = np.floor(used[level]), np.ceil(used[level])
        return [replace(limits, high=fewer), replace(limits, low=more)]

    def _by_place(self, limits: Limits, found: Relaxed) -> Split:
        """With a mentor on a course, and without; where all is settled, nothing is left."""
        free = self._holds[limits.upper > 0]
        open_ = np.flatnonzero((free.sum(axis=0) > 0) & self._undecided(limits))
        if len(open_) == 0:
            return -np.inf
        used = self._holds.T @ found.x
        place = open_[int(np.argmax(np.abs(used - np.round(used))[open_]))]
        holding = self._holds[:, [place]].toarray().ravel() > 0
        own = self._mentor == self._mentor[np.argmax(holding)]
        without, having = (np.where(out, 0.0, limits.upper) for out in (holding, own & ~holding))
        return [replace(limits, upper=without), replace(limits, upper=having)]

    def _undecided(self, limits: Limits) -> NDArray[np.bool_]:
        """Which places some bundle left of their mentor holds and some other does not."""
        left = limits.upper > 0
        of_mentor = np.bincount(self._mentor[left], minlength=int(self._mentor.max(initial=-1)) + 1)
        columns = self._holds.tocsc()
        first = columns.indices[columns.indptr[:-1]]
        held = np.asarray(self._holds[left].sum(axis=0)).ravel()
        undecided: NDArray[np.bool_] = held < of_mentor[self._mentor[first]]
        return undecided
