"""Approved plans and past predictions in the report of a period: what stands is counted, and counted once."""

import pytest

from data.sample import make_city, write_city
from service.app import create_app
from service.language import Language
from service.reports import approvals, conclusions
from service.reports.behind import rows_of
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_of

BY = {"name": "Sari", "role": "manager"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Two plans approved that share places; of the second one place is refused."""
    folder, place = tmp_path_factory.mktemp("city"), tmp_path_factory.mktemp("office") / "home"
    write_city(make_city("plain", mentors=14, businesses=160, months=20, seed=8), folder)
    made = Programme(settings(home=place))
    made.import_([folder])
    for budget in (30_000_000, 60_000_000):
        plan = made.plan(budget=budget)
        if budget == 60_000_000:
            last = plan["choices"][-1]
            pair = f"{last['mentor_id']}:{last['course_id']}"
            made.decide_plan(plan["plan"], pair, "refuse", reason="on leave", **BY)
        made.approve_plan(plan["plan"], **BY)
    return place


@pytest.fixture(scope="module")
def programme(home):
    return Programme(settings(home=home, lang="en"))


@pytest.fixture(scope="module")
def year(programme):
    return str(programme.settings.today().year)


def standing(programme, plan):
    shown = programme.show_plan(plan)
    refused = {(row["mentor_id"], row["course_id"]) for row in shown["decisions"] if row["decision"] == "refuse"}
    pairs = {(row["mentor_id"], row["course_id"]): row["cost_idr"] for row in shown["choices"]}
    return {pair: cost for pair, cost in pairs.items() if pair not in refused}, shown


def test_a_place_that_was_refused_or_stands_in_two_plans_is_counted_as_it_is(programme, year):
    told = programme.report(period=year)["plans"]
    (first, one), (second, two) = standing(programme, 1), standing(programme, 2)
    assert len(two["choices"]) == len(second) + 1
    both = first.keys() & second.keys()
    assert both
    assert [(row["places"], row["repeated"]) for row in told] == [(len(first), 0), (len(second), len(both))]
    fixed = {row["course_id"]: row["fixed_cost_idr"] for row in two["fixed_costs"]}
    new = second.keys() - both

    def cost(pairs):
        return sum(second[pair] for pair in pairs) + sum(fixed[code] for code in {code for _, code in pairs})

    assert [row["cost_idr"] for row in told] == [one["cost_idr"], cost(second)]
    assert told[1]["repeated_idr"] == cost(second) - cost(new)
    sums = approvals.totals(told)
    assert sums["places"] == len(first.keys() | second.keys())
    assert sums["cost_idr"] == one["cost_idr"] + cost(new)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_conclusion_and_the_page_it_opens_to_tell_the_same(home, programme, year, lang):
    sums = approvals.totals(programme.report(period=year)["plans"])
    app = create_app(settings(home=home, lang=lang))
    head, speak = client_of(app, "head"), Language(lang)
    said = head.get(f"/reports?period={year}&lang={lang}").text
    behind = head.get(f"/reports/behind?of=plans&period={year}&lang={lang}").text
    for shown in (speak.number(sums["places"]), speak.rupiah(sums["cost_idr"]), speak.number(sums["repeated"])):
        assert f">{shown}</a>" in said
        assert f">{shown}<" in behind


@pytest.mark.parametrize("kind", ["growth", "scores"])
def test_predictions_behind_the_report_are_counted_once(programme, year, kind):
    review = programme.review()
    assert review["counted_before"]
    found = rows_of(programme, "review", Language("en"), period=year, group=kind)
    figures = {name: cell.value for name, cell in found.figures}
    assert figures["Predictions kept"] == len(found.grid.rows) == review[kind]["predictions"]


def test_scores_that_did_not_come_true_are_told_beside_growth_that_did():
    growth = {"predictions": 9, "observed": 4, "coverage_90": 1.0, "bias": 0.01}
    scores = {"predictions": 5, "observed": 2, "coverage_90": 0.0, "bias": -16.84}
    review = {**growth, "of": "growth", "note": None, "growth": growth, "scores": scores}
    first, second = (Language("en").show(one) for one in approvals.held({"review": review}))
    assert first.startswith("Of 9 predictions of growth kept at approval, 4 could be observed; 100.0%")
    assert second.startswith("Of 5 predictions of scores after a course, 2 could be observed; 0.0%")
    assert second.endswith("−16.8 points in the mean.")


def test_what_an_earlier_version_published_is_worded_as_it_was():
    review = {"predictions": 9, "observed": 4, "coverage_90": 0.5, "bias": 0.0, "of": "growth", "note": None}
    (said,) = (Language("id").show(one) for one in approvals.held({"review": review}))
    assert said.startswith("Dari 9 perkiraan yang disimpan saat persetujuan, 4 sudah")
    plans = [{"places": 3, "cost_idr": 5}, {"places": 2, "cost_idr": 1}]
    assert approvals.totals(plans) == {"places": 5, "cost_idr": 6, "repeated": 0}


@pytest.mark.parametrize(("lang", "unknown"), [("en", "nothing is known"), ("id", "tidak ada yang diketahui")])
def test_what_no_report_tells_is_not_reported_as_nought(tmp_path, lang, unknown):
    write_city(make_city("plain", mentors=9, businesses=60, months=18, seed=8), tmp_path / "city")
    for name in ("reports.csv", "responses.csv", "items.csv", "truth.json"):
        (tmp_path / "city" / name).unlink()
    made = Programme(settings(home=tmp_path / "home", lang=lang))
    made.import_([tmp_path / "city"])
    told = made.report()
    said = [Language(lang).show(one) for one in told["conclusions"]]
    assert told["indicators"]["businesses"]
    assert any(unknown in one for one in said)
    assert not any("(NIB)" in one and "0" in one for one in said)
    assert told["funnel"]["with_nib"]
    assert told["funnel"]["with_credit"] is None


def test_where_nobody_stands_below_the_standard_none_is_said_to():
    areas = [{"area": "a", "label": "A", "mentors": 4, "below": 0, "share_below": 0.0, "mean": 90.0, "standard": 70}]
    (said,) = conclusions._standards({"standards": areas})
    assert Language("en").show(said) == "No mentor who was assessed stands below the standard in any area."
