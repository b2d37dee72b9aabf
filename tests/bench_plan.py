"""Figures of the training plan's solver beside scipy.milp and CP-SAT on the same problems in the same run.

Run: python -m tests.bench_plan [seconds the peers get, default 10]
"""

import functools
import sys
import time
from dataclasses import replace

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import Bounds, LinearConstraint, milp

from model.planning.best_plan import best_plan
from model.planning.plan_form import Limit, PlanForm, as_selection
from model.planning.quiet import output_to_error
from model.planning.selection import Unsolved

DISTRICTS = 7
SIZES = (50, 160, 1000, 10_000)


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


def with_floors(form, seed=0):
    """The same with floors of a twelfth of the mentors in each district, and courses that cost nothing to hold."""
    rng = np.random.default_rng(seed)
    mentors = int(form.mentor.max()) + 1
    district = rng.integers(0, DISTRICTS, mentors)
    least = np.bincount(district, minlength=DISTRICTS) // 12
    floor = Limit("floor", district[form.mentor], np.ones(len(form.mentor)), least * 1.0, np.full(DISTRICTS, np.inf))
    return replace(form, fixed=form.fixed * 0, least=form.least * 0 + 1, limits=(floor,))


def timed(work):
    """Processor seconds and the answer; None where there is none."""
    start = time.process_time()
    try:
        found = work()
    except Unsolved:
        found = None
    return time.process_time() - start, found


def by_milp(form, limit):
    """Value by one whole problem in scipy, None without an answer in time."""
    problem = as_selection(form)
    with output_to_error():
        found = milp(
            -problem.value,
            integrality=np.ones(len(problem.value)),
            bounds=Bounds(problem.lower, problem.upper),
            constraints=LinearConstraint(problem.matrix, problem.low, problem.high),
            options={"time_limit": limit, "mip_rel_gap": 0.0},
        )
    return None if found.x is None else float(problem.value @ np.round(found.x))


def by_cp_sat(form, limit):
    """Value by CP-SAT, one worker, None without an answer in time."""
    problem = as_selection(form)
    model, rows = cp_model.CpModel(), problem.matrix.tocsr()
    options = [model.new_bool_var("") for _ in problem.value]
    for row, (low, high) in enumerate(zip(problem.low, problem.high, strict=True)):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        total = cp_model.LinearExpr.weighted_sum(
            [options[k] for k in rows.indices[part]], [round(x) for x in rows.data[part]]
        )
        if np.isfinite(high):
            model.add(total <= round(high))
        if np.isfinite(low):
            model.add(total >= round(low))
    scale = 1e7 / float(np.abs(problem.value).max())
    model.maximize(cp_model.LinearExpr.weighted_sum(options, [round(x * scale) for x in problem.value]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, limit
    return solver.objective_value / scale if solver.solve(model) in {cp_model.OPTIMAL, cp_model.FEASIBLE} else None


def told(name, ours, seconds, value):
    """A peer's time and value as ratios to ours."""
    if value is None:
        return f"{name}: nothing in {seconds:.1f} s"
    return f"{name}: {seconds / ours[0]:.1f} × the time, {1 - value / ours[1].value:.1e} of the value short"


def main():
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    best_plan(city(10))
    for mentors in SIZES:
        form = with_floors(city(mentors))
        ours = timed(functools.partial(best_plan, form))
        peers = [
            told(name, ours, *timed(functools.partial(by, form, limit)))
            for name, by in (("scipy.milp", by_milp), ("CP-SAT", by_cp_sat))
        ]
        print(f"{mentors} × 12, budget, seats, floors: {ours[0]:.2f} s, gap {ours[1].gap:.1e}; {'; '.join(peers)}")
    for mentors, seeds in ((50, 200), (160, 60)):
        forms = [with_floors(city(mentors, seed=k), k) for k in range(seeds)]
        over_seeds(f"{mentors} × 12, budget, seats, floors", forms)
    for mentors in (50, 160, 300, 1000):
        over_seeds(f"{mentors} × 12, with costs and participants of courses", [city(mentors, seed=k) for k in range(5)])


def over_seeds(name, forms):
    """Print the times and the largest gap over some forms."""
    runs = [timed(functools.partial(best_plan, form)) for form in forms]
    spent, gaps = np.array([run[0] for run in runs]), [run[1].gap for run in runs if run[1]]
    print(
        f"{name}, {len(forms)} seeds: median {np.median(spent):.2f} s, p95 {np.quantile(spent, 0.95):.2f} s, "
        f"worst {spent.max():.2f} s, largest gap {max(gaps):.1e}"
    )


if __name__ == "__main__":
    main()
