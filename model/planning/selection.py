"""Choosing among yes/no options: one sparse-array form, solved exactly (scipy's HiGHS), every answer checked again."""

from dataclasses import dataclass, field, replace
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from model.planning.branching import Search, Selection, whole
from model.planning.quiet import output_to_error

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TIME_LIMIT = 30.0  # seconds; past it the best answer found stands, with its gap
_SCALE = 1e4  # the largest value as the solver sees it
_TIE = 1e-7  # the share of its own value by which an earlier option is preferred
_SOLVERS_GAP = 1e-5  # what the solver's own absolute tolerances may leave, on its scale
_REPAIRS = 20
_TOLERANCE = 1e-9


class Infeasible(Exception):  # noqa: N818 - an answer of the solver, turned into a refusal by the caller
    """No selection satisfies the rows."""


class Unsolved(Exception):  # noqa: N818 - the same
    """The time limit passed before any selection was found."""


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


def violated(problem: Selection, chosen: NDArray[np.bool_]) -> Ints:
    """Numbers of the rows (and −1 for a bound) that a selection breaks; computed anew, without the solver."""
    x = chosen.astype(np.float64)
    sums = problem.matrix @ x
    slack = _TOLERANCE * np.maximum(1.0, np.abs(sums))
    rows = np.flatnonzero((sums < problem.low - slack) | (sums > problem.high + slack))
    outside = bool(np.any((x < problem.lower) | (x > problem.upper)))
    return np.concatenate([np.array([-1])[: int(outside)], rows]).astype(np.int64)


def solve(problem: Selection, *, time_limit: float = TIME_LIMIT) -> Solution:
    """Find the best selection.

    The same problem gives the same answer: the solver runs on one thread without chance, and among equal values the
    earlier option is preferred (by 1e-7 of its own value). An answer that breaks a row once rounded (the solver allows
    itself 1e-6) is cut off and the rest solved again.

    Raises:
        Infeasible: no selection satisfies the rows.
        Unsolved: none was found within ``time_limit`` seconds.
    """
    for _ in range(_REPAIRS):
        chosen, bound = _solve_once(problem, time_limit)
        if len(violated(problem, chosen)) == 0:
            return proven_of(problem.value, chosen, bound)
        problem = _without(problem, chosen)
    raise Unsolved


def _solve_once(problem: Selection, time_limit: float) -> tuple[NDArray[np.bool_], float]:
    n = len(problem.value)
    if n == 0:
        if np.any(problem.low > 0) or np.any(problem.high < 0):
            raise Infeasible
        return np.zeros(0, dtype=bool), 0.0
    value, scale = preferring(problem.value)
    scaled = replace(problem, value=value)
    with output_to_error():
        searched = len(problem.first) > 0
        found = Search(scaled, time_limit).run() if searched else whole(scaled, scaled.lower, scaled.upper, time_limit)
    if found.x is None and found.bound == -np.inf:
        raise Infeasible
    if found.x is None:
        raise Unsolved
    return found.x > 0.5, found.bound / scale


def preferring(value: Floats) -> tuple[Floats, float]:
    """Values (n) as the solver sees them, the earlier of equals preferred, and by what they are multiplied."""
    scale = _SCALE / (float(np.max(np.abs(value))) or 1.0)
    preferred: Floats = value + np.abs(value) * _TIE * (1 - np.arange(len(value)) / len(value))
    return preferred * scale, scale


def proven_of(values: Floats, chosen: NDArray[np.bool_], bound: float) -> Solution:
    """A selection with its value and gap; a bound within what ties and tolerances may leave is met."""
    value = float(values[chosen].sum())
    largest = float(np.max(np.abs(values), initial=0.0))
    slack = 2 * _TIE * float(np.abs(values[chosen]).sum()) + _SOLVERS_GAP / _SCALE * largest
    if bound <= value + slack:
        return Solution(chosen, value, value, 0.0)
    return Solution(chosen, value, bound, (bound - value) / bound if bound > 0 else 0.0)


def _without(problem: Selection, chosen: NDArray[np.bool_]) -> Selection:
    """The problem with one selection cut off: at least one option must differ."""
    row = csr_array(np.where(chosen, -1.0, 1.0)[None, :])
    matrix = csr_array(vstack([problem.matrix, row]))
    low = np.append(problem.low, 1.0 - int(chosen.sum()))
    return replace(problem, matrix=matrix, low=low, high=np.append(problem.high, np.inf))
