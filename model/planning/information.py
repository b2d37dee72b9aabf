"""Value of information: how much better a plan can be expected to be once one more assessment is seen.

Before the assessment its result is uncertain; for each possible result (nodes of the predictive distribution) the
mentor's best bundle at the plan's prices is compared with the bundle that would be taken without it. The prices stand
for what the place would be worth to all others, so that no plan has to be solved anew (one mentor moves them little).
Expected value of sample information: Raiffa & Schlaifer 1961.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from model.planning.blocks import Blocks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def nodes(count: int) -> Floats:
    """Middles of ``count`` equal shares of a standard normal distribution, scaled to a variance of 1."""
    middles: Floats = ndtri((np.arange(count) + 0.5) / count)
    scaled: Floats = middles / middles.std()
    return scaled


def after_assessing(doubt: Floats, noise_sd: float) -> tuple[Floats, Floats, Floats]:
    """How one more assessment of noise ``noise_sd`` will move what is believed of a true score of sd ``doubt`` (n).

    Returns:
        sd of the shift of the mean, sd that is left about it, and sd of the assessment itself (predictive).
    """
    predictive = np.sqrt(doubt**2 + noise_sd**2)
    return doubt**2 / predictive, doubt * noise_sd / predictive, predictive


@dataclass(frozen=True)
class Known:
    """What knowing brings each mentor's bundle (M) at each of K equally likely results.

    ``gains``: (M, K) worth of the best bundle less that of the bundle chosen without knowing; never below 0.
    ``picks``: (M, K) best bundles; ``base``: (M) the bundles without knowing.
    """

    gains: Floats
    picks: Ints
    base: Ints


def knowing(blocks: Blocks, before: Floats, results: Floats) -> Known:
    """Compare bundles before and after a result.

    Args:
        blocks: bundles of every mentor.
        before: (n) each candidate's value less its price, as expected before; −inf where it cannot be chosen before.
        results: (K, n) the same at each result.
    """
    _, base = blocks.best(blocks.sums(before))
    gains, picks = [], []
    for result in results:
        worth = blocks.sums(result)
        top, best = blocks.best(worth)
        stays = worth[base] >= top
        gains.append(np.maximum(top - worth[base], 0.0))
        picks.append(np.where(stays, base, best))
    return Known(np.array(gains).T, np.array(picks).T, base)
