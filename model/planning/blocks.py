"""Bundles: every set of courses that one mentor may get, so that a plan picks one bundle for each mentor.

All rules within a mentor (courses per mentor, one per area, prerequisites, hours, locks) are settled once, when the
bundles are listed. What is left are the few rows that mentors share: budget, seats, floors, caps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from model.planning.plan_form import PlanForm

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_BUNDLES = 6_000_000
"""More than these are not listed; the plan is then solved as one whole problem."""
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Blocks:
    """Bundles (B) of M mentors, in order of mentor.

    ``rows``: (B, N) candidates of a bundle, n where it has fewer; ``mentor``: (B) from 0, only mentors that have
    candidates; ``starts``: (M) first bundle of each.
    """

    rows: Ints
    mentor: Ints
    starts: Ints
    count: int

    def sums(self, each: Floats) -> Floats:
        """Σ over a bundle's candidates (B) of what ``each`` (n) has."""
        padded = np.append(each, 0.0)
        total: Floats = padded[self.rows[:, 0]]
        for column in range(1, self.rows.shape[1]):
            total = total + padded[self.rows[:, column]]
        return total

    def best(self, worth: Floats) -> tuple[Floats, Ints]:
        """Largest worth (M) of each mentor's bundles (``worth``: (B)), and the first bundle that has it."""
        top = np.maximum.reduceat(worth, self.starts)
        at = np.flatnonzero(worth == top[self.mentor])
        _, first = np.unique(self.mentor[at], return_index=True)
        return top, at[first]

    def chosen(self, bundles: Ints) -> Bools:
        """The candidates (n) of some bundles."""
        picked = np.zeros(self.count + 1, dtype=bool)
        picked[self.rows[bundles].ravel()] = True
        return picked[: self.count]

    def incidence(self, bundles: Ints) -> csr_array:
        """(b, n) of 0 and 1: which candidates the bundles hold."""
        rows = self.rows[bundles]
        bundle, column = np.nonzero(rows < self.count)
        made = (np.ones(len(bundle)), (bundle, rows[bundle, column]))
        return csr_array(made, shape=(len(bundles), self.count))


def list_blocks(form: PlanForm) -> Blocks | None:
    """Every bundle that keeps the rules within its mentor; None where they would be too many.

    A mentor whose locks no bundle can hold has none, and is missing (:func:`lacking` tells).
    """
    names, mentor = np.unique(form.mentor, return_inverse=True)
    seen, course = np.unique(form.course, return_inverse=True)
    place = np.full((len(names), len(seen)), -1, dtype=np.int64)
    place[mentor, course] = np.arange(len(mentor))
    size = min(form.per_mentor, len(seen))
    made = [np.full((len(names), size), len(mentor), dtype=np.int64)]
    grown, total = [(made[0], np.arange(len(names)), np.full(len(names), -1))], len(names)
    for depth in range(size):
        grown = [_with(form, place, number, depth, piece) for piece in grown for number in range(len(seen))]
        grown = [piece for piece in grown if len(piece[0])]
        total += sum(len(piece[0]) for piece in grown)
        if total > MOST_BUNDLES:
            return None
        made += [piece[0] for piece in grown]
    return _ordered(form, mentor, np.concatenate(made), len(names))


def _with(
    form: PlanForm, place: Ints, course: int, depth: int, piece: tuple[Ints, Ints, Ints]
) -> tuple[Ints, Ints, Ints]:
    """Bundles with one more course, of a higher number than all they hold, and in an area they lack."""
    rows, mentor, last = piece
    added = place[mentor, course]
    fits = (added >= 0) & (last < course)
    areas = np.append(form.area, -1)
    for column in range(depth):
        fits &= areas[rows[:, column]] != areas[added]
    longer = rows[fits].copy()
    longer[:, depth] = added[fits]
    for limit in form.limits:
        if len(longer) and limit.within:
            weight = np.append(limit.weight, 0.0)[longer].sum(axis=1)
            keep = weight <= limit.high[limit.group[added[fits]]] + _TOLERANCE
            longer, fits = longer[keep], _narrow(fits, keep)
    return longer, mentor[fits], np.full(len(longer), course)


def _narrow(fits: Bools, keep: Bools) -> Bools:
    narrowed = np.zeros_like(fits)
    narrowed[np.flatnonzero(fits)[keep]] = True
    return narrowed


def _ordered(form: PlanForm, mentor: Ints, rows: Ints, mentors: int) -> Blocks:
    """Bundles that hold what they require and every lock of their mentor, in order of mentor."""
    count = len(form.mentor)
    owner = np.append(mentor, -1)
    whose = np.full(len(rows), -1)
    whose[:mentors] = np.arange(mentors)
    whose[mentors:] = owner[rows[mentors:, 0]]
    needs, locks = np.append(form.requires, -1)[rows], np.append(form.locked, False)[rows]
    held = np.all((needs < 0) | np.any(needs[:, :, None] == rows[:, None, :], axis=2), axis=1)
    wanted = np.bincount(mentor[form.locked], minlength=mentors)
    good = held & (locks.sum(axis=1) == wanted[whose])
    rows, whose = rows[good], whose[good]
    order = np.argsort(whose, kind="stable")
    rows, whose = rows[order], whose[order]
    _, starts, numbers = np.unique(whose, return_index=True, return_inverse=True)
    return Blocks(rows, numbers.astype(np.int64), starts.astype(np.int64), count)


def lacking(form: PlanForm, blocks: Blocks) -> bool:
    """Whether some mentor's locks fit no bundle."""
    return len(blocks.starts) < len(np.unique(form.mentor))
