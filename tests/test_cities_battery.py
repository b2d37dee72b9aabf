"""The issue's battery on sample cities of known truth: ``python -m pytest -m long tests/test_cities_battery.py``.

Minutes of work: 204 cities over all kinds, of seeds never looked at while building.
"""

from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

import numpy as np
import pytest

from data.sample import KINDS
from tests.bench_cities import BY_ITSELF, PROCESSES, held

pytestmark = pytest.mark.long
SEEDS = range(1000, 1034)


@pytest.fixture(scope="module")
def found():
    with ProcessPoolExecutor(PROCESSES) as pool:
        return {kind: list(pool.map(held, repeat(kind), SEEDS)) for kind in KINDS}


def share(cities, column):
    return np.mean([value for city in cities for value in city[column]])


@pytest.mark.parametrize("column", [1, 2, 3], ids=["effects", "plans", "single choices"])
def test_ninety_percent_ranges_hold_the_truth_as_often_as_they_say(found, column):
    pooled = [city for kind in KINDS if kind != BY_ITSELF for city in found[kind]]
    assert 0.85 <= share(pooled, column) <= 0.95


def test_ranges_of_effects_stand_hidden_selection(found):
    assert share(found[BY_ITSELF], 1) >= 0.80


def test_a_gain_is_claimed_where_there_is_one_and_nowhere_else(found):
    claimed = {kind: np.mean([city[0] for city in cities]) for kind, cities in found.items()}
    assert claimed["no_effect"] <= 0.02
    for kind in ("plain", "confounded", "noisy", BY_ITSELF):
        assert claimed[kind] >= 0.90
