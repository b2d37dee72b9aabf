"""The published item sets of the shared folder, for the tests and benches of the index."""

import csv
from pathlib import Path

import numpy as np
import pytest

SCALES = Path(__file__).parents[1].parent / "shared" / "realdata" / "C_scales"
NAMES = ("lsat", "abortion", "transreas")


def _rows(name):
    if not SCALES.exists():
        pytest.skip("the shared folder with the published item sets is not here")
    with (SCALES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def scale(name):
    """Answers of a published set; the column `grade` is no item."""
    return np.array([[int(row[c]) for c in row if c != "grade"] for row in _rows(name)], dtype=np.uint8)


def expected(name):
    """The figures published for the whole set."""
    return next(row for row in _rows("expected_scale") if row["set"] == name)


def expected_items(name):
    """The figures published for the items of a set."""
    return [row for row in _rows("expected_items") if row["set"] == name]
