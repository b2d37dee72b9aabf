"""Intervals for shares."""

import math

Z90 = 1.6448536269514722
"""Normal quantile of a two-sided 90 % interval."""


def wilson(yes: int, count: int, z: float = Z90) -> tuple[float, float] | None:
    """Wilson's score interval for a share of ``yes`` among ``count`` independent answers; None without answers.

    Source: Wilson 1927.
    """
    if count == 0:
        return None
    p, q = yes / count, z * z / count
    centre = (p + q / 2) / (1 + q)
    half = z / (1 + q) * math.sqrt(p * (1 - p) / count + q / (4 * count))
    low = 0.0 if yes == 0 else centre - half
    high = 1.0 if yes == count else centre + half
    return low, high
