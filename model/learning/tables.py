"""A prediction as a sum of tables: one for each feature and one for each pair of features that work together.

f(x) = offset + Σ_i main_i[bin of x_i] + Σ_k pair_k[bin of x_i, bin of x_j]. Boosted trees whose branches see at most
two features are exactly this (model/learning/monotone.py). Plain arrays, so that a file of them can run no code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class PairTable:
    """``values``: (bins of ``first``, bins of ``second``), two features by their places."""

    first: int
    second: int
    values: Floats


@dataclass(frozen=True)
class Tables:
    """``edges``: per feature its thresholds, ascending; ``mains``: per feature a value for each bin; ``pairs``.

    Bin b holds edges[b − 1] < x ≤ edges[b]; the bin after the last holds what is greater than every edge, and one more
    what is missing (NaN). A text is held by its code 0, 1, ….
    """

    offset: float
    edges: tuple[Floats, ...]
    mains: tuple[Floats, ...]
    pairs: tuple[PairTable, ...]

    def __post_init__(self) -> None:
        """Refuse tables that do not fit together.

        Raises:
            ValueError: a table of another size than its edges ask, edges that do not ascend, a value not finite.
        """
        sizes = [len(edges) + 2 for edges in self.edges]
        fits = [len(main) for main in self.mains] == sizes
        fits &= all(pair.values.shape == (sizes[pair.first], sizes[pair.second]) for pair in self.pairs)
        fits &= all(bool((np.diff(edges) > 0).all()) and bool(np.isfinite(edges).all()) for edges in self.edges)
        finite = (np.isfinite(table).all() for table in (*self.mains, *(pair.values for pair in self.pairs)))
        if not (fits and all(finite) and np.isfinite(self.offset)):
            raise ValueError("tables that do not fit together")

    def codes(self, X: Floats) -> Integers:
        """(n, F) bin of every value of (n, F) rows."""
        found = np.empty(X.shape, dtype=np.int64)
        for place, edges in enumerate(self.edges):
            column = X[:, place]
            found[:, place] = np.where(np.isnan(column), len(edges) + 1, np.searchsorted(edges, column, side="left"))
        return found

    def at(self, codes: Integers) -> Floats:
        """(n) predictions of rows given by their bins."""
        total = np.full(len(codes), self.offset)
        for place, main in enumerate(self.mains):
            total += main[codes[:, place]]
        for pair in self.pairs:
            total += pair.values[codes[:, pair.first], codes[:, pair.second]]
        return total

    def predict(self, X: Floats) -> Floats:
        """(n) predictions of (n, F) rows, NaN missing."""
        return self.at(self.codes(X))

    def with_missing_at_mean(self, codes: Integers) -> "Tables":
        """The same, except that a feature never missing in these rows stands, where it is missing, at their mean.

        Trees send a missing value they never met to either side; at the mean it says nothing instead.
        """
        count = len(codes)
        columns = zip(codes.T, self.mains, strict=True)
        shares = [np.bincount(column, minlength=len(main)) / count for column, main in columns]
        mains = tuple(_at_mean(main, share) for main, share in zip(self.mains, shares, strict=True))
        pairs = []
        for pair in self.pairs:
            rows = _at_mean(pair.values, shares[pair.first])
            pairs.append(PairTable(pair.first, pair.second, _at_mean(rows.T, shares[pair.second]).T))
        return Tables(self.offset, self.edges, mains, tuple(pairs))

    def as_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays, for the model file."""
        return {
            "offset": np.array([self.offset]),
            "edge_counts": np.array([len(edges) for edges in self.edges], dtype=np.int64),
            "edges": _joined(self.edges),
            "mains": _joined(self.mains),
            "pair_places": np.array([(p.first, p.second) for p in self.pairs], dtype=np.int64).reshape(-1, 2),
            "pair_values": _joined([pair.values.ravel() for pair in self.pairs]),
        }

    @classmethod
    def from_arrays(cls, plain: Mapping[str, NDArray[Any]]) -> "Tables":
        """Back from :meth:`as_arrays`.

        Raises:
            ValueError: arrays that do not fit together.
        """
        counts = plain["edge_counts"]
        sizes, places = counts + 2, plain["pair_places"]
        areas = sizes[places[:, 0]] * sizes[places[:, 1]]
        blocks = _parted(plain["pair_values"], areas)
        pairs = [
            PairTable(int(i), int(j), block.reshape(sizes[i], sizes[j]))
            for (i, j), block in zip(places, blocks, strict=True)
        ]
        edges, mains = _parted(plain["edges"], counts), _parted(plain["mains"], sizes)
        return cls(float(plain["offset"][0]), tuple(edges), tuple(mains), tuple(pairs))


def _at_mean(values: Floats, shares: Floats) -> Floats:
    """A table whose last entry along the first axis is the mean over the others, where that was never met."""
    if shares[-1] > 0:
        return values
    filled = values.copy()
    filled[-1] = shares @ values
    return filled


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate([np.zeros(0), *parts])


def _parted(whole: Floats, sizes: Integers) -> list[Floats]:
    if len(whole) != int(sizes.sum()) or (len(sizes) and sizes.min() < 0):
        raise ValueError("arrays that do not fit together")
    return np.split(whole, np.cumsum(sizes)[:-1]) if len(sizes) else []
