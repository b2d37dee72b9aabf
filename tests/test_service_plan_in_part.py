"""What a plan says to whoever is limited to districts: what is shown is a part, what it costs and brings is of all."""

import io
import json
import re

import openpyxl
import pytest

from service.app import create_app
from service.plans.words import told_in_part
from service.settings import settings
from service.usecases import Programme
from tests.pdf_text import text_of
from tests.people_rig import client_of

DISTRICT = "Ciputat Timur"
NOTE = f"You see mentors and businesses of {DISTRICT} only"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("in_part")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=200, months=24, seed=2003)
    programme.import_([place / "city"])
    programme.plan(budget=60_000_000)
    return create_app(settings(home=place / "home", lang="en"))


@pytest.fixture(scope="module")
def counts(app):
    """Places shown to who is limited, and in all."""
    programme = app.extensions["programme"]
    mentors = programme.snapshot()["mentors"]
    near = set(mentors["mentor_id"][mentors["district"] == DISTRICT])
    chosen = [choice["mentor_id"] for choice in programme.stored_plan(1)["choices"]]
    shown = sum(one in near for one in chosen)
    assert 0 < shown < len(chosen)
    return shown, len(chosen)


@pytest.fixture(scope="module", params=["manager", "head"])
def limited(app, request):
    return client_of(app, request.param, districts=[DISTRICT])


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_letter_says_so_above_its_figures(limited, counts):
    said = text_of(limited.get("/plans/1/plan.pdf").data)
    shown, every = counts
    assert f"Places: {shown} in your districts of {every} in all" in said
    assert "Cost (whole programme): Rp" in said
    assert "Budget (whole programme): Rp" in said
    assert "Courses held (whole programme)" in said
    assert said.index(NOTE) < said.index("Budget")


def test_the_page_says_so_beside_its_figures(limited, counts):
    said = words(limited.get("/plans/1").text)
    shown, every = counts
    assert f"Places {shown} in your districts of {every} in all" in said
    assert "Cost (whole programme) Rp" in said
    assert "Courses held (whole programme)" in said
    simulated = words(limited.get("/plans/1/what-if?budget=30000000").text)
    assert re.search(r"Cost \(whole programme\) Rp.* in your districts of \d+ in all", simulated)


def test_the_workbook_says_so_on_its_sheet_about(limited, counts):
    book = openpyxl.load_workbook(io.BytesIO(limited.get("/plans/1/plan.xlsx").data))
    about = {row[0].value: row[1] for row in book["About"].iter_rows(min_row=2)}
    shown, every = counts
    assert about["What is shown"].value.startswith(NOTE)
    assert about["Places"].value == f"{shown} in your districts of {every} in all"
    assert about["Cost (Rp) (whole programme)"].value > 0
    assert about["Cost (Rp) (whole programme)"].number_format == "#,##0"
    assert "Cost (Rp)" not in about


def test_the_json_and_the_api_say_the_same(limited, counts):
    told = json.loads(limited.get("/plans/1/plan.json").data)
    for answer in (told, limited.get("/api/v1/plans/1").json, limited.get("/api/v1/plans/1/standing").json):
        assert (len(answer["choices"]), answer["places_in_all"]) == counts
        assert answer["part_note"].startswith(NOTE)


def test_whoever_sees_everything_is_told_nothing_of_parts(app, counts):
    client = client_of(app, "manager")
    texts = [text_of(client.get("/plans/1/plan.pdf").data), words(client.get("/plans/1").text)]
    for said in texts:
        assert "whole programme" not in said
        assert "in all" not in said
    assert f"Places: {counts[1]} " in texts[0]
    assert "places_in_all" not in client.get("/api/v1/plans/1").json


def test_a_whole_counted_after_the_cut_would_be_found(app, limited, counts, monkeypatch):
    for room in ("service.pages.plans", "service.api.plans"):
        monkeypatch.setattr(f"{room}.told_in_part", lambda answer, _: told_in_part({**answer, "choices": []}, ["x"]))
    with pytest.raises(AssertionError):
        test_the_letter_says_so_above_its_figures(limited, counts)
