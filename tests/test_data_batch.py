"""Cells as a user sees them in the file."""

from datetime import datetime

import pytest

from data.batch import plain


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, None),
        ("M01", "M01"),
        (130.0, "130"),
        (-1010000.0, "-1010000"),
        (3201234567890123.0, "3201234567890123"),
        (1.5, "1.5"),
        (True, "True"),
        (datetime(2024, 5, 6), "2024-05-06"),  # noqa: DTZ001 - a cell has no time zone
        (datetime(2024, 5, 6, 13, 5), "2024-05-06 13:05:00"),  # noqa: DTZ001 - a cell has no time zone
        ("x" * 100, "x" * 80),
    ],
)
def test_a_cell_in_a_fault_reads_as_in_the_file(cell, shown):
    assert plain(cell) == shown
