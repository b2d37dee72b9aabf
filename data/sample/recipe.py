"""How one city differs from another: kind, size and the strengths behind it; and its calendar."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from data.sample.facts import Days, Floats, Ints, Texts

LAST_MONTH = 2026 * 12 + 8
"""The last report month, September 2026, as year · 12 + month − 1: fixed, not from the clock."""

FIRST_START = 3
"""Months of reports before the first engagement starts."""

FULL_AFTER = 6
"""Months after the start until a mentor's effect is full: the first month that counts as "after"."""


@dataclass(frozen=True)
class Recipe:
    """Settings of one city. Growth is in log points; ``sd`` are standard deviations.

    ``shapes``: "differ" (drawn per area), "alike" (all saturating and equal) or "none". ``sorting``: correlation of a
    business's visible promise with its mentor's standing; ``pull``: strength of what the promise does to growth;
    ``hidden_sd``: unseen growth a year; ``hidden_sorting``: weight of the unseen in the promise.
    ``assessment_sd``: score points. ``mentor_sd``: part of growth that is the mentor's but not the scores'.
    ``shock_sd``: lasting shocks to log turnover; ``noise_sd``: noise of one month; ``gaps``: share of reports missing.
    """

    kind: str = "plain"
    mentors: int = 160
    businesses: int = 4000
    months: int = 36
    seed: int = 0
    shapes: str = "differ"
    sorting: float = 0.35
    pull: float = 1.0
    hidden_sd: float = 0.05
    hidden_sorting: float = 0.0
    assessment_sd: float = 4.0
    mentor_sd: float = 0.05
    shock_sd: float = 0.22
    noise_sd: float = 0.12
    gaps: float = 0.05

    @property
    def first_month(self) -> int:
        """First report month, as year · 12 + month − 1."""
        return LAST_MONTH - self.months + 1

    @property
    def month_days(self) -> Days:
        """First day of every report month and of the month after (months + 1), datetime64[D]."""
        start = np.datetime64("1970-01", "M") + (self.first_month - 1970 * 12)
        return (start + np.arange(self.months + 1)).astype("datetime64[D]")

    @property
    def as_of(self) -> date:
        """End of the last report month; nothing observed is dated after it."""
        day = self.month_days[-1] - np.timedelta64(1, "D")
        return date.fromisoformat(str(day))

    def stream(self, part: int) -> np.random.Generator:
        """Own random numbers for one part of the city, so that the kinds of one seed share what they can."""
        return np.random.default_rng([self.seed, part])


_KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "confounded": {"sorting": 0.7, "pull": 2.0},
    "no_effect": {"shapes": "none"},
    "small": {"mentors": 40, "businesses": 1000},
    "noisy": {"assessment_sd": 10.0},
    "hidden_selection": {"sorting": 0.6, "hidden_sd": 0.15, "hidden_sorting": 1.5},
}

KINDS = tuple(_KINDS)


def recipe_for(kind: str, sizes: dict[str, int | None], *, alike: bool) -> Recipe:
    """Settings of a kind; ``sizes`` (mentors, businesses, months, seed) override the kind's own where not None.

    Raises:
        ValueError: an unknown kind or a size that makes no city.
    """
    if kind not in _KINDS:
        raise ValueError(f"There is no kind of city called {kind!r}; choose one of {', '.join(KINDS)}.")
    if alike and kind == "no_effect":
        raise ValueError("A city without effects cannot have areas that matter alike; leave one of the two out.")
    given = {name: value for name, value in sizes.items() if value is not None}
    for name, (low, high) in LIMITS.items():
        if name in given and not low <= given[name] <= high:
            raise ValueError(f"The number for {name} must be from {low:,} to {high:,}, not {given[name]:,}.")
    recipe = replace(Recipe(kind=kind), **_KINDS[kind] | given)
    return replace(recipe, shapes="alike") if alike else recipe


LIMITS = {
    "mentors": (1, 100_000),
    "businesses": (1, 5_000_000),
    "months": (18, 240),
    "seed": (0, 2**63 - 1),
}
"""Least and most of every size that can be asked for."""


def day_text(days: Days) -> Texts:
    """Dates as ISO text; NaT becomes the empty text."""
    text = np.datetime_as_string(days.astype("datetime64[D]")).astype(object)
    text[np.isnat(days)] = ""
    return text


def identifiers(letter: str, count: int, width: int) -> Texts:
    """Ids such as M001, of equal length: at least ``width`` digits."""
    digits = max(width, len(str(count)))
    return np.array([f"{letter}{number:0{digits}d}" for number in range(1, count + 1)], dtype=object)


def standard(values: Floats) -> Floats:
    """Values centred and scaled to sd 1; zeros where they do not vary."""
    spread = float(values.std())
    centred: Floats = values - values.mean()
    return centred / spread if spread > 0 else centred


def pick(rng: np.random.Generator, shares: Floats, count: int) -> Ints:
    """``count`` places drawn in proportion to ``shares``."""
    return rng.choice(len(shares), size=count, p=shares / shares.sum()).astype(np.int64)
