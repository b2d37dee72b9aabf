"""Size classes of businesses by annual sales."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.sentences import Label

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MONTHS = 12


@dataclass(frozen=True)
class SizeClass:
    """A class and the most it sells in a year, rupiah (that amount included)."""

    label: Label
    most_idr: float


SIZES = (
    SizeClass(Label("Usaha mikro", "Micro business"), 2_000_000_000.0),
    SizeClass(Label("Usaha kecil", "Small business"), 15_000_000_000.0),
    SizeClass(Label("Usaha menengah", "Medium business"), 50_000_000_000.0),
    SizeClass(Label("Usaha besar", "Large business"), float("inf")),
)
"""By law: Government Regulation (PP) 7/2021, article 35, annual sales of businesses that existed before it."""


def size_of(month_idr: Floats) -> Integers:
    """Place in ``SIZES`` of businesses by their mean monthly turnover (n), rupiah; −1 where it is NaN."""
    yearly = MONTHS * np.asarray(month_idr, dtype=np.float64)
    place = np.searchsorted([size.most_idr for size in SIZES], yearly, side="left")
    return np.where(np.isnan(yearly), -1, place).astype(np.int64)
