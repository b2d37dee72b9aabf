"""The best plan for a form: by the ladder over bundles, or as one whole problem where bundles are too many."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.planning.blocks import Blocks, lacking, list_blocks
from model.planning.branching import Found, Search
from model.planning.ladder import Ladder, climb_states
from model.planning.plan_form import PlanForm, as_selection, broken_rules
from model.planning.prices import CLOSED, HELD
from model.planning.selection import Infeasible, Solution, preferring, proven_of, solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_RELAXED_UP_TO = 40_000
"""Candidates up to which courses are settled by linear programmes; beyond, by prices alone."""


def best_plan(form: PlanForm, blocks: Blocks | None = None, *, searching: bool = True) -> Solution:
    """The plan of the largest value; ``chosen`` is (n), and no rule is broken.

    The same form gives the same plan; among equal values the earlier candidate is preferred (by 1e-7 of its value).
    ``blocks``: the form's bundles where they are listed already; values, budget and seats do not change them.
    ``searching``: see :class:`~model.planning.ladder.Ladder`.

    Raises:
        Infeasible: the locked places and floors cannot all be had.
        Unsolved: the search ended before anything was found.
        RuntimeError: the answer broke a rule (a fault of ours).
    """
    found = _by_ladder(form, blocks, searching=searching)
    if found is None:
        found = solve(as_selection(form))
        found = replace(found, chosen=found.chosen[: len(form.mentor)])
    broken = broken_rules(form, found.chosen)
    if broken:
        raise RuntimeError(f"the plan breaks: {', '.join(sorted(broken))}")
    return found


def _by_ladder(form: PlanForm, listed: Blocks | None, *, searching: bool) -> Solution | None:
    """The plan by the ladder; None where there is nothing to climb, or it ends without a plan."""
    blocks = listed or (list_blocks(form) if len(form.mentor) else None)
    if blocks is None:
        return None
    if lacking(form, blocks):
        raise Infeasible
    value, scale = preferring(form.value)
    ladder = Ladder(replace(form, value=value), blocks, searching=searching)
    asks = (form.fixed > 0) | (form.least > 1)
    if not asks.any():
        bound = ladder.settle(np.full(len(asks), HELD))
    elif len(form.mentor) <= _RELAXED_UP_TO:
        bound = Search(as_selection(ladder.form), _Leaf(ladder, np.flatnonzero(asks))).run().bound
    else:
        bound = climb_states(ladder)
    if ladder.chosen is None:
        return None
    return proven_of(form.value, ladder.chosen, max(bound, ladder.value) / scale)


class _Leaf:
    """Solves a form whose courses are settled, for the search over courses."""

    def __init__(self, ladder: Ladder, asking: Ints) -> None:
        self._ladder, self._asking = ladder, asking

    def __call__(self, _: Floats, upper: Floats) -> Found:
        """The best plan where the courses' options have this upper limit, if it is better than all before."""
        ladder, n = self._ladder, len(self._ladder.form.mentor)
        state = np.full(len(ladder.form.fixed), HELD)
        state[self._asking[upper[n:] < 0.5]] = CLOSED
        before = ladder.value
        bound = ladder.settle(state)
        if ladder.chosen is None or ladder.value == before:
            return Found(None, bound)
        held = (state[self._asking] == HELD).astype(np.float64)
        return Found(np.r_[ladder.chosen.astype(np.float64), held], bound)
