"""The look-up of shares as one compiled loop over rows, for bulk: a row is coded and explained in one pass.

Nothing is cached on disk: what runs is what stands here. Each feature has a grid of equal cells that tells the first
bin its cell may hold, so that a value is placed in a step or two.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.learning.lookup import Lookup

Floats = NDArray[np.float64]

_CELLS_AN_EDGE = 4


@dataclass(frozen=True)
class Kernel:
    """``parts``: the arrays the loop reads; see :func:`kernel_of`."""

    parts: tuple[Any, ...]

    def explain(self, X: Floats) -> Floats:
        """(n, F) shares of (n, F) rows, NaN missing."""
        shares = np.zeros(X.shape)
        _loop()(np.ascontiguousarray(X), shares, *self.parts)
        return shares


def kernel_of(lookup: "Lookup") -> Kernel:
    """Lay the tables out flat, one array after another."""
    edges, alone = lookup.tables.edges, lookup.alone
    grids = [_grid(own) for own in edges]
    singles = sorted(alone)
    where = np.array([(pair.first, pair.second) for pair in lookup.pairs], dtype=np.int64).reshape(-1, 2)
    parts = (
        np.concatenate([np.zeros(0), *edges]),
        _starts([len(own) for own in edges]),
        np.array([(low, step) for low, step, _ in grids]),
        np.concatenate([np.zeros(0, dtype=np.int64), *(cells for *_, cells in grids)]),
        _starts([len(cells) for *_, cells in grids]),
        np.array(singles, dtype=np.int64),
        np.concatenate([np.zeros(0), *(alone[place] for place in singles)]),
        _starts([len(alone[place]) for place in singles]),
        where,
        np.concatenate([np.zeros(0), *(pair.shares.ravel() for pair in lookup.pairs)]),
        _starts([pair.shares.size for pair in lookup.pairs]),
        np.array([pair.shares.shape[1] for pair in lookup.pairs], dtype=np.int64),
    )
    return Kernel(parts)


def _starts(sizes: list[int]) -> NDArray[np.int64]:
    return np.append(0, np.cumsum(sizes, dtype=np.int64)).astype(np.int64)


def _grid(edges: Floats) -> tuple[float, float, NDArray[np.int64]]:
    """Start and cells per unit of a grid over the edges, and per cell how many edges lie in the cells before it.

    A cell is found by the same rising formula for edges and values, so an edge in an earlier cell is below the value.
    """
    if len(edges) < 2:
        return 0.0, 0.0, np.zeros(1, dtype=np.int64)
    count = _CELLS_AN_EDGE * len(edges)
    low, step = float(edges[0]), (count - 1) / float(edges[-1] - edges[0])
    if not np.isfinite(step):
        return 0.0, 0.0, np.zeros(1, dtype=np.int64)
    cells = np.clip((edges - low) * step, 0, count - 1).astype(np.int64)
    return low, step, np.searchsorted(cells, np.arange(count), side="left").astype(np.int64)


@functools.cache
def _loop() -> Callable[..., None]:
    """The compiled loop, made on first use."""
    return numba.njit(_explain, nogil=True, boundscheck=False)  # type: ignore[no-any-return]


def _explain(  # noqa: PLR0913, PLR0917 - flat arrays are what a compiled loop reads
    X: Floats,
    shares: Floats,
    edges: Floats,
    edge_at: Any,
    grid: Floats,
    cells: Any,
    cell_at: Any,
    singles: Any,
    alone: Floats,
    alone_at: Any,
    where: Any,
    pairs: Floats,
    pair_at: Any,
    width: Any,
) -> None:
    """Write the shares of every row; the arrays are those of :func:`kernel_of`."""
    features = X.shape[1]
    codes = np.empty(features, dtype=np.int64)
    for row in range(X.shape[0]):
        for f in range(features):
            x = X[row, f]
            count = edge_at[f + 1] - edge_at[f]
            if x != x:  # noqa: PLR0124 - missing
                codes[f] = count + 1
                continue
            last = cell_at[f + 1] - cell_at[f] - 1
            cell = (x - grid[f, 0]) * grid[f, 1]
            if cell >= last:
                bin_ = cells[cell_at[f] + last]
            elif cell > 0:
                bin_ = cells[cell_at[f] + int(cell)]
            else:
                bin_ = 0
            start = edge_at[f]
            while bin_ < count and edges[start + bin_] < x:
                bin_ += 1
            codes[f] = bin_
        for k in range(len(singles)):
            shares[row, singles[k]] = alone[alone_at[k] + codes[singles[k]]]
        for k in range(len(where)):
            i, j = where[k, 0], where[k, 1]
            at = pair_at[k] + 2 * (codes[i] * width[k] + codes[j])
            shares[row, i] += pairs[at]
            shares[row, j] += pairs[at + 1]
