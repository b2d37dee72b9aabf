"""What matchings of sample cities are truly worth, beside the best that the truth itself could make.

Run: python -m tests.matching_truth [FIRST_SEED COUNT]
"""

import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from data.sample.shapes import Shape
from model.matching.matching import best_matching
from tests.city_truth import FRAMEWORK
from tests.sample_city import city_of
from training.learning.training import train
from training.matching.candidates import list_candidates, match_form
from training.matching.match import MatchRequest
from training.matching.match_tables import read_match_tables
from training.matching.worth import worth_of
from training.publishing import load, save

ASKED = MatchRequest(seed=1)


def true_values(tables, truth, scores):
    """Mentor-dependent part of true growth at scores (n, A) for every business (n, N)."""
    known = {field.name for field in fields(Shape)}
    shapes = {row["area"]: Shape(**{k: v for k, v in row.items() if k in known}) for row in truth["shapes"]}
    total = np.zeros((len(scores), len(tables.businesses.ids)))
    for a, area in enumerate(tables.areas):
        needing = (tables.businesses.needs[:, a] > 0).astype(float)
        total += shapes[area].effect(scores[:, a][:, None], needing[None, :])
    return total


def judged(kind, seed):
    """Shares of the way from a random matching to the oracle; what the mentors' part promises and what it is."""
    snapshot, truth = city_of(kind, seed)
    with tempfile.TemporaryDirectory() as folder:
        written = save(train(snapshot, FRAMEWORK), Path(folder), "m1")
        model = load(written.path, written.sha256).effects
    tables = read_match_tables(snapshot, FRAMEWORK, "new")
    candidates = list_candidates(tables, ASKED)
    order = [truth["areas"].index(area) for area in tables.areas]
    true_scores = np.array([truth["scores"][code] for code in tables.mentors.ids])[:, order]
    values = true_values(tables, truth, true_scores)
    true = values[candidates.mentor, candidates.business]
    effect = worth_of(tables, replace(model, supported=True), 1)
    forms = {"effect": match_form(tables, candidates, effect, ASKED)}
    forms["standard"] = match_form(tables, candidates, worth_of(tables, None, 1), ASKED)
    forms["oracle"] = replace(forms["effect"], worth=true)
    forms["random"] = replace(forms["effect"], worth=np.random.default_rng(seed).random(len(true)))
    chosen = {name: best_matching(form).chosen for name, form in forms.items()}
    sums = {name: float(true[rows].sum()) for name, rows in chosen.items()}
    rows = np.flatnonzero(chosen["effect"])
    business, mentor = candidates.business[rows], candidates.mentor[rows]
    promised = effect.beside_average(business, mentor)
    low, high = effect.ends(business, mentor, np.full(len(rows), -1))
    delivered = true[rows] - true_values(tables, truth, effect.average[None, :])[0, business]
    return {
        "supported": model.supported,
        "effect": (sums["effect"] - sums["random"]) / (sums["oracle"] - sums["random"]),
        "standard": (sums["standard"] - sums["random"]) / (sums["oracle"] - sums["random"]),
        "pairs": len(rows),
        "oracle": (sums["oracle"] - sums["random"]) / len(rows),
        "promised": float(promised.mean()),
        "delivered": float(delivered.mean()),
        "held": float(np.mean((low <= delivered) & (delivered <= high))),
    }


def main(first=2100, count=5):
    for kind in ("plain", "confounded", "noisy", "small"):
        rows = [judged(kind, seed) for seed in range(first, first + count)]
        mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
        print(
            f"{kind:11s} supported {mean['supported']:.2f}; of the way from random to the oracle "
            f"({mean['oracle']:.3f} log points a pair): by effect {mean['effect']:.2f}, by the standard "
            f"{mean['standard']:.2f}; mentors promised {mean['promised']:.3f}, delivered {mean['delivered']:.3f}, "
            f"single ranges hold {mean['held']:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
