"""What a course is expected to bring a mentor's businesses: growth and turnover, with joint uncertainty.

Benefit = Σ businesses E[growth | score after] − E[growth | score now]. The effect's parameters, the courses' gains and
the noise of each assessment are drawn together from one seed, so that sums over a whole plan have a correct range.
Parameters are drawn in mirrored pairs and normal noise by its own quantiles in random order (a Latin hypercube), which
leaves far less chance in a mean than free draws.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from model.effects import Effects
from model.forms import Drawn
from model.planning.gains import CourseGains, applied, room, spread_normals
from model.planning.standard import standard_value

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 2000
_CHUNK = 512
_PARAMETERS, _GAINS, _NOISE = 1, 2, 3  # streams of the seed


@dataclass(frozen=True)
class Places:
    """Possible places (n): a mentor on a course, and whom it would reach.

    ``course``, ``area``: numbers; ``cell``: number of mentor × area (one assessment, one noise). ``score``: as
    assessed, ``true``: the true one expected from it, ``doubt``: its sd, ``standard``: points. ``needing``,
    ``others``: businesses with and without a need in the area (expected numbers where the mentor has none active).
    ``yearly_needing``, ``yearly_others``: their turnover a year, rupiah.
    """

    course: Ints
    area: Ints
    cell: Ints
    score: Floats
    true: Floats
    doubt: Floats
    standard: Floats
    needing: Floats
    others: Floats
    yearly_needing: Floats
    yearly_others: Floats

    def __len__(self) -> int:
        return len(self.course)

    def take(self, rows: Ints | slice) -> "Places":
        """Only these rows."""
        return Places(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def chunks(self) -> Iterator["Places"]:
        """The places in pieces small enough for their draws to be held at once."""
        for start in range(0, len(self), _CHUNK):
            yield self.take(slice(start, start + _CHUNK))


@dataclass(frozen=True)
class Chances:
    """Joint draws of what is uncertain about scores: ``levels`` (C, D) of the courses' gains and how they fall.

    ``decays``, ``widest``: (D), see model/planning/gains.py.

    The true score of a mentor in an area is drawn once per cell.
    """

    levels: Floats
    decays: Floats
    widest: Floats
    seed: int

    @staticmethod
    def of(gains: CourseGains, seed: int, count: int = DRAWS) -> "Chances":
        """Draw the courses' gains jointly; NaN stays where a gain is not known."""
        return Chances(*gains.draws(count, np.random.default_rng([seed, _GAINS])), seed)

    def scores(self, places: Places) -> tuple[Floats, Floats]:
        """Draws (n, D) of the true score now (within 0..100) and of the score after."""
        count = len(self.decays)
        noise = {int(c): self._noise(int(c), count) for c in np.unique(places.cell)}
        now = np.array([noise[int(cell)] for cell in places.cell]).reshape(len(places), count)
        now = np.clip(places.true[:, None] + places.doubt[:, None] * now, 0.0, 100.0)
        return now, now + applied(self.gains(places, now), now)

    def gains(self, places: Places, now: Floats) -> Floats:
        """Draws (n, D) of the courses' gains at drawn scores, before the ceiling."""
        drawn: Floats = self.levels[places.course] * room(now, self.widest) ** self.decays
        return drawn

    def _noise(self, cell: int, count: int) -> Floats:
        return spread_normals(np.random.default_rng([self.seed, _NOISE, cell]), count)


@dataclass(frozen=True)
class Uplift:
    """Benefit under a learned effect: Θ (D, 2A) and ``shapes`` of the areas drawn with the chances of scores."""

    effects: Effects
    chances: Chances
    theta: Floats
    shapes: Drawn

    @staticmethod
    def of(effects: Effects, chances: Chances) -> "Uplift":
        """Draw the effect's parameters in mirrored pairs."""
        seed = [chances.seed, _PARAMETERS]
        theta, bends = effects.draws(len(chances.decays), seed)
        return Uplift(effects, chances, theta, effects.drawn_shapes(bends, seed))

    def steps(self, places: Places) -> Floats:
        """Draws (n, D) of the shaped points that the course adds."""
        now, after = self.chances.scores(places)
        steps = np.empty(now.shape)
        for area in np.unique(places.area):
            rows = places.area == area
            steps[rows] = self.shapes.at(int(area), after[rows]) - self.shapes.at(int(area), now[rows])
        return steps

    def expected(self, places: Places) -> Floats:
        """Expected benefit (n): the draws' mean step under each bend × that bend's mean parameters."""
        total, weights = np.zeros(len(places)), self.effects.weights
        steps = np.concatenate([*map(self._mean_steps, places.chunks()), np.zeros((0, len(weights)))])
        for k, (weight, mean) in enumerate(zip(weights, self.effects.means, strict=True)):
            without, with_need = self._slopes(mean[None, :], places)
            total += weight * steps[:, k] * (places.others * without[:, 0] + places.needing * with_need[:, 0])
        return total

    def _mean_steps(self, places: Places) -> Floats:
        """Mean step (n, K) over the draws of each bend; 0 for a bend too unlikely to be drawn."""
        steps = self.steps(places)
        drawn = self.shapes.bends[:, None] == self.effects.bends
        found: Floats = steps @ drawn / np.maximum(drawn.sum(axis=0), 1)
        return found

    def draws(self, places: Places) -> Floats:
        """Joint draws (n, D) of the benefit, in log points summed over businesses."""
        without, with_need = self._slopes(self.theta, places)
        drawn: Floats = (places.others[:, None] * without + places.needing[:, None] * with_need) * self.steps(places)
        return drawn

    def turnover(self, places: Places) -> Floats:
        """Joint draws (n, D) of the extra turnover a year, rupiah: Σ yearly turnover × (exp(extra growth) − 1)."""
        without, with_need = self._slopes(self.theta, places)
        steps = self.steps(places)
        others = places.yearly_others[:, None] * np.expm1(without * steps)
        total: Floats = others + places.yearly_needing[:, None] * np.expm1(with_need * steps)
        return total

    def _slopes(self, theta: Floats, places: Places) -> tuple[Floats, Floats]:
        """Growth per shaped point (n, D) for a business without the need and for one with it."""
        without = theta[:, places.area].T
        return without, without + theta[:, len(self.effects.areas) + places.area].T


def standard_draws(places: Places, chances: Chances) -> Floats:
    """Joint draws (n, D) of the standard value, from the uncertainty of gain and assessment."""
    now, _ = chances.scores(places)
    return standard_value(now, places.standard[:, None], places.needing[:, None], chances.gains(places, now))
