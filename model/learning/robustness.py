"""How strong an unseen confounder must be to explain an effect away."""

import math


def robustness_value(t: float, df: float) -> float:
    """Robustness value (0..1) of an estimate, after Cinelli & Hazlett 2020 (J. R. Stat. Soc. B 82, 39–67), q = 1.

    RV = ½(√(f⁴ + 4f²) − f²) with f = |t|/√df: a confounder explaining less than this share of what is left of both the
    score and the outcome cannot bring the estimate to zero.

    Args:
        t: estimate / standard error.
        df: its residual degrees of freedom (of mentors, where errors are by mentor); 0 or below gives 0.
    """
    if df <= 0 or not math.isfinite(t):
        return 0.0
    f2 = t * t / df
    return 0.5 * (math.sqrt(f2 * f2 + 4 * f2) - f2)
