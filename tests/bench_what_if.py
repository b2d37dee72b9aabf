"""How long simulations and pages take to answer: ``python -m tests.bench_what_if`` (about three minutes).

In one process, through the application but without a network. A what-if on a mentor's scores is set beside asking for
her stored record, a what-if on a plan beside making the whole plan anew by the command, and lists of a large programme
are asked for as pages. Nothing is gated: the figures are printed.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from service.settings import settings
from service.usecases import Programme
from tests.api_rig import ROOT
from tests.people_rig import client_as

TIMES = 40
BUDGET = 100_000_000


def main() -> None:
    """Print the table."""
    print("| asked | p50 | p95 | most |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        simulations(city(Path(place) / "demo", mentors=120, businesses=3000))
        pages(city(Path(place) / "large", mentors=500, businesses=5000))


def city(place: Path, **size: int) -> Path:
    """A home with a trained sample city and a plan."""
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", months=36, seed=2005, **size)
    programme.import_([place / "city"])
    programme.train()
    programme.plan(budget=BUDGET)
    programme.store.close()
    return place / "home"


def simulations(home: Path) -> None:
    """What-ifs on scores and on the plan, no two alike."""
    programme = Programme(settings(home=home))
    mentors = sorted(programme.snapshot()["mentors"]["mentor_id"])
    score = next(iter(programme.score(mentor=mentors[0])["mentors"][0]["scores"]))
    analyst = client_as(home, "analyst")
    shown("a mentor's record, page", (lambda m=m: asked(analyst, f"/mentors/{m}") for m in mentors[:TIMES]))
    shown(
        "what-if on a mentor's scores, page",
        (lambda m=m: asked(analyst, f"/model/what-if/{m}?score-{score}=71") for m in mentors[:TIMES]),
    )
    shown(
        "what-if on a mentor's scores, answer",
        (lambda m=m: programme.what_if_scores(m, {score: 71.0}) for m in mentors[:TIMES]),
    )
    changes = list(changed(programme))
    for risk in ("mean", "cautious"):
        shown(
            f"what-if on the plan ({risk})",
            (lambda c=c, r=risk: programme.plan_what_if(1, risk=r, **c) for c in changes),
        )
    shown("`plan` as a command", (lambda: command(home) for _ in range(5)))


def changed(programme: Programme) -> Iterator[dict[str, object]]:
    """Changes to the stored plan: other budgets, and places forbidden."""
    rng = np.random.default_rng(1)
    choices = programme.stored_plan(1)["choices"]
    for k in range(TIMES):
        choice = choices[int(rng.integers(len(choices)))]
        pair = f"{choice['mentor_id']}:{choice['course_id']}"
        yield {"forbid": [pair]} if k % 2 else {"budget": int(BUDGET * rng.uniform(0.4, 1.6))}


def pages(home: Path) -> None:
    """Lists of a large programme as the manager's pages."""
    manager = client_as(home, "manager")
    for path in ("/mentors", "/index", "/plans/1", "/"):
        shown(f"page {path}, 500 mentors, 5,000 businesses", (lambda p=path: asked(manager, p) for _ in range(TIMES)))


def asked(client, path: str) -> None:  # type: ignore[no-untyped-def]
    """One page; fails where it does not come."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def command(home: Path) -> None:
    """The whole plan anew, in a process of its own."""
    given = [sys.executable, "-m", "service", "plan", "--home", str(home), "--budget", str(BUDGET)]
    subprocess.run(given, cwd=ROOT, check=True, capture_output=True)


def shown(name: str, works: Iterator[Callable[[], object]]) -> None:
    """One row, of work that is done once before it is timed."""
    took = []
    for work in works:
        begun = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - begun))
    took = sorted(took[1:])
    p95 = took[min(len(took) - 1, int(0.95 * len(took)))]
    print(f"| {name} | {statistics.median(took):,.1f} ms | {p95:,.1f} ms | {took[-1]:,.1f} ms |", flush=True)


if __name__ == "__main__":
    main()
