"""A linear programme that is solved again and again within other limits, and the bound that its prices prove.

OR-Tools' GLOP goes on from the answer before (dual simplex), which takes a tenth of a solve from nothing. No bound is
read from it: whatever prices it gives, weak duality makes a bound of them in our own arithmetic, and that nothing is
feasible is believed only where prices show it (Farkas' lemma).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack

Floats = NDArray[np.float64]

_ANY = "use_preprocessing: false change_status_to_imprecise: false"  # we look at how good prices are ourselves
_DUAL = f"{_ANY} use_dual_simplex: true"
_PRIMAL = f"{_ANY} use_dual_simplex: false"  # where any answer is feasible
_OPTIMAL = 0
_CERTAIN = 1e-7  # what prices must show more than, on rows scaled to 1, to say that nothing is feasible


@dataclass(frozen=True)
class Limits:
    """``lower`` ≤ x ≤ ``upper`` of the options (n), 0..1, and ``low`` ≤ matrix · x ≤ ``high`` of the rows (m)."""

    lower: Floats
    upper: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Relaxed:
    """The answer ``x`` (n) within limits, if there is one; no x within them is worth more than ``bound``.

    ``above``: (n) what each option is worth above its price. Without an answer, as is proven then, the bound is −∞;
    where the solver fails it is ∞, and the answer one that hardly oversteps.
    """

    x: Floats
    bound: float
    above: Floats
    answered: bool = True


class Programme:
    """Maximise value · x within limits. ``value``: (n); ``matrix``: (m, n)."""

    def __init__(self, value: Floats, matrix: csr_array) -> None:
        self.value, self.matrix = value, csr_array(matrix)
        self._across = csr_array(self.matrix.T)
        self.solved = 0
        self._warm: _Warm | None = None
        self._elastic: _Warm | None = None

    def within(self, limits: Limits) -> Relaxed:
        """Solve within limits."""
        self.solved += 1
        self._warm = self._warm or _Warm(self.value, self.matrix, limits, _DUAL)
        found, nothing = self._warm.solve(limits), np.zeros(len(self.value))
        if found is None:
            x = self._overstepping(limits)
            if x is None:
                return Relaxed(nothing, -np.inf, nothing, answered=False)
            self._warm = None  # it erred: the next one begins from nothing
            return Relaxed(x, np.inf, nothing)
        x, prices = found
        prices = allowed(prices, limits.low, limits.high)
        above = self.value - self._across @ prices
        return Relaxed(x, proven(above, prices, limits), above)

    def _overstepping(self, limits: Limits) -> Floats | None:
        """An answer (n) that oversteps the rows by the least; None where prices prove that some must be overstepped."""
        rows, n = self.matrix.shape[0], len(self.value)
        largest = abs(self.matrix).max(axis=1).toarray().ravel()
        size = np.where(largest > 0, largest, 1.0)
        over = eye_array(rows, format="csr")
        wider = Limits(
            np.r_[limits.lower, np.zeros(2 * rows)],
            np.r_[limits.upper, np.full(2 * rows, np.inf)],
            limits.low,
            limits.high,
        )
        if self._elastic is None:
            matrix = csr_array(hstack([self.matrix, over, -over]))
            self._elastic = _Warm(np.r_[np.zeros(n), -1.0 / size, -1.0 / size], matrix, wider, _PRIMAL)
        found = self._elastic.solve(wider)
        if found is None:
            return np.clip(np.zeros(n), limits.lower, limits.upper)
        prices = allowed(found[1], limits.low, limits.high)
        refuted = proven(-(self._across @ prices), prices, limits) < -_CERTAIN
        return None if refuted else found[0][:n]


def allowed(prices: Floats, low: Floats, high: Floats) -> Floats:
    """Prices that a row can have: none above 0 without an upper limit, none below 0 without a lower one."""
    return np.clip(prices, np.where(np.isfinite(low), -np.inf, 0.0), np.where(np.isfinite(high), np.inf, 0.0))


def proven(above: Floats, prices: Floats, limits: Limits) -> float:
    """The bound that prices prove, whatever they come from: weak duality.

    What the limits of the rows are worth at the prices, and of each option what it is worth above its price.
    """
    options = float(np.maximum(above * limits.lower, above * limits.upper).sum())
    return rows_worth(prices, limits.low, limits.high) + options


def rows_worth(prices: Floats, low: Floats, high: Floats) -> float:
    """What the limits of rows are worth at their prices: the upper one above 0, the lower one below."""
    dear, cheap = prices > 0, prices < 0
    return float(prices[dear] @ high[dear] + prices[cheap] @ low[cheap])


class _Warm:
    """One programme in the solver, of which only the limits change."""

    def __init__(self, value: Floats, matrix: csr_array, limits: Limits, parameters: str) -> None:
        from ortools.linear_solver import linear_solver_pb2, pywraplp  # noqa: PLC0415 - longer than a small answer

        solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        solver.SetSolverSpecificParametersAsString(parameters)
        self._solver, self._answer = solver, linear_solver_pb2.MPSolutionResponse()
        self._limits = limits
        ends = zip(limits.lower.tolist(), limits.upper.tolist(), strict=True)
        self._options: list[Any] = [solver.NumVar(lower, upper, "") for lower, upper in ends]
        objective = solver.Objective()
        objective.SetMaximization()
        for option, each in zip(self._options, value.tolist(), strict=True):
            objective.SetCoefficient(option, each)
        self._rows: list[Any] = []
        columns, data, starts = matrix.indices.tolist(), matrix.data.tolist(), matrix.indptr.tolist()
        for row, (low, high) in enumerate(zip(limits.low.tolist(), limits.high.tolist(), strict=True)):
            made = solver.Constraint(low, high)
            self._rows.append(made)
            for k in range(starts[row], starts[row + 1]):
                made.SetCoefficient(self._options[columns[k]], data[k])

    def solve(self, limits: Limits) -> tuple[Floats, Floats] | None:
        """Answer (n) and prices (m) within limits; None without an optimum."""
        was = self._limits
        for k in np.flatnonzero((limits.lower != was.lower) | (limits.upper != was.upper)).tolist():
            self._options[k].SetBounds(float(limits.lower[k]), float(limits.upper[k]))
        for k in np.flatnonzero((limits.low != was.low) | (limits.high != was.high)).tolist():
            self._rows[k].SetBounds(float(limits.low[k]), float(limits.high[k]))
        self._limits = limits
        if self._solver.Solve() != _OPTIMAL:
            return None
        answer = self._answer
        self._solver.FillSolutionResponseProto(answer)  # all at once: one by one takes longer than solving
        return np.array(answer.variable_value, dtype=np.float64), np.array(answer.dual_value, dtype=np.float64)
