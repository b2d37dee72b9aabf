"""The businesses: what they are, what they need, and how they would grow without a mentor."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.sample.facts import Bools, Facts, Floats, Ints, Texts
from data.sample.mentors import person_names
from data.sample.recipe import Recipe, identifiers, pick, standard
from data.sample.shapes import needs_by_area

NAMED = np.array([0.2, 0.3, 0.3, 0.2])
"""Shares of businesses that name one, two, three or four problems."""


@dataclass(frozen=True)
class Businesses:
    """Businesses as they truly are.

    ``log_size``: (B) log monthly turnover at the first report month; ``needing``: (B, areas) 1.0 with a need in the
    area; ``growth``: (B) own log growth a year beside the common trend; ``promise``: (B) what sorts them to mentors,
    standardised; ``seeks``: (B) whether the business would ever take a mentor; ``shocks``: (B, months) lasting
    deviations of log turnover; ``district``: (B) place; ``workers``: (B) at the start.
    """

    ids: Texts
    table: pd.DataFrame
    district: Ints
    workers: Ints
    log_size: Floats
    needing: Floats
    growth: Floats
    promise: Floats
    seeks: Bools
    shocks: Floats


def make_businesses(recipe: Recipe, facts: Facts) -> Businesses:
    """Draw the businesses."""
    rng = recipe.stream(6)
    count = recipe.businesses
    sector = pick(rng, facts.column("sectors", "share"), count)
    size = pick(rng, facts.column("sizes", "share"), count)
    log_size = _log_size(facts, size, rng)
    age = np.minimum(rng.gamma(1.6, 5.0, count), 40.0)
    problems = draw_needs(facts, count, rng)
    district = pick(rng, np.array([float(s) for s in facts.raw["districts"].values()]), count)
    visible = _visible_growth(facts, sector, log_size, age, problems)
    hidden = rng.standard_normal(count)
    growth = recipe.pull * visible + recipe.hidden_sd * hidden
    promise = standard(standard(visible) + recipe.hidden_sorting * hidden)
    seeks = rng.random(count) < 0.88
    low, high = facts.column("sizes", "workers_low")[size], facts.column("sizes", "workers_high")[size]
    workers = np.floor(low + (high - low + 1) * rng.random(count) ** 2).astype(np.int64)
    ids = identifiers("U", count, 5)
    table = _table(recipe, facts, rng, ids=ids, places=(sector, district), age=age, problems=problems)
    table.insert(5, "workers", workers)
    known = np.exp(log_size + rng.normal(0, recipe.noise_sd, count)) if recipe.noise_sd else np.exp(log_size)
    table.insert(6, "turnover_month_idr", np.maximum(np.rint(known / 1000) * 1000, 1000).astype(np.int64))
    needing = needs_by_area(problems, facts.answers)
    return Businesses(ids, table, district, workers, log_size, needing, growth, promise, seeks, _shocks(recipe))


def _log_size(facts: Facts, size: Ints, rng: np.random.Generator) -> Floats:
    """Log turnover a month: log-normal within a size class, with the class's published mean."""
    sd = facts.column("sizes", "log_sd")[size]
    middle = np.log(facts.column("sizes", "mean_month_idr")[size]) - sd**2 / 2
    drawn: Floats = middle + sd * rng.standard_normal(len(size))
    return drawn


def draw_needs(facts: Facts, count: int, rng: np.random.Generator) -> Bools:
    """(count, problems) one to four problems each, drawn without putting back in proportion to the shares affected."""
    shares = np.array([float(facts.raw["problems"][code]["share"]) for code in facts.problems])
    keys = np.log(shares) + rng.gumbel(0, 1, (count, len(shares)))
    ranks = (-keys).argsort(axis=1).argsort(axis=1)
    named = 1 + pick(rng, NAMED, count)
    chosen: Bools = ranks < named[:, None]
    return chosen


def _visible_growth(
    facts: Facts,
    sector: Ints,
    log_size: Floats,
    age: Floats,
    problems: Bools,
) -> Floats:
    """Log growth a year that sector, size, age and needs foretell; mean about 0."""
    costs = np.array([float(facts.raw["problems"][code]["growth"]) for code in facts.problems])
    burden = problems @ costs
    size = np.clip(standard(log_size), -2.5, 2.5)
    foretold: Floats = (
        facts.column("sectors", "growth")[sector] + 0.04 * size - 0.03 * standard(age) + burden - burden.mean()
    )
    return foretold


def _shocks(recipe: Recipe) -> Floats:
    """(B, months) lasting shocks, a stationary first-order process that keeps 0.92 from month to month."""
    keep = 0.92
    steps = recipe.stream(7).standard_normal((recipe.months, recipe.businesses), dtype=np.float32)
    for month in range(1, recipe.months):
        steps[month] = keep * steps[month - 1] + np.float32(np.sqrt(1 - keep**2)) * steps[month]
    lasting: Floats = recipe.shock_sd * steps.T.astype(np.float64)
    return lasting


def _table(
    recipe: Recipe,
    facts: Facts,
    rng: np.random.Generator,
    *,
    ids: Texts,
    places: tuple[Ints, Ints],
    age: Floats,
    problems: Bools,
) -> pd.DataFrame:
    count, (sector, district) = len(ids), places
    woman = rng.random(count) < 0.6
    frame = pd.DataFrame({"business_id": ids, "name": _business_names(facts, rng, sector, woman)})
    frame["district"] = np.array(facts.names("districts"), dtype=object)[district]
    frame["sector"] = np.array(facts.names("sectors"), dtype=object)[sector]
    frame["start_year"] = recipe.first_month // 12 - age.astype(np.int64)
    frame["has_nib"] = ""
    frame["needs"] = _lists(facts.problems, problems)
    frame["gender"] = np.where(woman, "P", "L")
    frame["birth_year"] = rng.integers(1955, 2004, count)
    frame["disability"] = np.where(rng.random(count) < 0.02, "yes", "no")
    return frame


def _business_names(facts: Facts, rng: np.random.Generator, sector: Ints, woman: Bools) -> Texts:
    kinds = np.array([entry["names"] for entry in facts.raw["sectors"].values()], dtype=object)
    brands = np.array(facts.raw["names"]["brand"], dtype=object)
    kind = kinds[sector, rng.integers(0, kinds.shape[1], len(sector))]
    brand = brands[rng.integers(0, len(brands), len(sector))]
    owner = person_names(facts, rng, woman)
    full: Texts = kind + " " + brand + " (" + owner + ")"
    return full


def _lists(codes: tuple[str, ...], chosen: Bools) -> Texts:
    """The chosen codes of every row, ;-joined; each pattern is written once."""
    patterns, which = np.unique(chosen @ (1 << np.arange(len(codes))), return_inverse=True)
    texts = [";".join(code for bit, code in enumerate(codes) if int(p) >> bit & 1) for p in patterns]
    return np.array(texts, dtype=object)[which]
