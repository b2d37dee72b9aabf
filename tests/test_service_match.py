"""A matching as a new user meets it: asked, approved, published, declined, exported, brought back, reviewed."""

import io
import json
import re
import time
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from data.sample import make_city, write_city
from data.store.decisions import Kept
from service.cli import cli
from service.language import Language
from service.printing import plans as printing_plan
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.pdf_text import pages_of
from tests.people_rig import caller_as, client_as
from tests.planning_office import FRAMEWORK, office, table
from tests.test_service_intake_uploads import shown, upload, words
from training.planning.reviewing import review

BY = ("--name", "Sari", "--role", "manager")


def suluh(home, *arguments, code=0, lang="en", plain=False):
    given = [*map(str, arguments), "--home", str(home), "--lang", lang, *([] if plain else ["--json"])]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == code, done.output
    return done.stdout if plain else json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(make_city("plain", mentors=40, businesses=400, months=30, seed=2003), folder)
    place = tmp_path_factory.mktemp("office") / "home"
    suluh(place, "import", folder)
    return place


@pytest.fixture(scope="module")
def first(home):
    return suluh(home, "match")


@pytest.fixture(scope="module")
def learned(home, first):
    """A matching by a published model, whose gain is supported."""
    suluh(home, "train")
    return suluh(home, "match")


def mentor_of(answer):
    return {pair["business_id"]: pair["mentor_id"] for pair in answer["pairs"]}


def test_every_rule_holds_and_the_answer_has_the_contracts_names(home, first):
    assert first["basis"] == "standard"
    assert first["gap"] == 0.0
    programme = Programme(settings(home=home))
    seen = programme.snapshot()
    mentors = seen["mentors"].set_index("mentor_id")
    places = {row["district"]: row for row in first["districts"]}
    active = seen.active.groupby("mentor_id")["business_id"].nunique()
    districts = seen["businesses"].set_index("business_id")["district"]
    waiting = set(seen["businesses"]["business_id"]) - set(seen.active["business_id"])
    assert waiting == set(mentor_of(first)) | {row["business_id"] for row in first["unmatched"]}
    counts = pd.Series(mentor_of(first)).value_counts()
    for mentor, count in counts.items():
        assert count + active.get(mentor, 0) <= mentors.loc[mentor, "capacity"]
    for business, mentor in mentor_of(first).items():
        further = mentors.loc[mentor, "extra_districts"]
        reach = {mentors.loc[mentor, "district"], *(further.split(";") if isinstance(further, str) else ())}
        assert districts[business] in {district.strip() for district in reach}
    for pair in first["pairs"]:
        assert {"business_id", "mentor_id", "basis", "expected_growth", "low", "high", "reasons", "runner_up"} <= set(
            pair
        )
        assert 1 <= len(pair["reasons"]) <= 5
    assert sum(row["served"] for row in places.values()) == len(first["pairs"])


def test_the_same_matching_keeps_its_number_and_a_rerun_gives_the_same_bytes(home, first):
    assert suluh(home, "match", "--as-of", first["as_of"])["match"] == first["match"]
    assert suluh(home, "match", "rerun", first["match"]) == first


def test_a_supported_model_brings_growth_with_ranges(learned):
    assert learned["basis"] == "effect"
    for pair in learned["pairs"]:
        assert pair["low"] < pair["expected_growth"] < pair["high"]
        assert pair["mentor_part"]["low"] <= pair["mentor_part"]["mean"] <= pair["mentor_part"]["high"]
        assert pair["fit"] is None


def test_locks_and_forbids_are_obeyed_and_named(home, first):
    pair, other = first["pairs"][0], first["pairs"][1]
    told = suluh(
        home,
        *("match", "--forbid", f"{pair['business_id']}:{pair['mentor_id']}"),
        *("--lock", f"{other['business_id']}:{other['mentor_id']}"),
    )
    assert mentor_of(told).get(pair["business_id"]) != pair["mentor_id"]
    locked = next(row for row in told["pairs"] if row["business_id"] == other["business_id"])
    assert locked["mentor_id"] == other["mentor_id"]
    assert locked["locked"]
    assert "You locked this pair." in locked["reasons"]


def test_approved_for_good_published_once_and_declined_into_a_new_draft(home, learned):
    number = learned["match"]
    assert "not approved yet" in suluh(home, "match", "publish", number, *BY, code=2)["error"]["what"]
    done = suluh(home, "match", "approve", number, *BY)
    assert done["predictions"] == len(learned["pairs"])
    assert "never changes" in suluh(home, "match", "approve", number, *BY, code=2)["error"]["what"]
    assert suluh(home, "match", "publish", number, *BY)["status"] == "published"
    assert "already" in suluh(home, "match", "publish", number, *BY, code=2)["error"]["what"]
    pair = learned["pairs"][0]
    named = f"{pair['business_id']}:{pair['mentor_id']}"
    new = suluh(home, "match", "decline", number, named, *BY, "--reason", "on leave")
    assert new["base"] == number
    assert mentor_of(new).get(pair["business_id"]) != pair["mentor_id"]
    assert len(new["pairs"]) >= len(learned["pairs"]) - 1
    moved = {row["business_id"] for row in new["changes"]["rows"]} - {pair["business_id"]}
    assert len(moved) <= 2
    again = suluh(home, "match", "decline", number, named, *BY, "--reason", "on leave", code=2)
    assert "declined before" in again["error"]["what"]
    shown = suluh(home, "match", "show", number)
    assert {name: shown[name] for name in learned} == learned
    assert shown["status"] == "published"
    assert [row["event"] for row in shown["decisions"]] == ["approved", "published", "declined"]
    fresh = suluh(home, "match", "rerun", new["match"])
    assert fresh == {name: new[name] for name in fresh}
    known = {row["match"]: row["status"] for row in suluh(home, "match", "list")["matches"]}
    assert (known[number], known[new["match"]]) == ("published", "draft")


def test_a_mentor_who_leaves_has_all_pairs_matched_anew_and_few_others_move(home, first):
    mentor = pd.Series(mentor_of(first)).value_counts().index[0]
    theirs = {business for business, who in mentor_of(first).items() if who == mentor}
    new = suluh(home, "match", "decline", first["match"], mentor, *BY, "--reason", "leaves")
    assert mentor not in mentor_of(new).values()
    changed = {row["business_id"] for row in new["changes"]["rows"]}
    assert theirs <= changed
    free = suluh(home, "match", "--without", mentor)
    plain = {b for b, m in mentor_of(first).items() if mentor_of(free).get(b) != m}
    left = {pair["business_id"] for pair in new["left"]}
    assert 0 <= len(new["pairs"]) - len(free["pairs"]) <= len(left)
    assert len(changed - left) <= len(plain)
    assert {row["business_id"] for row in new["changes"]["rows"] if row["after"] is None} <= theirs | left


def test_active_businesses_of_who_leaves_go_elsewhere_too_and_a_rerun_gives_the_same_bytes(home, first):
    programme = Programme(settings(home=home))
    active = programme.snapshot(None)["engagements"]
    active = active[active["ended_on"].isna()].drop_duplicates(["business_id", "mentor_id"])
    mentor = next(
        m
        for m, many in active["mentor_id"].value_counts().items()
        if many > 2 and m not in {row["mentor_id"] for row in first["mentors"] if row["capacity"] < row["active"]}
    )
    shared = set(active[active["mentor_id"] != mentor]["business_id"])
    alone = set(active[active["mentor_id"] == mentor]["business_id"]) - shared
    new = suluh(home, "match", "decline", first["match"], mentor, *BY, "--reason", "moves away")
    told = mentor_of(new).keys() | {row["business_id"] for row in new["unmatched"]}
    assert alone <= told
    rows = {row["business_id"]: row for row in new["changes"]["rows"]}
    assert {rows[business]["before"] for business in alone} == {mentor}
    assert any("leaves" in warning for warning in new["warnings"])
    again = suluh(home, "match", "rerun", new["match"])
    assert again == {name: new[name] for name in again}
    other = next(code for code in mentor_of(new).values() if code != mentor)
    third = suluh(home, "match", "decline", new["match"], other, *BY, "--reason", "moves too")
    assert third["leaving"] == sorted([mentor, other])
    assert alone <= mentor_of(third).keys() | {row["business_id"] for row in third["unmatched"]}
    assert (
        "no mentor in this matching"
        in suluh(home, "match", "decline", third["match"], mentor, *BY, "--reason", "r", code=2)["error"]["what"]
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--lock", "nobody:none"), "no business"),
        (("--lock", "nobody"), "names no business and mentor"),
        (("--keep", "nan"), "--keep"),
        (("--out", "match.docx"), "cannot be written as"),
        (("show", "99"), "no matching"),
        (("decline", "1", "x:y", *BY, "--reason", "r"), "no pair in this matching"),
        (("decline", "1", "x", *BY, "--reason", "r"), "no mentor in this matching"),
        (("approve", "1", "--name", " ", "--role", "x"), "needs a name"),
        (("best", "--district", "x", "--needs", "flying"), "no problem code"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_stored(home, first, arguments, says):
    before = suluh(home, "match", "list")
    assert says in suluh(home, "match", *arguments, code=2)["error"]["what"]
    assert suluh(home, "match", "list") == before


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_workbook_comes_back_as_engagements_once_days_are_filled_in(home, first, tmp_path, lang):
    out = tmp_path / "match.xlsx"
    suluh(home, "match", "show", first["match"], "--out", out, lang=lang)
    (early,) = suluh(home, "check", out, code=2)["refused"]
    assert "Nothing has been filled in yet in the column started_on" in early["message"]
    assert "the day on which the mentor began" in early["message"]
    book = openpyxl.load_workbook(out)
    rows = list(book["engagements"].iter_rows(min_row=2))
    assert {(row[2].value, row[1].value) for row in rows} == set(mentor_of(first).items())
    for row, day in zip(rows, (date.fromisoformat(first["as_of"]), "15/8/2026", "2026-08-16"), strict=False):
        row[3].value = day
    book.save(out)
    for how in ((), ("--mapping", "data/mappings/match.toml")):
        told = suluh(home, "check", out, *how)
        assert told["new"] == {"engagements": 3}
    assert told["refused"] == []
    client = client_as(home, "operator", lang=lang)
    page = words(shown(client, upload(client, match_xlsx=out.read_bytes())))
    assert ("Setuju: impor sekarang" if lang == "id" else "Confirm: import it") in page
    given = {"files": [(io.BytesIO(out.read_bytes()), "match.xlsx")]}
    assert caller_as(home, "admin").post("/api/v1/import", data=given).json["new"] == {"engagements": 3}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_it_reads_in_both_languages_on_paper_and_on_the_terminal(home, learned, tmp_path, lang):
    letter = tmp_path / f"match-{lang}.pdf"
    said = suluh(home, "match", "show", learned["match"], "--out", letter, lang=lang, plain=True)
    assert ("Evidence" in said) == (lang == "en")
    assert ("Bukti" in said) == (lang == "id")
    assert letter.read_bytes().startswith(b"%PDF")
    first, *rest = pages_of(letter.read_bytes())
    signed = "NIP:" if lang == "id" else "Staff number:"
    assert signed in first
    assert not any(signed in page for page in rest)
    for pair in learned["pairs"]:  # once where it is given, once with its reasons
        assert " ".join([first, *rest]).count(f"({pair['business_id']}, ") >= 2
    again = tmp_path / f"again-{lang}.pdf"
    suluh(home, "match", "show", learned["match"], "--out", again, lang=lang, plain=True)
    assert letter.read_bytes() == again.read_bytes()


def test_one_more_business_finds_its_mentor_in_milliseconds(home, first):
    programme = Programme(settings(home=home))
    district = first["pairs"][0]["district"]
    told = programme.best_mentor(district=district, needs=["capital"])
    start = time.perf_counter()
    for _ in range(20):
        programme.best_mentor(district=district, needs=["legal"])
    assert (time.perf_counter() - start) / 20 < 0.1
    plain = render(told, Language("en"))
    assert all(row["free"] > 0 for row in plain["best"])
    values = [row["value"] for row in plain["best"]]
    assert values == sorted(values, reverse=True)
    assert suluh(home, "match", "best", "--district", district, "--needs", "capital", lang="id", plain=True)


def kept(**given):
    told = {
        "kind": "pair",
        "mentor_id": "007",
        "subject": "B1",
        "mean": 0.5,
        "low": 0.0,
        "high": 1.0,
        "shared_sd": 0.2,
        "own_sd": 0.3,
        "id": 1,
        "source": "match",
        "source_id": 1,
        "model": "m",
        "as_of": pd.Timestamp("2025-03-01").date(),
        "kept_at": None,
    }
    return Kept(**{**told, **given})


def test_a_pair_is_reviewed_by_its_first_engagement_since():
    months = [("B1", f"2024-{m:02d}", 100) for m in range(6, 13)]
    months += [("B1", f"2025-{m:02d}", 100 if m <= 3 else 200) for m in range(1, 13)]
    months += [("B1", f"2026-{m:02d}", 200) for m in range(1, 4)]
    seen = office(
        reports=table("reports", "business_id month turnover_idr", *months),
        engagements=table(
            "engagements",
            "engagement_id mentor_id business_id started_on ended_on",
            ("E0", "007", "B1", "2024-12-01", "2025-01-01"),
            ("E1", "007", "B1", "2025-03-10", None),
        ),
    )
    told = review(seen, FRAMEWORK, [kept(), kept(id=2, mentor_id="M2")])
    assert (told["predictions"], told["observed"], told["coverage_90"]) == (2, 1, 1.0)
    assert told["bias"] == pytest.approx(0.6931471805599453 - 0.5)
    assert told["plans"][0]["match"] == 1
    said = printing_plan.reviewed(render(told, Language("en")), Language("en"))
    assert "Matching 1: growth of 1 pairs sums to +0.69" in said


def test_help_names_every_option_of_the_contract(home):
    said = CliRunner().invoke(cli, ["match", "--help", "--lang", "en"]).output
    for name in ("--keep", "--pool", "--lock", "--forbid", "--out", "--as-of"):
        assert re.search(rf"{name}\b", said)


def test_rules_of_sector_and_language_come_from_a_file_or_the_framework_and_stay_with_the_matching(home, tmp_path):
    tables = Programme(settings(home=home)).snapshot()
    mentor = tables["mentors"]["mentor_id"].iloc[0]
    sector, district = tables["businesses"]["sector"].iloc[0], tables["mentors"]["district"].iloc[0]
    speaker = tables["mentors"].loc[tables["mentors"]["district"] == district, "mentor_id"].iloc[-1]
    text = f'[sectors]\n{mentor} = ["{sector}"]\n[languages]\n{speaker} = ["Sunda"]\n'
    file = tmp_path / "rules.toml"
    file.write_text(text + f'[needs_language]\n"{district}" = "Sunda"\n')
    ruled = suluh(home, "match", "--rules", file)
    assert ruled["rules"]["sectors"] == {mentor: [sector]}
    of = dict(zip(tables["businesses"]["business_id"], tables["businesses"]["sector"], strict=True))
    assert all(of[p["business_id"]] == sector for p in ruled["pairs"] if p["mentor_id"] == mentor)
    assert {p["mentor_id"] for p in ruled["pairs"] if p["district"] == district} <= {speaker}
    file.unlink()
    first, second = (suluh(home, "match", "rerun", ruled["match"]) for _ in range(2))
    assert first == second
    assert first["pairs"] == ruled["pairs"]
    pair = ruled["pairs"][0]
    gone = f"{pair['business_id']}:{pair['mentor_id']}"
    less = suluh(home, "match", "decline", ruled["match"], gone, *BY, "--reason", "moved away")
    assert less["rules"] == ruled["rules"]
    assert all(of[p["business_id"]] == sector for p in less["pairs"] if p["mentor_id"] == mentor)
    framework = home / "framework.toml"
    shipped = (Path(__file__).parents[1] / "data" / "framework.toml").read_text()
    framework.write_text(shipped.replace("[matching.sectors]", f'[matching.sectors]\n{mentor} = ["{sector}"]\n', 1))
    try:
        assert suluh(home, "match")["rules"]["sectors"] == {mentor: [sector]}
        framework.write_text(shipped.replace("[matching.sectors]", '[matching.sectors]\nNobody = ["G"]\n', 1))
        told = suluh(home, "match", code=2)["error"]
        assert "Nobody is no mentor's id." in told["what"]
    finally:
        framework.unlink()
