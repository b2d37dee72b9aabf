"""Caution: a plan is valued by what it brings in the fifth of the joint draws that are worst for the whole of it.

The expected shortfall of a sum is the sum of its parts' means over the draws that are worst for the whole (Euler
allocation; Tasche 2002, Journal of Banking & Finance 26, 1519-1533): doubt that places share weighs fully, what evens
out among them hardly. By effect the draws are of growth; by the standard they are of course gains and true scores.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.planning.gains import Z90, CourseGains
from model.planning.standard import standard_value
from training.planning.values import EffectValues
from training.planning.worth import Valued

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WORST = 0.2
"""Share of the draws that a cautious plan counts with (ours)."""
_PIECE = 512  # places drawn at once
_KEPT = 4096  # places up to which their draws are kept for the next round


def at_low_gains(values: Valued, gains: CourseGains) -> Valued:
    """Values by the standard with each course's gain at its low end (5 percent): caution of plans before edition 3."""
    places = values.places
    gain, sd = gains.at(places.course, places.score)
    return replace(values, objective=standard_value(places.score, places.standard, places.needing, gain - Z90 * sd))


class Caution:
    """The joint draws of plain values, and what they say of plans and places."""

    def __init__(self, values: Valued) -> None:
        self._values = values
        self._pieces: list[Floats] | None = list(self._drawn()) if len(values.places) <= _KEPT else None

    def worst(self, chosen: Bools) -> Ints:
        """Numbers of the draws that are worst for the places ``chosen`` (n) together."""
        total = self._total(chosen)
        return np.argsort(total, kind="stable")[: int(WORST * len(total))]

    def shortfall(self, chosen: Bools) -> float:
        """What the places ``chosen`` (n) bring together over the draws that are worst for them."""
        total = np.sort(self._total(chosen))
        return float(total[: int(WORST * len(total))].mean()) + float(self._shift[chosen].sum())

    def counted(self, worst: Ints) -> Valued:
        """Values whose objective is each place's mean over these draws; by effect the standard keeps its say."""
        values = self._values
        share = values.standard_share if isinstance(values, EffectValues) else 0.0
        lost = values.mean - self._tails(worst) - self._shift
        return replace(values, objective=values.objective - (1.0 - share) * lost)

    def _tails(self, draws: Ints) -> Floats:
        return np.concatenate([*(piece[:, draws].mean(axis=1) for piece in self._all()), np.zeros(0)])

    @cached_property
    def _shift(self) -> Floats:
        """What the plan's values lie above the draws' means (n): by the standard a score counts as it was assessed."""
        values = self._values
        if isinstance(values, EffectValues):
            return np.zeros(len(values.mean))
        means = np.concatenate([*(piece.mean(axis=1) for piece in self._all()), np.zeros(0)])
        shift: Floats = values.mean - means
        return shift

    def _total(self, chosen: Bools) -> Floats:
        """Draws (D) of what the places chosen bring together."""
        rows = np.flatnonzero(chosen)
        pieces = (rows[start : start + _PIECE] for start in range(0, max(len(rows), 1), _PIECE))
        total: Floats = np.sum([self._values.draws(piece).sum(axis=0) for piece in pieces], axis=0)
        return total

    def _all(self) -> Iterator[Floats]:
        return iter(self._pieces) if self._pieces is not None else self._drawn()

    def _drawn(self) -> Iterator[Floats]:
        """Joint draws (at most 512, D) of the places' values, piece by piece."""
        for start in range(0, len(self._values.places), _PIECE):
            yield self._values.draws(np.arange(start, min(start + _PIECE, len(self._values.places))))
