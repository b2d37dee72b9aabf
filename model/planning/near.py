"""Programmes over the bundles that lie near each mentor's best one: linear for better prices, whole for a plan."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from model.planning.prices import Priced, Pricing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Near:
    """Bundles (b) kept of mentors with a choice left, and what the other mentors' only bundles use already.

    ``value``: (b); ``uses``: (K, b) of the shared rows; ``one``: (m, b) row of each mentor with a choice; ``low``,
    ``high``: (K) what is left of the shared limits; ``settled``: bundles of the mentors without a choice.
    """

    bundles: Ints
    value: Floats
    uses: csr_array
    one: csr_array
    low: Floats
    high: Floats
    settled: Ints
    base: float


def nearest(pricing: Pricing, priced: Priced, most: int) -> Ints:
    """The picks and about ``most`` bundles more, of the smallest losses."""
    losses = priced.losses(pricing.blocks)
    count = min(len(losses) - 1, len(priced.picks) + most)
    limit = max(float(np.partition(losses, count)[count]), 0.0)
    within = np.flatnonzero(losses <= limit)
    return within if np.isfinite(limit) else np.flatnonzero(np.isfinite(losses))


def near(pricing: Pricing, state: Ints, kept: Ints) -> Near:
    """The programme over the bundles ``kept`` where the courses stand as ``state`` says."""
    low, high = pricing.shared.settled(state)
    incidence = pricing.blocks.incidence(kept)
    value = incidence @ pricing.form.value
    uses = csr_array(pricing.shared.matrix @ incidence.T).tocsc()
    owner = np.unique(pricing.blocks.mentor[kept], return_inverse=True)[1]
    free = (np.bincount(owner) > 1)[owner]
    taken = np.asarray(uses[:, ~free].sum(axis=1)).ravel()
    mentor = np.unique(owner[free], return_inverse=True)[1]
    one = csr_array((np.ones(len(mentor)), (mentor, np.arange(len(mentor)))))
    return Near(
        bundles=kept[free],
        value=value[free],
        uses=csr_array(uses[:, free]),
        one=one,
        low=low - taken,
        high=high - taken,
        settled=kept[~free],
        base=float(value[~free].sum()),
    )


def relaxed_prices(programme: Near) -> tuple[Floats, float] | None:
    """Prices (K) of the shared rows by the linear programme, and its value; None where it has no answer."""
    top = np.isfinite(programme.high)
    bottom = programme.low > 0
    if not len(programme.value):
        return np.zeros(len(top)), programme.base
    rows: Any = csr_array(vstack([programme.uses[top], -programme.uses[bottom]]))  # scipy's types know no sparse rows
    one: Any = programme.one
    right = np.r_[programme.high[top], -programme.low[bottom]]
    once = np.ones(programme.one.shape[0])
    found = linprog(-programme.value, A_ub=rows, b_ub=right, A_eq=one, b_eq=once, method="highs-ds")
    if found.x is None:
        return None
    prices, marginals = np.zeros(len(top)), -found.ineqlin.marginals
    prices[top] += marginals[: int(top.sum())]
    prices[bottom] -= marginals[int(top.sum()) :]
    return prices, programme.base - float(found.fun or 0.0)


def better_prices(pricing: Pricing, priced: Priced, state: Ints, *, most: int, rounds: int, close: float) -> Priced:
    """Prices from linear programmes over the nearest bundles, until the bound proven meets the programme's value."""
    best = priced
    for _ in range(rounds):
        solved = relaxed_prices(near(pricing, state, nearest(pricing, best, most)))
        if solved is None:
            most *= 4
            continue
        found = pricing.at(solved[0], state)
        best = found if found.bound < best.bound else best
        if best.bound - solved[1] <= close * abs(best.bound):
            break
        most *= 2
    return best
