"""What a mentor is worth to a business: by the learned effect of the scores if it is supported, else by the standard.

Both are Σ over areas of a slope (the business's needs) times a shape (the mentor's score), so that one form serves.
By effect: the mentor-dependent part of predicted growth, Σ φ(score) · (θ0 + θ1 · need), the mean over what φ may be.
No slope is below nought: where points seem to harm, which no trait of a mentor is known to do, they count for nothing,
else a business would go to whoever is weakest in what it needs.
By the standard: the fit, Σ over needs of min(score, standard) / standard.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.effects import LearnedEffects
from model.evidence import WORDS, effect_word
from training.matching.match import Basis
from training.matching.match_tables import MatchTables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 400
_THETA, _SCORES = 1, 2  # streams of the seed
_CHUNK, _GRID = 1000, 2001
_ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Worth:
    """Values of pairs. Needs (N, A) and standards (A) over all areas of the tables.

    ``scores``: (M, A) as assessed last, by which the standard goes; ``true``, ``doubt``: (M, A) expected true scores
    and their sd, by which the effects go: the best of noisy scores promise more than they bring. NaN where never
    assessed. ``model``: the effects when they are supported, else None. ``rising``: no slope counts below nought.
    """

    needs: Ints
    scores: Floats
    true: Floats
    doubt: Floats
    areas: tuple[str, ...]
    standards: Floats
    model: LearnedEffects | None
    seed: int
    rising: bool = True

    @property
    def basis(self) -> Basis:
        """One for the whole matching."""
        return "standard" if self.model is None else "effect"

    @cached_property
    def _patterns(self) -> tuple[Ints, Ints]:
        """Distinct rows of needs (P, A), and each business's number among them (N)."""
        found, number = np.unique(self.needs, axis=0, return_inverse=True)
        return found, number.reshape(-1)

    @cached_property
    def _known(self) -> list[tuple[int, int]]:
        """(Area of the tables, area of the model) for those that both have."""
        learned = self.model.effects.areas if self.model else ()
        return [(a, learned.index(code)) for a, code in enumerate(self.areas) if code in learned]

    @property
    def at(self) -> Floats:
        """Scores (M, A) that count."""
        return self.scores if self.model is None else self.true

    @cached_property
    def average(self) -> Floats:
        """Scores of an average mentor (A): means over the mentors learned from, else over those of the tables."""
        means = _means(self.scores)
        if self.model is not None:
            learned = _means(self.model.mentor_scores)
            for a, b in self._known:
                means[a] = learned[b] if np.isfinite(learned[b]) else means[a]
        return np.nan_to_num(means)

    def shape(self, scores: Floats) -> Floats:
        """Shapes (…, A, K) of scores, one for each bend the effects may have; by the standard there is one."""
        if self.model is None:
            return self._fits(scores)[..., None]
        filled, effects = self._filled(scores), self.model.effects
        shapes = np.zeros((*filled.shape, len(effects.bends)))
        for a, b in self._known:
            shapes[..., a, :] = np.moveaxis(effects.shapes(b, filled[..., a]), 0, -1)
        return shapes

    def _fits(self, scores: Floats) -> Floats:
        """Share (…, A) of the standard that a score reaches, at most 1; a missing score reaches nothing."""
        top = np.where(self.standards > 0, self.standards, 1.0)
        return np.where(self.standards > 0, np.minimum(np.nan_to_num(scores), top) / top, 1.0)

    def _filled(self, scores: Floats) -> Floats:
        """Scores (…, A) with a missing one at the average."""
        return np.where(np.isnan(scores), self.average, scores)

    def slopes(self, needs: Ints) -> Floats:
        """Slopes (…, A, K) of needs (…, A): what a point of each shape is worth, weighed by how likely its bend is."""
        if self.model is None:
            return needs[..., None].astype(np.float64)
        effects = self.model.effects
        each = zip(effects.weights.tolist(), effects.means, strict=True)
        found = np.stack([weight * self._tilted(needs, mean) for weight, mean in each], axis=-1)
        return np.maximum(found, 0.0) if self.rising else found

    def _tilted(self, needs: Ints, theta: Floats) -> Floats:
        """Slopes (…, A) of needs under coefficients θ (2A'); nothing in an area that the model does not know."""
        count = len(theta) // 2
        slopes = np.zeros(needs.shape)
        for a, b in self._known:
            slopes[..., a] = theta[b] + theta[count + b] * (needs[..., a] > 0)
        return slopes

    @cached_property
    def _table(self) -> Floats:
        """Value of every mentor for every pattern of needs (M, P)."""
        return self.sums(self.shape(self.at), self.slopes(self._patterns[0]))

    @staticmethod
    def sums(shapes: Floats, slopes: Floats) -> Floats:
        """Σ over areas and bends of shapes (m, A, K) times slopes (p, A, K): (m, p)."""
        found: Floats = np.einsum("mak,pak->mp", shapes, slopes)
        return found

    def values(self, business: Ints, mentor: Ints) -> Floats:
        """Value of pairs (n)."""
        return self._table[mentor, self._patterns[1][business]]

    def beside_average(self, business: Ints, mentor: Ints) -> Floats:
        """What each pair's mentor adds beside one of average scores (n)."""
        usual = self.sums(self.shape(self.average[None]), self.slopes(self._patterns[0]))[0]
        beside: Floats = self.values(business, mentor) - usual[self._patterns[1][business]]
        return beside

    def parts(self, business: int, mentor: int) -> Floats:
        """What each area adds beside a mentor of average scores (A)."""
        return self.parts_by_needs(self.needs[business], mentor)

    def parts_by_needs(self, needs: Ints, mentor: int) -> Floats:
        """The same (A) for any needs (A)."""
        beside: Floats = self.shape(self.at[mentor]) - self.shape(self.average)
        parts: Floats = (beside * self.slopes(needs)).sum(axis=-1)
        return parts

    @cached_property
    def _thetas(self) -> tuple[Floats, Floats]:
        """Joint draws of the coefficients (D, 2A') and the bend (D); none by the standard."""
        if self.model is None:
            return np.zeros((DRAWS, 0)), np.zeros(DRAWS)
        return self.model.effects.draws(DRAWS, [self.seed, _THETA])

    @cached_property
    def drawn_shapes(self) -> Floats:
        """Joint draws of the shapes of the mentors' true scores (M + 1, A, D); the last row is an average mentor's."""
        rng = np.random.default_rng([self.seed, _SCORES])
        centre, doubt = self._spread()
        true = np.clip(centre + doubt * rng.standard_normal((DRAWS, *centre.shape)), 0.0, 100.0)
        scores = np.concatenate([true, np.broadcast_to(self.average, (DRAWS, 1, len(self.areas)))], axis=1)
        if self.model is None:
            return np.ascontiguousarray(self._fits(scores).transpose(1, 2, 0))
        drawn = self.model.effects.drawn_shapes(self._thetas[1], [self.seed, _THETA])
        shapes = np.zeros((scores.shape[1], scores.shape[2], DRAWS))
        for a, b in self._known:
            shapes[:, a] = drawn.at(b, self._filled(scores)[:, :, a].T)
        return shapes

    def _spread(self) -> tuple[Floats, Floats]:
        """Where true scores lie and how surely (M, A); by effect, who was never assessed may be any mentor."""
        if self.model is None:
            return self.scores, np.nan_to_num(self.doubt)
        known = np.isfinite(self.true)
        count = np.maximum(known.sum(axis=0), 1)
        off = np.where(known, self.true - self.average, 0.0)
        usual = np.sqrt((off**2).sum(axis=0) / count)
        return np.where(known, self.true, self.average), np.where(known, self.doubt, usual)

    def drawn_slopes(self, patterns: Ints) -> Floats:
        """Joint draws of the slopes of needs (P, A) from the posterior of the effects (P, A, D)."""
        if self.model is None:
            return np.broadcast_to(patterns[:, :, None].astype(np.float64), (*patterns.shape, DRAWS))
        return np.ascontiguousarray(np.stack([self._tilted(patterns, theta) for theta in self._thetas[0]], axis=2))

    def ends(self, business: Ints, mentor: Ints, beside: Ints) -> Floats:
        """The 5 and 95 percent ends (2, n) of the value of ``mentor`` less that of ``beside`` (−1: an average mentor).

        From joint draws of the effects, slopes below nought among them, and of the noise in every assessment; the value
        itself is never outside.
        """
        patterns, number = self._patterns
        asked = np.stack([number[business], mentor, beside])
        distinct, place = np.unique(asked, axis=1, return_inverse=True)
        return self.ends_by_needs(patterns, *distinct)[:, place.reshape(-1)]

    def ends_by_needs(self, patterns: Ints, number: Ints, mentor: Ints, beside: Ints) -> Floats:
        """The same (2, n) for rows ``number`` of ``patterns`` (P, A)."""
        shapes, slopes = self.drawn_shapes, self.drawn_slopes(patterns)
        told = self._told(patterns, number, mentor, beside)
        found = [np.zeros((2, 0))]
        for start in range(0, len(number), _CHUNK):
            who, own, other = (part[start : start + _CHUNK] for part in (number, mentor, beside))
            drawn = np.einsum("nad,nad->nd", shapes[own] - shapes[other], slopes[who])
            found.append(np.quantile(drawn, _ENDS, axis=1))
        ends = np.concatenate(found, axis=1)
        return np.stack([np.minimum(ends[0], told), np.maximum(ends[1], told)]) if self.rising else ends

    def _told(self, patterns: Ints, number: Ints, mentor: Ints, beside: Ints) -> Floats:
        """Value (n) of ``mentor`` less that of ``beside`` for rows ``number`` of ``patterns`` (P, A)."""
        shapes = np.concatenate([self.shape(self.at), self.shape(self.average[None])])
        told: Floats = np.einsum("nak,nak->n", shapes[mentor] - shapes[beside], self.slopes(patterns)[number])
        return told

    def turning_score(self, needs: Ints, mentor: int, change: float) -> tuple[int, float] | None:
        """Area and score at which a mentor's value for needs (A) has changed by that much, all other scores as now.

        The area is the one that weighs most among those the mentor was assessed in; None where no score in it does.
        """
        slopes, scores = self.slopes(needs), self.at[mentor]
        known = np.flatnonzero(np.isfinite(scores) & (slopes.sum(axis=1) > 0))
        if not len(known):
            return None
        top = np.where(np.isfinite(scores), 100.0, scores)
        weights = slopes * (self.shape(top) - self.shape(scores) if change > 0 else self.shape(scores))
        area = int(known[np.argmax(weights.sum(axis=1)[known])])
        low, high = (float(scores[area]), 100.0) if change > 0 else (0.0, float(scores[area]))
        grid = np.repeat(scores[None, :], _GRID, axis=0)
        grid[:, area] = np.linspace(low, high, _GRID)
        value = self.shape(grid)[:, area] @ slopes[area]
        wanted = value[0 if change > 0 else -1] + change
        if not value[0] <= wanted <= value[-1]:
            return None
        return area, float(np.interp(wanted, value, grid[:, area]))

    def evidence(self, business: int, mentor: int) -> str:
        """Evidence word: that of the area which adds or takes most; without a supported effect there is none."""
        return self.evidence_by_needs(self.needs[business], mentor)

    def evidence_by_needs(self, needs: Ints, mentor: int) -> str:
        """The same for any needs (A)."""
        if self.model is None or not self._known:
            return WORDS[0]
        parts = np.abs(self.parts_by_needs(needs, mentor))
        a, b = max(self._known, key=lambda pair: (parts[pair[0]], -pair[0]))
        need = int(needs[a] > 0)
        score = self.scores[mentor, a] if np.isfinite(self.scores[mentor, a]) else self.average[a]
        near = self.model.mentors_near(self.areas[a], float(score))
        return effect_word(float(self.model.z[b, need]), near, float(self.model.robustness[b, need]))


def _means(scores: Floats) -> Floats:
    known = np.isfinite(scores)
    count = known.sum(axis=0)
    total = np.where(known, scores, 0.0).sum(axis=0)
    means: Floats = np.divide(total, count, out=np.full(scores.shape[1], np.nan), where=count > 0)
    return means


def worth_of(tables: MatchTables, model: LearnedEffects | None, seed: int, *, rising: bool = True) -> Worth:
    """How pairs are valued: by the effects if their gain is supported, else by the standard."""
    return Worth(
        needs=tables.businesses.needs,
        scores=tables.mentors.scores,
        true=tables.mentors.true,
        doubt=tables.mentors.doubt,
        areas=tuple(tables.areas),
        standards=np.array([area.standard for area in tables.areas.values()], dtype=np.float64),
        model=model if model is not None and model.supported else None,
        seed=seed,
        rising=rising,
    )
