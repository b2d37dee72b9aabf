"""True effects: growth as a function of a mentor's score, per area, with and without the need."""

from dataclasses import dataclass, replace

import numpy as np

from data.sample.facts import Bools, Floats

FORMS = ("linear", "saturating", "threshold")

SCORE_MEAN, SCORE_SD, SCORE_LOW, SCORE_HIGH = 57.0, 15.0, 5.0, 98.0


@dataclass(frozen=True)
class Shape:
    """f(s) = scale · form(s) for a business with the need, ``without_need`` times that for one without it.

    Forms, s in 0..100: zero 0; linear s/100; saturating (1 − exp(−bend·s/100))/(1 − exp(−bend)); threshold
    1/(1 + exp(−(s − centre)/width)).
    """

    area: str
    form: str
    scale: float
    without_need: float
    bend: float = 3.0
    centre: float = 60.0
    width: float = 7.0

    def raw(self, scores: Floats) -> Floats:
        """The form alone, before the scale."""
        s = np.asarray(scores, dtype=np.float64)
        if self.form == "linear":
            return s / 100
        if self.form == "saturating":
            bent: Floats = np.expm1(-self.bend * s / 100) / np.expm1(-self.bend)
            return bent
        if self.form == "threshold":
            step: Floats = 1 / (1 + np.exp(-(s - self.centre) / self.width))
            return step
        return np.zeros_like(s)

    def effect(self, scores: Floats, needing: Floats) -> Floats:
        """Log growth at these scores; ``needing`` 1.0 with the need in the area, 0.0 without (broadcast)."""
        share: Floats = needing + (1 - needing) * self.without_need
        return self.scale * self.raw(scores) * share

    def per_ten(self, scores: Floats) -> float:
        """Mean of f(min(s+5, 100)) − f(max(s−5, 0)) over ``scores``, for a business with the need."""
        step = self.raw(np.minimum(scores + 5, 100)) - self.raw(np.maximum(scores - 5, 0))
        return self.scale * float(step.mean()) if len(scores) else 0.0


def _reference() -> Floats:
    """Scores of a typical city of mentors, to which slopes are set."""
    grid = np.linspace(SCORE_MEAN - 3 * SCORE_SD, SCORE_MEAN + 3 * SCORE_SD, 181)
    weight = np.exp(-(((grid - SCORE_MEAN) / SCORE_SD) ** 2) / 2)
    counts = np.rint(200 * weight).astype(np.int64)
    return np.repeat(grid, counts)


def draw_shapes(mode: str, areas: tuple[str, ...], needs: Floats, rng: np.random.Generator) -> list[Shape]:
    """One shape per area.

    ``mode``: "differ" draws a form for every area, two to four of seven areas zero, and shuffles the slopes;
    "alike" gives every area the same saturating one; "none" gives zero. ``needs``: (areas) share of businesses with a
    need. Slopes are set so that 15 points more in every area are worth 9 to 12 % to an average business.
    """
    count = len(areas)
    if mode == "none":
        return [Shape(area, "zero", 0.0, 0.0) for area in areas]
    without = np.where(needs > 0, 0.10, 0.40)
    weights, forms, centres = np.ones(count), ["saturating"] * count, np.full(count, 60.0)
    worth, bends = rng.uniform(0.09, 0.113), np.full(count, rng.uniform(1.5, 4.0))
    if mode == "differ":
        bends = rng.uniform(1.5, 4.0, count)
        weights = _slopes(count, rng)
        forms = [FORMS[i] for i in rng.integers(0, len(FORMS), count)]
        centres = rng.uniform(50, 66, count)
    reach = needs + (1 - needs) * without
    slopes = weights * worth / 1.5 / float(weights @ reach)
    return [
        _scaled(Shape(areas[a], forms[a], 1.0, float(without[a]), float(bends[a]), float(centres[a])), float(slopes[a]))
        for a in range(count)
    ]


def _slopes(count: int, rng: np.random.Generator) -> Floats:
    """Relative slopes, shuffled: two to four of seven nought, the others falling by a fifth each."""
    nought = int(rng.integers(2 * count // 7, 4 * count // 7 + 1))
    slopes = np.concatenate([0.8 ** np.arange(count - nought), np.zeros(nought)])
    return rng.permutation(slopes)


def _scaled(shape: Shape, slope: float) -> Shape:
    """The shape with its scale set so that ten points are worth ``slope`` on average; a slope of 0 makes it zero."""
    if slope == 0:
        return Shape(shape.area, "zero", 0.0, 0.0)
    return replace(shape, scale=slope / shape.per_ten(_reference()))


def total_effect(shapes: list[Shape], scores: Floats, needing: Floats) -> Floats:
    """Σ over areas of f at ``scores`` (n, areas) for businesses ``needing`` (n, areas), against mean scores.

    0 for a mentor who stands at the typical mean everywhere, so that it adds to the average effect of a mentor.
    """
    total = np.zeros(len(scores))
    for a, shape in enumerate(shapes):
        at_mean = np.full(len(scores), SCORE_MEAN)
        total += shape.effect(scores[:, a], needing[:, a]) - shape.effect(at_mean, needing[:, a])
    return total


def any_effect(shapes: list[Shape]) -> bool:
    """Whether any area matters."""
    return any(shape.scale > 0 for shape in shapes)


def needs_by_area(problems: Bools, answers: Floats) -> Floats:
    """(n, areas) 1.0 where one of the business's problems (n, problems) is answered by the area."""
    return (problems.astype(np.float64) @ answers > 0).astype(np.float64)
