"""What each candidate is worth to the plan: by the learned effect if it is supported, else by the office's standard."""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from model.effects import LearnedEffects
from model.evidence import effect_word, standard_word
from model.planning.gains import Z90
from model.planning.standard import standard_value
from model.planning.uplift import Chances, Places, Uplift, standard_draws
from training.planning.candidates import Candidates
from training.planning.plan_tables import PlanTables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Basis = Literal["effect", "standard"]
LOW, HIGH = 0.05, 0.95  # every range is 90 %


class Values(Protocol):
    """Values of the candidates (n) on one basis.

    ``mean``: expected value; ``objective``: what the plan sums up (the mean, or the low end of the range if cautious).
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
    """By the learned effect: expected extra growth summed over the mentor's businesses."""

    places: Places
    uplift: Uplift
    model: LearnedEffects
    mean: Floats
    objective: Floats
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
    tables: PlanTables, candidates: Candidates, model: LearnedEffects | None, *, cautious: bool, seed: int
) -> StandardValues | EffectValues:
    """Value every candidate on one basis: the effect if the model's gain is supported, else the standard.

    By effect, every candidate's area must be one that the model learned (training/planning/candidates.py).
    """
    chances = Chances.of(tables.gains.posterior, seed)
    if model is not None and model.supported:
        return _by_effect(tables, candidates, model, chances, cautious=cautious)
    return _by_standard(tables, candidates, chances, cautious=cautious)


def _by_standard(tables: PlanTables, candidates: Candidates, chances: Chances, *, cautious: bool) -> StandardValues:
    places, gains = candidates.places, tables.gains.posterior
    gain, sd = gains.at(places.course, places.score)
    mean = standard_value(places.score, places.standard, places.needing, gain)
    low = standard_value(places.score, places.standard, places.needing, gain - Z90 * sd)
    return StandardValues(places, chances, tables.gains.took, mean, low if cautious else mean)


def _by_effect(
    tables: PlanTables, candidates: Candidates, model: LearnedEffects, chances: Chances, *, cautious: bool
) -> EffectValues:
    known = {code: number for number, code in enumerate(model.effects.areas)}
    codes = tuple(tables.areas)
    area = np.array([known[codes[a]] for a in candidates.places.area], dtype=np.int64)
    places = replace(candidates.places, area=area)
    uplift = Uplift.of(model.effects, chances)
    mean = uplift.expected(places)
    objective = mean
    if cautious:
        lows = [np.quantile(uplift.draws(piece), LOW, axis=1) for piece in places.chunks()]
        objective = np.concatenate([*lows, np.zeros(0)])
    return EffectValues(places, uplift, model, mean, objective)
