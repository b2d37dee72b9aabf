"""Which areas can be learned from: assessed, varying over mentors, and not repeating one another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.framework import Area
from model.sentences import Number, Sentence, listed, sentence

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FEWEST_MENTORS = 8
"""Below this many mentors nothing is learned: of an area, or at all."""

FEWEST_EACH_WAY = 5
"""Score × need is learned where at least this many mentors have businesses with the need, and as many without."""

_SAME = 1e-6


@dataclass(frozen=True)
class AreaLeftOut:
    """An area that is not learned from, and why."""

    area: str
    reason: Sentence


def usable_areas(
    scores: Floats, mentor: Integers, areas: list[Area], never_assessed: list[Area]
) -> tuple[list[int], list[AreaLeftOut]]:
    """Places of the areas that can be learned from, and the others with the reason.

    Args:
        scores: (n, A) scores at the start of the engagements, NaN missing.
        mentor: (n) codes 0..M−1.
        areas: the A areas.
        never_assessed: areas of the framework without any assessment.
    """
    left_out = [AreaLeftOut(a.code, sentence("no mentor was assessed in it")) for a in never_assessed]
    means = mentor_means(scores, mentor)
    kept: list[int] = []
    for place, area in enumerate(areas):
        reason = _fault(scores[:, place], means, place, kept, areas)
        if reason is None:
            kept.append(place)
        else:
            left_out.append(AreaLeftOut(area.code, reason))
    return kept, left_out


def mentor_means(scores: Floats, mentor: Integers) -> Floats:
    """(M, A) mean of each mentor's known scores, NaN where none."""
    known = ~np.isnan(scores)
    size = int(mentor.max(initial=-1)) + 1
    counts = np.stack([np.bincount(mentor, k, size) for k in known.T], axis=1)
    totals = np.stack([np.bincount(mentor, s, size) for s in np.where(known, scores, 0.0).T], axis=1)
    means: Floats = np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts > 0)
    return means


def _fault(scores: Floats, means: Floats, place: int, kept: list[int], areas: list[Area]) -> Sentence | None:
    known = scores[~np.isnan(scores)]
    assessed = int((~np.isnan(means[:, place])).sum())
    if assessed < FEWEST_MENTORS:
        return sentence(
            "only %(count)s mentors were assessed in it by the start of an engagement; %(least)s are needed",
            count=Number(assessed),
            least=Number(FEWEST_MENTORS),
        )
    if known.max() - known.min() < 1e-9:
        return sentence("every mentor has the same score in it, %(score)s", score=Number(float(known[0]), 1))
    told_by = _told_by(means, place, kept) if kept else []
    if told_by:
        names = [areas[k].label for k in told_by]
        return sentence("its scores follow wholly from those in %(others)s", others=listed(names))
    return None


def _told_by(means: Floats, place: int, kept: list[int]) -> list[int]:
    """Those of the areas kept that an area's scores follow wholly from; none where they do not."""
    filled = np.where(np.isnan(means), np.nanmean(means, axis=0), means)
    centred = filled - filled.mean(axis=0)
    target, others = centred[:, place], centred[:, kept]
    spread = float(target @ target)
    found, *_ = np.linalg.lstsq(others, target, rcond=None)
    left = target - others @ found
    if spread >= 1e-12 and float(left @ left) >= _SAME * spread:
        return []
    parts = found**2 * (others**2).sum(axis=0)
    return [k for k, part in zip(kept, parts, strict=True) if part >= _SAME * spread]


def need_both_ways(needs: Floats, mentor: Integers) -> NDArray[np.bool_]:
    """(A) True where enough mentors have businesses with the need and enough have businesses without it."""
    size = int(mentor.max(initial=-1)) + 1
    having = np.stack([np.bincount(mentor, n, size) > 0 for n in needs.T], axis=1).sum(axis=0)
    lacking = np.stack([np.bincount(mentor, 1 - n, size) > 0 for n in needs.T], axis=1).sum(axis=0)
    enough: NDArray[np.bool_] = (having >= FEWEST_EACH_WAY) & (lacking >= FEWEST_EACH_WAY)
    return enough
