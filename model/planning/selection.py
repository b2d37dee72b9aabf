"""Choosing among yes/no options: one sparse-array form, an answer by scipy's HiGHS, and the proof by our own search.

What the solver says of its answer is not believed: the search (model/planning/branching.py) starts from it, proves that
nothing is better or finds what is, and every answer is checked anew.
"""

from dataclasses import dataclass, field, replace
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from model.planning.branching import Search, Selection, violated, whole
from model.planning.quiet import output_to_error

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NODES = 2000
"""Nodes of the solver's own search for a first answer; counted, so that the answer depends on no machine's speed."""
_SCALE = 1e4  # the largest value as the solver sees it
_TIE = 1e-7  # the share of its own value by which an earlier option is preferred
_WHOLE_UP_TO = 1e12
_ROUNDING = 1e-9  # share of the largest value that sums may be off by


class Infeasible(Exception):  # noqa: N818 - an answer of the solver, turned into a refusal by the caller
    """No selection satisfies the rows."""


class Unsolved(Exception):  # noqa: N818 - the same
    """The search ended before any selection was found."""


@dataclass(frozen=True)
class Solution:
    """``chosen``: (n) bool; its ``value``; the proven upper ``bound``; ``gap`` = (bound − value) / bound."""

    chosen: NDArray[np.bool_]
    value: float
    bound: float
    gap: float


@dataclass
class Rows:
    """Rows of a selection as they are built, over ``n`` options."""

    n: int
    _data: list[Floats] = field(default_factory=list)
    _columns: list[Ints] = field(default_factory=list)
    _rows: list[Ints] = field(default_factory=list)
    _low: list[Floats] = field(default_factory=list)
    _high: list[Floats] = field(default_factory=list)
    _count: int = 0

    def add(self, columns: Ints, data: Floats, *, low: float = -np.inf, high: float = np.inf) -> None:
        """Add one row: low ≤ Σ data · x[columns] ≤ high."""
        self.add_groups(np.zeros(len(columns), dtype=np.int64), columns, data, low=low, high=high)

    def add_groups(
        self, group: Ints, columns: Ints, data: Floats, *, low: float | Floats = -np.inf, high: float | Floats = np.inf
    ) -> None:
        """Add a row per group: entry k belongs to row ``group[k]`` (0, 1, … without holes); limits per row or one."""
        count = int(group.max()) + 1 if len(group) else 0
        self._data.append(np.asarray(data, dtype=np.float64))
        self._columns.append(np.asarray(columns, dtype=np.int64))
        self._rows.append(np.asarray(group, dtype=np.int64) + self._count)
        self._low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), count))
        self._high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), count))
        self._count += count

    def selection(self, value: Floats, lower: Floats, upper: Floats) -> Selection:
        """The finished problem."""
        empty = [np.zeros(0)]
        data = np.concatenate(self._data or empty)
        places = (np.concatenate(self._rows or empty).astype(int), np.concatenate(self._columns or empty).astype(int))
        matrix = csr_array((data, places), shape=(self._count, self.n))
        return Selection(
            value, matrix, np.concatenate(self._low or empty), np.concatenate(self._high or empty), lower, upper
        )


def whole_rupiah_limit(amounts: Ints, limit: int) -> tuple[Floats, float]:
    """Divide whole amounts and their limit by the amounts' common divisor, so that sums stay small and exact."""
    divisor = gcd(*(int(amount) for amount in amounts)) or 1
    return (amounts // divisor).astype(np.float64), float(limit // divisor)


def solve(problem: Selection, *, prove: bool = True) -> Solution:
    """Find the best selection.

    The same problem gives the same answer: no search depends on chance or time, and among equal values the earlier
    option is preferred (by 1e-7 of its own value). Without ``prove`` the solver's answer is taken if it is feasible.

    Raises:
        Infeasible: no selection satisfies the rows.
        Unsolved: none was found before the search ended.
    """
    if len(problem.value) == 0:
        if np.any(problem.low > 0) or np.any(problem.high < 0):
            raise Infeasible
        return Solution(np.zeros(0, dtype=bool), 0.0, 0.0, 0.0)
    value, scale = preferring(problem.value)
    scaled = replace(problem, value=value)
    with output_to_error():
        start = whole(scaled, NODES)
    good = start is not None and len(violated(scaled, start > 0.5)) == 0
    if good and start is not None and not prove:
        return proven_of(problem.value, start > 0.5, np.inf)
    found = Search(scaled, start=start if good else None, step=_step(problem.value) * scale).run()
    if found.x is None and found.bound == -np.inf:
        raise Infeasible
    if found.x is None:
        raise Unsolved
    return proven_of(problem.value, found.x > 0.5, found.bound / scale)


def _step(value: Floats) -> float:
    """What sums of these values (n) differ by at least if they do; 0 where that is not known.

    Where all are whole it is their common divisor, less what preferring the earlier of equals may add.
    """
    if not np.all((value == np.round(value)) & (np.abs(value) < _WHOLE_UP_TO)):
        return 0.0
    return max(gcd(*map(int, value)) - 2 * _TIE * float(np.abs(value).sum()), 0.0)


def preferring(value: Floats) -> tuple[Floats, float]:
    """Values (n) as the solver sees them, the earlier of equals preferred, and by what they are multiplied."""
    scale = _SCALE / (float(np.max(np.abs(value))) or 1.0)
    preferred: Floats = value + np.abs(value) * _TIE * (1 - np.arange(len(value)) / len(value))
    return preferred * scale, scale


def proven_of(values: Floats, chosen: NDArray[np.bool_], bound: float) -> Solution:
    """A selection with its value and gap; a bound within what ties and tolerances may leave is met."""
    value = float(values[chosen].sum())
    largest = float(np.max(np.abs(values), initial=0.0))
    slack = 2 * _TIE * float(np.abs(values[chosen]).sum()) + _ROUNDING * largest
    if bound <= value + slack:
        return Solution(chosen, value, value, 0.0)
    return Solution(chosen, value, bound, (bound - value) / bound if bound > 0 else 0.0)
