"""Prices of what mentors share, and the bound on every plan's value that they prove.

With a price on the budget, on each course's seats, on floors and caps, every mentor's best bundle can be picked alone;
the sum of these picks, and of what the shared limits are worth at the prices, is at least the value of any plan
(weak duality). The bound holds for whatever prices; good ones make it tight. It is computed here, from the prices
alone, and read from no solver.
"""

import functools
from contextlib import suppress
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from model.planning.blocks import Blocks
from model.planning.plan_form import PlanForm
from model.planning.programme import rows_worth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_HALVINGS, _HULL = 30, 1e-3  # of the search for the budget's price
_FLAT = 1e-10  # relative fall of the bound below which the descent stops
OPEN, HELD, CLOSED = 0, 1, 2
"""What is settled of a course: nothing yet, that it is held, that it is not."""


@dataclass(frozen=True)
class Shared:
    """Rows that mentors share: low ≤ matrix · x ≤ high over the candidates (n).

    Row 0 is the budget in ``unit`` rupiah (the largest amount that divides every price), rows 1 to C the courses'
    participants, then the groups of each further limit that is not within a mentor. ``fixed``: (C) in the budget's
    unit; ``least``, ``seats``: (C). ``scale``: (K) what one place uses of a row.
    """

    matrix: csr_array
    low: Floats
    high: Floats
    unit: int
    fixed: Floats
    least: Floats
    seats: Floats
    scale: Floats

    def settled(self, state: Ints) -> tuple[Floats, Floats]:
        """Limits of the rows once the courses stand as ``state`` (C) says: a held one costs and asks its least."""
        low, high = self.low.copy(), self.high.copy()
        inside = slice(1, 1 + len(state))
        high[0] -= float(self.fixed[state == HELD].sum())
        low[inside] = np.where(state == HELD, self.least, 0.0)
        high[inside] = np.where(state == CLOSED, 0.0, self.seats)
        return low, high


def shared_rows(form: PlanForm) -> Shared:
    """The shared rows of a form."""
    count, courses = len(form.mentor), len(form.fixed)
    (cost, fixed), budget, unit = whole_units((form.cost, form.fixed), form.budget)
    every = np.arange(count)
    columns, rows, data = [every, every], [np.zeros(count, dtype=int), 1 + form.course], [cost, np.ones(count)]
    low, high, next_row = [np.zeros(1 + courses)], [np.r_[budget, form.seats.astype(float)]], 1 + courses
    for limit in form.limits:
        if limit.within:
            continue
        columns.append(every)
        rows.append(next_row + limit.group)
        data.append(limit.weight)
        low.append(limit.low)
        high.append(limit.high)
        next_row += len(limit.low)
    matrix = csr_array((np.concatenate(data), (np.concatenate(rows), np.concatenate(columns))), shape=(next_row, count))
    scale = np.ones(next_row)
    scale[0] = max(float(cost.mean()), 1.0) if count else 1.0
    return Shared(
        matrix=matrix,
        low=np.concatenate(low),
        high=np.concatenate(high),
        unit=unit,
        fixed=fixed,
        least=np.where(form.least > 1, form.least, 0).astype(np.float64),
        seats=form.seats.astype(np.float64),
        scale=scale,
    )


def whole_units(amounts: tuple[Ints, Ints], budget: int) -> tuple[tuple[Floats, Floats], float, int]:
    """Amounts and budget in the largest unit that divides every amount; what no amounts can use up is left out."""
    unit = gcd(*(int(amount) for part in amounts for amount in part)) or 1
    first, second = ((part // unit).astype(np.float64) for part in amounts)
    return (first, second), float(budget // unit), unit


@dataclass(frozen=True)
class Priced:
    """Prices (K) of the shared rows, what they prove, and each mentor's pick.

    ``bound``: no plan is worth more. ``worth``: (B) of each bundle at the prices; ``picks``: (M) bundles; ``top``: (M).
    """

    prices: Floats
    bound: float
    worth: Floats
    top: Floats
    picks: Ints

    def losses(self, blocks: Blocks) -> Floats:
        """What the bound falls by (B) if a mentor gets this bundle instead of the best one."""
        losses: Floats = self.top[blocks.mentor] - self.worth
        return losses


class _Enough(Exception):  # noqa: N818 - no error: the descent has proven all it could
    """The bound is below every plan's value: nothing is feasible."""


class Pricing:
    """Prices for one form: evaluation and descent. A bound below ``hopeless`` proves that nothing is feasible."""

    def __init__(self, form: PlanForm, blocks: Blocks, shared: Shared) -> None:
        self.form, self.blocks, self.shared = form, blocks, shared
        self._across = shared.matrix.T.tocsr()
        self.hopeless = -float(np.abs(form.value[np.isfinite(form.value)]).sum()) - 1.0

    def at(self, prices: Floats, state: Ints) -> Priced:
        """The bound that prices prove where the courses stand as ``state`` says."""
        low, high = self.shared.settled(state)
        prices = _allowed(prices, low, high)
        value = self._charged(prices, state) - self._shares(prices, state)
        worth = self.blocks.sums(value)
        top, picks = self.blocks.best(worth)
        bound = float(rows_worth(prices, low, high) + top.sum())
        return Priced(prices, bound, worth, top, picks)

    def _shares(self, prices: Floats, state: Ints) -> Floats:
        """What each candidate (n) bears of its course's fixed cost while nothing is settled of it.

        Any split whose parts sum to at most the fixed cost keeps the bound valid; this one charges those who gain most
        by the course at these prices, none more than it gains.
        """
        cost = prices[0] * self.shared.fixed * (state == OPEN)
        if not cost.any():
            return np.zeros(len(self.form.mentor))
        gains = self._gains(self._charged(prices, state))
        total = np.bincount(self.form.course, gains, minlength=len(cost))
        share = np.minimum(1.0, cost / np.where(total > 0, total, np.inf))
        shares: Floats = gains * share[self.form.course]
        return shares

    def _charged(self, prices: Floats, state: Ints) -> Floats:
        """Each candidate's value (n) less what it is charged; −inf in a closed course."""
        value: Floats = self.form.value - self._across @ prices
        value[state[self.form.course] == CLOSED] = -np.inf
        return value

    def surplus(self, prices: Floats, state: Ints) -> tuple[Floats, Floats]:
        """What a course's participants gain by it (C) at these prices, and what holding it costs (C)."""
        gains = self._gains(self._charged(prices, state))
        total = np.bincount(self.form.course, gains, minlength=len(state)).astype(np.float64)
        return total, prices[0] * self.shared.fixed

    def _gains(self, value: Floats) -> Floats:
        """What each mentor's pick (n, 0 outside it) is worth more than that mentor's best bundle without it."""
        worth = self.blocks.sums(value)
        top, picks = self.blocks.best(worth)
        gains = np.zeros(len(value) + 1)
        for column in range(self.blocks.rows.shape[1]):
            mine = self.blocks.rows[picks, column]
            holds = np.any(self.blocks.rows == mine[self.blocks.mentor][:, None], axis=1)
            others = np.maximum.reduceat(np.where(holds, -np.inf, worth), self.blocks.starts)
            gains[mine] = np.where(np.isfinite(others), top - others, 0.0)
        return gains[:-1]

    def hull(self, state: Ints) -> Floats:
        """Prices (K) by the budget alone: places by value per rupiah until it is spent; the others at 0."""
        _, high = self.shared.settled(state)
        prices = np.zeros(len(high))
        cost = self.form.cost / self.shared.unit
        worth = self.form.value / np.where(cost > 0, cost, np.inf)
        cheap, dear = 0.0, float(np.max(worth, initial=0.0, where=np.isfinite(worth)))
        for _ in range(_HALVINGS):
            prices[0] = (cheap + dear) / 2
            picks = self.at(prices, state).picks
            used = float(cost[self.blocks.chosen(picks)].sum())
            cheap, dear = (prices[0], dear) if used > high[0] else (cheap, prices[0])
            if dear - cheap <= _HULL * dear:
                break
        prices[0] = dear
        return prices

    def descend(self, start: Floats, state: Ints, steps: int) -> Priced:
        """Better prices by a quasi-Newton descent of the bound from ``start``."""
        low, high = self.shared.settled(state)
        ends = [
            (None if least > 0 else 0.0, None if np.isfinite(most) else 0.0)
            for least, most in zip(low, high, strict=True)
        ]
        largest = float(np.max(np.abs(self.form.value), initial=0.0, where=np.isfinite(self.form.value))) or 1.0
        scale = largest / self.shared.scale
        best: list[Priced] = [self.at(start, state)]

        def falls(prices: Floats) -> tuple[float, Floats]:
            if not np.isfinite(prices).all():
                raise _Enough
            found = self.at(prices * scale, state)
            if found.bound < best[0].bound:
                best[0] = found
            if best[0].bound < self.hopeless:
                raise _Enough
            used = self.shared.matrix @ self.blocks.chosen(found.picks).astype(np.float64)
            ends_at = np.where(found.prices > 0, high, np.where(found.prices < 0, low, np.clip(used, low, high)))
            return found.bound / largest, (ends_at - used) * scale / largest

        options: Any = {"maxfun": steps, "ftol": _FLAT}  # scipy's types want a name of theirs
        with _algebra().limit(limits=1, user_api="blas"), suppress(_Enough):
            minimize(falls, best[0].prices / scale, jac=True, method="L-BFGS-B", bounds=ends, options=options)
        return best[0]


@functools.cache
def _algebra() -> ThreadpoolController:
    """The libraries of linear algebra, whose threads spin on for twenty times as long as a descent takes."""
    return ThreadpoolController()


def _allowed(prices: Floats, low: Floats, high: Floats) -> Floats:
    """Prices that a row can have: none above 0 without an upper limit, none below 0 without a lower one."""
    return np.clip(prices, np.where(low > 0, -np.inf, 0.0), np.where(np.isfinite(high), np.inf, 0.0))
