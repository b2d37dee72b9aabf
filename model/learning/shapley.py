"""Exact interventional Shapley values of a sum of one-feature terms and products of two features.

For f(x) = Σ_i g_i(x_i) + Σ_k c_k · u_k(x_i) · v_k(x_j), with the features outside a coalition drawn together from a
weighted background, the value of feature i is g_i(x_i) − E g_i(z_i), and a product gives each of its two features
½·E[(u_x − u_z)(v_x + v_z)] and ½·E[(v_x − v_z)(u_x + u_z)] times c. No sampling, no enumeration.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One product term: ``coefficient`` · u · v of the features at the places ``first`` and ``second``.

    ``u``, ``v``: (r) their values in the rows explained; ``u0``, ``v0``: (b) in the background.
    """

    first: int
    second: int
    coefficient: float
    u: Floats
    v: Floats
    u0: Floats
    v0: Floats


def contributions(terms: Floats, background: Floats, weights: Floats, pairs: Sequence[Pair]) -> tuple[float, Floats]:
    """Base and contribution of every feature to every row: base + row sum = f(row), exactly.

    Args:
        terms: (r, F) values g_i(x_i) of the rows explained.
        background: (b, F) the same of the background.
        weights: (b) weights of the background, summing to 1.
        pairs: the product terms.
    """
    means = weights @ background
    shares = terms - means
    base = float(means.sum())
    for pair in pairs:
        u0, v0, both = weights @ pair.u0, weights @ pair.v0, weights @ (pair.u0 * pair.v0)
        whole = pair.u * pair.v - both
        cross = pair.u * v0 - u0 * pair.v
        shares[:, pair.first] += 0.5 * pair.coefficient * (whole + cross)
        shares[:, pair.second] += 0.5 * pair.coefficient * (whole - cross)
        base += pair.coefficient * float(both)
    return base, shares
