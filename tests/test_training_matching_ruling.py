"""Rules of sector and language: whom they keep out, what is said of it, what is refused; a small office by hand."""

import json

import pytest

from data.match_rules_file import read_match_rules
from model.matching.rules import MatchRules
from model.refusals import InputRefused, MatchRefused
from tests.planning_office import FRAMEWORK
from tests.test_training_matching import made, pairs_of, seen
from training.matching.desk import desk_of
from training.matching.match import MatchRequest
from training.matching.match_tables import read_match_tables
from training.matching.worth import worth_of


def asked(**rules):
    plain = {"sectors": {}, "languages": {}, "needs_language": {}, **rules}
    return MatchRequest(rules=MatchRules.from_json(plain))


def test_a_mentor_gets_businesses_of_the_own_sectors_only():
    assert pairs_of(made()) == {"B2": "M1", "B3": "M2", "B4": "M3"}
    match = made(asked(sectors={"M2": ["G"]}))  # B3 and B4 are of C, and Citra has one place
    given = pairs_of(match)
    assert given["B1"] == "M2" or given["B2"] == "M2"
    assert set(given.values()) == {"M1", "M2", "M3"}
    assert len(given) == 3
    said = [str(r) for pair in match.pairs if pair.mentor_id == "M2" for r in pair.reasons]
    retail = "Wholesale, retail, vehicle repair (G)"
    assert f"The mentor serves the sectors {retail} only; the business is in {retail}." in said
    told = {row["business_id"]: row for row in match.unmatched}
    left = told["B3"] if "B3" in told else told["B4"]
    assert "Rules of sector or language keep 1 more from it." in str(left["reason"])


def test_a_language_is_asked_of_a_district_and_a_business_has_its_own():
    rules = {"languages": {"M3": ["Sunda"]}, "needs_language": {"CIPUTAT": "sunda", "B2": "Jawa"}}
    match = made(asked(**rules))
    given = pairs_of(match)
    assert len(given) == 2
    assert given["B1"] in {"M1", "M2"}
    assert {given.get("B3"), given.get("B4")} == {"M3", None}
    said = [str(r) for pair in match.pairs if pair.mentor_id == "M3" for r in pair.reasons]
    assert any("speaks sunda" in text and "1 others" in text for text in said)
    told = {row["business_id"]: row for row in match.unmatched}
    assert str(told["B2"]["reason"]) == "No mentor speaks Jawa, which it needs."
    assert "Jawa" in str(told["B2"]["fix"])


def test_who_reaches_a_district_but_serves_another_sector_is_told_so():
    match = made(asked(sectors={"M2": ["G"], "M3": ["G"]}))
    told = {row["business_id"]: row for row in match.unmatched}
    assert str(told["B3"]["reason"]) == "None of the 2 mentors who reach Ciputat serves the sector Manufacturing (C)."
    assert "add a mentor for Ciputat" in str(told["B3"]["fix"])


def test_the_runner_up_tells_of_the_rules():
    match = made(asked(needs_language={"Ciputat": "Sunda"}, languages={"M3": ["Sunda"]}))
    note = next(str(p.runner_up.note) for p in match.pairs if p.mentor_id == "M3")
    assert "rules of sector or language keep 1 from it" in note


def test_a_lock_overrides_a_rule_and_says_so():
    rules = asked(sectors={"M2": ["G"], "M3": ["G"]}).rules
    match = made(MatchRequest(rules=rules, locks=(("B3", "M2"),)))
    pair = next(pair for pair in match.pairs if pair.business_id == "B3")
    assert pair.mentor_id == "M2"
    assert any("speak against this pair" in str(text) for text in pair.reasons)


def test_no_matching_breaks_a_rule_whatever_they_are():
    rules = asked(sectors={"M1": ["C"], "M3": ["C"]}, languages={"M2": ["Sunda"]}, needs_language={"B1": "Sunda"})
    tables = read_match_tables(seen(), FRAMEWORK, "all")
    sectors = dict(zip(tables.businesses.ids, tables.businesses.sectors, strict=True))
    for pair in made(rules).pairs:
        assert pair.mentor_id == "M2" or sectors[pair.business_id] == "C"
        assert pair.business_id != "B1" or pair.mentor_id == "M2"


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"sectors": {"M9": ["G"]}}, "M9 is no mentor's id."),
        ({"languages": {"M9": ["Sunda"]}}, "M9 is no mentor's id."),
        ({"sectors": {"M1": ["Tambang"]}}, "No business is in the sector Tambang, which a rule names."),
        ({"needs_language": {"Bogor": "Sunda"}}, "Bogor is neither a district of businesses nor a business's id."),
    ],
)
def test_names_that_nobody_has_are_refused(rules, says):
    with pytest.raises(MatchRefused, match=says):
        made(asked(**rules))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sectors = 5", "table of its own"),
        ("[sectors]\nM1 = 'G'", "list in square brackets"),
        ("[sectors]\nM1 = []", "must not be empty"),
        ("[tongues]\nM1 = ['x']", "not known"),
        ("[sectors\n", "not TOML"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, text, says):
    file = tmp_path / "rules.toml"
    file.write_text(text)
    with pytest.raises(InputRefused, match=says):
        read_match_rules(file)
    with pytest.raises(InputRefused, match="no such file"):
        read_match_rules(tmp_path / "absent.toml")


def test_rules_are_answered_and_read_back():
    rules = asked(sectors={"M2": ["G"]}, needs_language={"B1": "Sunda"}, languages={"M1": ["Sunda"]}).rules
    answer = made(MatchRequest(rules=rules)).answer()
    assert MatchRules.from_json(json.loads(json.dumps(answer["rules"]))) == rules
    assert "keep out" in str(answer["note"])
    assert "rules" not in made().answer()


def test_the_intake_desk_keeps_to_the_rules_of_the_matching_it_stands_beside():
    tables = read_match_tables(seen(), FRAMEWORK, "new")
    worth = worth_of(tables, None, 0)
    plain = desk_of(tables, FRAMEWORK, worth, None, None)
    assert {row["mentor_id"] for row in plain.best("Serpong", ["legal"])["best"]} == {"M1", "M2"}
    rules = {"sectors": {"M1": ["C"]}, "languages": {"M2": ["Sunda"]}, "needs_language": {"Ciputat": "Sunda"}}
    desk = desk_of(tables, FRAMEWORK, worth, {"mentors": [], "rules": rules}, 1)
    assert {row["mentor_id"] for row in desk.best("Serpong", ["legal"], "G")["best"]} == {"M2"}
    assert {row["mentor_id"] for row in desk.best("Serpong", ["legal"])["best"]} == {"M1", "M2"}
    assert {row["mentor_id"] for row in desk.best("Ciputat", [])["best"]} == {"M2"}
    nobody = desk_of(tables, FRAMEWORK, worth, {"mentors": [], "rules": {**rules, "languages": {}}}, 1)
    assert "leave no mentor" in str(nobody.best("Ciputat", [])["note"])
