"""Whole programmes over the bundles that lie near each mentor's best one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from model.planning.prices import Priced, Pricing
from model.planning.quiet import output_to_error

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SCALE = 1e4  # the largest value as the solver sees it


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


def reach(pricing: Pricing, priced: Priced, most: int) -> float:
    """The loss up to which lie the picks and about ``most`` bundles more; ∞ where there are no more."""
    losses = priced.losses(pricing.blocks)
    count = min(len(losses) - 1, len(priced.picks) + most)
    return max(float(np.partition(losses, count)[count]), 0.0)


def no_further(pricing: Pricing, priced: Priced, loss: float) -> Ints:
    """The bundles whose loss is at most this; those in closed courses are never among them."""
    losses = priced.losses(pricing.blocks)
    return np.flatnonzero((losses <= loss) & np.isfinite(losses))


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
    shape = (int(mentor.max(initial=-1)) + 1, len(mentor))
    one = csr_array((np.ones(len(mentor)), (mentor, np.arange(len(mentor)))), shape=shape)
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


def some_near(programme: Near, nodes: int, gap: float) -> Ints | None:
    """Good bundles of the programme by the solver's own search within so many nodes; its bound is not used.

    ``gap``: at which it may stop.
    """
    if not len(programme.value):
        return programme.settled
    scale = _SCALE / (float(np.max(np.abs(programme.value))) or 1.0)
    low = np.where(programme.low > 0, programme.low, -np.inf)
    with output_to_error():
        found = milp(
            -programme.value * scale,
            integrality=np.ones(len(programme.value), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=[LinearConstraint(programme.uses, low, programme.high), LinearConstraint(programme.one, 1, 1)],
            options={"node_limit": nodes, "mip_rel_gap": gap},
        )
    return None if found.x is None else np.r_[programme.settled, programme.bundles[found.x > 0.5]]
