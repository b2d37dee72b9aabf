"""The budget curve, what-if and assess first, as a user asks for them; nothing of it is stored."""

import json

import pytest
from click.testing import CliRunner

from data.sample import make_city, write_city
from service.cli import cli
from service.settings import settings
from service.usecases import Programme

BUDGET = 30_000_000


def suluh(home, *arguments, code=0, lang="en", as_json=True):
    given = [*map(str, arguments), "--home", str(home), "--lang", lang, *(["--json"] if as_json else [])]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout) if as_json else done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(make_city("plain", mentors=25, businesses=300, months=30, seed=9), folder)
    place = tmp_path_factory.mktemp("office") / "home"
    suluh(place, "import", folder)
    return place


@pytest.fixture(scope="module")
def plan(home):
    return suluh(home, "plan", "--budget", BUDGET)


def test_the_curve_is_the_plan_at_every_budget(home, plan):
    told = suluh(home, "plan", "curve", "--budget", BUDGET, "--point", 20_000_000, "--point", 100_000)
    points = {point["budget_idr"]: point for point in told["points"]}
    assert sorted(points) == [100_000, 20_000_000, BUDGET]
    assert "buys nothing" in points[100_000]["reason"]
    assert (points[100_000]["places"], points[100_000]["marginal"]) == (0, None)
    assert "Each point is the best plan for its budget" in told["note"]
    assert (told["standard_share"] > 0) == ("say that it has at the budget asked for" in told["note"])
    asked = points[BUDGET]
    assert asked["cost_idr"] == plan["cost_idr"]
    assert asked["places"] == len(plan["choices"])
    assert asked["value"] == pytest.approx(sum(choice["value"] for choice in plan["choices"]))
    assert points[20_000_000]["value"] < asked["value"]
    assert asked["marginal"]["value_per_million"] >= 0
    spent = asked["cost_idr"] - points[20_000_000]["cost_idr"]
    step = (asked["value"] - points[20_000_000]["value"]) / spent * 1e6
    assert asked["step"]["value_per_million"] == pytest.approx(step)


def test_a_little_more_is_never_worth_less_and_matches_a_simulation(home, plan):
    told = suluh(home, "plan", "curve", "--budget", BUDGET, "--point", BUDGET)
    money, *seats = told["more"]
    assert money["budget_idr"] == 33_000_000
    wider = suluh(home, "plan", "what-if", plan["plan"], "--budget", 33_000_000)
    assert money["value"] == pytest.approx(wider["compare"]["value"]["difference"])
    assert {(row["mentor_id"], row["course_id"]) for row in money["added"]} == {
        (row["mentor_id"], row["course_id"]) for row in wider["compare"]["added"]
    }
    assert all(row["value"] >= -1e-9 for row in told["more"])
    for seat in seats:
        taken = sum(choice["course_id"] == seat["course_id"] for choice in plan["choices"])
        more = suluh(home, "plan", "what-if", plan["plan"], "--seats", f"{seat['course_id']}:{taken + 1}")
        assert seat["value"] == pytest.approx(more["compare"]["value"]["difference"])


def test_a_simulation_stores_nothing_and_says_so(home, plan):
    before = suluh(home, "plan", "list")
    choice = plan["choices"][0]
    named = f"{choice['mentor_id']}:{choice['course_id']}"
    told = suluh(home, "plan", "what-if", plan["plan"], "--forbid", named, "--hours-per-mentor", 40)
    assert (told["simulation"], told["plan"], told["base"]) == (True, None, plan["plan"])
    assert "nothing is stored" in told["note"]
    assert (choice["mentor_id"], choice["course_id"]) not in {(c["mentor_id"], c["course_id"]) for c in told["choices"]}
    assert {row["name"] for row in told["compare"]["inputs"]} == {"forbids", "rules"}
    assert suluh(home, "plan", "list") == before
    same = suluh(home, "plan", "what-if", plan["plan"])
    assert same["choices"] == plan["choices"]
    assert same["compare"]["inputs"] == []


def test_locking_and_freeing_undo_each_other(home, plan):
    choice = plan["choices"][0]
    named = f"{choice['mentor_id']}:{choice['course_id']}"
    locked = suluh(home, "plan", "--budget", BUDGET, "--lock", named)
    freed = suluh(home, "plan", "what-if", locked["plan"], "--free", named)
    assert freed["locks"] == []
    turned = suluh(home, "plan", "what-if", locked["plan"], "--forbid", named)
    assert (turned["locks"], len(turned["forbids"])) == ([], 1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("what-if", "99"), "no plan"),
        (("what-if", "1", "--seats", "K99:3"), "K99"),
        (("what-if", "1", "--seats", "K01"), "names no number of places"),
        (("what-if", "1", "--floor", "Nowhere:2"), "No mentor works in the district Nowhere"),
        (("what-if", "1", "--hours-per-mentor", "many"), "no number of hours"),
        (("curve", "--budget", "1000"), "buys nothing"),
        (("curve", "--budget", BUDGET, "--point", "x"), "no whole amount"),
        (("assess-first", "--budget", "nan"), "no whole amount"),
    ],
)
def test_what_cannot_be_asked_is_refused(home, plan, arguments, says):
    assert says in suluh(home, "plan", *arguments, code=2)["error"]["what"]


def test_assessments_come_with_all_that_advice_needs(home, plan):
    told = suluh(home, "plan", "assess-first", "--budget", BUDGET)
    worths = [row["worth"]["mean"] for row in told["assessments"]]
    assert worths == sorted(worths, reverse=True)
    assert worths
    for row in told["assessments"]:
        assert row["worth"]["low"] <= row["worth"]["high"]
        assert 0 < row["chance"] <= 1
        assert 1 <= len(row["reasons"]) <= 5
        assert row["runner_up"]
        assert row["what_would_change"]
        assert row["decides"]
        assert row["evidence"] in {"strong", "moderate", "weak", "insufficient"}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_all_three_read_in_both_languages(home, plan, lang):
    for arguments in (
        ("curve", "--budget", BUDGET, "--point", BUDGET),
        ("what-if", plan["plan"], "--budget", 25_000_000),
        ("assess-first", "--budget", BUDGET),
    ):
        text = suluh(home, "plan", *arguments, lang=lang, as_json=False)
        assert "%(" not in text
        assert "None" not in text


def test_the_use_cases_give_what_the_commands_give(home, plan):
    programme = Programme(settings(home=home, lang="en"))
    told = programme.plan_curve(budget=BUDGET, budgets=[BUDGET])
    assert told["points"][0]["value"] == pytest.approx(sum(choice["value"] for choice in plan["choices"]))
    assert programme.plan_what_if(plan["plan"], budget=BUDGET)["simulation"] is True
    assert programme.assess_first(budget=BUDGET)["assessments"]
