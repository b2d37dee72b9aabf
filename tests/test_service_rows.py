"""Every number opens to its rows: the rows behind the index and behind counts agree with them; files come back."""

import csv
import io
import re
from pathlib import Path

import pytest

from service.files.safe_csv import safe_csv
from service.language import Language
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as
from training.indexing import answer_rows, index_groups, within


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("rows")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=300, months=30, seed=2011)
    programme.import_([place / "city"])
    return place / "home"


@pytest.fixture(scope="module")
def programme(home) -> Programme:
    return Programme(settings(home=home))


@pytest.fixture(scope="module")
def client(home):
    return client_as(home, "manager", lang="en")


@pytest.mark.parametrize("by", ["program", "district", "mentor"])
def test_the_rows_behind_an_index_sum_up_to_it(programme, by):
    snapshot = programme.snapshot()
    for group in index_groups(snapshot, programme.framework, by):
        rows = answer_rows(snapshot, by, group.group)
        assert rows["complete"].sum() == group.respondents
        assert len(rows) - rows["complete"].sum() == group.rows_incomplete
        assert rows["errors"].sum() == group.errors
        assert rows["answers"].sum() == group.answers
        if group.answers:
            assert rows["yes"].sum() / rows["answers"].sum() == pytest.approx(group.delivery_rate)


@pytest.mark.parametrize("every", ["half", "year"])
def test_periods_hold_every_answer_once_and_agree_with_their_rows(programme, every):
    trend = programme.index_trend(every=every)["groups"]
    names = [group.group for group in trend]
    assert names == sorted(names)
    assert names
    snapshot = programme.snapshot()
    assert sum(len(within(snapshot, every, name)["responses"]) for name in names) == len(snapshot["responses"])
    for group in trend:
        rows = programme.index_rows(every=every, period=group.group)
        assert rows["complete"].sum() == group.respondents
        assert rows["errors"].sum() == group.errors


def test_the_index_page_shows_what_the_use_cases_say_and_opens_to_as_many_rows(client, programme):
    html = client.get("/index").text
    index = render(programme.index(), Language("en"))["groups"][0]
    lang = Language("en")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#39;", "'")
    for shown in (index["caveat"], lang.number(index["ks"], 2), index["verdict"], lang.number(index["h"], 3)):
        assert shown in text
    links = re.findall(r'href="([^"]+)" data-opens="(\d+)"', html)
    assert len(links) > 10
    for link, count in links:
        page = client.get(link.replace("&amp;", "&")).text
        counts = dict.fromkeys(re.findall(r'data-count="(\d+)"', page))
        assert count in counts, link


def test_a_table_is_listed_counted_filtered_and_downloaded(client, programme):
    mentors = programme.snapshot()["mentors"]
    district = mentors["district"].iloc[0]
    page = client.get(f"/tables/mentors?district={district}").text
    assert f'data-count="{(mentors["district"] == district).sum()}"' in page
    held = client.get("/tables/engagements.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(held)))
    assert len(rows) == len(programme.snapshot()["engagements"]) + 1
    assert client.get("/tables/nothing").status_code == 404


def test_what_is_not_needed_is_not_shown(home):
    page = client_as(home, "analyst").get("/tables/businesses.csv").data.decode("utf-8-sig")
    header = page.splitlines()[0].split(",")
    assert not {"name", "phone", "nik", "gender", "birth_year", "disability"} & set(header)
    assert "phone" in client_as(home, "manager").get("/tables/businesses.csv").data.decode("utf-8-sig").splitlines()[0]


def test_a_download_comes_back_as_it_was(client, programme, tmp_path):
    for table in ("mentors", "assessments", "reports", "courses"):
        (tmp_path / f"{table}.csv").write_bytes(client.get(f"/tables/{table}.csv").data)
    answer = programme.check([tmp_path])
    assert answer["refused"] == []
    assert not any(answer["new"].values())
    assert not any(answer["changed"].values())


@pytest.mark.parametrize("text", ["=1+1", "+62", "-5%", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_of_a_download_is_a_formula_and_the_text_is_read_back(tmp_path, text):
    office = Programme(settings(home=tmp_path / "home"))
    content = safe_csv(["mentor_id", "name", "district"], [["M1", text, "North"]])
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(content)) for cell in row)
    (tmp_path / "mentors.csv").write_text(content, encoding="utf-8")
    assert office.import_([tmp_path / "mentors.csv"])["refused"] == []
    assert office.snapshot()["mentors"]["name"].tolist() == [text]


def test_rows_of_another_district_are_not_shown(home, programme):
    mentors = programme.snapshot()["mentors"]
    own = min(mentors["district"])
    foreign = set(mentors["mentor_id"][mentors["district"] != own])
    client = client_as(home, "manager", districts=[own])
    for path in ("/index/rows", "/index/rows.csv", "/tables/mentors", "/tables/engagements.csv", "/tables/assessments"):
        assert not set(re.findall(r"\bM\d{3}\b", client.get(path).text)) & foreign, path
