"""The contract seen from outside: commands as a program would call them, answers worked out by hand or brute force."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TABLES = {
    "mentors": """mentor_id;name;district;capacity
007;Ayu;Serpong;10
M2;Budi;Ciputat;10
M3;Citra;Serpong;
M4;Dewi;Ciputat;5
""",
    "assessments": """mentor_id;area;score;assessed_on
007;finance;40;2025-01-05
007;finance;50;2026-01-05
007;legal;95;2026-01-05
M2;finance;30;2026-01-05
M2;legal;60,5;2026-01-05
M3;finance;69;2026-01-05
M4;finance;20;2026-01-05
M4;legal;99;2026-01-05
""",
    "businesses": """business_id;name;district;sector;turnover_month_idr;needs
B1;Usaha 1;Serpong;G;5.000.000;capital;bookkeeping
B2;Usaha 2;Serpong;G;Rp 7.500.000;legal
B3;Usaha 3;Ciputat;I;2,5 jt;capital
B4;Usaha 4;Ciputat;C;1000000;legal
B5;Usaha 5;Ciputat;C;1000000;
B6;Usaha 6;Serpong;G;1000000;capital
""".replace("capital;bookkeeping", '"capital;bookkeeping"'),
    "engagements": """engagement_id;mentor_id;business_id;started_on;ended_on
E1;007;B1;2025-11-01;
E2;007;B2;2025-12-01;2026-12-31
E3;M2;B3;2025-11-15;
E4;M2;B4;2025-11-15;
E5;M2;B6;2025-02-01;2025-12-31
E6;M3;B5;2025-11-15;
E7;M4;B1;2025-03-01;2025-10-31
E8;M4;B2;2024-03-01;2024-10-31
""",
    "courses": """course_id;title;area;cost_per_participant_idr;fixed_cost_idr;seats;starts_on;expected_gain;sd kenaikan
K1;Keuangan dasar;finance;1000000;500000;2;2027-01-01;10;2
K2;Keuangan lanjut;finance;2500000;0;;2027-01-01;20;4
H1;Hukum;legal;800000;0;5;;8;2
L1;Sudah mulai;finance;1;0;5;2025-12-30;30;2
""",
    "trainings": """mentor_id;course_id;completed_on
M2;H1;2025-06-01
""",
}


def suluh(home: Path, *arguments: str | Path) -> tuple[int, dict, str]:
    environment = {**os.environ, "SULUH_HOME": str(home), "SULUH_LANG": "en"}
    environment.pop("SULUH_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "service", *map(str, arguments), "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode in {0, 2}, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    tables = folder / "tables"
    tables.mkdir()
    for name, text in TABLES.items():
        (tables / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    code, answer, _ = suluh(folder / "home", "import", tables)
    assert code == 0, answer
    assert answer["new"]["mentors"] == 4
    assert answer["new"]["assessments"] == 8
    return folder


def test_the_same_files_twice_change_nothing(office):
    code, answer, _ = suluh(office / "home", "import", office / "tables")
    assert code == 0
    assert set(answer["new"].values()) == {0}
    assert set(answer["changed"].values()) == {0}
    assert answer["unchanged"]["engagements"] == 8
    assert answer["refused"] == []


# As-of is 2026-01-05, the newest assessment: neither E2's planned end nor a course's start counts.
# A gain is the course's expected_gain: nobody was assessed before and after a course.
# standard 70; active with the need: 007 finance 1 (B1, two needs of one area), legal 1 (B2); M2 finance 1 (B3) and
# legal 1 (B4). M3's business has no need. M4 has no active business: 1 start in the past 365 days (E7) x the
# programme's need share.
VALUES = {
    ("007", "K1"): 20 * 1 * 10.0,
    ("007", "K2"): 20 * 1 * 20.0,
    ("M2", "K1"): 40 * 1 * 10.0,
    ("M2", "K2"): 40 * 1 * 20.0,
    ("M4", "K1"): 50 * (3 / 6) * 10.0,
    ("M4", "K2"): 50 * (3 / 6) * 20.0,
}
COSTS = {"K1": 1_000_000, "K2": 2_500_000, "H1": 800_000}
FIXED = {"K1": 500_000, "K2": 0, "H1": 0}
SEATS = {"K1": 2, "K2": 99, "H1": 5}


def best(values: dict[tuple[str, str], float], budget: int, most: int = 2) -> float:
    """Largest sum of values over all feasible sets, by trying every one."""
    top = 0.0
    area = {"K1": "finance", "K2": "finance", "H1": "legal"}
    for size in range(1, len(values) + 1):
        for chosen in itertools.combinations(values, size):
            cost = sum(COSTS[c] for _, c in chosen) + sum(FIXED[c] for c in {c for _, c in chosen})
            seats = all(sum(c == k for _, c in chosen) <= SEATS[k] for k in SEATS)
            areas = len({(m, area[c]) for m, c in chosen}) == len(chosen)
            each = all(sum(m == k for m, _ in chosen) <= most for k in {m for m, _ in chosen})
            if cost <= budget and seats and areas and each:
                top = max(top, sum(values[pair] for pair in chosen))
    return top


@pytest.mark.parametrize("budget", [1_500_000, 2_500_000, 3_000_000, 4_000_000, 5_000_000, 9_000_000])
def test_a_new_offices_plan_is_the_best_by_the_standard_value(office, budget):
    code, plan, _ = suluh(office / "home", "plan", "--budget", str(budget))
    assert code == 0, plan
    assert plan["benefit"] == {"mean": 0, "low": 0, "high": 0}
    assert plan["gap"] == 0
    assert plan["budget_idr"] == budget >= plan["cost_idr"]
    chosen = [(c["mentor_id"], c["course_id"]) for c in plan["choices"]]
    for choice in plan["choices"]:
        assert choice["basis"] == "standard"
        assert choice["benefit"] is None
        assert choice["turnover_idr"] is None
        assert choice["evidence"] == "insufficient"
        assert 1 <= len(choice["reasons"]) <= 5
        gain = choice["gain_points"]
        assert gain["low"] <= gain["mean"] <= gain["high"]
    spent = sum(COSTS[c] for _, c in chosen) + sum(FIXED[c] for c in {c for _, c in chosen})
    assert plan["cost_idr"] == spent
    assert sum(VALUES[pair] for pair in chosen) == pytest.approx(best(VALUES, budget))


def test_what_is_not_bought_says_why(office):
    _, plan, _ = suluh(office / "home", "plan", "--budget", "9000000")
    why = {(row["mentor_id"], row["course_id"]): row["reason"] for row in plan["left_out"]}
    assert all(isinstance(reason, str) and reason for reason in why.values())
    chosen = {(c["mentor_id"], c["course_id"]) for c in plan["choices"]}
    assert chosen.isdisjoint(why)
    assert not any(course == "L1" for _, course in chosen)
    assert ("M2", "H1") not in chosen


def test_scores_are_the_newest_and_growth_is_null_without_a_model(office):
    _, answer, _ = suluh(office / "home", "score")
    rows = {row["mentor_id"]: row for row in answer["mentors"]}
    assert set(rows) == {"007", "M2", "M3", "M4"}
    assert rows["007"]["scores"] == {"finance": 50, "legal": 95}
    assert rows["M2"]["scores"]["legal"] == 60.5
    assert rows["007"]["expected_growth"] is None
    assert rows["007"]["index"]["verdict"] is None


def test_as_of_looks_back(office):
    _, answer, _ = suluh(office / "home", "score", "--mentor", "007", "--as-of", "2025-06-30")
    assert answer["mentors"][0]["scores"] == {"finance": 40}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("plan", "--budget", "0"), "budget"),
        (("plan", "--budget", "-5"), "budget"),
        (("plan", "--budget", "3000000", "--lock", "M9:K1"), "M9"),
        (("plan", "--budget", "3000000", "--lock", "M2:K1", "--lock", "M2:K2"), "M2"),
        (("plan", "--budget", "1000000", "--lock", "M2:K2"), ""),
        (("score", "--mentor", "7"), "7"),
        (("train",), ""),
        (("index",), ""),
        (("explain", "mentor", "M2"), ""),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(office, arguments, says):
    code, answer, _ = suluh(office / "home", *arguments)
    assert code == 2
    assert set(answer["error"]) >= {"what", "where", "mend"}
    assert all(answer["error"].values())
    assert says.lower() in " ".join(answer["error"].values()).lower()
