"""A matching as an answer. A pair that lacks what a reader is owed cannot be made: its type refuses it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from model.evidence import WORDS
from model.matching.rules import NO_RULES, MatchRules
from model.sentences import Sentence
from training.planning.plan import MOST_REASONS, Range, decides

Basis = Literal["effect", "standard"]
PairIds = tuple[str, str]
"""Business id, mentor id."""

_EQUALS_NAMED = 5

KEEP = 0.02
"""What keeping a present pair is worth when all are decided anew (contract, section 2)."""


@dataclass(frozen=True)
class MatchRequest:
    """What is asked.

    ``pool``: new (businesses without an active engagement) or all. ``keep``: worth of keeping a present pair (pool
    all), ``balance``: what each place beyond a mentor's fair share costs; both in log points, or in points of fit where
    the standard decides. ``locks``, ``forbids``: (business id, mentor id). ``held``: pairs of a former matching, of
    which as many as possible stay; ``base``: its number. ``without``: mentors who take nobody; ``leaving``: those
    of them who leave, so that their active businesses are matched anew too. ``rules``: of sector and language.
    ``taken``: pairs that the intake desk made and whose engagement is not in the tables yet; they count as active.
    ``rising``: more points of a mentor are never worth less; matchings stored before that was so are made without it.
    """

    pool: Literal["new", "all"] = "new"
    keep: float = KEEP
    balance: float = 0.0
    locks: tuple[PairIds, ...] = ()
    forbids: tuple[PairIds, ...] = ()
    held: tuple[PairIds, ...] = ()
    without: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    base: int | None = None
    seed: int = 0
    rules: MatchRules = NO_RULES
    taken: tuple[PairIds, ...] = ()
    rising: bool = True


@dataclass(frozen=True)
class NextBest:
    """The mentor a business would go to next, and what that would cost; ids None where there is none.

    ``loss``: by how much the sum would fall, everything else made best again (``serves``: how many fewer businesses
    would be served); None where no way is open. ``within_noise``: the 90 % range of the difference for this business
    holds 0. ``displaces``: the business that would have to make way, ``goes_to``: to which mentor (None: nobody).
    """

    mentor_id: str | None
    mentor_name: str | None
    within_noise: bool | None
    loss: float | None
    serves: int
    displaces: str | None
    goes_to: str | None
    moves: int
    note: Sentence


@dataclass(frozen=True)
class Pair:
    """One business and its mentor. ``worth`` is what the matching sums up, the bonus of a kept pair included.

    ``growth``: expected growth with the 90 % range of what will be observed; ``part``: what the mentor's scores add to
    it beside a mentor of average scores, with the range of that. ``equals``: mentors as good for this business within
    noise. Both None, and ``fit`` given, where the standard decides.

    Raises:
        ValueError: a reason, the evidence word, a range, the runner-up, what would change it or who decides is missing.
    """

    business_id: str
    business_name: str
    district: str
    mentor_id: str
    mentor_name: str
    basis: Basis
    worth: float
    fit: float | None
    growth: Range | None
    part: Range | None
    evidence: str
    reasons: tuple[Sentence, ...]
    runner_up: NextBest
    equals: tuple[str, ...]
    what_would_change: Sentence
    locked: bool
    kept: bool

    def __post_init__(self) -> None:
        by_effect = self.basis == "effect"
        there = {
            "reasons": 1 <= len(self.reasons) <= MOST_REASONS and all(isinstance(r, Sentence) for r in self.reasons),
            "evidence": self.evidence in WORDS,
            "growth": (self.growth is not None) == by_effect and (self.part is not None) == by_effect,
            "fit": (self.fit is None) == by_effect,
            "runner_up": isinstance(self.runner_up.note, Sentence),
            "what_would_change": isinstance(self.what_would_change, Sentence),
            "worth": math.isfinite(self.worth),
        }
        if not all(there.values()):
            raise ValueError(f"a pair lacks: {', '.join(name for name, good in there.items() if not good)}")

    def answer(self) -> dict[str, object]:
        """The pair under the contract's names."""
        growth = self.growth
        return {
            "business_id": self.business_id,
            "business_name": self.business_name,
            "district": self.district,
            "mentor_id": self.mentor_id,
            "mentor_name": self.mentor_name,
            "basis": self.basis,
            "expected_growth": None if growth is None else growth.mean,
            "low": None if growth is None else growth.low,
            "high": None if growth is None else growth.high,
            "mentor_part": None if self.part is None else dict(vars(self.part)),
            "fit": self.fit,
            "value": self.worth,
            "evidence": self.evidence,
            "reasons": list(self.reasons),
            "runner_up": dict(vars(self.runner_up)),
            "equals": list(self.equals[:_EQUALS_NAMED]),
            "equals_count": len(self.equals),
            "what_would_change": self.what_would_change,
            "locked": self.locked,
            "kept": self.kept,
            "decides": decides(),
        }


@dataclass(frozen=True)
class Match:
    """A matching and what it was made from; :meth:`answer` gives the contract's names.

    ``mentors``: one row each with places, use and the prices of the run; ``districts``: one row each with what waits;
    ``unit``: of the outcome, None for growth. ``left``: active pairs that end because their mentor leaves.
    """

    request: MatchRequest
    data_version: int
    as_of: date
    model: str | None
    basis: Basis
    basis_note: Sentence
    pairs: tuple[Pair, ...]
    unmatched: tuple[Mapping[str, object], ...]
    warnings: tuple[Sentence, ...]
    mentors: tuple[Mapping[str, object], ...]
    districts: tuple[Mapping[str, object], ...]
    value: float
    gap: float
    unit: str | None
    note: Sentence
    left: tuple[PairIds, ...] = ()

    def answer(self) -> dict[str, object]:
        """Plain values, and sentences still to be put in the reader's language."""
        asked = self.request
        return {
            "pairs": [pair.answer() for pair in self.pairs],
            "unmatched": [dict(row) for row in self.unmatched],
            "gap": self.gap,
            "value": self.value,
            "unit": self.unit,
            "note": self.note,
            "basis": self.basis,
            "basis_note": self.basis_note,
            "warnings": list(self.warnings),
            "mentors": [dict(row) for row in self.mentors],
            "districts": [dict(row) for row in self.districts],
            "decides": decides(),
            "pool": asked.pool,
            "keep": asked.keep,
            "balance": asked.balance,
            "locks": _ids(asked.locks),
            "forbids": _ids(asked.forbids),
            "without": sorted(set(asked.without)),
            "base": asked.base,
            **({"leaving": sorted(set(asked.leaving)), "left": _ids(self.left)} if asked.leaving else {}),
            **({"rules": asked.rules.as_json()} if asked.rules else {}),
            **({"taken": _ids(asked.taken)} if asked.taken else {}),
            "model": self.model,
            "data_version": self.data_version,
            "as_of": self.as_of.isoformat(),
            "seed": asked.seed,
        }


def _ids(pairs: tuple[PairIds, ...]) -> list[dict[str, str]]:
    return [{"business_id": business, "mentor_id": mentor} for business, mentor in sorted(set(pairs))]
