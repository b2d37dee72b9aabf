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
_BLOCK = 256


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


def _explain(  # noqa: C901, PLR0913, PLR0917 - one loop over flat arrays is what a compiler wants
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
    """Write the shares of every row; the arrays are those of :func:`kernel_of`.

    Rows go in blocks: each is coded feature by feature, then explained table by table, so that a table stays at hand.
    """
    features = X.shape[1]
    codes = np.empty((features, _BLOCK), dtype=np.int64)
    for first in range(0, X.shape[0], _BLOCK):
        rows = min(_BLOCK, X.shape[0] - first)
        for f in range(features):
            start, count = edge_at[f], edge_at[f + 1] - edge_at[f]
            origin, last = cell_at[f], cell_at[f + 1] - cell_at[f] - 1
            low, step = grid[f, 0], grid[f, 1]
            for r in range(rows):
                x = X[first + r, f]
                if x != x:  # noqa: PLR0124 - missing
                    codes[f, r] = count + 1
                    continue
                cell = (x - low) * step
                place = 0
                if cell > last:
                    place = cells[origin + last]
                elif cell > 0:  # not where infinity meets a grid of one cell
                    place = cells[origin + int(cell)]
                while place < count and edges[start + place] < x:
                    place += 1
                codes[f, r] = place
        for k in range(len(singles)):
            f, start = singles[k], alone_at[k]
            for r in range(rows):
                shares[first + r, f] = alone[start + codes[f, r]]
        for k in range(len(where)):
            i, j, start, across = where[k, 0], where[k, 1], pair_at[k], width[k]
            for r in range(rows):
                at = start + 2 * (codes[i, r] * across + codes[j, r])
                shares[first + r, i] += pairs[at]
                shares[first + r, j] += pairs[at + 1]
