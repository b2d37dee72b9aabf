"""Exact interventional Shapley values of tables, by look-up: all expectations are worked out beforehand.

With the features outside a coalition drawn together from a weighted background, a table of one feature gives it
g(x_i) − E g(z_i), and a table h of two gives them ½[E h(x_i, z_j) − E h(z_i, z_j) + h(x_i, x_j) − E h(z_i, x_j)] and
½[E h(z_i, x_j) − E h(z_i, z_j) + h(x_i, x_j) − E h(x_i, z_j)], which are tables of two features again.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.learning.tables import PairTable, Tables

if TYPE_CHECKING:
    from model.learning.lookup_compiled import Kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MANY = 2_000_000
"""From this many rows on a compiled loop is worth the seconds its compiler takes."""


class SharePair(NamedTuple):
    """``shares``: (bins of ``first``, bins of ``second``, 2) what both features get."""

    first: int
    second: int
    shares: Floats


@dataclass(frozen=True)
class Lookup:
    """``base``: mean prediction over the background; ``own``: per feature what it gets by its own table, for each bin.

    ``joint``: what the tables of two give both.
    """

    tables: Tables
    base: float
    own: tuple[Floats, ...]
    joint: tuple[SharePair, ...]

    @cached_property
    def alone(self) -> dict[int, Floats]:
        """Share for each bin of every feature that is in no pair."""
        paired = {place for pair in self.joint for place in (pair.first, pair.second)}
        return {place: shares for place, shares in enumerate(self.own) if place not in paired}

    @cached_property
    def pairs(self) -> tuple[SharePair, ...]:
        """The tables of two; what a feature gets by its own table stands inside the first that it is in."""
        seen: set[int] = set()
        found = []
        for pair in self.joint:
            shares = pair.shares.copy()
            if pair.first not in seen:
                shares[:, :, 0] += self.own[pair.first][:, None]
            if pair.second not in seen:
                shares[:, :, 1] += self.own[pair.second][None, :]
            seen |= {pair.first, pair.second}
            found.append(pair._replace(shares=shares))
        return tuple(found)

    def explain(self, X: Floats) -> Floats:
        """(n, F) shares of (n, F) rows, NaN missing: ``base`` + row sum = prediction."""
        if len(X) >= MANY:
            compiled = self.compiled
            if compiled is not None:
                return compiled.explain(X)
        return self.at(self.tables.codes(X))

    def at(self, codes: Integers) -> Floats:
        """(n, F) shares of rows given by their bins."""
        shares = np.zeros(codes.shape)
        for place, own in self.alone.items():
            shares[:, place] = own[codes[:, place]]
        for pair in self.pairs:
            both = pair.shares[codes[:, pair.first], codes[:, pair.second]]
            shares[:, pair.first] += both[:, 0]
            shares[:, pair.second] += both[:, 1]
        return shares

    @cached_property
    def compiled(self) -> "Kernel | None":
        """The same as a compiled loop; None where there is no compiler."""
        try:
            from model.learning.lookup_compiled import kernel_of  # noqa: PLC0415 - the compiler takes long to import
        except ImportError:
            return None
        return kernel_of(self.tables.edges, self.own, self.joint)


def lookup_of(tables: Tables, background: Integers, weights: Floats) -> Lookup:
    """Work out every expectation.

    Args:
        tables: the prediction.
        background: (b, F) bins of the background rows.
        weights: (b) their weights, summing to 1.
    """
    base, own, joint = tables.offset, [], []
    for place, main in enumerate(tables.mains):
        mean = float(weights @ main[background[:, place]])
        own.append(main - mean)
        base += mean
    for pair in tables.pairs:
        mean, shares = _both(pair, background, weights)
        base += mean
        joint.append(SharePair(pair.first, pair.second, shares))
    return Lookup(tables, base, tuple(own), tuple(joint))


def _both(pair: PairTable, background: Integers, weights: Floats) -> tuple[float, Floats]:
    """Mean of a table of two over the background, and what it gives both features."""
    z, w = background[:, pair.first], background[:, pair.second]
    whole = pair.values
    mean = float(weights @ whole[z, w])
    first = (whole[:, w] @ weights)[:, None]  # E h(x_i, z_j)
    second = (weights @ whole[z])[None, :]  # E h(z_i, x_j)
    return mean, np.stack([whole - mean + first - second, whole - mean + second - first], axis=2) / 2
