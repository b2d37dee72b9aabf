"""Sums of answers as a mentor may read them: none from which it follows what every single respondent said.

A sum in which all agree tells each one's answer, however many answered (the homogeneity attack on k-anonymity:
Machanavajjhala et al. 2007). So all and all but one are told as one; whatever is reckoned of them, is of the two ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FEWEST = 5
"""Answers below this number are not told by item: of three or four who agree, or all but one, each would be known to
whom they work with."""
LEAST_ASIDE = 2
"""Respondents who must have said otherwise than the rest for a sum to be told as it is."""
WIDEST = 0.2
"""A share of yes known no better than within this is not told."""


@dataclass(frozen=True)
class Told:
    """``answers`` to an item, and between which two counts of yes the reader is told that it lies."""

    item: str
    answers: int
    least: int
    most: int


def told(item: str, yes: int, answers: int) -> Told:
    """What is told of a sum."""
    aside = LEAST_ASIDE - 1
    if min(yes, answers - yes) > aside:
        return Told(item, answers, yes, yes)
    if answers <= 2 * aside + 1:
        return Told(item, answers, 0, answers)
    low = yes <= aside
    return Told(item, answers, 0 if low else answers - aside, aside if low else answers)


def by_item(sums: Sequence[Told]) -> Sequence[Told]:
    """Those that are told by item: all of them, or none where an item has fewer than ``FEWEST`` answers."""
    return () if any(one.answers < FEWEST for one in sums) else sums


def share_of(sums: Sequence[Told]) -> dict[str, Any]:
    """Share of yes over all items with its 90 % range, from what is told of each alone; None where that is too little.

    ``yes_least``, ``yes_most``, ``answers``: counts over all items.
    """
    from model.index.intervals import wilson  # noqa: PLC0415 - the pages do not wait for its library at start-up

    least, most, answers = (sum(getattr(one, name) for one in sums) for name in ("least", "most", "answers"))
    known = answers > 0 and most - least <= WIDEST * answers
    low, high = (wilson(end, answers) if known else None for end in (least, most))
    return {
        "yes_least": least,
        "yes_most": most,
        "answers": answers,
        "delivery_rate": (least + most) / 2 / answers if known else None,
        "delivery_low": low[0] if low else None,
        "delivery_high": high[1] if high else None,
    }
