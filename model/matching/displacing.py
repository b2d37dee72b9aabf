"""Who displaces whom: what the total loses if a business goes to another of its mentors, and who has to make way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from model.matching.form import Bools, Floats, Ints
from model.matching.matching import Matching
from model.matching.prices import FAR

_CHUNK = 256


@dataclass(frozen=True)
class Displacements:
    """What sending a business elsewhere would cost, with everything else made best again.

    ``loss``: (E) steps for every pair not chosen; FAR where there is no way (no place at all, or locks hold every place
    or the business itself). Per business (N): ``rival``, the row of the least loss, the earlier of equals, −1 for none;
    ``leaver``, the business that would make way there first, −1 where a place is empty; ``goes``, the mentor that this
    one goes to, −1 where it goes unserved or nobody makes way; ``moves``, businesses that change beside its own.
    """

    loss: Ints
    rival: Ints
    leaver: Ints
    goes: Ints
    moves: Ints


def displacements(found: Matching) -> Displacements:
    """Exact losses, by shortest paths from every mentor back to each one that would be left (scipy's Dijkstra).

    The prices make all lengths 0 or more. A pair of a business that is not served has the loss of letting it in.
    """
    form, net = found.form, found.net
    size = form.mentors
    per_business = (np.full(form.businesses, fill, dtype=np.int64) for fill in (-1, -1, -1, 0))
    result = Displacements(np.full(len(form.business), FAR), *per_business)
    locked = np.zeros(form.businesses, dtype=bool)
    locked[form.business[form.locked]] = True
    asked = ~found.chosen & ~locked[form.business] & (found.taken[form.mentor] < FAR)
    home = found.home[form.business]
    left = np.where(home >= 0, form.mentor[home], size)
    graph, potential = _reversed(found)
    gained = form.served + form.whole - np.where(home >= 0, form.served + form.whole[home], 0)
    arcs = {int(key): arc for arc, key in enumerate(net.tail * size + net.head)}
    for targets, asking in _by_target(left, asked):
        lengths, onward = dijkstra(graph, indices=targets, return_predecessors=True)
        away = lengths[np.searchsorted(targets, left[asking]), form.mentor[asking]]
        rows = asking[np.isfinite(away)]
        path = np.rint(away[np.isfinite(away)]).astype(np.int64) - potential[left[rows]] + potential[form.mentor[rows]]
        result.loss[rows] = path - gained[rows]
        order = rows[np.lexsort((rows, result.loss[rows], form.business[rows]))]
        who, first = np.unique(form.business[order], return_index=True)
        result.rival[who] = order[first]
        _first_steps(result, found, who, onward, np.searchsorted(targets, left[order[first]]), arcs)
    return result


def _by_target(left: Ints, asked: Bools) -> Iterator[tuple[Ints, Ints]]:
    """Mentors left (sorted) with the pairs that ask about them, a chunk at a time."""
    rows = np.flatnonzero(asked)
    known = np.unique(left[rows])
    for start in range(0, len(known), _CHUNK):
        targets = known[start : start + _CHUNK]
        yield targets, rows[np.isin(left[rows], targets)]


def _reversed(found: Matching) -> tuple[csr_array, Ints]:
    """The network with every arc turned about, lengths by the prices (0 or more); the sink is the last node."""
    net, size = found.net, found.form.mentors
    potential = np.append(found.taken, 0)
    nodes = np.arange(size)
    sink = np.full(size, size)
    tail = np.concatenate([net.tail, nodes, sink])
    head = np.concatenate([net.head, sink, nodes])
    length = np.concatenate([net.length, net.out, net.back])
    there = (length < FAR) & (potential[tail] < FAR) & (potential[head] < FAR)
    tail, head, length = tail[there], head[there], length[there]
    reduced: Floats = (length + potential[head] - potential[tail]).astype(np.float64)
    return csr_array((reduced, (head, tail)), shape=(size + 1, size + 1)), potential


def _first_steps(
    result: Displacements,
    found: Matching,
    who: Ints,
    onward: NDArray[np.int32],
    at: Ints,
    arcs: Mapping[int, int],
) -> None:
    """Fill in, for the rivals of some businesses, who makes way first, where that one goes, and how many change."""
    form, net, size = found.form, found.net, found.form.mentors
    for business, source in zip(who.tolist(), at.tolist(), strict=True):
        node, steps = int(form.mentor[result.rival[business]]), 0
        following = int(onward[source, node])
        if following == size:
            result.leaver[business] = net.leaver[node]
        elif following >= 0:
            result.leaver[business] = form.business[net.row[arcs[node * size + following]]]
            result.goes[business] = following
        while following >= 0:
            if node == size:
                steps += int(net.comer[following] >= 0)
            elif following == size:
                steps += int(net.leaver[node] >= 0)
            else:
                steps += 1
            node, following = following, int(onward[source, following])
        result.moves[business] = steps
