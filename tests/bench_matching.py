"""Figures of the matching's solver beside scipy's sparse and dense matching in the same run; nothing is gated.

Run: python -m tests.bench_matching

scipy knows no places: each mentor is spelt out as many times as it has places. What takes it more than a minute, or
more than a hundred million pairs, is said and left.
"""

import functools
import multiprocessing
import time

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from model.matching.displacing import displacements
from model.matching.form import MatchForm
from model.matching.matching import best_matching

PATIENCE = 60.0
MOST_PAIRS = 100_000_000


def city(mentors, businesses, each=13, seed=0, fill=1.05):
    """Candidates in districts of ``each`` mentors, 15 percent of them across a border; enough places for all."""
    rng = np.random.default_rng(seed)
    districts = max(mentors // each, 1)
    home = np.arange(mentors) % districts
    near = [np.flatnonzero(home == district) for district in range(districts)]
    where = rng.integers(0, districts, businesses)
    lists = [rng.permutation(near[district])[:each] for district in where]
    business = np.repeat(np.arange(businesses), [len(row) for row in lists])
    mentor = np.concatenate(lists)
    across = rng.random(len(mentor)) < 0.15
    mentor[across] = rng.integers(0, mentors, int(across.sum()))
    key = np.unique(business * mentors + mentor)
    business, mentor = key // mentors, key % mentors
    skill, needs = rng.normal(0, 1, (mentors, 3)), rng.normal(0, 0.05, (businesses, 3))
    worth = 0.3 + rng.normal(0, 0.05, mentors)[mentor] + (skill[mentor] * needs[business]).sum(axis=1)
    share = businesses / mentors
    places = rng.integers(int(share * 0.8) + 1, int(share * (2 * fill - 0.8)) + 2, mentors)
    return MatchForm.plain(businesses, business, mentor, worth, places)


def places_of(form):
    """Pairs of businesses with single places: business, place, worth."""
    first = np.cumsum(form.places) - form.places
    count = form.places[form.mentor]
    row = np.repeat(np.arange(len(form.mentor)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return form.business[row], first[form.mentor[row]] + within, form.worth[row]


def sparse(form):
    business, place, worth = places_of(form)
    matrix = csr_array((worth, (business, place)), shape=(form.businesses, int(form.places.sum())))
    rows, columns = min_weight_full_bipartite_matching(matrix, maximize=True)
    return float(np.asarray(matrix[rows, columns]).sum())


def dense(form):
    business, place, worth = places_of(form)
    matrix = np.full((form.businesses, int(form.places.sum())), -1e6)
    matrix[business, place] = worth
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return float(matrix[rows, columns].sum())


def within_patience(work):
    """Seconds and value in a process of its own; None where it takes too long."""
    gives, takes = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=lambda: takes.send(timed(work)))
    process.start()
    found = gives.recv() if gives.poll(PATIENCE) else None
    process.terminate()
    process.join()
    return found


def timed(work):
    start = time.process_time()
    value = work()
    return time.process_time() - start, value


def beside(name, form, peer, seconds, value):
    pairs = int(form.places[form.mentor].sum())
    if pairs > MOST_PAIRS:
        return f"   {name}: not tried, {pairs:,} pairs of businesses with single places"
    found = within_patience(functools.partial(peer, form))
    if found is None:
        return f"   {name}: nothing in {PATIENCE:.0f} s, more than {PATIENCE / seconds:.0f} × as long"
    return f"   {name}: {found[0]:.2f} s, {found[0] / seconds:.0f} × as long, differs by {found[1] - value:+.1e}"


def main():
    best_matching(city(20, 200))
    for mentors, businesses in ((50, 500), (50, 5_000), (1_000, 100_000)):
        form = city(mentors, businesses)
        runs = [timed(functools.partial(best_matching, form)) for _ in range(3)]
        seconds, found = min(runs, key=lambda run: run[0])
        print(
            f"{mentors} × {businesses}, {len(form.business):,} candidates: {seconds:.3f} s processor time with prices "
            f"and proof, {found.served} served, gap {found.gap}"
        )
        if mentors <= 50:
            print(f"   who displaces whom, every pair: {timed(functools.partial(displacements, found))[0]:.2f} s")
        for name, peer in (("scipy sparse", sparse), ("scipy dense", dense)):
            print(beside(name, form, peer, seconds, found.value), flush=True)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
