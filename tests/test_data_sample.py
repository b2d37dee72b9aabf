"""The sample city as a whole: the same every time, whole in itself, true to the facts, as the contract has it."""

import ast
import csv
import hashlib
import io
import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.sample import KINDS, make_city, write_city
from data.sample.businesses import make_businesses
from data.sample.facts import shipped_facts
from data.sample.recipe import day_text, identifiers, recipe_for
from data.sample.writing import csv_text
from model.tables import TABLES, Kind

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "domain"


@pytest.fixture(scope="module")
def city():
    return make_city(seed=11)


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("kind", KINDS)
def test_same_arguments_give_the_same_bytes_and_another_seed_gives_others(tmp_path, kind):
    for name, seed in (("a", 4), ("b", 4), ("c", 5)):
        write_city(make_city(kind, mentors=30, businesses=300, seed=seed), tmp_path / name)
    first, second, other = (digests(tmp_path / name) for name in "abc")
    assert first == second
    assert set(first) == {f"{table}.csv" for table in TABLES} | {"truth.json"}
    constant = {name for name in first if first[name] == other[name]}
    assert constant == {"items.csv"}


def test_counts_are_the_rows_of_the_files_and_reading_gives_the_tables_back(tmp_path):
    city = make_city("small", seed=12)
    counts = write_city(city, tmp_path / "city")
    for name, frame in city.tables.items():
        read = pd.read_csv(tmp_path / "city" / f"{name}.csv", dtype=str, keep_default_na=False)
        assert counts[name] == len(read) == len(frame)
        assert list(read.columns) == list(frame.columns)
        for column in frame:
            if frame[column].dtype.kind in "if":
                numbers = pd.to_numeric(read[column])
                np.testing.assert_array_equal(numbers.to_numpy(float), frame[column].to_numpy(float))
            else:
                assert read[column].tolist() == frame[column].tolist()
    assert json.loads((tmp_path / "city" / "truth.json").read_text("utf-8")) == city.truth


def test_text_with_commas_quotes_and_line_ends_survives():
    frame = pd.DataFrame({"a": ['Kue, "Sari"', "x\ny", ""], "b": [1.5, np.nan, 3.0], "c": [1.0, np.nan, 2.0]})
    assert list(csv.reader(io.StringIO(csv_text(frame)))) == [
        ["a", "b", "c"],
        ['Kue, "Sari"', "1.5", "1"],
        ["x\ny", "", ""],
        ["", "3.0", "2"],
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_keeps_the_contract(kind):
    tables = make_city(kind, mentors=60, businesses=900, seed=2).tables
    for name, table in TABLES.items():
        frame = tables[name]
        assert set(frame.columns) <= set(table.names)
        assert {c.name for c in table.columns if c.required} <= set(frame.columns)
        key = [column for column in table.key if column in frame]
        assert not frame.duplicated(key).any(), name
        for column, target in table.refers.items():
            known = set(tables[target][TABLES[target].key[0]])
            assert set(frame[column]) - {""} <= known, (name, column)
        for column in table.columns:
            if column.name in frame:
                cells_hold(column, frame[column.name])


def cells_hold(column, cells):
    if column.required:
        assert cells.notna().all()
        assert (cells.astype(str) != "").all()
    if column.low is not None or column.high is not None:
        numbers = cells[cells.notna()]
        assert column.low is None or (numbers >= column.low).all(), column.name
        assert column.high is None or (numbers <= column.high).all(), column.name
    given = cells[cells.astype(str) != ""]
    if column.kind is Kind.DATE:
        assert given.str.fullmatch(r"\d{4}-\d\d-\d\d").all()
        pd.to_datetime(given, format="%Y-%m-%d")
    if column.kind is Kind.MONTH:
        assert given.str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])").all()
    if column.kind is Kind.YESNO:
        assert set(given) <= {"yes", "no", "ya", "tidak"}


def test_areas_problems_districts_and_items_are_those_of_the_files(city):
    framework = tomllib.loads((ROOT / "data" / "framework.toml").read_text("utf-8"))
    areas, problems = set(framework["areas"]), set(framework["problems"])
    assert set(city.tables["assessments"]["area"]) == areas
    assert set(city.tables["courses"]["area"]) == areas
    assert set(city.tables["items"]["area"]) <= areas
    assert 12 <= len(city.tables["items"]) <= 16
    named = city.tables["businesses"]["needs"].str.split(";")
    assert set(named.explode()) == problems
    assert named.map(len).between(1, 4).all()
    districts = set(shipped_facts().raw["districts"])
    assert len(districts) == 7
    for table in ("mentors", "businesses"):
        assert set(city.tables[table]["district"]) <= districts
    extra = city.tables["mentors"][["district", "extra_districts"]]
    assert set(extra["extra_districts"]) - {""} <= districts
    assert (extra["district"] != extra["extra_districts"]).all()


def test_no_code_of_the_sample_spells_an_area_or_a_problem():
    framework = tomllib.loads((ROOT / "data" / "framework.toml").read_text("utf-8"))
    codes = {*framework["areas"], *framework["problems"]}
    for path in (ROOT / "data" / "sample").glob("*.py"):
        texts = {node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)}
        assert not texts & codes, path.name


def test_shares_are_those_of_the_facts_within_sampling_error():
    count = 40_000
    recipe = recipe_for("plain", {"businesses": count, "seed": 8}, alike=False)
    businesses = make_businesses(recipe, shipped_facts()).table
    shares = {"G": 0.5353, "I": 0.1879, "C": 0.1608, "other": 0.1159}
    for sector, share in shares.items():
        seen = (businesses["sector"] == sector).mean()
        assert abs(seen - share) < 4 * np.sqrt(share * (1 - share) / count), sector
    few = (businesses["workers"] < 5).mean()
    assert abs(few - 0.988) < 4 * np.sqrt(0.988 * 0.012 / count)
    micro = businesses.loc[businesses["workers"] < 5, "turnover_month_idr"]
    mean = 68_000_000 / 12
    assert micro.mean() == pytest.approx(mean, rel=4 * np.sqrt((np.exp(0.9**2) - 1) / count) + 0.02)
    assert np.log(micro).std() == pytest.approx(np.sqrt(0.9**2 + 0.12**2), rel=0.02)


def test_needs_are_named_in_the_order_of_the_shares_affected(city):
    needs = city.tables["businesses"]["needs"].str.split(";").explode().value_counts() / 4000
    most = {"partnership", "digital", "capital", "capital_aid"}
    assert set(needs.index[:4]) == most
    assert needs.sum() == pytest.approx(2.5, abs=0.07)


def test_facts_are_those_of_the_shared_tables():
    if not SHARED.exists():
        pytest.skip("shared/domain is not beside this checkout")
    facts = shipped_facts()
    sectors = pd.read_csv(SHARED / "sectors.csv").set_index("kbli_section")["share_pct_sidt_2024"]
    for code, entry in facts.raw["sectors"].items():
        assert entry["share"] == pytest.approx(sectors[code] / 100, abs=1e-9)
    problems = pd.read_csv(SHARED / "problem_types.csv").set_index("problem")["share_affected_pct"]
    for code, entry in facts.raw["problems"].items():
        share = problems[code]
        assert entry["share"] == pytest.approx(0.5 if np.isnan(share) else share / 100)
        assert (entry["sure"] == "assumption") == np.isnan(share)
    defaults = json.loads((SHARED / "ground_truth_defaults.json").read_text("utf-8"))
    assert (
        facts.raw["sizes"]["micro"]["mean_month_idr"]
        == defaults["baseline"]["log_turnover_month"]["micro_mean_idr_month"]
    )
    assert facts.raw["sizes"]["micro"]["log_sd"] == defaults["baseline"]["log_turnover_month"]["log_sd"]
    assert facts.figure("mentoring_effect") == defaults["effects"]["training_log_sales"]["mean"]
    catalog = pd.read_csv(SHARED / "training_catalog.csv").set_index("course")["cost_per_participant_idr"]
    prices = {entry["id"]: entry for entry in facts.raw["courses"]}
    assert prices["K04"]["cost"] == catalog["brevet_ab"]
    assert prices["K11"]["cost"] == catalog["bnsp_renewal"]
    assert prices["K10"]["cost"] == catalog["bnsp_mentor_new"]
    inhouse = prices["K01"]
    assert inhouse["cost"] + inhouse["fixed"] / 30 == pytest.approx(catalog["inhouse_3day"], rel=0.002)
    assert all(entry["sure"] in {"verified", "derived", "assumption"} and entry["source"] for entry in prices.values())


@pytest.mark.parametrize(("months", "first"), [(36, "2023-10"), (18, "2025-04")])
def test_as_of_is_the_contracts_default_and_reports_end_in_september_2026(months, first):
    city = make_city(mentors=40, businesses=1000, months=months, seed=1)
    tables = city.tables
    assert tables["reports"]["month"].min() == first
    assert tables["reports"]["month"].max() == "2026-09"
    dated = (("engagements", "started_on"), ("assessments", "assessed_on"), ("trainings", "completed_on"))
    newest = max(tables[name][column].max() for name, column in (*dated, ("responses", "answered_on")))
    assert max(newest, "2026-09-30") == city.truth["as_of"] == "2026-09-30"


def test_loads_are_those_of_an_office(city):
    mentors, engagements = city.tables["mentors"], city.tables["engagements"]
    active = engagements[engagements["ended_on"] == ""]
    per_mentor = active.groupby("mentor_id").size().reindex(mentors["mentor_id"], fill_value=0)
    assert 10 <= per_mentor.mean() <= 25
    assert (per_mentor.to_numpy() <= mentors["capacity"].to_numpy()).all()
    assert 22 <= city.truth["engagements_with_outcome"] / len(mentors) <= 28
    assert active["started_on"].max() >= "2026-09"
    assert not active["business_id"].duplicated().any()
    ever = set(engagements["business_id"])
    reporting = set(city.tables["reports"]["business_id"])
    assert 0.05 < len(reporting - ever) / 4000 < 0.3
    small = make_city("small")
    assert (len(small.tables["mentors"]), len(small.tables["businesses"])) == (40, 1000)


def test_engagements_last_nine_to_fourteen_months_within_reach_and_never_overlap(city):
    engagements = city.tables["engagements"].merge(city.tables["mentors"], on="mentor_id")
    engagements = engagements.merge(city.tables["businesses"], on="business_id", suffixes=("", "_business"))
    home = engagements["district"] == engagements["district_business"]
    assert (home | (engagements["extra_districts"] == engagements["district_business"])).all()
    started, ended = (pd.to_datetime(engagements[c].replace("", None)) for c in ("started_on", "ended_on"))
    days = (ended - started).dt.days.dropna()
    assert days.between(9 * 30, 14 * 31).all()
    ordered = engagements.assign(s=started, e=ended.fillna(pd.Timestamp("2027-12-31"))).sort_values(
        ["business_id", "s"]
    )
    again = ordered["business_id"].eq(ordered["business_id"].shift())
    assert again.any()
    assert (ordered["s"][again] > ordered["e"].shift()[again]).all()


def test_every_mentor_is_assessed_in_every_area_before_the_first_engagement_and_again_later(city):
    assessments, engagements = city.tables["assessments"], city.tables["engagements"]
    first = assessments.groupby(["mentor_id", "area"])["assessed_on"].agg(["min", "nunique"])
    assert len(first) == 160 * len(city.truth["areas"])
    assert first["min"].max() < engagements["started_on"].min()
    assert (first["nunique"] >= 2).mean() > 0.97


def test_every_training_has_an_assessment_before_and_after_in_its_area(city):
    area = city.tables["courses"].set_index("course_id")["area"]
    assessments = city.tables["assessments"].groupby(["mentor_id", "area"])["assessed_on"].agg(["min", "max"])
    trainings = city.tables["trainings"]
    pairs = assessments.loc[list(zip(trainings["mentor_id"], trainings["course_id"].map(area), strict=True))]
    assert (pairs["min"].to_numpy() < trainings["completed_on"].to_numpy()).all()
    assert (pairs["max"].to_numpy() > trainings["completed_on"].to_numpy()).all()
    counts = trainings["course_id"].value_counts()
    assert 15 <= counts.median() <= 23
    assert set(counts.index) == set(area.index)


def test_courses_are_offered_again_and_prerequisites_were_kept(city):
    courses, trainings = city.tables["courses"], city.tables["trainings"]
    offered = courses[(courses["starts_on"] == "") | (courses["starts_on"] > city.truth["as_of"])]
    assert len(offered) >= 8
    assert len(courses) - len(offered) == 1
    assert set(offered["area"]) == set(city.truth["areas"])
    asked = courses[courses["prerequisite"] != ""]
    assert len(asked) == 1
    done = trainings.set_index(["mentor_id", "course_id"])["completed_on"]
    for mentor in trainings.loc[trainings["course_id"] == asked["course_id"].iloc[0], "mentor_id"]:
        assert done[mentor, asked["prerequisite"].iloc[0]] < done[mentor, asked["course_id"].iloc[0]]


def test_scores_are_as_planned(city):
    ordered = city.tables["assessments"].sort_values("assessed_on")
    wide = ordered.pivot_table(index="mentor_id", columns="area", values="score", aggfunc="first")
    assert wide.to_numpy().mean() == pytest.approx(57, abs=4)
    assert wide.to_numpy().std() == pytest.approx(np.hypot(15, 4), abs=2)
    between = np.corrcoef(wide.to_numpy().T)
    assert between[np.triu_indices(7, 1)].mean() == pytest.approx(0.4 * 225 / 241, abs=0.1)


def test_answers_are_ordered_but_not_perfect(city):
    wide = city.tables["responses"].assign(yes=lambda f: f["answer"] == "ya")
    ease = wide.groupby("item_id")["yes"].mean()
    assert ease.max() > 0.8
    assert ease.min() < 0.35
    rows = wide.pivot_table(index=["respondent_id", "mentor_id"], columns="item_id", values="yes", aggfunc="first")
    assert 0.01 < rows.isna().to_numpy().mean() < 0.06
    full = rows.dropna().astype(float)[ease.sort_values(ascending=False).index].to_numpy()
    ideal = np.arange(full.shape[1]) < full.sum(axis=1)[:, None]
    assert 0.80 < 1 - (full != ideal).mean() < 0.99


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"kind": "rich"}, "no kind of city called 'rich'"),
        ({"mentors": 0}, "The number for mentors must be from 1 to 100,000, not 0"),
        ({"businesses": -5}, "businesses"),
        ({"months": 17}, "The number for months must be from 18 to 240, not 17"),
        ({"seed": -1}, "seed"),
        ({"kind": "no_effect", "alike": True}, "without effects"),
    ],
)
def test_bad_arguments_are_named_in_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=r"\.$") as refusal:
        make_city(**arguments)
    assert words in str(refusal.value)


@pytest.mark.parametrize("sizes", [(1, 1), (1, 50), (50, 1), (3, 20), (60, 30)])
@pytest.mark.parametrize("months", [18, 20, 60])
def test_the_smallest_and_oddest_cities_stand(tmp_path, sizes, months):
    city = make_city(mentors=sizes[0], businesses=sizes[1], months=months, seed=3)
    counts = write_city(city, tmp_path / "odd")
    assert (counts["mentors"], counts["businesses"]) == sizes


def test_ids_are_of_equal_length_and_dates_may_be_absent():
    assert identifiers("M", 3, 3).tolist() == ["M001", "M002", "M003"]
    assert {len(ident) for ident in identifiers("U", 100_001, 5)} == {7}
    assert day_text(np.array(["2026-01-02", "NaT"], dtype="datetime64[D]")).tolist() == ["2026-01-02", ""]


def test_a_sample_replaces_an_earlier_sample_but_never_somebodys_own_tables(tmp_path):
    city = make_city("plain", mentors=3, businesses=20, months=24)
    write_city(city, tmp_path / "city")
    write_city(city, tmp_path / "city")
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\n1,Ani,Kota\n")
    with pytest.raises(ValueError, match="overwritten"):
        write_city(city, tmp_path)
    assert [path.name for path in tmp_path.glob("*.*")] == ["mentors.csv"]
    assert "Ani" in (tmp_path / "mentors.csv").read_text()
