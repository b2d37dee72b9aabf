"""The look-up of shares as one compiled loop over rows, for bulk: a row is coded and explained in one pass.

Nothing is cached on disk: what runs is what stands here. Each feature has a grid of equal cells that tells the first
bin its cell may hold, so that a value is placed in as many comparisons as the fullest cell has edges, without a branch.
A table of two is kept without the rows and columns that repeat the one before: it has the edges of its own trees only,
a few hundred places instead of tens of thousands, which stay close to the processor.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Small = NDArray[np.uint32]

_CELLS_AN_EDGE = 8
_BLOCK = 256


@dataclass(frozen=True)
class Kernel:
    """``parts``: the arrays the loop reads; see :func:`kernel_of`. ``unused``: features it does not write."""

    parts: tuple[Any, ...]
    unused: list[int]

    def explain(self, X: Floats, out: Floats | None = None) -> Floats:
        """(n, F) shares of (n, F) rows, NaN missing.

        Args:
            X: rows.
            out: (n, F) memory to write into. Rows that come in batches of a few thousand into the same memory are
                explained about twice as fast as many at once, which wait for memory more than for the processor.
        """
        shares = np.zeros(X.shape) if out is None else out
        if out is not None:
            out[:, self.unused] = 0.0
        _loop()(np.ascontiguousarray(X, dtype=np.float64), shares, *self.parts)
        return shares


def kernel_of(edges: Sequence[Floats], own: Sequence[Floats], joint: Sequence[tuple[int, int, Floats]]) -> Kernel:
    """Lay tables out flat, one array after another.

    Args:
        edges: per feature its thresholds, ascending; bin b holds edges[b − 1] < x ≤ edges[b], one bin more NaN.
        own: per feature a share for each bin.
        joint: two features and what both get, (bins of the first, bins of the second, 2).
    """
    grids = [_Grid.of(each) for each in edges]
    small = [_Small.of(shares) for *_, shares in joint]
    places = [place for first, second, _ in joint for place in (first, second)]
    used = [place for place, shares in enumerate(own) if place in places or np.any(shares)]
    ends = np.append(0, np.cumsum([len(table.shares) for table in small]))
    parts = (
        np.array(used, dtype=np.uint32),
        *_flat([np.append(each, np.full(grid.deep, np.inf)) for each, grid in zip(edges, grids, strict=True)]),
        *_flat([grid.cells for grid in grids]),
        np.array([(grid.low, grid.step) for grid in grids]).reshape(-1, 2),
        np.array([grid.deep for grid in grids], dtype=np.int64),
        *_flat(list(own)),
        np.array(places, dtype=np.int64).reshape(-1, 2),
        *_flat([table.rows + np.uint32(end) for table, end in zip(small, ends, strict=False)], np.uint32),
        *_flat([table.columns for table in small], np.uint32),
        np.concatenate([np.zeros(0), *(table.shares for table in small)]),
    )
    return Kernel(parts, sorted(set(range(len(edges))) - set(used)))


def _flat(pieces: Sequence[NDArray[Any]], kind: Any = None) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Arrays one after another, and where each begins; ``kind``: their numbers' where there may be none."""
    whole = np.concatenate(pieces) if len(pieces) else np.zeros(0, dtype=kind)
    return whole, np.append(0, np.cumsum([len(piece) for piece in pieces], dtype=np.int64)).astype(np.int64)


@dataclass(frozen=True)
class _Grid:
    """Equal cells over a feature's edges.

    A cell is found by the same rising formula for edges and values, so an edge in an earlier cell is below the value,
    and one in a later cell is not. ``cells``: how many edges lie in the cells before; ``deep``: most in one cell.
    """

    low: float
    step: float
    cells: Small
    deep: int

    @staticmethod
    def of(edges: Floats) -> "_Grid":
        """One cell holds all where there is nothing to divide."""
        count = _CELLS_AN_EDGE * len(edges)
        span = float(edges[-1]) - float(edges[0]) if len(edges) > 1 else 0.0
        step = (count - 1) / span if 0 < span < np.inf else 0.0
        if not 0 < step < np.inf:
            return _Grid(0.0, 0.0, np.zeros(1, dtype=np.uint32), max(len(edges), 1))
        cells = np.clip((edges - edges[0]) * step, 0, count - 1).astype(np.int64)
        before = np.searchsorted(cells, np.arange(count), side="left").astype(np.uint32)
        return _Grid(float(edges[0]), step, before, int(np.bincount(cells).max()))


@dataclass(frozen=True)
class _Small:
    """A table of two without repetitions: the shares of two bins begin at ``rows``[first] + ``columns``[second]."""

    rows: Small
    columns: Small
    shares: Floats

    @staticmethod
    def of(shares: Floats) -> "_Small":
        """From (bins of the first, bins of the second, 2)."""
        rows, kept_rows = _runs(shares)
        columns, kept_columns = _runs(shares.transpose(1, 0, 2))
        small = shares[np.ix_(kept_rows, kept_columns)]
        across = 2 * len(kept_columns)
        return _Small((across * rows).astype(np.uint32), (2 * columns).astype(np.uint32), small.ravel())


def _runs(table: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of the run of equal rows that each row is in, and the first row of every run."""
    new = np.append(True, np.any(table[1:] != table[:-1], axis=(1, 2)))
    return np.cumsum(new) - 1, np.flatnonzero(new)


@functools.cache
def _loop() -> Callable[..., None]:
    """The compiled loop, made on first use."""
    return numba.njit(_explain, nogil=True, boundscheck=False)  # type: ignore[no-any-return]


def _explain(  # noqa: PLR0913, PLR0917 - one loop over flat arrays is what a compiler wants
    X: Floats,
    shares: Floats,
    used: Small,
    edges: Floats,
    edge_at: Any,
    cells: Small,
    cell_at: Any,
    grid: Floats,
    deep: Any,
    own: Floats,
    own_at: Any,
    where: Any,
    rows: Small,
    row_at: Any,
    columns: Small,
    column_at: Any,
    joint: Floats,
) -> None:
    """Write the shares of every row; the arrays are those of :func:`kernel_of`.

    Rows go in blocks: each is coded feature by feature, then explained table by table, so that a table stays at hand.
    Places are unsigned, which spares a look for negative ones.
    """
    codes = np.empty((X.shape[1], _BLOCK), dtype=np.uint32)
    x, at = np.empty(_BLOCK), np.empty(_BLOCK, dtype=np.uint32)
    for start in range(0, X.shape[0], _BLOCK):
        block = X[start : start + _BLOCK]
        out, count = shares[start : start + _BLOCK], len(block)
        for f in used:
            low, step, more = grid[f, 0], grid[f, 1], deep[f] - 1
            mine, cell, share = edges[edge_at[f] :], cells[cell_at[f] : cell_at[f + 1]], own[own_at[f] : own_at[f + 1]]
            last, missing, code = float(len(cell) - 1), np.uint32(len(share) - 1), codes[f]
            for r in range(count):
                x[r] = block[r, f]
            for r in range(count):
                place = (x[r] - low) * step
                place = place if place > 0.0 else 0.0  # noqa: FURB136 - NaN goes to 0, as infinity times 0 is
                at[r] = np.uint32(np.int32(place if place < last else last))  # noqa: FURB136 - faster so
            for r in range(count):
                value, found = x[r], cell[np.uint64(at[r])]
                found += np.uint32(mine[np.uint64(found)] < value)
                for _ in range(more):
                    found += np.uint32(mine[np.uint64(found)] < value)
                found = found if value == value else missing  # noqa: PLR0124 - NaN
                code[r] = found
                out[r, f] = share[np.uint64(found)]
        for k in range(len(where)):
            i, j = where[k, 0], where[k, 1]
            row, column = rows[row_at[k] :], columns[column_at[k] :]
            first, second = codes[i], codes[j]
            for r in range(count):
                both = np.uint64(row[np.uint64(first[r])]) + np.uint64(column[np.uint64(second[r])])
                out[r, i] += joint[both]
                out[r, j] += joint[both + np.uint64(1)]
