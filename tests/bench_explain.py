"""What explanations cost and how good predictions are: ``python -m tests.bench_explain [FIRST_SEED CITIES]``.

Explanations of raw rows, coding included, beside shap's TreeExplainer on the same trees in the same run; one engagement
with its prediction; R² for unseen mentors on sample cities of 300 mentors beside an oracle that knows the true effect
of the scores (everything else it learns as the linear relation does, in the same folds), and beside a monotone
glass-box learner where the package interpret is installed. Times are of the processor.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from data.batch import Dataset
from data.framework_file import read_framework
from data.reading.batches import read_batch
from data.sample import make_city, write_city
from data.sample.shapes import Shape
from data.snapshot import Snapshot, snapshot_of
from model.learning import monotone
from model.learning.folds import mentor_folds
from model.learning.lookup import lookup_of
from model.learning.monotone import Layout, fit_trees, tables_of
from model.learning.relation import out_of_fold, r_squared
from model.learning.rising import out_of_fold_rising
from tests.learning_office import office, seen
from training.learning import pairs, validating
from training.learning.champion import LINEAR, Champion, choose
from training.learning.preparing import Prepared, prepare
from training.learning.training import train
from training.learning.validating import crossed_of, rows_of
from training.publishing import load, save
from training.scoring.scorer import Scorer
from training.scoring.standing import Words

FRAMEWORK = read_framework()
BATCH = 4096
SLOWER = {"max_iter": 1500, "learning_rate": 0.02, "min_samples_leaf": 20}


def rate(work: Callable[[], Any], count: int) -> float:
    """Most of ``count`` things done per second of processor time, of three tries."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        work()
        best = max(best, count / (time.process_time() - start))
    return best


def declared() -> tuple[tuple[int, int], ...]:
    """Seven needs (10..16), each with its score (17..23)."""
    return tuple((10 + k, 17 + k) for k in range(7))


def rows_of_24(count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=(count, 10)), rng.integers(0, 2, (count, 7)), rng.uniform(0, 100, (count, 7))])
    X[rng.random(count) < 0.05, 2] = np.nan
    return X


def bulk() -> None:
    import shap  # noqa: PLC0415 - takes seconds to import

    X, rng = rows_of_24(4000), np.random.default_rng(1)
    y = 0.01 * X[:, 17] * (1 + X[:, 10]) + np.sin(X[:, 3]) + 0.1 * X[:, 5] ** 2 + rng.normal(size=len(X))
    every = tuple((i, j) for i in range(24) for j in range(i + 1, 24))[:90]
    big = np.tile(X, (250, 1))
    batches, same = [big[start : start + BATCH] for start in range(0, len(big), BATCH)], np.empty((BATCH, 24))
    copied = rate(big.copy, len(big))
    print(f"24 features, raw rows a second of one core; only copied into fresh memory: {copied:,.0f}")
    for name, chosen, settings in (
        ("declared pairs, our trees", declared(), {}),
        ("declared pairs, 1,500 trees", declared(), SLOWER),
        ("90 pairs, 1,500 trees", every, SLOWER),
    ):
        with mock.patch.dict(monotone.SETTINGS, settings):
            trees = fit_trees(X, y, Layout(24, 0, tuple(range(17, 24)), chosen), 1)
        tables = tables_of(trees, 24, [])
        lookup = lookup_of(tables, tables.codes(X[:200]), np.full(200, 1 / 200))
        lookup.compiled.explain(X)
        own = rate(lambda of=lookup: of.compiled.explain(big), len(big))
        stream = rate(lambda of=lookup: _batch_by_batch(of.compiled, batches, same), len(big))
        plain = rate(lambda of=lookup: of.at(of.tables.codes(X)), len(X))
        peer = shap.TreeExplainer(trees, feature_perturbation="tree_path_dependent")
        theirs = rate(lambda of=peer: of.shap_values(X[:100]), 100)
        print(
            f"{name:<28} {len(tables.pairs):3} pair tables: batch by batch {stream:>10,.0f}, a million kept "
            f"{own:>10,.0f}, numpy {plain:>8,.0f}, shap.TreeExplainer {theirs:>6,.0f}: "
            f"{stream / theirs:,.0f} × and {own / theirs:,.0f} ×"
        )


def _batch_by_batch(kernel: Any, batches: list[np.ndarray], same: np.ndarray) -> None:
    """As a stream of rows is explained, whose shares are used and not kept."""
    for rows in batches:
        kernel.explain(rows, same[: len(rows)])


def one() -> None:
    """One engagement of 24 features: 3 + 4 texts, 3 + 4 numbers, needs and scores of the areas."""
    tables = office(60, 20, areas=tuple(FRAMEWORK.areas))
    rng = np.random.default_rng(0)
    own = {f"n{k}": lambda: float(rng.normal()) for k in range(4)} | {
        f"t{k}": lambda: str(rng.integers(4)) for k in range(4)
    }
    tables["engagements"]["controls"] = [
        json.dumps({name: draw() for name, draw in own.items()}) for _ in range(len(tables["engagements"]))
    ]
    snapshot = seen(tables, dataset=Dataset(controls=tuple(own)))
    facts = {"turnover": 2e6, "mentor_turnover": 4e6, "business_age": 5, "sector": "G", "district": "X"}
    facts |= {"start_quarter": "2022-Q3"} | {f"control:n{k}": 0.1 for k in range(4)}
    facts |= {f"control:t{k}": "1" for k in range(4)}
    for kind in ("linear", "boosted"):
        with (
            mock.patch.object(validating, "choose", lambda *_, kind=kind: Champion(kind, {})),
            tempfile.TemporaryDirectory() as folder,
        ):
            file = save(train(snapshot, FRAMEWORK), Path(folder), "m")
            scorer = Scorer(load(file.path, file.sha256), Words(FRAMEWORK.areas, FRAMEWORK.sector))
        given = (dict.fromkeys(scorer.areas, 60.0), sorted(scorer.needs)[:2], facts)
        features = len(scorer.score(*given)["contributions"])
        many = rate(lambda ask=scorer, of=given: _again(ask, of, 5000), 5000)
        print(f"one engagement, {features} features, {kind}: {1000 / many:.4f} ms with its prediction, range and flags")


def _again(scorer: Scorer, given: tuple[Any, ...], count: int) -> None:
    """Ask so many times and keep no answer, as a server does."""
    for _ in range(count):
        scorer.score(*given)


def city(seed: int) -> tuple[Snapshot, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        made = make_city("plain", mentors=300, businesses=7500, seed=seed)
        write_city(made, Path(folder))
        batch = read_batch([Path(folder)], FRAMEWORK)
    return snapshot_of(batch.tables, 1, Dataset(), None), made.truth


def true_effect(prepared: Prepared, truth: dict[str, Any]) -> np.ndarray:
    """What the assessed scores truly do, by the shapes in truth.json."""
    shapes = {row["area"]: Shape(**row) for row in truth["shapes"]}
    scores = np.where(np.isnan(prepared.scores), np.nanmean(prepared.scores, axis=0), prepared.scores)
    needs = prepared.basis.needs
    return sum(shapes[area].effect(scores[:, a], needs[:, a]) for a, area in enumerate(prepared.areas))


def glass_box(prepared: Prepared, fold: np.ndarray) -> np.ndarray | None:
    """Out-of-fold predictions of interpret's booster, each score made monotone after fitting; None without it."""
    try:
        from interpret.glassbox import ExplainableBoostingRegressor  # noqa: PLC0415 - a peer that may be absent
    except ImportError:
        return None
    predicted = np.empty(len(fold))
    for k in range(int(fold.max()) + 1):
        train_rows, test = rows_of(prepared).take(fold != k), rows_of(prepared).take(fold == k)
        features = pairs.features_of(train_rows)
        layout = features.layout(crossed_of(prepared))
        kinds = ["nominal" if place < layout.texts else "continuous" for place in range(layout.features)]
        learner = ExplainableBoostingRegressor(
            feature_types=kinds, interactions=list(layout.pairs), random_state=1, n_jobs=1
        )
        learner.fit(features.matrix(train_rows), prepared.basis.outcome[fold != k])
        for place in layout.rising:
            learner.monotonize(place, increasing=True)
        predicted[fold == k] = learner.predict(features.matrix(test))
    return predicted


def unseen(first: int, cities: int) -> None:
    print("R² for unseen mentors, cities of 300 mentors: oracle, champion, linear, trees of pairs, glass box")
    gaps = []
    for seed in range(first, first + cities):
        snapshot, truth = city(seed)
        prepared = prepare(snapshot, FRAMEWORK, None)
        basis, outcome = prepared.basis, prepared.basis.outcome
        fold = mentor_folds(basis.mentor, 5, np.random.default_rng([1, 1]))
        effect = true_effect(prepared, truth)
        linear = out_of_fold_rising(basis, fold)
        trees = pairs.out_of_fold(rows_of(prepared), outcome, crossed_of(prepared), fold, 1)
        champion = linear if choose(outcome, linear, trees, basis.mentor, fold).learner == LINEAR else trees
        oracle = out_of_fold(replace(basis, outcome=outcome - effect), fold, traits=False) + effect
        found = [r_squared(outcome, row) for row in (oracle, champion, linear, trees)]
        peer = glass_box(prepared, fold)
        found.append(np.nan if peer is None else r_squared(outcome, peer))
        gaps.append(found[0] - np.array(found))
        print(seed, " ".join(f"{value:.4f}" for value in found), flush=True)
    print("mean below the oracle's:", " ".join(f"{value:.4f}" for value in np.mean(gaps, axis=0)))


def main() -> None:
    first, cities = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (2000, 3)
    one()
    bulk()
    unseen(first, cities)


if __name__ == "__main__":
    main()
