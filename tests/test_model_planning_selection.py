import csv
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from model.planning.branching import Selection, violated
from model.planning.selection import Infeasible, Rows, solve, whole_rupiah_limit

PETERSEN = Path(__file__).parents[1].parent / "shared" / "realdata" / "D_budget_selection"


def _problem(value, rows, low, high):
    built = Rows(len(value))
    for coefficients, bottom, top in zip(rows, low, high, strict=True):
        built.add(np.arange(len(value)), np.asarray(coefficients, float), low=bottom, high=top)
    return built.selection(np.asarray(value, float), np.zeros(len(value)), np.ones(len(value)))


def _brute(problem: Selection) -> float | None:
    dense = problem.matrix.toarray()
    best = None
    for bits in product((0.0, 1.0), repeat=len(problem.value)):
        x = np.array(bits)
        sums = dense @ x
        if np.all(sums >= problem.low - 1e-9) and np.all(sums <= problem.high + 1e-9):
            best = max(float(problem.value @ x), -np.inf if best is None else best)
    return best


def _rows(name):
    with (PETERSEN / name).open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("number", range(1, 8))
def test_petersens_published_optima_are_found_and_proven(number):
    if not PETERSEN.exists():
        pytest.skip("the real data of D_budget_selection is not on this machine")
    names = ("items", "use", "limits")
    mine = {name: [r for r in _rows(f"{name}.csv") if int(r["problem"]) == number] for name in names}
    use = np.zeros((len(mine["limits"]), len(mine["items"])))
    for row in mine["use"]:
        use[int(row["resource"]) - 1, int(row["item"]) - 1] = float(row["use"])
    limits = [float(row["limit"]) for row in mine["limits"]]
    found = solve(_problem([float(r["value"]) for r in mine["items"]], use, [-np.inf] * len(limits), limits))
    published = next(float(r["optimum"]) for r in _rows("optima.csv") if int(r["problem"]) == number)
    assert found.value == pytest.approx(published, abs=1e-6)
    assert found.gap == 0.0


def test_random_small_problems_match_brute_force():
    rng = np.random.default_rng(5)
    none = 0
    for _ in range(150):
        n, m = int(rng.integers(1, 9)), int(rng.integers(0, 4))
        rows = rng.integers(-3, 8, (m, n)).astype(float)
        high = rng.integers(-1, 14, m).astype(float)
        problem = _problem(rng.integers(-5, 20, n), rows, high - rng.integers(2, 20, m), high)
        best = _brute(problem)
        if best is None:
            none += 1
            with pytest.raises(Infeasible):
                solve(problem)
            continue
        found = solve(problem)
        assert found.value == pytest.approx(best)
        assert found.gap == 0.0
        assert len(violated(problem, found.chosen)) == 0
    assert 0 < none < 140


def test_the_checker_sees_a_broken_row_and_a_broken_bound():
    problem = _problem([1, 1], [[3, 4]], [-np.inf], [6])
    assert list(violated(problem, np.array([True, True]))) == [0]
    assert list(violated(problem, np.array([True, False]))) == []
    assert list(violated(replace(problem, lower=np.array([0.0, 1.0])), np.array([True, False]))) == [-1]


def test_an_answer_the_solver_lets_slip_by_its_own_tolerance_is_cut_off():
    whole = 10**9
    problem = _problem([5, 4], [[whole, whole + 1]], [-np.inf], [2 * whole])
    found = solve(problem)
    assert list(found.chosen) == [True, False]


def test_equal_values_prefer_the_earlier_option():
    assert list(solve(_problem([2, 2, 2], [[1, 1, 1]], [-np.inf], [1])).chosen) == [True, False, False]


def test_no_options_and_no_rows():
    assert solve(Rows(0).selection(np.zeros(0), np.zeros(0), np.zeros(0))).value == 0.0
    assert solve(_problem([1, -1], [], [], [])).value == 1.0


def test_money_is_divided_by_its_common_divisor():
    amounts, limit = whole_rupiah_limit(np.array([150_000, 200_000]), 375_000)
    assert (list(amounts), limit) == ([3.0, 4.0], 7.0)
    amounts, limit = whole_rupiah_limit(np.array([0, 0]), 5)
    assert (list(amounts), limit) == ([0.0, 0.0], 5.0)


GAP = PETERSEN.with_name("D_gap_small")


@pytest.mark.parametrize(
    ("name", "gap"),
    [
        ("gap1-0", 0.0),
        ("gap3-2", 0.0),
        pytest.param("gap6-1", 0.0, marks=pytest.mark.long),
        pytest.param("gap9-0", 0.005, marks=pytest.mark.long),
    ],
)
def test_published_optima_of_generalised_assignment_are_found_and_proven(name, gap):
    """OR-Library gap1 to gap12: each job to one agent, weights within capacity, the largest value.

    The widest of them is found, and proven as far as our own bounds reach within the steps allowed.
    """
    if not GAP.exists():
        pytest.skip("the real data of D_gap_small is not on this machine")
    cells, capacities, optima = (
        [row for row in csv.DictReader((GAP / f"{file}.csv").open()) if row["instance"] == name]
        for file in ("cells", "capacities", "optima")
    )
    job, agent = (np.array([int(row[column]) for row in cells]) for column in ("job", "agent"))
    capacity = np.array([float(row["capacity"]) for row in sorted(capacities, key=lambda row: int(row["agent"]))])
    rows, every = Rows(len(cells)), np.arange(len(cells))
    rows.add_groups(job - 1, every, np.ones(len(cells)), low=1.0, high=1.0)
    rows.add_groups(agent - 1, every, np.array([float(row["weight"]) for row in cells]), high=capacity)
    value = np.array([float(row["cost"]) for row in cells])
    found = solve(rows.selection(value, np.zeros(len(cells)), np.ones(len(cells))))
    published = float(optima[0]["max_value_optimum"])
    assert found.value == pytest.approx(published)
    assert found.bound >= published - 1e-6
    assert found.gap <= gap
