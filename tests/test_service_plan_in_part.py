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
    assert "Fixed cost (whole programme): Rp" in said
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


def test_a_comparison_and_a_matching_say_that_they_are_a_part(app):
    programme = app.extensions["programme"]
    other, made = programme.plan(budget=30_000_000)["plan"], programme.match()["match"]
    limited, whole = client_of(app, "manager", districts=[DISTRICT]), client_of(app, "manager")
    for path in (f"/plans/1/comparison?other={other}", f"/matches/{made}"):
        assert limited.get(f"/api/v1{path}").json["part_note"].startswith(NOTE)
        assert "part_note" not in whole.get(f"/api/v1{path}").json
    for path in (f"/plans/compare?first=1&second={other}", f"/matches/{made}"):
        assert f'<p class="caveat">{NOTE}' in limited.get(path).text
        assert NOTE not in whole.get(path).text
    book = openpyxl.load_workbook(io.BytesIO(limited.get(f"/matches/{made}/matching.xlsx").data))
    assert any(NOTE in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert NOTE in " ".join(text_of(limited.get(f"/matches/{made}/matching.pdf").data).split())
    assert json.loads(limited.get(f"/matches/{made}/matching.json").data)["part_note"].startswith(NOTE)
