"""A small office whose plan can be worked out by hand, and effects to value it by."""

import numpy as np
import pandas as pd

from data.batch import Dataset
from data.framework_file import read_framework
from data.snapshot import empty_table, snapshot_of, with_extras
from model.effects import Effects, LearnedEffects
from model.tables import TABLES, Kind

FRAMEWORK = read_framework()
AREAS = tuple(FRAMEWORK.areas)


def table(name, header, *rows):
    """A table from text cells, each held as data/batch.py says."""
    columns = header.split()
    frame = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows], columns=columns)
    full = empty_table(TABLES[name]).reindex(range(len(frame)))
    for column in columns:
        kind = TABLES[name].column(column).kind
        cells = frame[column]
        if kind is Kind.DATE:
            full[column] = pd.to_datetime(cells)
        elif kind is Kind.MONTH:
            full[column] = [int(str(c)[:4]) * 12 + int(str(c)[5:]) - 1 for c in cells]
        elif kind in {Kind.ID, Kind.TEXT, Kind.LIST}:
            full[column] = cells.astype("object")
        else:
            full[column] = cells.astype("float64")
    return with_extras(TABLES[name], full)


def office(**changed):
    """The small office of tests/test_contract.py; a keyword replaces a table."""
    tables = {
        "mentors": table(
            "mentors",
            "mentor_id name district",
            ("007", "Ayu", "Serpong"),
            ("M2", "Budi", "Ciputat"),
            ("M3", "Citra", "Serpong"),
            ("M4", "Dewi", "Ciputat"),
        ),
        "assessments": table(
            "assessments",
            "mentor_id area score assessed_on",
            ("007", "finance", 40, "2025-01-05"),
            ("007", "finance", 50, "2026-01-05"),
            ("007", "legal", 95, "2026-01-05"),
            ("M2", "finance", 30, "2026-01-05"),
            ("M2", "legal", 60.5, "2026-01-05"),
            ("M3", "finance", 69, "2026-01-05"),
            ("M4", "finance", 20, "2026-01-05"),
            ("M4", "legal", 99, "2026-01-05"),
        ),
        "businesses": table(
            "businesses",
            "business_id name district sector turnover_month_idr needs",
            ("B1", "Usaha 1", "Serpong", "G", 5_000_000, "capital;bookkeeping"),
            ("B2", "Usaha 2", "Serpong", "G", 7_500_000, "legal"),
            ("B3", "Usaha 3", "Ciputat", "I", 2_500_000, "capital"),
            ("B4", "Usaha 4", "Ciputat", "C", 1_000_000, "legal"),
            ("B5", "Usaha 5", "Ciputat", "C", 1_000_000, None),
            ("B6", "Usaha 6", "Serpong", "G", 1_000_000, "capital"),
        ),
        "engagements": table(
            "engagements",
            "engagement_id mentor_id business_id started_on ended_on",
            ("E1", "007", "B1", "2025-11-01", None),
            ("E2", "007", "B2", "2025-12-01", "2026-12-31"),
            ("E3", "M2", "B3", "2025-11-15", None),
            ("E4", "M2", "B4", "2025-11-15", None),
            ("E5", "M2", "B6", "2025-02-01", "2025-12-31"),
            ("E6", "M3", "B5", "2025-11-15", None),
            ("E7", "M4", "B1", "2025-03-01", "2025-10-31"),
            ("E8", "M4", "B2", "2024-03-01", "2024-10-31"),
        ),
        "courses": table(
            "courses",
            "course_id title area cost_per_participant_idr fixed_cost_idr seats min_participants starts_on "
            "expected_gain expected_gain_sd",
            ("K1", "Keuangan dasar", "finance", 1_000_000, 500_000, 2, 1, "2027-01-01", 10, 2),
            ("K2", "Keuangan lanjut", "finance", 2_500_000, 0, None, 1, "2027-01-01", 20, 4),
            ("H1", "Hukum", "legal", 800_000, 0, 5, 1, None, 8, 2),
            ("L1", "Sudah mulai", "finance", 1, 0, 5, 1, "2025-12-30", 30, 2),
        ),
        "trainings": table("trainings", "mentor_id course_id completed_on", ("M2", "H1", "2025-06-01")),
    }
    return snapshot_of({**tables, **changed}, 3, Dataset(), None)


def learned(mean=None, sd=0.00005, *, supported=True, bend=1.5):
    """Effects where a point helps 0.0005 on every business and 0.001 more on one with the need."""
    count = len(AREAS)
    center = np.r_[np.full(count, 0.0005), np.full(count, 0.001)] if mean is None else np.asarray(mean, float)
    effects = Effects.of_one(
        areas=AREAS,
        bend=bend,
        mean=center,
        covariance=sd**2 * np.eye(2 * count),
        has_need=np.ones(count, dtype=bool),
    )
    scores = np.full((60, count), 50.0)
    return LearnedEffects("m1", supported, effects, np.full((count, 2), 3.0), np.full((count, 2), 0.2), scores)
