"""A predictor made of one- and two-way tables over cells of its features.

f(x) = base + Σ_i g_i(x_i) + Σ_(i,j) h_ij(x_i, x_j). A feature's values are parted into cells by its edges; a missing
value, or one nothing is known of, has the last cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Tables:
    """``base``; ``mains``: per feature its table (cells); ``places``: the features of each pair; ``pairs``: (c, d)."""

    base: float
    mains: tuple[Floats, ...]
    places: tuple[tuple[int, int], ...]
    pairs: tuple[Floats, ...]

    def predict(self, cells: Integers) -> Floats:
        """Predicted outcome of coded rows (n, F)."""
        predicted = np.full(len(cells), self.base)
        for feature, table in enumerate(self.mains):
            predicted += table[cells[:, feature]]
        for (first, second), table in zip(self.places, self.pairs, strict=True):
            predicted += table[cells[:, first], cells[:, second]]
        return predicted

    def __add__(self, other: "Tables") -> "Tables":
        """The sum of two predictors over the same cells and pairs."""
        return Tables(
            self.base + other.base,
            tuple(a + b for a, b in zip(self.mains, other.mains, strict=True)),
            self.places,
            tuple(a + b for a, b in zip(self.pairs, other.pairs, strict=True)),
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays for the model file."""
        return {
            "tables_base": np.array([self.base]),
            "tables_mains": np.concatenate(self.mains),
            "tables_places": np.array(self.places, dtype=np.int64).reshape(-1, 2),
            "tables_pairs": np.concatenate([np.zeros(0), *(table.ravel() for table in self.pairs)]),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]], sizes: Sequence[int]) -> "Tables":
        """Back from :meth:`arrays`; ``sizes``: cells of each feature.

        Raises:
            ValueError: tables that do not fit the cells.
        """
        places = tuple((int(i), int(j)) for i, j in arrays["tables_places"])
        mains = parted(arrays["tables_mains"], sizes)
        pairs = parted(arrays["tables_pairs"], [sizes[i] * sizes[j] for i, j in places])
        shaped = tuple(table.reshape(sizes[i], sizes[j]) for table, (i, j) in zip(pairs, places, strict=True))
        return cls(float(arrays["tables_base"][0]), mains, places, shaped)


def parted(values: Floats, sizes: Sequence[int]) -> tuple[Floats, ...]:
    """``values`` cut into pieces of these sizes.

    Raises:
        ValueError: more or fewer values than the sizes ask for.
    """
    if len(values) != sum(sizes):
        raise ValueError(f"{len(values)} values for tables of {sum(sizes)} cells")
    return tuple(np.split(values, np.cumsum(np.asarray(sizes, dtype=np.int64))[:-1]))


def edges_of(values: Floats, most: int) -> Floats:
    """Edges between cells of about equally many known values: halfway between neighbours where these are few."""
    known = np.unique(values[~np.isnan(values)])
    if len(known) <= most:
        return (known[1:] + known[:-1]) / 2.0
    return np.unique(np.quantile(values[~np.isnan(values)], np.arange(1, most) / most))


def cells_of(values: Floats, edges: Floats) -> Integers:
    """Cell of each value: 0 up to the number of edges, a value at an edge below it; missing: the one after."""
    cells = np.searchsorted(edges, values, side="left")
    return np.where(np.isnan(values), len(edges) + 1, cells).astype(np.int64)


def coded(X: Floats, edges: Sequence[Floats]) -> Integers:
    """Cells (n, F) of raw rows (n, F), NaN missing."""
    return np.stack([cells_of(column, own) for column, own in zip(X.T, edges, strict=True)], axis=1)
