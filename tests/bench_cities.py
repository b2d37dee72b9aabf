"""How learner and plan fare against a known truth: ``python -m tests.bench_cities [CITIES [FIRST_SEED]]``.

For each kind of sample city: how often a gain is supported, and how often the 90 % ranges hold the truth, of effects,
of plans by effects and of their single choices. Then what plans are truly worth beside the best possible ones. The
cities are other ones than those looked at while building (seeds below 100).
"""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple
from itertools import repeat

import numpy as np

from data.sample import KINDS
from tests.city_truth import effects_held, forced, known_city, shares, uplifts_held

PROCESSES = 2
BY_ITSELF = "hidden_selection"
SETS = (("plain", False), ("plain", True), ("small", False), ("small", True))


def held(kind, seed):
    """Of one city: gain supported; and per range of effects, plans and choices whether it holds the truth."""
    city = known_city(kind, seed)
    plan = forced(city)
    total, single = (None, []) if plan is None else uplifts_held(city, plan)
    return city.answer["supported_gain"], effects_held(city), [] if total is None else [total], single


def of_sets(kind, alike, seed):
    """Of one city: shares of the oracle's worth of plan, plan by effects, plan by the standard."""
    return astuple(shares(known_city(kind, seed, alike=alike)))


def line(name, found):
    """One line of the first table."""
    columns = [[value for city in found for value in city[k]] for k in (1, 2, 3)]
    said = " | ".join(f"{np.mean(column):.3f} of {len(column)}" if column else "–" for column in columns)
    print(f"| {name} | {sum(city[0] for city in found)} of {len(found)} | {said} |", flush=True)


def main():
    """Print both tables."""
    given = [int(text) for text in sys.argv[1:]]
    cities, first = [*given, *(10, 100)[len(given) :]]
    seeds = range(first, first + cities)
    print(f"{cities} cities of each kind, seeds from {first}\n")
    with ProcessPoolExecutor(PROCESSES) as pool:
        print("| kind of city | gain supported | effects held | plans held | single choices held |")
        print("|---|---|---|---|---|")
        pooled = []
        for kind in KINDS:
            found = list(pool.map(held, repeat(kind), seeds))
            line(kind, found)
            pooled += [] if kind == BY_ITSELF else found
        line(f"all but {BY_ITSELF}", pooled)
        print("\n| areas, city | plan / oracle (worst) | by effects | by the standard | plan − standard (worst) |")
        print("|---|---|---|---|---|")
        for kind, alike in SETS:
            plan, effect, rule = np.array(list(pool.map(of_sets, repeat(kind), repeat(alike), seeds))).T
            more = plan - rule
            name = f"{'alike' if alike else 'differ'}, {kind}"
            values = (
                f"{plan.mean():.3f} ({plan.min():.3f}) | {effect.mean():.3f} ({effect.min():.3f}) | {rule.mean():.3f}"
            )
            print(f"| {name} | {values} | {more.mean():+.3f} ({more.min():+.3f}) |", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
