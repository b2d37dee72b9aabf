"""Whether each area has a form of its own, and which: what mentors' data say of where on the scale points help.

An area at a time takes on each form while the others keep the mean shape; how likely the outcomes are then weighs the
forms. That all areas share one bend is weighed against it likewise. Data of a city rarely settle it, so the plan's
ranges hold what stays open. Columns are expected forms of the true score given the assessed one (regression
calibration: Carroll et al. 2006, Measurement Error in Nonlinear Models, ch. 4).
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from model.forms import Own, formed
from model.learning.marginal import Products
from model.learning.relation import STEADY
from training.learning.estimates import Estimates
from training.learning.preparing import Prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STEPS = (45.0, 55.0, 65.0)
"""Centres of the steps that are tried."""

PRIOR_OWN = 0.5
"""Chance that areas have forms of their own, before any data (ours)."""

FLATTEST = 2.5
"""A form by which ten points move less than this where the mentors stand cannot be scaled, and does not count; by the
straight line they move 10."""

_SHARE, _LOOSE = 0.25, 0.15
"""Share of an effect that holds without the need as well, give or take (model/learning/pooling.py)."""

_POINTS, _MASSES = hermegauss(9)
_FAR = 50.0
_LEAST = 1e-6  # variance, where there is none


def forms_of(bends: Floats) -> tuple[Floats, Floats]:
    """Forms (J, 2), the bends first, and their weights before any data: straight, saturating, a step a third each."""
    curved, steps = int((bends > 0).sum()), len(STEPS)
    forms = np.full((len(bends) + steps, 2), np.nan)
    forms[: len(bends), 0], forms[len(bends) :, 1] = bends, STEPS
    return forms, np.append(np.where(bends > 0, 1.0 / max(curved, 1), 1.0), np.full(steps, 1.0 / steps)) / 3.0


def own_forms(prepared: Prepared, found: Estimates) -> Own:
    """Weigh the forms of all areas; ``found``: effects under the bends that all areas may share."""
    bends = np.array([part.bend for part in found.parts])
    forms, alike = forms_of(bends)
    sizes = _sizes(prepared.newest, forms)
    prior = np.where(sizes >= FLATTEST, alike, 0.0)
    prior /= prior.sum(axis=1, keepdims=True)
    sizes = np.maximum(sizes, FLATTEST)
    weighing = _Weighing.of(prepared, found, forms, sizes)
    own, weights = _mixed(weighing.own(), prior)
    shared, _ = _mixed(weighing.shared(len(bends))[None], alike[None, : len(bends)] / alike[: len(bends)].sum())
    odds = np.exp(np.clip(shared.sum() - own.sum(), -_FAR, _FAR)) * (1.0 - PRIOR_OWN) / PRIOR_OWN
    return Own(float(1.0 / (1.0 + odds)), forms, weights, sizes, sizes[:, : len(bends)])


def own_answer(found: Estimates) -> dict[str, Any]:
    """{"own": {"chance" that areas have forms of their own, "areas": how likely each is straight, …, if so}}."""
    own = found.own
    if own is None:
        return {"own": None}
    bent, step = own.forms[:, 0] > 0, np.isfinite(own.forms[:, 1])
    kinds = {"straight": ~bent & ~step, "saturating": bent, "step": step}
    rows = zip(found.areas, own.weights, strict=True)
    areas = [{"area": a} | {kind: float(w[which].sum()) for kind, which in kinds.items()} for a, w in rows]
    return {"own": {"chance": own.chance, "areas": areas}}


def _mixed(logs: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """Log evidence of mixtures (m) from those of their parts (m, J) and the parts' prior; the parts' posterior."""
    top = logs.max(axis=1, keepdims=True)
    odds = prior * np.exp(logs - top)
    total = odds.sum(axis=1, keepdims=True)
    return (np.log(total) + top)[:, 0], odds / total


def _sizes(newest: Floats, forms: Floats) -> Floats:
    """(A, J) what ten points move by each form: mean over mentors, as effects are told (contract, section 2)."""
    low, high = np.maximum(newest - 5, 0), np.minimum(newest + 5, 100)
    sizes: Floats = np.stack([np.nanmean(formed(high, f) - formed(low, f), axis=0) for f in forms], axis=1)
    return sizes


@dataclass(frozen=True)
class _Weighing:
    """Sums over controls, every area's mean shape (alone and with the need), and every form of every area likewise.

    ``areas``, ``forms``: how many. ``precision``: of the controls and the 2A columns that are in a fit at a time.
    """

    products: Products
    precision: Floats
    areas: int
    forms: int

    @classmethod
    def of(cls, prepared: Prepared, found: Estimates, forms: Floats, sizes: Floats) -> "_Weighing":
        """Lay the columns out."""
        basis, mixed = prepared.basis, found.likeliest.mixed
        shapes = _expected(prepared, forms) / sizes.T[:, :, None]
        usual = np.tensordot(found.weights, shapes[: len(found.weights)], axes=1)
        every = np.concatenate([usual[None], shapes])
        crossed = every * np.where(basis.with_need, basis.needs, 0.0).T
        blocks = [block.T for pair in zip(every, crossed, strict=True) for block in pair]
        wide = np.hstack([basis.controls, *blocks, basis.outcome[:, None]])
        within = max(mixed.within, _LEAST * float(basis.outcome.var()))
        products = Products.of(wide, basis.mentor, mixed.between, within)
        return cls(products, _precision(products, prepared, found.scale, within), len(basis.with_need), len(forms))

    @property
    def _controls(self) -> int:
        return len(self.precision) - 2 * self.areas

    def own(self) -> Floats:
        """(A, J) log evidence of a form in an area, all others at the mean shape, less that of the mean shape."""
        start = self._evidence(np.zeros(self.areas, dtype=np.int64))
        each = [
            self._evidence(np.where(np.arange(self.areas) == a, j + 1, 0)) - start
            for a, j in product(range(self.areas), range(self.forms))
        ]
        return np.reshape(each, (self.areas, self.forms))

    def shared(self, bends: int) -> Floats:
        """(K) log evidence of each bend in all areas, less that of the mean shape."""
        start = self._evidence(np.zeros(self.areas, dtype=np.int64))
        return np.array([self._evidence(np.full(self.areas, k + 1)) - start for k in range(bends)])

    def _evidence(self, chosen: Integers) -> float:
        """Of one choice (A): 0 for the mean shape, j + 1 for form j."""
        at = self._controls + 2 * self.areas * chosen + np.arange(self.areas)
        return self.products.log_evidence(np.r_[: self._controls, at, at + self.areas], self.precision)


def _expected(prepared: Prepared, forms: Floats) -> Floats:
    """(J, A, n) expected form of the true score, given the assessed one, its noise and the spread over mentors."""
    scores, newest = prepared.scores, prepared.newest
    noise = 0.0 if prepared.noise is None else prepared.noise.variance
    found = np.empty((len(forms), *scores.T.shape))
    for a, column in enumerate(scores.T):
        mean, whole = float(np.nanmean(newest[:, a])), max(float(np.nanvar(newest[:, a])), _LEAST)
        share = max(whole - noise, 0.1 * whole) / whole
        seen, place = np.unique(np.where(np.isnan(column), mean, column), return_inverse=True)
        true = mean + share * (seen - mean)
        points = np.clip(true[:, None] + np.sqrt(share * min(noise, whole)) * _POINTS, 0.0, 100.0)
        for j, form in enumerate(forms):
            found[j, a] = (formed(points, form) @ _MASSES / _MASSES.sum())[place.ravel()]
    return found


def _precision(products: Products, prepared: Prepared, scale: float, within: float) -> Floats:
    """Of the controls by their ridge, of an area's effect by the ``scale`` of its prior, in the outcome's unit."""
    basis, areas = prepared.basis, np.arange(len(prepared.areas))
    q = basis.controls.shape[1]
    precision = np.zeros((q + 2 * len(areas), q + 2 * len(areas)))
    inner = products.gram[:q, :q]
    precision[:q, :q] = np.diag(basis.penalty / within + STEADY * np.trace(inner) / q)
    share, loose = _SHARE, _LOOSE**2
    across = share - share**2 - loose
    prior = scale**2 * np.array([[share**2 + loose, across], [across, (1.0 - share) ** 2 + loose]])
    inverse = np.linalg.inv(prior)
    plain, needed = q + areas, q + len(areas) + areas
    precision[plain, plain], precision[needed, needed] = inverse[0, 0], inverse[1, 1]
    precision[plain, needed] = precision[needed, plain] = inverse[0, 1]
    return precision
