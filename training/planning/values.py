"""What each candidate is worth to the plan: by the learned effect if it is supported, else by the office's standard."""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from model.effects import LearnedEffects
from model.evidence import effect_word, standard_word
from model.planning.standard import standard_value
from model.planning.uplift import Chances, Places, Uplift, standard_draws
from training.planning.candidates import Candidates
from training.planning.plan_tables import PlanTables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Basis = Literal["effect", "standard"]
LOW, HIGH = 0.05, 0.95  # every range is 90 %
SAMPLED = 512  # places that signal and noise are measured on


class Values(Protocol):
    """Values of the candidates (n) on one basis.

    ``mean``: expected value; ``objective``: what the plan sums up: the mean, unless the standard has a say in it
    (training/planning/say.py) or the plan is cautious.
    """

    @property
    def basis(self) -> Basis:
        """Basis of every value."""

    @property
    def mean(self) -> Floats:
        """Expected value (n)."""

    @property
    def objective(self) -> Floats:
        """What the plan maximises (n)."""

    def draws(self, rows: Ints) -> Floats:
        """Joint draws (r, D) of the value of some candidates."""

    def turnover(self, rows: Ints) -> Floats | None:
        """Joint draws (r, D) of the extra turnover a year; None on the standard basis."""

    def evidence(self, row: int) -> str:
        """Evidence word of a candidate."""


@dataclass(frozen=True)
class StandardValues:
    """By the office's standard: shortfall × businesses in need × points the course adds."""

    places: Places
    chances: Chances
    took: Ints
    mean: Floats
    objective: Floats
    basis: Basis = "standard"

    def draws(self, rows: Ints) -> Floats:
        """Joint draws (r, D) of the standard value."""
        return standard_draws(self.places.take(rows), self.chances)

    def turnover(self, rows: Ints) -> None:
        """None: a standard value is no money."""
        del rows

    def evidence(self, row: int) -> str:
        """By the number of mentors who took the course."""
        return standard_word(int(self.took[self.places.course[row]]))


@dataclass(frozen=True)
class EffectValues:
    """By the learned effect: expected extra growth summed over the mentor's businesses.

    ``standard_share``: 0..1, the say that the office's standard has in the objective (training/planning/say.py).
    """

    places: Places
    uplift: Uplift
    model: LearnedEffects
    mean: Floats
    objective: Floats
    standard_share: float = 0.0
    basis: Basis = "effect"

    def draws(self, rows: Ints) -> Floats:
        """Joint draws (r, D) of the benefit."""
        return self.uplift.draws(self.places.take(rows))

    def turnover(self, rows: Ints) -> Floats:
        """Joint draws (r, D) of the extra turnover a year, rupiah."""
        return self.uplift.turnover(self.places.take(rows))

    def evidence(self, row: int) -> str:
        """By the effect on the businesses that carry most of the benefit: those with the need, or the others."""
        area = int(self.places.area[row])
        effects = self.model.effects
        without = effects.mean[area]
        with_need = without + effects.mean[len(effects.areas) + area]
        need = int(self.places.needing[row] * with_need >= self.places.others[row] * without)
        near = self.model.mentors_near(effects.areas[area], float(self.places.score[row]))
        return effect_word(float(self.model.z[area, need]), near, float(self.model.robustness[area, need]))


def value_candidates(
    tables: PlanTables, candidates: Candidates, model: LearnedEffects | None, *, seed: int
) -> StandardValues | EffectValues:
    """Value every candidate on one basis: the effect if the model's gain is supported, else the standard.

    By effect, every candidate's area must be one that the model learned (training/planning/candidates.py).
    """
    chances = Chances.of(tables.gains.posterior, seed)
    if model is not None and model.supported:
        return _by_effect(tables, candidates, model, chances)
    return _by_standard(tables, candidates, chances)


def _by_standard(tables: PlanTables, candidates: Candidates, chances: Chances) -> StandardValues:
    places, gains = candidates.places, tables.gains.posterior
    gain, _ = gains.at(places.course, places.score)
    mean = standard_value(places.score, places.standard, places.needing, gain)
    return StandardValues(places, chances, tables.gains.took, mean, mean)


def _by_effect(tables: PlanTables, candidates: Candidates, model: LearnedEffects, chances: Chances) -> EffectValues:
    known = {code: number for number, code in enumerate(model.effects.areas)}
    codes = tuple(tables.areas)
    area = np.array([known[codes[a]] for a in candidates.places.area], dtype=np.int64)
    places = replace(candidates.places, area=area)
    uplift = Uplift.of(model.effects, chances)
    mean = uplift.expected(places)
    some = np.unique(np.linspace(0, len(places) - 1, min(len(places), SAMPLED)).astype(np.int64))
    share = standard_share(mean[some], uplift.draws(places.take(some))) if len(some) else 0.0
    gain, _ = tables.gains.posterior.at(places.course, places.score)
    rule = standard_value(places.score, places.standard, places.needing, gain)
    return EffectValues(places, uplift, model, mean, blended(mean, rule, share), share)


def standard_share(mean: Floats, draws: Floats) -> float:
    """How much say the standard gets in plans before edition 5: 1 − signal/noise, not below 0.

    Signal is the variance of the expected benefits over places, noise the mean posterior variance of a benefit about
    the level that all places share (how much mentoring helps at all, which decides nothing between places). This is
    the weight of the positive-part James-Stein estimator (Efron & Morris 1973, JASA 68, 117-130), the standard being
    what is shrunk to: with more signal than noise, as in a city of 160 mentors, the effects decide alone.

    Args:
        mean: (n) expected benefits.
        draws: (n, D) joint draws of them.
    """
    total = float(mean.sum())
    level = draws.sum(axis=0) / total if total > 0 else np.ones(draws.shape[1])
    noise = float(np.mean((draws - mean[:, None] * level) ** 2))
    return max(0.0, 1.0 - float(mean.var()) / noise) if noise > 0 else 0.0


def blended(mean: Floats, rule: Floats, share: float) -> Floats:
    """(1 − share) · effect + share · standard value (n), brought to one scale by least squares through nought.

    A place that the effects expect nothing of stays so.
    """
    return blended_at(mean, rule, share, scale_of(mean, rule))


def scale_of(mean: Floats, rule: Floats) -> float:
    """What brings the standard's values (n) to the scale of the effects'."""
    squares = float(rule @ rule)
    return float(np.maximum(mean, 0.0) @ rule) / squares if squares > 0 else 0.0


def blended_at(mean: Floats, rule: Floats, share: float, scale: float) -> Floats:
    """The same at a scale found before."""
    both: Floats = np.where(mean > 0, (1.0 - share) * mean + share * scale * rule, mean)
    return both
