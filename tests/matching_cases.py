"""Small random matching problems with every rule on, and every feasible answer of one, for tests by brute force."""

import itertools

import numpy as np

from model.matching.form import MatchForm, broken


def small_form(seed):
    """At most five businesses and four mentors; places 0 to 2, locks, former pairs, charges beyond a fair share."""
    rng = np.random.default_rng(seed)
    businesses, mentors = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    business, mentor = np.nonzero(rng.random((businesses, mentors)) < rng.choice([0.4, 0.7, 1.0]))
    count = len(business)
    kinds = [np.round(rng.normal(0, 1, count), 1), rng.normal(0, 0.1, count), rng.integers(-3, 4, count) * 1.0]
    places = rng.integers(0, 3, mentors)
    return MatchForm(
        businesses=businesses,
        business=business,
        mentor=mentor,
        worth=kinds[rng.integers(3)],
        places=places,
        locked=_some(rng, business, businesses, 0.3 if rng.random() < 0.4 else 0.0),
        held=_some(rng, business, businesses, 0.6 if rng.random() < 0.4 else 0.0),
        fair=np.minimum(places, rng.integers(0, 3, mentors)),
        load=float(rng.choice([0.0, 0.3])),
    )


def _some(rng, business, businesses, share):
    """At most one pair of a business, of that share of them."""
    marked = np.zeros(len(business), dtype=bool)
    for number in range(businesses):
        rows = np.flatnonzero(business == number)
        if len(rows) and rng.random() < share:
            marked[rng.choice(rows)] = True
    return marked


def every_answer(form):
    """All choices that break no rule."""
    options = [[-1, *np.flatnonzero(form.business == number)] for number in range(form.businesses)]
    for picked in itertools.product(*options):
        chosen = np.zeros(len(form.business), dtype=bool)
        chosen[[row for row in picked if row >= 0]] = True
        if not broken(form, chosen):
            yield chosen


def rank_of(form, chosen):
    """Businesses served, former pairs kept, worth less charges: what is best, in this order."""
    used = np.bincount(form.mentor[chosen], minlength=form.mentors)
    charges = form.load * np.maximum(used - form.fair, 0).sum()
    return int(chosen.sum()), int((chosen & form.held).sum()), float(form.worth[chosen].sum() - charges)


def steps_of(form, rank):
    """A rank as the solver's one number of steps, but for rounding."""
    return form.served * rank[0] + form.move * rank[1] + form.steps * rank[2]
