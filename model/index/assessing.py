"""The paper's index for one group of answers, faithfully, always beside its companions."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from model.framework import IndexRules
from model.index.guttman import COUNTING_RULE, GuttmanCount, count_errors
from model.index.intervals import wilson
from model.index.rasch import Difficulties, Persons, difficulties, persons
from model.index.resampling import Bootstrap, Chance, bootstrap, chance
from model.index.scalability import Coefficient, item_h, kr20, scale_h
from model.index.verdict import caveat, few_mentors, judge, warnings
from model.sentences import Label, Sentence

MISSING = -1


@dataclass(frozen=True)
class GroupAnswers:
    """Answers about one group of mentors.

    ``cells``: (rows, k) of 1 yes, 0 no, −1 missing; a row is respondent × mentor. ``mentors``: (rows) the number of the
    mentor each row is about. ``items``: ids of the k columns in the items table's order.
    """

    group: str
    items: tuple[str, ...]
    cells: NDArray[np.int8]
    mentors: NDArray[np.intp]


@dataclass(frozen=True)
class ItemFigures:
    """One item: share of yes with its 90 % Wilson interval, H with the other items, Rasch difficulty in logits."""

    item_id: str
    yes: int
    popularity: float | None
    popularity_low: float | None
    popularity_high: float | None
    h: float | None
    h_se: float | None
    difficulty: float | None
    difficulty_se: float | None


@dataclass(frozen=True)
class IndexGroup:
    """The index of one group and its companions; None wherever a figure does not exist.

    ``respondents``: complete rows (respondent × mentor), on which every coefficient rests. ``answers``: all answers
    about the group, on which the delivery rate rests. ``reason``: what the verdict rests on, or why there is none.
    """

    group: str
    respondents: int
    items: int
    answers: int
    rows_incomplete: int
    share_incomplete: float | None
    counting_rule: str
    errors: int
    x: float
    kr: float | None
    ks: float | None
    ks_tie_low: float | None
    ks_tie_high: float | None
    band: Label | None
    band_sourced: bool | None
    verdict: Label | None
    reason: Sentence
    ks_cut: float
    kr_cut: float
    cuts_sourced: bool
    warnings: tuple[Sentence, ...]
    caveat: Sentence
    mmr: float | None
    cs: float | None
    delivery_rate: float | None
    delivery_low: float | None
    delivery_high: float | None
    h: float | None = None
    h_se: float | None = None
    kr20: float | None = None
    item_figures: tuple[ItemFigures, ...] = ()
    difficulty_reason: Sentence | None = None
    bootstrap: Bootstrap | None = None
    chance: Chance | None = None
    persons: Persons | None = None


def assess(
    about: GroupAnswers, rules: IndexRules, *, seed: int, measure_persons: bool = False, companions: bool = True
) -> IndexGroup:
    """Count, judge and accompany the answers about one group.

    Args:
        about: the answers; only rows without a missing cell enter the coefficients.
        rules: bands, cuts and their labels.
        seed: seed ≥ 0 of the resampling; every group name has a random stream of its own.
        measure_persons: whether to give the Rasch measures of the respondents.
        companions: False for the index, its verdict and the delivery rate alone, which take no resampling.
    """
    complete = (about.cells != MISSING).all(axis=1)
    answers = np.ascontiguousarray(about.cells[complete]).view(np.uint8)
    count = count_errors(answers)
    group = _judged(about, count, int((~complete).sum()), rules)
    if not companions:
        return group
    if group.verdict is not None:
        stream = (seed, *about.group.encode())
        drawn = bootstrap(answers, about.mentors[complete], rules, stream)
        minded = few_mentors(drawn.units) if drawn.nested else ()
        group = replace(group, bootstrap=drawn, chance=chance(answers, stream), warnings=group.warnings + minded)
    h, found = scale_h(answers), difficulties(answers)
    return replace(
        group,
        h=h.value if h else None,
        h_se=h.se if h else None,
        kr20=kr20(answers),
        item_figures=_items(about.items, count, item_h(answers), found),
        difficulty_reason=found.reason,
        persons=persons(answers, found) if measure_persons else None,
    )


def _judged(about: GroupAnswers, count: GuttmanCount, incomplete: int, rules: IndexRules) -> IndexGroup:
    """The index itself, its verdict and warnings, and the delivery rate over all answers."""
    judged = judge(count, rules)
    rows, given, yes = len(about.cells), int((about.cells != MISSING).sum()), int((about.cells == 1).sum())
    low, high = wilson(yes, given) or (None, None)
    return IndexGroup(
        group=about.group,
        respondents=count.respondents,
        items=count.items,
        answers=given,
        rows_incomplete=incomplete,
        share_incomplete=incomplete / rows if rows else None,
        counting_rule=COUNTING_RULE,
        errors=count.errors,
        x=count.noes / 2,
        kr=_float(count.kr()),
        ks=_float(count.ks()),
        ks_tie_low=_float(count.ks(count.errors_most)),
        ks_tie_high=_float(count.ks(count.errors_least)),
        band=judged.band,
        band_sourced=judged.band_sourced,
        verdict=judged.verdict,
        reason=judged.reason,
        ks_cut=float(rules.ks_cut),
        kr_cut=float(rules.kr_cut),
        cuts_sourced=rules.cuts_sourced,
        warnings=warnings(count, about.items, incomplete, rules),
        caveat=caveat(rules),
        mmr=_float(count.mmr()),
        cs=_float(count.cs()),
        delivery_rate=yes / given if given else None,
        delivery_low=low,
        delivery_high=high,
    )


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _items(
    names: tuple[str, ...], count: GuttmanCount, hs: tuple[Coefficient | None, ...], found: Difficulties
) -> tuple[ItemFigures, ...]:
    n = count.respondents
    figures = []
    for name, yes, h, value, error in zip(names, count.yes, hs, found.values, found.errors, strict=True):
        low, high = wilson(yes, n) or (None, None)
        figures.append(
            ItemFigures(
                item_id=name,
                yes=yes,
                popularity=yes / n if n else None,
                popularity_low=low,
                popularity_high=high,
                h=h.value if h else None,
                h_se=h.se if h else None,
                difficulty=value,
                difficulty_se=error,
            )
        )
    return tuple(figures)
