"""Large candidate sets: solve over a few candidates of each business, bring in those that gain at the prices found."""

import numpy as np
from numpy.typing import NDArray

from model.matching.flow import best_flow
from model.matching.form import Bools, Ints, MatchForm
from model.matching.prices import gains, network, to_sink

FEW = 20
"""Candidates of a business that the first search looks at."""
_MORE = 5
"""Candidates of a business that one round brings in at most."""


def search(form: MatchForm) -> Bools:
    """Pairs (E) of a best matching over all pairs of the form, however many.

    Raises:
        Overfull: more pairs of a mentor are locked than it has places.
    """
    if len(form.business) <= 2 * FEW * form.businesses:
        return best_flow(form)
    rows = _first(form)
    while True:
        small = form.take(rows)
        chosen = best_flow(small)
        more = _gaining(form, rows, to_sink(network(small, chosen)))
        if not len(more):
            whole = np.zeros(len(form.business), dtype=bool)
            whole[rows[chosen]] = True
            return whole
        rows = np.union1d(rows, more)


def _first(form: MatchForm) -> Ints:
    """Half of the few by worth, half in turn, so that not all ask for the same mentors; former and locked pairs too.

    The pair of the largest worth is among them, so that the steps of worth stay those of the whole form.
    """
    start = np.searchsorted(form.business, np.arange(form.businesses + 1))
    count = np.diff(start)[form.business]
    place = np.arange(len(form.business)) - start[form.business]
    turn = (place - form.business) % count
    keep = (_place_by(form, form.worth) < FEW // 2) | (turn < FEW // 2) | form.held | form.locked
    keep[np.argmax(np.abs(form.worth))] = True
    return np.flatnonzero(keep)


def _place_by(form: MatchForm, figure: NDArray[np.number]) -> Ints:
    """Place (E) of each pair among its business's own by a figure, the largest first."""
    order = np.lexsort((-figure, form.business))
    start = np.searchsorted(form.business, np.arange(form.businesses + 1))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - start[form.business[order]]
    return place


def _gaining(form: MatchForm, rows: Ints, price: Ints) -> Ints:
    """Pairs outside ``rows`` that would give a business more than its best pair inside, a few a business."""
    gain = gains(form, price)
    inside = np.zeros(form.businesses, dtype=np.int64)
    np.maximum.at(inside, form.business[rows], gain[rows])
    excess = gain - inside[form.business]
    excess[rows] = 0
    return np.flatnonzero((excess > 0) & (_place_by(form, excess) < _MORE))
