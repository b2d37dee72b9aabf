"""Figures of the training plan's solver, as ratios against its own relaxation in the same run.

Run: python -m tests.bench_plan
"""

import functools
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from model.planning.best_plan import best_plan
from model.planning.plan_form import PlanForm, as_selection
from model.planning.selection import Unsolved


def city(mentors, courses=12, seed=0):
    """A city of random shortfalls, prices, seats and course starts; the budget buys about a third of all places."""
    rng = np.random.default_rng(seed)
    mentor, course = (grid.ravel() for grid in np.meshgrid(np.arange(mentors), np.arange(courses), indexing="ij"))
    area = (np.arange(courses) % 7)[course]
    shortfall = np.maximum(70 - rng.normal(58, 14, (mentors, 7)), 0)[mentor, area]
    needing = rng.binomial(30, 0.3, (mentors, 7))[mentor, area]
    price = rng.integers(10, 40, courses) * 100_000
    n = len(mentor)
    keep = (shortfall * needing > 0) & (rng.random(n) < 0.8)
    return PlanForm(
        mentor=mentor[keep],
        course=course[keep],
        area=area[keep],
        value=(shortfall * needing * rng.uniform(4, 10, courses)[course])[keep],
        cost=price[course][keep],
        requires=np.full(int(keep.sum()), -1),
        locked=np.zeros(int(keep.sum()), dtype=bool),
        fixed=rng.integers(0, 8, courses) * 1_000_000,
        seats=rng.integers(mentors // 8 + 1, mentors // 4 + 2, courses),
        least=rng.integers(1, max(mentors // 12, 2), courses),
        budget=int(price.mean() * mentors / 3),
        per_mentor=2,
    )


def seconds(work):
    start = time.process_time()
    try:
        found = work()
    except Unsolved:
        found = None
    return time.process_time() - start, found


def relax(form):
    problem = as_selection(form)
    milp(
        -problem.value,
        bounds=Bounds(problem.lower, problem.upper),
        constraints=LinearConstraint(problem.matrix, problem.low, problem.high),
    )


def main():
    best_plan(city(10))
    for mentors in (50, 160, 400, 1000):
        runs = []
        for seed in range(5):
            form = city(mentors, seed=seed)
            lp, _ = seconds(functools.partial(relax, form))
            whole, found = seconds(functools.partial(best_plan, form))
            runs.append((whole, whole / lp, found.gap if found else float("nan")))
        whole, ratio, gap = np.array(runs).T
        print(
            f"{mentors} mentors × 12: median {np.median(whole):.2f} s processor time, worst {whole.max():.2f} s, "
            f"{np.median(ratio):.0f} × its relaxation, largest gap {gap.max():.1e}"
        )


if __name__ == "__main__":
    main()
