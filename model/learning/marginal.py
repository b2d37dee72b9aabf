"""How likely data are under a regression of few columns out of many: marginal likelihood by sums of products.

y = Xβ + u_m + e with β ~ N(0, Λ⁻¹) and known variances; β is integrated out (Bishop 2006, Pattern Recognition and
Machine Learning, section 3.5.1). The sums are made once over all columns; each choice of columns costs one solve.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Products:
    """``gram``: (P + 1, P + 1) of all columns and the outcome last, [X y]ᵀV⁻¹[X y]."""

    gram: Floats

    @classmethod
    def of(cls, wide: Floats, mentor: Integers, between: float, within: float) -> "Products":
        """Sums over (n, P + 1) columns and outcome for V = within · I + between · (same mentor)."""
        order = np.argsort(mentor, kind="stable")
        rows, ratio = wide[order], between / within
        starts = np.flatnonzero(np.diff(mentor[order], prepend=-1))
        sizes = np.diff(np.append(starts, len(rows))).astype(float)
        sums = np.add.reduceat(rows, starts)
        shrink = ratio / (1.0 + sizes * ratio)
        gram: Floats = (rows.T @ rows - (sums * shrink[:, None]).T @ sums) / within
        return cls(gram)

    def log_evidence(self, columns: Sequence[int] | Integers, precision: Floats) -> float:
        """Log marginal likelihood with these columns, β's ``precision`` Λ (p, p), up to what all choices share.

        ½·log|Λ| is left out: it must be the same for the choices compared.
        """
        inside = np.asarray(columns)
        root = np.linalg.cholesky(self.gram[np.ix_(inside, inside)] + precision)
        pulled = solve_triangular(root, self.gram[inside, -1], lower=True)
        return float(0.5 * pulled @ pulled - np.log(np.diag(root)).sum())
