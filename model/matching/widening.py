"""Large problems: solve over the pairs that rough prices leave in question, bring in those that gain at exact ones.

Rough prices rise where more businesses would come than there are places. Most pairs are far from the best of their
business at such prices and never enter; whether one of them should have is settled by the exact prices afterwards, so
that the answer is the best over all pairs.
"""

import numpy as np
from numpy.typing import NDArray

from model.matching.flow import best_flow
from model.matching.form import Bools, Ints, MatchForm
from model.matching.prices import FAR, gains, network, to_sink

SMALL, HUGE = 50_000, 15_000_000
"""Pairs up to which the whole problem is solved at once, and from which on it never is (2 GB)."""
_MANY = 40
"""Pairs of a business, in the mean, from which on rough prices leave too much in question to save time."""
_EACH = 5
"""Pairs of a business, in the mean, that the first search looks at."""
_MORE, _NEARLY = 5, 0.1
"""Pairs of a business that one round brings in at most; how near to gaining they are, standard deviations of worth."""
_TRIES = 2
"""Searches over some pairs; if prices still ask for more, all are looked at."""
_ROUNDS, _STEP, _SLOWER = 20, 0.3, 0.93
"""Rounds of rough prices; the first step in standard deviations of worth, and how it shrinks."""


def search(form: MatchForm) -> Bools:
    """Pairs (E) of a best matching over all pairs of the form, however many.

    Raises:
        Overfull: more pairs of a mentor are locked than it has places.
    """
    pairs = len(form.business)
    if pairs <= max(SMALL, _EACH * form.businesses) or _MANY * form.businesses < pairs < HUGE:
        return best_flow(form)
    rows, tried = _first(form), 0
    while tried < _TRIES or pairs >= HUGE:
        small = form.take(rows)
        chosen = best_flow(small)
        more = _gaining(form, rows, to_sink(network(small, chosen)))
        if not len(more):
            whole = np.zeros(len(form.business), dtype=bool)
            whole[rows[chosen]] = True
            return whole
        rows, tried = np.union1d(rows, more), tried + 1
    return best_flow(form)


def _first(form: MatchForm) -> Ints:
    """The pairs nearest to the best of their business at rough prices, and all former and locked ones.

    The pair of the largest worth is among them, so that the steps of worth stay those of the whole form.
    """
    short = _at_rough_prices(form)
    most = min(_EACH * form.businesses, len(short)) - 1
    keep = (short <= np.partition(short, most)[most]) | form.held | form.locked
    keep[np.argmax(np.abs(form.worth))] = True
    return np.flatnonzero(keep)


def _at_rough_prices(form: MatchForm) -> NDArray[np.float32]:
    """How far each pair (E) is below the best of its business, at prices that rise for mentors whom too many want."""
    first = np.flatnonzero(np.diff(form.business, prepend=-1))
    counts = np.diff(np.append(first, len(form.business)))
    worth, price = form.worth.astype(np.float32), np.zeros(form.mentors, dtype=np.float32)
    step = np.float32(_STEP * worth.std())
    for _ in range(_ROUNDS):
        gain = worth - price[form.mentor]
        short: NDArray[np.float32] = np.repeat(np.maximum.reduceat(gain, first), counts) - gain
        wanted = np.bincount(form.mentor[short <= 0], minlength=form.mentors)
        excess = np.clip((wanted - form.places) / np.maximum(form.places, 1), -1, 1).astype(np.float32)
        price = np.maximum(price + step * excess, 0)
        step *= np.float32(_SLOWER)
    return short


def _gaining(form: MatchForm, rows: Ints, price: Ints) -> Ints:
    """Pairs outside ``rows`` that gain more at these prices than all their business's pairs inside; few a business.

    Where there are any, those come too that nearly do, because the prices will move.
    """
    gain = gains(form, price)
    inside = np.zeros(form.businesses, dtype=np.int64)
    np.maximum.at(inside, form.business[rows], gain[rows])
    excess = gain - inside[form.business]
    excess[rows] = -FAR
    if not (excess > 0).any():
        return np.zeros(0, dtype=np.int64)
    found = np.flatnonzero(excess > -_NEARLY * form.worth.std() * form.steps)
    order = found[np.lexsort((-excess[found], form.business[found]))]
    _, first, counts = np.unique(form.business[order], return_index=True, return_counts=True)
    return np.sort(order[np.arange(len(order)) - np.repeat(first, counts) < _MORE])
