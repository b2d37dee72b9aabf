"""A small office whose matching can be worked out by hand, and the published model of one."""

from tests.planning_office import table

MENTORS = table(
    "mentors",
    "mentor_id name district capacity extra_districts",
    ("M1", "Ayu", "Serpong", 2, None),
    ("M2", "Budi", "Ciputat", 1, "Serpong; Pamulang"),
    ("M3", "Citra", "Ciputat", 1, None),
)
ASSESSMENTS = table(
    "assessments",
    "mentor_id area score assessed_on",
    ("M1", "finance", 35, "2026-01-05"),
    ("M1", "legal", 70, "2026-01-05"),
    ("M2", "finance", 70, "2026-01-05"),
    ("M2", "legal", 35, "2026-01-05"),
)
BUSINESSES = table(
    "businesses",
    "business_id name district sector needs",
    ("B1", "Satu", "Serpong", "G", "capital"),
    ("B2", "Dua", "Serpong", "G", "legal"),
    ("B3", "Tiga", "Ciputat", "C", "capital;bookkeeping;legal"),
    ("B4", "Empat", "Ciputat", "C", None),
    ("B5", "Lima", "Setu", "C", "capital"),
    ("B6", "Enam", "Serpong", "C", "capital"),
)
ENGAGEMENTS = table(
    "engagements",
    "engagement_id mentor_id business_id started_on ended_on",
    ("E1", "M1", "B6", "2025-12-01", None),
    ("E2", "M1", "B1", "2025-01-01", "2025-11-01"),
)


def matching_office(**changed):
    """The tables by name; a keyword replaces one."""
    told = {
        "mentors": MENTORS,
        "assessments": ASSESSMENTS,
        "businesses": BUSINESSES,
        "engagements": ENGAGEMENTS,
    }
    return {**told, **changed}
