"""Rules of a matching as lines of the page's form: read back as written, the same as from a file, refused by line."""

import re

import hypothesis
import pytest
from hypothesis import strategies as st

from data.match_rules_file import match_rules, read_match_rules
from model.matching.rules import NO_RULES, MatchRules
from model.refusals import InputRefused
from service.app import create_app
from service.matches.rule_lines import read, written
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import caller_as, client_of, form_token

NAME = st.text("ABCabc01 .-", min_size=1, max_size=6).map(str.strip).filter(bool)
SAID = st.text("ABC, abc", min_size=1, max_size=8).map(str.strip).filter(lambda text: bool(text.strip(" ,")))


@hypothesis.given(
    st.dictionaries(NAME, st.lists(SAID, min_size=1, max_size=3), max_size=3),
    st.dictionaries(NAME, NAME, max_size=3),
)
def test_rules_are_read_back_as_they_are_written(sectors, needed):
    rules = MatchRules.from_json({"sectors": sectors, "languages": {}, "needs_language": needed})
    assert match_rules(read(written(rules))) == rules


def test_empty_lines_rule_nothing_out():
    assert match_rules(read(dict.fromkeys(("sectors", "languages", "needs_language"), " \n\n"))) == NO_RULES


@pytest.mark.parametrize(("text", "line"), [("M1", 1), ("M1 = G\nM2 =", 2), ("= G", 1), ("M1 = G\n\nM1 = C", 3)])
def test_a_line_that_is_no_rule_is_named(text, line):
    with pytest.raises(InputRefused, match=f"Line {line} is no rule"):
        read({"sectors": text})


def test_an_entry_of_the_wrong_form_is_refused_as_in_a_file():
    with pytest.raises(InputRefused, match="cannot be used"):
        match_rules({"sectors": {"M1": ["x" * 300]}})


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("rules")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=30, businesses=200, months=24, seed=2015)
    programme.import_([place / "city"])
    return create_app(settings(home=place / "home", lang="en"))


def test_the_form_gives_the_same_matching_as_the_file(app, tmp_path):
    asked = app.extensions["programme"]
    manager, mentor = client_of(app, "manager"), asked.snapshot()["mentors"]["mentor_id"].iloc[0]
    form = manager.get("/matches").text
    assert "Sectors a mentor serves" in form
    assert "C (Manufacturing)" in form
    lines = {"rules-sectors": f"{mentor} = C, G", "rules-languages": f"{mentor} = Sunda", "rules-needs_language": ""}
    made = manager.post("/matches", data={"csrf": form_token(manager), "pool": "all", **lines})
    assert made.status_code == 303
    (tmp_path / "rules.toml").write_text(
        f'[sectors]\n{mentor} = ["C", "G"]\n[languages]\n{mentor} = ["Sunda"]\n', encoding="utf-8"
    )
    by_file = asked.match(pool="all", rules=tmp_path / "rules.toml")
    assert read_match_rules(tmp_path / "rules.toml") == match_rules(by_file["rules"])
    assert str(by_file["match"]) == re.search(r"/matches/(\d+)", made.location)[1]
    program = caller_as(asked.settings, "manager")
    by_api = program.post("/api/v1/matches", json={"pool": "all", "rules": by_file["rules"]})
    assert (by_api.status_code, by_api.json["match"]) == (201, by_file["match"])
    assert program.post("/api/v1/matches", json={"rules": {"sectors": {mentor: []}}}).status_code in {400, 422}
    wrong = manager.post("/matches", data={"csrf": form_token(manager), **lines, "rules-languages": "Sunda"})
    assert wrong.status_code == 400
    assert "Line 1 is no rule" in wrong.text
    assert "the field Languages a mentor speaks" in wrong.text
    assert f">{mentor} = C, G</textarea>" in wrong.text
    district = asked.snapshot()["mentors"]["district"].iloc[0]
    assert "rules-sectors" not in client_of(app, "manager", districts=[district]).get("/matches").text
