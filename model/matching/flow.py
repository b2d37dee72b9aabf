"""The exact answer: a maximum flow of least cost, from businesses over mentors to their places (OR-Tools)."""

import numpy as np
from numpy.typing import NDArray

from model.matching.form import Bools, Ints, MatchForm


class Overfull(Exception):  # noqa: N818 - an answer of the solver, turned into a refusal by the caller
    """The locked pairs need more places than there are; ``mentors``: whose."""

    def __init__(self, mentors: Ints) -> None:
        super().__init__("locked pairs beyond the places")
        self.mentors = mentors


def best_flow(form: MatchForm) -> Bools:
    """The pairs (E) of a best matching: most businesses served, then the largest total.

    The same form gives the same answer. The flow serves as many businesses as any could before it looks at costs, so
    that no weight has to stand for "served".

    Raises:
        Overfull: more pairs of a mentor are locked than it has places.
        ValueError: a business is locked to two mentors.
    """
    chosen = form.locked.copy()
    taken = np.bincount(form.mentor[chosen], minlength=form.mentors)
    if (taken > form.places).any():
        raise Overfull(np.flatnonzero(taken > form.places))
    settled = np.bincount(form.business[chosen], minlength=form.businesses)
    if (settled > 1).any():
        raise ValueError("a business is locked to two mentors")
    open_rows = np.flatnonzero(settled[form.business] == 0)
    if len(open_rows):
        chosen[open_rows[_flow(form.take(open_rows), form.places - taken, np.maximum(form.fair - taken, 0))]] = True
    return chosen


def _flow(form: MatchForm, places: Ints, fair: Ints) -> NDArray[np.int64]:
    """Rows that carry the flow."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - its import takes longer than a small answer

    mentors = np.arange(form.mentors)
    free, charged = np.minimum(places, fair), np.maximum(places - fair, 0)
    sink = form.businesses + form.mentors
    count = len(form.business)
    tail = np.concatenate([form.business, form.businesses + mentors, form.businesses + mentors])
    head = np.concatenate([form.businesses + form.mentor, np.full(2 * form.mentors, sink)])
    room = np.concatenate([np.ones(count, dtype=np.int64), free, charged])
    cost = np.concatenate([form.whole.max() - form.whole, np.zeros_like(free), np.full(form.mentors, form.charge)])
    keep = room > 0
    supplies = np.zeros(sink + 1, dtype=np.int64)
    supplies[np.unique(form.business)] = 1
    supplies[sink] = -int(supplies.sum())
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tail[keep], head[keep], room[keep], cost[keep])
    solver.set_nodes_supplies(np.arange(sink + 1), supplies)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow was not solved: {status}")
    return np.flatnonzero(solver.flows(np.arange(count)))
