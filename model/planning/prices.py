"""Prices of what mentors share, and the bound on every plan's value that they prove.

With a price on the budget, on each course's seats, on floors and caps, every mentor's best bundle can be picked alone;
the sum of these picks, and of what the shared limits are worth at the prices, is at least the value of any plan
(weak duality). The bound holds for whatever prices; good ones make it tight. It is computed here, from the prices
alone, and read from no solver.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from model.planning.blocks import Blocks
from model.planning.plan_form import PlanForm

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OPEN, HELD, CLOSED = 0, 1, 2
"""What is settled of a course: nothing yet, that it is held, that it is not."""


@dataclass(frozen=True)
class Shared:
    """Rows that mentors share: low ≤ matrix · x ≤ high over the candidates (n).

    Row 0 is the budget in ``unit`` rupiah, rows 1 to C the courses' participants, then the groups of each further
    limit that is not within a mentor. ``fixed``: (C) in the budget's unit; ``least``, ``seats``: (C).
    """

    matrix: csr_array
    low: Floats
    high: Floats
    unit: float
    fixed: Floats
    least: Floats
    seats: Floats

    def settled(self, state: Ints) -> tuple[Floats, Floats]:
        """Limits of the rows once the courses stand as ``state`` (C) says: a held one costs and asks its least."""
        low, high = self.low.copy(), self.high.copy()
        inside = slice(1, 1 + len(state))
        high[0] -= float(self.fixed[state == HELD].sum())
        low[inside] = np.where(state == HELD, self.least, 0.0)
        high[inside] = np.where(state == CLOSED, 0.0, self.seats)
        return low, high


def shared_rows(form: PlanForm) -> Shared:
    """The shared rows of a form; the budget is measured in mean prices of a place."""
    count, courses = len(form.mentor), len(form.fixed)
    unit = float(form.cost.mean()) or 1.0
    every = np.arange(count)
    columns, rows, data = (
        [every, every],
        [np.zeros(count, dtype=int), 1 + form.course],
        [form.cost / unit, np.ones(count)],
    )
    low, high, next_row = [np.zeros(1 + courses)], [np.r_[form.budget / unit, form.seats.astype(float)]], 1 + courses
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
    return Shared(
        matrix,
        np.concatenate(low),
        np.concatenate(high),
        unit,
        form.fixed / unit,
        form.least.astype(np.float64),
        form.seats.astype(np.float64),
    )


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


class Pricing:
    """Prices for one form: evaluation and descent."""

    def __init__(self, form: PlanForm, blocks: Blocks, shared: Shared) -> None:
        self.form, self.blocks, self.shared = form, blocks, shared
        self._across = shared.matrix.T.tocsr()

    def at(self, prices: Floats, state: Ints) -> Priced:
        """The bound that prices prove where the courses stand as ``state`` says."""
        low, high = self.shared.settled(state)
        prices = _allowed(prices, low, high)
        value = self.form.value - self._across @ prices - self._shares(prices, state)
        value[state[self.form.course] == CLOSED] = -np.inf
        worth = self.blocks.sums(value)
        top, picks = self.blocks.best(worth)
        bound = float(_limits_worth(prices, low, high) + top.sum())
        return Priced(prices, bound, worth, top, picks)

    def _shares(self, prices: Floats, state: Ints) -> Floats:
        """What each candidate (n) bears of its course's fixed cost while nothing is settled of it.

        Any split whose parts sum to at most the fixed cost keeps the bound valid; this one charges those who gain most
        by the course at these prices, none more than it gains.
        """
        cost = prices[0] * self.shared.fixed * (state == OPEN)
        none = np.zeros(len(self.form.mentor))
        if not cost.any():
            return none
        value = self.form.value - self._across @ prices
        value[state[self.form.course] == CLOSED] = -np.inf
        gains = self._gains(value)
        total = np.bincount(self.form.course, gains, minlength=len(cost))
        share = np.minimum(1.0, cost / np.where(total > 0, total, np.inf))
        shares: Floats = gains * share[self.form.course]
        return shares

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

    def descend(self, start: Floats, state: Ints, steps: int) -> Priced:
        """Better prices by a quasi-Newton descent of the bound from ``start``."""
        low, high = self.shared.settled(state)
        bounds = [
            (None if least > 0 else 0.0, None if np.isfinite(most) else 0.0)
            for least, most in zip(low, high, strict=True)
        ]
        scale = max(float(np.abs(self.form.value[np.isfinite(self.form.value)]).max(initial=0.0)), 1e-300)
        best: list[Priced] = [self.at(start, state)]

        def falls(prices: Floats) -> tuple[float, Floats]:
            found = self.at(prices * scale, state)
            if found.bound < best[0].bound:
                best[0] = found
            used = self.shared.matrix @ self.blocks.chosen(found.picks).astype(np.float64)
            slope = np.where(found.prices > 0, high, np.where(found.prices < 0, low, np.clip(used, low, high))) - used
            return found.bound / scale, slope

        minimize(
            falls,
            best[0].prices / scale,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxfun": steps, "ftol": 1e-9},
        )
        return best[0]

    def whole_prices(self, priced: Priced) -> Floats:
        """The budget's price per rupiah (row 0), the other rows' prices as they are."""
        prices = priced.prices.copy()
        prices[0] /= self.shared.unit
        return prices


def _allowed(prices: Floats, low: Floats, high: Floats) -> Floats:
    """Prices that a row can have: none above 0 without an upper limit, none below 0 without a lower one."""
    return np.clip(prices, np.where(low > 0, -np.inf, 0.0), np.where(np.isfinite(high), np.inf, 0.0))


def _limits_worth(prices: Floats, low: Floats, high: Floats) -> float:
    above, below = prices > 0, prices < 0
    return float(prices[above] @ high[above] + prices[below] @ low[below])
