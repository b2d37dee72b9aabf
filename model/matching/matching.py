"""The best matching with its prices and its proven gap; many candidates are brought in as the prices ask for them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.matching.form import Bools, Ints, MatchForm, broken, total
from model.matching.prices import FAR, Network, bound, from_sink, home_of, network, rank, to_sink
from model.matching.widening import search


@dataclass(frozen=True)
class Matching:
    """An answer and what follows from it.

    ``chosen``: (E) pairs. ``home``: (businesses) row of each one's pair, −1. ``served``: businesses; ``value``: sum of
    worth less charges; ``gap``: (bound − value) / bound at that number of businesses, worked out from the prices.
    ``taken``: (M) what the total loses, in whole steps, when a place of the mentor is taken away, FAR where there is
    none to take; ``given``: (M) what one place more would bring, in steps, 0 or more.
    """

    form: MatchForm
    chosen: Bools
    home: Ints
    served: int
    value: float
    gap: float
    net: Network
    taken: Ints
    given: Ints

    @cached_property
    def used(self) -> Ints:
        """Places used (M)."""
        return np.bincount(self.form.mentor[self.chosen], minlength=self.form.mentors).astype(np.int64)


def best_matching(form: MatchForm) -> Matching:
    """The best matching, proven so by its own prices over all pairs of the form.

    Raises:
        Overfull: more pairs of a mentor are locked than it has places.
        ArithmeticError: the solver's answer breaks a rule or is not the best; it is not shown.
    """
    chosen = search(form)
    if broken(form, chosen):
        raise ArithmeticError(f"the answer breaks {', '.join(broken(form, chosen))}")
    net = network(form, chosen)
    price = to_sink(net)
    ahead = np.minimum(from_sink(net), FAR)
    fresh = np.where(form.fair > form.places, 0, form.charge)
    most, own = bound(form, price), rank(form, chosen)
    value, served = total(form, chosen), int(chosen.sum())
    best = most - form.served * served
    return Matching(
        form=form,
        chosen=chosen,
        home=home_of(form, chosen),
        served=served,
        value=_value(form, chosen),
        gap=0.0 if most == own else (best - value) / best,
        net=net,
        taken=price,
        given=np.maximum(-ahead - fresh, 0),
    )


def _value(form: MatchForm, chosen: Bools) -> float:
    used = np.bincount(form.mentor[chosen], minlength=form.mentors)
    return float(form.worth[chosen].sum()) - form.load * float(np.maximum(used - form.fair, 0).sum())
