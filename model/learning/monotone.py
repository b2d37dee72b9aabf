"""Boosted trees limited to single features and declared pairs, rising in what must not fall, compiled to tables.

Each branch of a tree sees one feature or one declared pair, so each leaf adds its value to a box in one table. What the
tables predict is what the trees predict, thresholds in double precision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.learning.tables import PairTable, Tables

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingRegressor

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SETTINGS = {
    "max_iter": 300,
    "learning_rate": 0.05,
    "max_leaf_nodes": 6,
    "max_features": 0.3,
    "min_samples_leaf": 40,
    "early_stopping": False,
}
"""Fifteen hundred slower trees predicted no better for unseen mentors on the sample cities tried, in five times the
time."""


@dataclass(frozen=True)
class Layout:
    """Columns of the rows: the first ``texts`` are codes of texts (sklearn renumbers columns otherwise).

    ``rising``: places where more must never predict less; ``pairs``: places that may work together.
    """

    features: int
    texts: int
    rising: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]


def fit_tables(X: Floats, y: Floats, layout: Layout, seed: int) -> Tables:
    """Boost and compile; a feature never missing in ``X`` stands at the mean where it is missing later.

    Args:
        X: (n, F) rows, NaN missing; texts by their codes 0, 1, …, each code of each text present.
        y: (n) outcome.
        layout: of the columns.
        seed: of the columns drawn for every split.
    """
    trees = fit_trees(X, y, layout, seed)
    levels = [int(np.nanmax(X[:, place])) + 1 for place in range(layout.texts)]
    tables = tables_of(trees, layout.features, levels)
    return tables.with_missing_at_mean(tables.codes(X))


def fit_trees(X: Floats, y: Floats, layout: Layout, seed: int) -> "HistGradientBoostingRegressor":
    """The trees themselves, on one thread: OpenMP spins where others work."""
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - only training waits for it
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 - the same

    rising = np.zeros(layout.features, dtype=np.int64)
    rising[list(layout.rising)] = 1
    trees = HistGradientBoostingRegressor(
        **SETTINGS,
        categorical_features=np.arange(layout.features) < layout.texts,
        monotonic_cst=rising,
        interaction_cst=[{place} for place in range(layout.features)] + [set(pair) for pair in layout.pairs],
        random_state=seed,
    )
    with threadpool_limits(limits=1):
        return trees.fit(X, y)


def tables_of(trees: "HistGradientBoostingRegressor", features: int, levels: Sequence[int]) -> Tables:
    """Compile fitted trees.

    Args:
        trees: every path of which sees at most two features.
        features: F.
        levels: number of codes of each text; texts are the first columns.

    Raises:
        ValueError: a path sees three features.
    """
    every = [stage[0] for stage in trees._predictors]  # noqa: SLF001 - there is no public way to the nodes
    edges = _edges([tree.nodes for tree in every], features, levels)
    compiler = _Compiler(edges, float(np.ravel(trees._baseline_prediction)[0]))  # noqa: SLF001 - the same
    for tree in every:
        compiler.add(tree)
    return compiler.tables()


def _edges(nodes: list[Any], features: int, levels: Sequence[int]) -> list[Floats]:
    """Thresholds of each feature; between the codes of a text."""
    splits = np.concatenate([tree[tree["is_leaf"] == 0] for tree in nodes])
    found: list[Floats] = [np.arange(count - 1.0) + 0.5 for count in levels]
    for place in range(len(levels), features):
        own = splits["num_threshold"][splits["feature_idx"] == place]
        found.append(np.unique(own[np.isfinite(own)]))
    return found


class _Compiler:
    """Adds trees up into tables, leaf by leaf."""

    def __init__(self, edges: list[Floats], offset: float) -> None:
        self.edges, self.offset = edges, offset
        self.mains = [np.zeros(len(own) + 2) for own in edges]
        self.pairs: dict[tuple[int, int], Floats] = {}

    def tables(self) -> Tables:
        """What has been added up."""
        pairs = tuple(PairTable(i, j, self.pairs[i, j]) for i, j in sorted(self.pairs))
        return Tables(self.offset, tuple(self.edges), tuple(self.mains), pairs)

    def add(self, tree: Any) -> None:
        """Add one tree."""
        waiting: list[tuple[int, dict[int, Bools]]] = [(0, {})]
        while waiting:
            number, box = waiting.pop()
            node = tree.nodes[number]
            if node["is_leaf"]:
                self._leaf(box, float(node["value"]))
                continue
            place = int(node["feature_idx"])
            left = self._left(tree, node, place)
            inside = box.get(place, np.ones(len(left), dtype=np.bool_))
            waiting.append((int(node["left"]), {**box, place: inside & left}))
            waiting.append((int(node["right"]), {**box, place: inside & ~left}))

    def _left(self, tree: Any, node: Any, place: int) -> Bools:
        """Which bins of the feature go left."""
        edges = self.edges[place]
        left = np.zeros(len(edges) + 2, dtype=np.bool_)
        if node["is_categorical"]:
            bits = tree.raw_left_cat_bitsets[node["bitset_idx"]]
            codes = np.arange(len(edges) + 1)
            left[:-1] = (bits[codes // 32] >> (codes % 32).astype(np.uint32)) & 1
        else:
            left[: int(np.searchsorted(edges, node["num_threshold"])) + 1] = True
        left[-1] = bool(node["missing_go_to_left"])
        return left

    def _leaf(self, box: dict[int, Bools], value: float) -> None:
        if not box:
            self.offset += value
            return
        first, *rest = sorted(box)
        if not rest:
            self.mains[first][box[first]] += value
        elif len(rest) == 1:
            table = self.pairs.setdefault((first, rest[0]), np.zeros((len(box[first]), len(box[rest[0]]))))
            table[np.ix_(box[first], box[rest[0]])] += value
        else:
            raise ValueError("a branch that sees more than two features")
