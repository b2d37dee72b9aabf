"""Hours per mentor, floors per district, caps per area: kept, explained, refused by name; old plans as they were."""

import json
from pathlib import Path

import pytest

from model.planning.best_plan import best_plan
from model.refusals import NotFound, PlanRefused
from service.keeping import keep
from service.plans.request import as_asked, as_kept
from tests.planning_office import FRAMEWORK, office, table
from tests.test_training_planning_planning import ask, pairs
from training.planning.planning import PlanRequest, make_plan

BEFORE = json.loads(Path(__file__).with_name("plan_before.json").read_text(encoding="utf-8"))

COURSES = table(
    "courses",
    "course_id title area cost_per_participant_idr fixed_cost_idr seats min_participants hours_jp starts_on "
    "expected_gain expected_gain_sd",
    ("K1", "Keuangan dasar", "finance", 1_000_000, 500_000, 2, 1, 24, "2027-01-01", 10, 2),
    ("K2", "Keuangan lanjut", "finance", 2_500_000, 0, None, 1, 40, "2027-01-01", 20, 4),
    ("H1", "Hukum", "legal", 800_000, 0, 5, 1, 16, None, 8, 2),
    ("H2", "Hukum lain", "legal", 900_000, 0, 5, 1, None, None, 8, 2),
)
TRAINED = table("trainings", "mentor_id course_id completed_on")


def timed(**request):
    return ask(snapshot=office(courses=COURSES, trainings=TRAINED), **request)


def why(answer, *pair):
    return next(row["reason"] for row in answer["left_out"] if (row["mentor_id"], row["course_id"]) == pair)


def test_hours_per_mentor_are_kept_and_explained():
    free = timed(budget=20_000_000)
    assert {("M2", "K2"), ("M2", "H1")} <= set(pairs(free)) or {("M2", "K2"), ("M2", "H2")} <= set(pairs(free))
    capped = timed(budget=20_000_000, hours_per_mentor=40.0)
    hours = {"K1": 24, "K2": 40, "H1": 16}
    for mentor in ("007", "M2", "M4"):
        assert sum(hours[course] for who, course in pairs(capped) if who == mentor) <= 40
    assert why(capped, None, "H2") == "The hours of the course are not known (hours_jp), and you limit them."
    assert why(capped, "M2", "H1") == (
        "The course takes 16 JP; this plan gives the mentor 40 JP already, of 40 at most."
    )
    assert why(timed(budget=20_000_000, hours_per_mentor=30.0), None, "K2") == (
        "The course takes 40 JP; you allow 30 for each mentor."
    )
    assert capped["rules"] == {"hours_per_mentor": 40.0, "floors": [], "area_caps": []}


def test_a_floor_brings_a_district_its_places_and_says_so():
    poor = ask(1_500_000)
    assert pairs(poor) == [("M2", "K1")]  # Ciputat
    fair = ask(1_500_000, floors=(("Serpong", 1),))
    assert pairs(fair) == [("007", "K1")]
    assert "The district Serpong must get at least 1 places; this is one of them." in fair["choices"][0]["reasons"]


def test_a_cap_per_area_is_kept_and_explained():
    capped = timed(budget=20_000_000, area_caps=(("finance", 1),))
    assert sum(course in {"K1", "K2"} for _, course in pairs(capped)) == 1
    assert why(capped, "M4", "K2") == "The plan buys 1 places in Finance, the most you allow."


@pytest.mark.parametrize(
    ("request_", "kind", "says"),
    [
        ({"floors": (("Pamulang", 1),)}, PlanRefused, "No mentor works in the district Pamulang."),
        ({"floors": (("Serpong", 3),)}, PlanRefused, "Serpong cannot get 3 places: only 2 choices"),
        ({"floors": (("Serpong", -1),)}, PlanRefused, "Serpong cannot have -1 places."),
        ({"floors": (("Serpong", 1), ("Serpong", 2))}, PlanRefused, "Serpong is named more than once."),
        ({"area_caps": (("weaving", 1),)}, NotFound, "no area with the id weaving"),
        ({"hours_per_mentor": 0.0}, PlanRefused, "must be more than 0"),
        ({"hours_per_mentor": float("nan")}, PlanRefused, "must be more than 0"),
        ({"floors": (("Serpong", 1), ("Ciputat", 1)), "budget": 1_500_000}, PlanRefused, "The floors cost at least"),
        (
            {"floors": (("Serpong", 1),), "locks": (("M2", "K2"),), "budget": 2_500_000},
            PlanRefused,
            "The locked choices and the floors cost at least Rp4,000,000",
        ),
        (
            {"locks": (("M2", "K1"), ("M4", "K2")), "area_caps": (("finance", 1),)},
            PlanRefused,
            "These locks cannot all hold under seats, participants and limits: M2:K1, M4:K2.",
        ),
        ({"area_caps": (("finance", 0), ("legal", 0))}, PlanRefused, "leave no place to buy"),
        (
            {"floors": (("Serpong", 1),), "area_caps": (("finance", 0),)},
            PlanRefused,
            (
                "These cannot all hold under seats, participants and courses per mentor: floors Serpong:1; locks –; "
                "caps finance:0."
            ),
        ),
    ],
)
def test_what_cannot_be_limited_so_is_refused_by_name(request_, kind, says):
    with pytest.raises(kind) as refused:
        ask(**{"budget": 9_000_000, **request_})
    assert says in str(refused.value)


@pytest.mark.parametrize("name", BEFORE)
def test_a_plan_stored_before_there_were_such_limits_comes_out_as_it_was(name):
    stored = BEFORE[name]
    asked = as_asked(stored["request"])
    assert asked.edition == 1
    plan = make_plan(office(), FRAMEWORK, None, asked)
    assert close(keep(plan.answer()), stored["answer"]) == []


@pytest.mark.parametrize(("edition", "searching"), [(3, False), (PlanRequest(1).edition, True)])
@pytest.mark.parametrize("risk", ["mean", "cautious"])
def test_a_plan_is_searched_for_as_its_edition_was(monkeypatch, edition, searching, risk):
    asked = []

    def noted(*given, **how):
        asked.append(how)
        return best_plan(*given, **how)

    monkeypatch.setattr("training.planning.solving.best_plan", noted)
    make_plan(office(), FRAMEWORK, None, PlanRequest(9_000_000, edition=edition, risk=risk))
    assert asked
    assert all(how == {"searching": searching} for how in asked)


def close(now, then, path="answer"):
    """Where two answers differ by more than rounding."""
    if isinstance(then, dict) and isinstance(now, dict) and list(now) == list(then):
        return [fault for key in then for fault in close(now[key], then[key], f"{path}.{key}")]
    if isinstance(then, list) and isinstance(now, list) and len(now) == len(then):
        return [fault for k, pair in enumerate(zip(now, then, strict=True)) for fault in close(*pair, f"{path}[{k}]")]
    if isinstance(then, float):
        return [] if now == pytest.approx(then, rel=1e-9, abs=1e-12) else [path]
    return [] if now == then else [path]


def test_a_request_survives_being_kept():
    asked = PlanRequest(5, locks=(("a", "b"),), floors=(("x", 2),), area_caps=(("y", 1),), hours_per_mentor=8.5)
    assert as_asked(json.loads(json.dumps(as_kept(asked)))) == asked
