"""How long learning takes: ``python -m tests.bench_learning``; figures as ratios to a peer in the same run.

The peer of a training is the time boosted trees alone take for the same folds (training/learning/boosted.py); of the
shuffles, refitting the relation by least squares on all rows once per shuffle; of one explanation, one prediction.
"""

import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from data.framework_file import read_framework
from data.snapshot import Snapshot
from model.learning.folds import mentor_folds
from model.learning.relation import Sums, columns
from model.learning.supported import shuffle_p
from tests.learning_office import office, seen
from training.learning.boosted import boosted_out_of_fold
from training.learning.preparing import prepare
from training.learning.training import train


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def city(mentors: int, each: int, areas: tuple[str, ...]) -> Snapshot:
    return seen(office(mentors, each, areas=areas))


def main() -> None:
    framework = read_framework()
    for mentors, each in ((160, 25), (1000, 100)):
        snapshot = city(mentors, each, tuple(framework.areas))
        whole, learned = timed(lambda s=snapshot: train(s, framework))
        prepared = learned.prepared
        basis = prepared.basis
        fold = mentor_folds(basis.mentor, 5, np.random.default_rng(0))
        trees, _ = timed(lambda p=prepared, f=fold: boosted_out_of_fold(p.values, p.scores, p.basis.outcome, f, 0))
        laid, _ = timed(lambda s=snapshot: prepare(s, framework, None))
        shuffles, _ = timed(lambda p=prepared: shuffle_p(p.basis, p.profiles, np.random.default_rng(0), 99))
        X = columns(basis, Sums.of(basis).fill())
        once, _ = timed(lambda X=X, y=basis.outcome: np.linalg.solve(X.T @ X + np.eye(X.shape[1]), X.T @ y))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{mentors} mentors, {len(basis.outcome):,} engagements, {X.shape[1]} columns")
        print(f"  train {whole:.1f} s = {whole / trees:.1f} × boosted trees alone; rows laid out {laid:.1f} s")
        print(f"  one shuffle {1000 * shuffles / 99:.2f} ms = {shuffles / 99 / once:.2f} × one refit of all rows")
        print(f"  peak memory so far {memory:.0f} MB")


if __name__ == "__main__":
    main()
