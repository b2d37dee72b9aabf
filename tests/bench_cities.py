"""How learner and plan fare against a known truth: ``python -m tests.bench_cities [CITIES [FIRST_SEED]]``.

For each kind of sample city: how often a gain is supported, how often the 90 % ranges hold the truth (of effects, of
plans by effects whether supported or not, of their single choices), what plans deliver of what they promise, how often
a cautious plan delivers less than it promises, and what plans are truly worth beside the best possible ones. 23 cities
of each kind, 207 in all, take about half an hour on two cores. Seeds below 100, and 2000 to 2529, were looked at.

``python -m tests.bench_cities claims [CITIES [FIRST_SEED]]`` looks only at how often a gain is claimed where there is
none, in as many cities as so rare a thing asks for: 200 of 160 mentors and 200 of 40 take about ten minutes.
"""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from scipy.stats import binomtest

from tests.city_truth import Judged, claimed, judged

PROCESSES = 2


@dataclass(frozen=True)
class Kind:
    """A kind of sample city; ``pooled``: whether it counts in the line of all kinds together."""

    name: str
    kind: str
    alike: bool = False
    mentors: int | None = None
    pooled: bool = True

    @property
    def effect(self) -> bool:
        """Whether scores matter at all in it."""
        return self.kind != "no_effect"


KINDS = (
    Kind("plain, areas differ", "plain"),
    Kind("plain, areas alike", "plain", alike=True),
    Kind("confounded", "confounded"),
    Kind("noisy assessments", "noisy"),
    Kind("no effect", "no_effect"),
    Kind("40 mentors, areas differ", "small"),
    Kind("40 mentors, areas alike", "small", alike=True),
    Kind("40 mentors, no effect", "no_effect", mentors=40),
    Kind("hidden selection", "hidden_selection", pooled=False),
)


def tried(kind: Kind, seed: int) -> Judged:
    """One city of a kind, judged."""
    return judged(kind.kind, seed, alike=kind.alike, mentors=kind.mentors)


def share(values: Sequence[bool]) -> str:
    """Share and number."""
    return f"{np.mean(values):.3f} of {len(values)}" if len(values) else "–"


def kept(found: Sequence[Judged]) -> float:
    """Mean promise over mean delivery of the plans that the command makes, which are those with a supported gain."""
    made = [city.plan for city in found if city.supported and city.plan is not None]
    return sum(plan.promised for plan in made) / sum(plan.delivered for plan in made) if made else float("nan")


def ranges_line(name: str, found: Sequence[Judged], effective: Sequence[Judged]) -> str:
    """One line of the first table; plans are looked at in the cities that have effects, ``effective``."""
    effects = [held for city in found for held in city.held]
    error = np.sqrt(np.mean([miss**2 for city in found for miss in city.misses]))
    plans = [city.plan.held for city in effective if city.plan is not None]
    single = [held for city in effective for held in city.single]
    missed = [not city.cautious.held for city in effective if city.cautious is not None]
    claimed = f"{sum(city.supported for city in found)} of {len(found)}"
    cells = [name, claimed, share(effects), f"{error:.4f}", share(plans), share(single)]
    cells += [f"{kept(effective):.2f}" if effective else "–", share(missed)]
    return f"| {' | '.join(cells)} |"


def worth_line(name: str, found: Sequence[Judged]) -> str:
    """One line of the second table."""
    made, effect, rule = (
        np.array([getattr(city, column) for city in found]) for column in ("as_made", "by_effect", "by_standard")
    )
    thin = np.mean([city.standard_share > 0 for city in found])
    cells = [name, *(f"{column.mean():.3f} ({column.min():.3f})" for column in (made, effect, rule))]
    cells += [f"{(made - rule).mean():+.3f} ({(made - rule).min():+.3f})", f"{thin:.2f}"]
    return f"| {' | '.join(cells)} |"


def claims_line(name: str, claims: Sequence[bool]) -> str:
    """How many claim a gain, and the 95 % range of their share (Clopper and Pearson 1934)."""
    share_of = binomtest(sum(claims), len(claims)).proportion_ci(method="exact")
    return f"{name}: a gain is claimed in {sum(claims)} of {len(claims)} ({share_of.low:.3f} to {share_of.high:.3f})"


def claims_without_effect(seeds: Sequence[int]) -> dict[str, list[bool]]:
    """Whether a gain is claimed in cities without effect."""
    kinds = [kind for kind in KINDS if not kind.effect]
    with ProcessPoolExecutor(PROCESSES) as pool:
        return {
            kind.name: list(pool.map(claimed, repeat(kind.kind), seeds, repeat(kind.mentors), chunksize=4))
            for kind in kinds
        }


def main() -> None:
    """Print what was asked for."""
    if sys.argv[1:2] == ["claims"]:
        cities, first = numbers(sys.argv[2:], (200, 3000))
        for name, claims in claims_without_effect(range(first, first + cities)).items():
            print(claims_line(name, claims))
    else:
        tables(*numbers(sys.argv[1:], (23, 100)))


def numbers(given: Sequence[str], default: tuple[int, int]) -> tuple[int, int]:
    """Cities of each kind and first seed."""
    cities, first = [*map(int, given), *default[len(given) :]]
    return cities, first


def tables(cities: int, first: int) -> None:
    """Print both tables."""
    seeds = range(first, first + cities)
    print(f"{cities} cities of each kind, seeds from {first}\n")
    print(
        "| kind of city | gain supported | effects held | error | plans held | single choices held | promised ÷ ",
        end="",
    )
    print("delivered | cautious plans that missed |\n|---|---|---|---|---|---|---|---|")
    found: dict[Kind, list[Judged]] = {}
    with ProcessPoolExecutor(PROCESSES) as pool:
        for kind in KINDS:
            found[kind] = list(pool.map(tried, repeat(kind), seeds))
            print(ranges_line(kind.name, found[kind], found[kind] if kind.effect else ()), flush=True)
    pooled = {kind: judged for kind, judged in found.items() if kind.pooled}
    every, effective = (
        [city for kind, cities in pooled.items() if kind.effect or not only for city in cities]
        for only in (False, True)
    )
    print(ranges_line("all but hidden selection", every, effective))
    print(
        "\n| kind of city | plan ÷ best, as made (worst) | by effects | by the standard | made − standard | blended |"
    )
    print("|---|---|---|---|---|---|")
    for kind, cities_found in found.items():
        if kind.effect:
            print(worth_line(kind.name, cities_found))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
