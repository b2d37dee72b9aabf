import csv

import numpy as np

from model.business_size import SIZES, size_of


def test_the_classes_are_those_of_the_law(shared):
    with (shared / "domain" / "size_thresholds.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["criterion"] == "annual_sales"]
    assert len(rows) == 3
    for size, row in zip(SIZES, rows, strict=False):
        assert size.most_idr == float(row["max_inclusive_idr"])
        assert size.label.id.lower() == row["label_id"].lower()
        assert size.label.en.lower().startswith(row["size_class"])


def test_the_limit_itself_is_in_the_smaller_class_and_an_unknown_turnover_in_none():
    months = np.array([0.0, 2e9 / 12, 2e9 / 12 + 1, 15e9 / 12, 16e9 / 12, 50e9 / 12, 51e9 / 12, np.nan])
    assert size_of(months).tolist() == [0, 0, 1, 1, 2, 2, 3, -1]
