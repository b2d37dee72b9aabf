"""A plan after it is made: shown, compared, decided, approved for good; its promises reviewed; as a new user would."""

import json
import math
import shutil
import sqlite3

import numpy as np
import openpyxl
import pandas as pd
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy.exc import IntegrityError

from data.sample import make_city, write_city
from data.store import decisions
from data.store.decisions import Kept
from data.store.engine import reading, writing
from data.store.schema import metadata
from data.store.store import Store
from service.cli import cli
from service.language import Language
from service.printing.answers import _choice
from service.settings import settings
from tests.people_rig import client_as
from tests.planning_office import FRAMEWORK, office, table
from training.planning.reviewing import review, review_by_kind, sum_range

BY = ("--name", "Sari", "--role", "manager")


def suluh(home, *arguments, code=0):
    given = [*map(str, arguments), "--home", str(home), "--lang", "en", "--json"]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(make_city("plain", mentors=40, businesses=500, months=30, seed=3), folder)
    place = tmp_path_factory.mktemp("office") / "home"
    suluh(place, "import", folder)
    return place


@pytest.fixture(scope="module")
def plans(home):
    first = suluh(home, "plan", "--budget", 40_000_000)
    dropped, other = first["choices"][0], first["left_out"]
    lock = next(out for out in other if out["mentor_id"] and out["course_id"] and "money brings more" in out["reason"])
    second = suluh(
        home,
        *("plan", "--budget", 30_000_000, "--lock", f"{lock['mentor_id']}:{lock['course_id']}"),
        *("--forbid", f"{dropped['mentor_id']}:{dropped['course_id']}"),
    )
    return first, second, (lock["mentor_id"], lock["course_id"]), (dropped["mentor_id"], dropped["course_id"])


def pairs(rows):
    return {(row["mentor_id"], row["course_id"]) for row in rows}


def test_comparing_names_inputs_choices_cost_and_value_that_differ(home, plans):
    first, second, lock, forbid = plans
    told = suluh(home, "plan", "compare", first["plan"], second["plan"])
    assert {row["name"] for row in told["inputs"]} == {"budget_idr", "locks", "forbids"}
    assert pairs(told["added"]) == pairs(second["choices"]) - pairs(first["choices"])
    assert pairs(told["dropped"]) == pairs(first["choices"]) - pairs(second["choices"])
    assert lock in pairs(told["added"])
    assert forbid in pairs(told["dropped"])
    assert told["kept"] == len(pairs(first["choices"]) & pairs(second["choices"]))
    assert told["cost_idr"]["difference"] == second["cost_idr"] - first["cost_idr"]
    assert told["value"]["first"] == pytest.approx(math.fsum(c["value"] for c in first["choices"]))
    same = suluh(home, "plan", "compare", first["plan"], first["plan"])
    assert (same["inputs"], same["added"], same["dropped"]) == ([], [], [])


@pytest.fixture(scope="module")
def approved(home, plans):
    """The first plan as shown before, the choice that is refused, and what approving the rest answers."""
    number, choice = plans[0]["plan"], plans[0]["choices"][1]
    named = f"{choice['mentor_id']}:{choice['course_id']}"
    before = suluh(home, "plan", "show", number)
    suluh(home, "plan", "decide", number, named, "refuse", *BY, "--reason", "on leave")
    return before, named, suluh(home, "plan", "approve", number, *BY)


def test_deciding_and_approving_once_and_never_again(home, plans, approved):
    first, (before, named, done) = plans[0], approved
    number = first["plan"]
    assert (before["status"], before["approval"], before["decisions"]) == ("draft", None, [])
    assert (done["status"], done["refused"], done["choices"]) == ("approved", 1, len(first["choices"]) - 1)
    assert done["predictions"] == done["choices"]  # no model: scores only
    assert done["undecided"] == done["choices"]
    after = suluh(home, "plan", "show", number)
    (row,) = after["decisions"]
    assert (row["decision"], row["reason"], row["name"], row["role"]) == ("refuse", "on leave", "Sari", "manager")
    assert after["approval"]["name"] == "Sari"
    for again in (("approve", number, *BY), ("decide", number, named, "accept", *BY)):
        assert "approved by Sari" in suluh(home, "plan", *again, code=2)["error"]["what"]
    assert suluh(home, "plan", "show", number) == after
    known = {row["plan"]: row["status"] for row in suluh(home, "plan", "list")["plans"]}
    assert known[number] == "approved"
    assert known[plans[1]["plan"]] == "draft"
    fresh = suluh(home, "plan", "rerun", number)
    assert {name: after[name] for name in fresh} == fresh


def test_the_papers_of_a_decided_plan_say_what_was_decided(home, plans, approved, tmp_path):
    first, (_, named, _) = plans[0], approved
    shown = suluh(home, "plan", "show", first["plan"], "--out", tmp_path / "plan.xlsx")
    cost = {f"{row['mentor_id']}:{row['course_id']}": row["cost_idr"] for row in first["choices"]}
    held = {pair.partition(":")[2] for pair in cost if pair != named}
    fixed = sum(row["fixed_cost_idr"] for row in first["fixed_costs"] if row["course_id"] in held)
    left = sum(cost.values()) - cost[named] + fixed
    assert shown["after"] == {"places": len(cost) - 1, "cost_idr": left}
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    header, *rows = book["Plan"].iter_rows(values_only=True)
    fate = {f"{row[0]}:{row[2]}": row[header.index("Decision")] for row in rows}
    assert [pair for pair, said in fate.items() if said] == [named]
    assert "on leave" in fate[named]
    back = {f"{row[0]}:{row[1]}" for row in book["trainings"].iter_rows(min_row=2, values_only=True)}
    assert back == set(cost) - {named}
    suluh(home, "plan", "show", first["plan"], "--out", tmp_path / "plan.pdf")
    paper = " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / "plan.pdf").pages).split())
    assert "Approved by Sari" in paper
    assert "on leave" in paper
    assert f"Without what was refused or is to be changed: {len(cost) - 1} places" in paper
    page = client_as(home, lang="en").get(f"/plans/{first['plan']}").text
    assert f"Without what was refused or is to be changed: {len(cost) - 1} places" in page


def test_a_plan_that_was_altered_in_the_database_is_refused_everywhere(home, plans, tmp_path):
    shutil.copytree(home, tmp_path / "home")
    with sqlite3.connect(tmp_path / "home" / "suluh.db") as base:
        base.execute("DROP TRIGGER plan_no_update")
        base.execute("UPDATE plan SET answer = replace(answer, 'cost_idr', 'cost_idx') WHERE id = 2")
    for asked in (("show", "2"), ("rerun", "2"), ("approve", "2", *BY)):
        assert "digest does not fit" in suluh(tmp_path / "home", "plan", *asked, code=2)["error"]["what"]
    checks = {row["state"]: row for row in suluh(tmp_path / "home", "doctor", code=2)["checks"]}
    assert "digest does not fit" in checks["bad"]["found"]
    assert suluh(tmp_path / "home", "plan", "show", "1")["plan"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("approve", "99", *BY), "no plan"),
        (("approve", "2", "--name", " ", "--role", "x"), "needs a name"),
        (("decide", "2", "nobody:none", "accept", *BY), "no choice in this plan"),
        (("decide", "2", "nobody", "accept", *BY), "names no mentor and course"),
        (("compare", "1", "abc"), "no plan"),
        (("show", "0"), "no plan"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_stored(home, plans, arguments, says):
    assert says in suluh(home, "plan", *arguments, code=2)["error"]["what"]
    shown = suluh(home, "plan", "show", plans[1]["plan"])
    assert (shown["status"], shown["decisions"]) == ("draft", [])


def test_refusing_needs_a_reason(home, plans):
    choice = plans[1]["choices"][0]
    named = f"{choice['mentor_id']}:{choice['course_id']}"
    told = suluh(home, "plan", "decide", plans[1]["plan"], named, "refuse", *BY, code=2)
    assert "a reason" in told["error"]["what"]


def test_the_database_itself_refuses_to_change_an_approval(home, approved):
    store = Store(settings(home=home).url)
    store.prepare()
    for name in ("plan_approval", "prediction_ledger", "plan_decision"):
        with reading(store._engine) as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables[name]))
        with pytest.raises(IntegrityError, match="never overwritten"), writing(store._engine) as connection:
            connection.execute(sa.delete(metadata.tables[name]))
    store.close()


def test_an_approval_that_dies_half_way_leaves_no_trace(home, plans, monkeypatch):
    def dies(*_, **__):
        raise KeyboardInterrupt

    store = Store(settings(home=home).url)
    store.prepare()
    monkeypatch.setattr(decisions, "keep_promises", dies)
    with pytest.raises(KeyboardInterrupt):
        store.approve_plan(plans[1]["plan"], "Sari", "manager", [], [])
    assert store.approval(plans[1]["plan"]) is None
    store.close()


def kept(**given):
    told = {
        "kind": "score",
        "mentor_id": "007",
        "subject": "K1",
        "mean": 8.0,
        "low": -2.0,
        "high": 18.0,
        "shared_sd": 0.0,
        "own_sd": 6.0,
        "id": 1,
        "source": "plan",
        "source_id": 1,
        "model": None,
        "as_of": pd.Timestamp("2025-06-01").date(),
        "kept_at": None,
    }
    return Kept(**{**told, **given})


def test_nothing_observed_is_null_with_a_word():
    told = review(office(), FRAMEWORK, [])
    assert (told["predictions"], told["observed"], told["coverage_90"], told["bias"]) == (0, 0, None, None)
    assert "approved yet" in str(told["note"])
    assert "never observed" in str(told["uplift"])
    waiting = review(office(), FRAMEWORK, [kept()])
    assert (waiting["predictions"], waiting["observed"], waiting["bias"]) == (1, 0, None)
    assert "can be observed yet" in str(waiting["note"])


def test_a_score_after_a_course_is_compared_with_its_prediction():
    done = office(trainings=table("trainings", "mentor_id course_id completed_on", ("007", "K1", "2025-07-01")))
    told = review(done, FRAMEWORK, [kept()])  # 40 before, 50 after
    assert told["of"] == "scores"
    assert (told["observed"], told["coverage_90"], told["bias"]) == (1, 1.0, 2.0)
    assert review(done, FRAMEWORK, [kept(high=9.0)])["coverage_90"] == 0.0
    earlier = office(trainings=table("trainings", "mentor_id course_id completed_on", ("007", "K1", "2025-05-01")))
    assert review(earlier, FRAMEWORK, [kept()])["observed"] == 0  # a course completed before the plan


def test_growth_is_compared_once_month_twelve_is_past_and_summed_by_plan():
    months = [(f"B{b}", f"2025-{m:02d}", 100 if m <= 3 else 200) for b in (1, 2) for m in range(1, 13)]
    months += [(f"B{b}", f"2026-{m:02d}", 200) for b in (1, 2) for m in range(1, 4)]
    seen = office(
        reports=table("reports", "business_id month turnover_idr", *months),
        engagements=table(
            "engagements",
            "engagement_id mentor_id business_id started_on ended_on",
            *(("E1", "007", "B1", "2025-03-10", None), ("E2", "007", "B2", "2025-03-10", None)),
        ),
    )
    rows = [
        kept(
            id=k, kind="growth", subject=f"E{k}", mean=mean, low=mean - 0.5, high=mean + 0.5, shared_sd=0.2, own_sd=0.3
        )
        for k, mean in ((1, 0.5), (2, 0.1))
    ]
    told = review(seen, FRAMEWORK, rows)
    grown = math.log(2)
    assert told["observed"] == 2
    assert told["coverage_90"] == 0.5
    assert told["bias"] == pytest.approx(grown - 0.3)
    (plan,) = told["plans"]
    assert plan["sum"] == pytest.approx(2 * grown)
    sd = math.sqrt((2 * 0.2) ** 2 + 2 * 0.3**2)
    assert plan["predicted"]["mean"] == pytest.approx(0.6)
    assert plan["predicted"]["high"] == pytest.approx(0.6 + 1.6448536269514722 * sd)
    assert plan["inside"] is (abs(2 * grown - 0.6) < 1.6448536269514722 * sd)


def test_the_range_of_a_sum_holds_what_is_drawn():
    generator = np.random.default_rng(5)
    rows = [kept(id=k, mentor_id=f"M{k % 3}", mean=0.1 * k, shared_sd=0.4, own_sd=0.7) for k in range(9)]
    low, mean, high = sum_range(rows)
    shared = generator.normal(size=(40_000, 3)) * 0.4
    own = generator.normal(size=(40_000, 9)) * 0.7
    sums = (own + shared[:, np.arange(9) % 3]).sum(axis=1) + mean
    assert np.mean((low <= sums) & (sums <= high)) == pytest.approx(0.9, abs=0.006)


def test_what_two_approvals_promise_of_one_course_is_counted_once_the_earliest():
    done = office(trainings=table("trainings", "mentor_id course_id completed_on", ("007", "K1", "2025-07-01")))
    later = kept(id=2, source_id=2, mean=40.0, low=30.0, high=50.0, as_of=pd.Timestamp("2025-06-15").date())
    told = review(done, FRAMEWORK, [kept(), later])
    assert (told["predictions"], told["observed"], told["coverage_90"], told["bias"]) == (1, 1, 1.0, 2.0)
    assert ([row["counted"] for row in told["rows"]], told["counted_before"]) == ([True, False], 1)
    assert review(office(), FRAMEWORK, [kept(), later])["predictions"] == 1  # both still wait
    since = kept(id=3, source_id=3, as_of=pd.Timestamp("2025-08-01").date())  # a promise of its own: the first is kept
    assert review(done, FRAMEWORK, [kept(), since])["predictions"] == 2
    by_model = review_by_kind(done, FRAMEWORK, [kept(), kept(id=2, model="m")], "m")
    assert [by_model[name]["score"]["predictions"] for name in ("own", "every")] == [1, 1]


def test_approving_tells_which_places_an_approved_plan_holds_already(home, plans, approved):
    first, refused = plans[0], approved[1]
    taken = next(c for c in first["choices"] if f"{c['mentor_id']}:{c['course_id']}" != refused)
    lock = f"{taken['mentor_id']}:{taken['course_id']}"
    third = suluh(home, "plan", "--budget", 39_000_000, "--lock", lock)
    stands = pairs(first["choices"]) - {tuple(refused.split(":"))}
    before = suluh(home, "review")
    draft = suluh(home, "plan", "show", third["plan"])["repeated"]
    assert pairs(draft) == pairs(third["choices"]) & stands
    assert {row["plan"] for row in draft} == {first["plan"]}
    assert any(lock in row["note"] for row in draft)
    done = suluh(home, "plan", "approve", third["plan"], *BY)
    assert done["repeated"] == draft
    assert suluh(home, "plan", "show", third["plan"])["repeated"] == draft
    assert suluh(home, "plan", "show", first["plan"])["repeated"] == []
    after = suluh(home, "review")
    assert after["predictions"] - before["predictions"] == len(third["choices"]) - len(draft)
    assert after["counted_before"] - before["counted_before"] == len(draft)


def test_a_range_in_rupiah_below_nought_beside_growth_above_it_is_explained():
    gain = {"mean": 9.0, "low": 4.0, "high": 14.0}
    choice = {"mentor_id": "M1", "mentor_name": "Ayu", "course_id": "K1", "title": "Kas", "cost_idr": 1}
    choice |= {"evidence": "moderate", "gain_points": gain, "reasons": [], "runner_up": {"note": "."}}
    choice |= {"what_would_change": ".", "benefit": {"mean": 0.5, "low": 0.2, "high": 0.7}}
    choice |= {"turnover_idr": {"mean": 59e6, "low": -8e6, "high": 127e6}}
    assert "large businesses weigh most" in _choice(1, choice, Language("en"))
    above = choice | {"turnover_idr": {"mean": 59e6, "low": 8e6, "high": 127e6}}
    assert "large businesses weigh most" not in _choice(1, above, Language("en"))
