"""The matching problem as sparse arrays, its worth in whole steps, and an independent check of every answer."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FINEST = 1e9
"""Most steps to the largest worth: what lies beyond nine figures is no difference between mentors."""
_EXACT = float(2**47)
_NOTHING = 1e-200  # worth that all lies below this counts as none: a finer step would be beyond any number
"""Up to here, and somewhat beyond, whole numbers are exact as floats too."""


@dataclass(frozen=True)
class MatchForm:
    """Candidate pairs (E), in order of business, then mentor; each pair once.

    ``business``: 0..``businesses``−1; ``mentor``: 0..M−1. ``worth``: what a pair adds to the sum (E), any unit, finite.
    ``places``: (M) businesses a mentor can take. ``locked``: (E) pairs that must stand. ``held``: (E) pairs of a former
    answer; where there are any, as many of them as possible stay, before worth is looked at. ``fair``: (M) places that
    are free of charge; each one beyond costs ``load``, so that work spreads.

    Raises:
        ValueError: arrays that do not fit each other, worth that is not finite, places below 0.
    """

    businesses: int
    business: Ints
    mentor: Ints
    worth: Floats
    places: Ints
    locked: Bools
    held: Bools
    fair: Ints
    load: float = 0.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.worth).all() and np.isfinite(self.load) and self.load >= 0):
            raise ValueError("worth and load must be finite numbers, load 0 or more")
        if (self.places < 0).any() or (self.fair < 0).any() or len(self.fair) != len(self.places):
            raise ValueError("places must be 0 or more, with a fair share each")
        if not len(self.business) == len(self.mentor) == len(self.worth) == len(self.locked) == len(self.held):
            raise ValueError("the arrays of the pairs differ in length")
        if (np.diff(self.key) <= 0).any():
            raise ValueError("pairs must come in order of business, then mentor, each once")

    @staticmethod
    def plain(businesses: int, business: Ints, mentor: Ints, worth: Floats, places: Ints) -> "MatchForm":
        """A form without locks, former pairs or charges; pairs in any order."""
        order = np.lexsort((mentor, business))
        none = np.zeros(len(order), dtype=bool)
        return MatchForm(businesses, business[order], mentor[order], worth[order], places, none, none, places)

    def take(self, rows: Ints | Bools) -> "MatchForm":
        """Only these pairs, in their order."""
        per_pair = ("business", "mentor", "worth", "locked", "held")
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name in per_pair})

    @property
    def mentors(self) -> int:
        """Number of mentors M."""
        return len(self.places)

    @property
    def key(self) -> Ints:
        """One number a pair (E): business × M + mentor."""
        return self.business * max(self.mentors, 1) + self.mentor

    @cached_property
    def steps(self) -> float:
        """Whole steps to a unit of worth: a power of ten, as fine as exact arithmetic on every rank allows."""
        nodes = float(self.businesses + self.mentors + 2)
        ranks = nodes**2 if self.held.any() else nodes
        most = max(float(np.max(np.abs(self.worth), initial=0.0)), self.load)
        most = most if most > _NOTHING else 1.0
        return float(10.0 ** np.floor(np.log10(min(FINEST, _EXACT / ranks) / most)))

    @cached_property
    def charge(self) -> int:
        """``load`` in whole steps."""
        return round(self.load * self.steps)

    @cached_property
    def whole(self) -> Ints:
        """Worth in whole steps (E); a former pair has one ``move`` more."""
        whole: Ints = np.rint(self.worth * self.steps).astype(np.int64) + self.held * np.int64(self.move)
        return whole

    @cached_property
    def move(self) -> int:
        """Steps that a former pair counts for beyond its worth: more than all worth together; 0 without any."""
        return self._more_than(float(np.max(np.abs(self.worth), initial=0.0)) * self.steps) if self.held.any() else 0

    @cached_property
    def served(self) -> int:
        """Steps that a business served counts for: more than all former pairs and worth together."""
        return self._more_than(float(np.max(np.abs(self.whole), initial=0)))

    def _more_than(self, most: float) -> int:
        """More than whatever all businesses' worth and charges can change."""
        return 2 * (int(most) + self.charge + 2) * (self.businesses + 1)


def broken(form: MatchForm, chosen: Bools) -> list[str]:
    """Names of the rules that a choice of pairs (E) breaks: business, places, lock; worked out without the solver."""
    rules = {
        "business": (np.bincount(form.business[chosen], minlength=form.businesses) > 1).any(),
        "places": (np.bincount(form.mentor[chosen], minlength=form.mentors) > form.places).any(),
        "lock": (form.locked & ~chosen).any(),
    }
    return [name for name, there in rules.items() if there]


def total(form: MatchForm, chosen: Bools) -> int:
    """Sum of worth of a choice, less the charges for places beyond the fair share, in whole steps."""
    used = np.bincount(form.mentor[chosen], minlength=form.mentors)
    return int(form.whole[chosen].sum()) - form.charge * int(np.maximum(used - form.fair, 0).sum())
