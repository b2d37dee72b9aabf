"""A draft tells that data or model have changed since; what was decided stays as it is."""

import re

import pytest

from service.settings import settings
from service.usecases import Programme
from tests.api_rig import small_home
from tests.people_rig import client_as

BY = {"name": "Sari", "role": "manager"}


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "city")


def test_a_draft_says_that_a_newer_model_is_in_use_and_an_approved_one_does_not(home):
    programme = Programme(settings(home=home))
    plan, match = programme.plan(budget=20_000_000)["plan"], programme.match()["match"]
    assert programme.show_plan(plan)["since_made"] is None
    assert programme.show_match(match)["since_made"] is None
    programme.train()
    pages = client_as(home, "manager", lang="en")
    for path, shown in (
        (f"/plans/{plan}", programme.show_plan(plan)),
        (f"/matches/{match}", programme.show_match(match)),
    ):
        assert "model-0001; in use now are version 1 and model-0002" in str(shown["since_made"])
        assert re.search(r"in use now are version 1 and model-0002\. It does not know", pages.get(path).text)
    programme.approve_plan(plan, **BY)
    programme.approve_match(match, **BY)
    assert programme.show_plan(plan)["since_made"] is None
    assert programme.show_match(match)["since_made"] is None


def test_a_draft_says_that_data_came_since(home, tmp_path):
    programme = Programme(settings(home=home))
    plan = programme.plan(budget=20_000_000)["plan"]
    row = "mentor_id,area,score,assessed_on,assessor\nM001,finance,66,2026-09-30,x\n"
    (tmp_path / "assessments.csv").write_text(row, encoding="utf-8")
    programme.import_([tmp_path / "assessments.csv"])
    assert "data version 1" in str(programme.show_plan(plan)["since_made"])
    assert "version 2" in str(programme.show_plan(plan)["since_made"])


def test_a_matching_by_the_standard_promises_no_review(tmp_path):
    programme = Programme(settings(home=tmp_path / "home"))
    programme.sample(tmp_path / "city", mentors=12, businesses=80, months=30, seed=3)
    programme.import_([tmp_path / "city"])
    approved = programme.approve_match(programme.match()["match"], **BY)
    assert approved["predictions"] == 0
    assert "nothing is reviewed" in str(approved["note"])


def test_incomplete_rows_carry_no_figures_of_complete_ones_and_areas_have_their_names(home):
    pages = client_as(home, "manager", lang="id")
    incomplete, complete = (pages.get(f"/index/rows?kind={kind}").text for kind in ("incomplete", "complete"))
    for said in ("Skalabilitas Ks", "Galat diharapkan", "<dt>Galat</dt>"):
        assert said not in incomplete
    assert "<dt>Galat</dt>" in complete
    assert re.search(r"finance <span class=\"range\">Keuangan", pages.get("/tables/courses").text)
