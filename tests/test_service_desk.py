"""Decisions at the intake desk: kept with the advice, a place held until the engagement comes, the last given once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from data.store.desk import DeskMoved
from model.refusals import InputRefused, MatchRefused, NotFound
from service.app import create_app
from service.language import Language
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import caller_as, client_of, form_token
from tests.test_service_pages_plans import Dom, found, text

BY = {"name": "Sari", "role": "manager"}


@pytest.fixture
def programme(tmp_path):
    return office(tmp_path)


def office(place, capacity=2):
    """Two mentors of Setu and one of Serpong, two businesses that wait, no model."""
    files = place / "files"
    files.mkdir()
    tables = {
        "mentors": [
            ("M1", "Ani", "Setu", capacity),
            ("M2", "Budi", "Setu", capacity),
            ("M3", "Cici", "Serpong", capacity),
        ],
        "assessments": [
            ("M1", "legal", 90, "2025-01-01"),
            ("M2", "legal", 40, "2025-01-01"),
            ("M3", "legal", 80, "2025-01-01"),
        ],
        "businesses": [("B1", "Warung", "Setu", "G", "legal"), ("B2", "Kopi", "Setu", "G", "legal")],
    }
    heads = {
        "mentors": "mentor_id,name,district,capacity",
        "assessments": "mentor_id,area,score,assessed_on",
        "businesses": "business_id,name,district,sector,needs",
    }
    for name, rows in tables.items():
        lines = [heads[name], *(",".join(map(str, row)) for row in rows)]
        (files / f"{name}.csv").write_text("\n".join(lines) + "\n")
    made = Programme(settings(home=place / "home", lang="en"))
    assert made.import_([files])["refused"] == []
    return made


def asked(programme, **more):
    need = next(code for code in programme.framework.problems if programme.framework.area_of(code) == "legal")
    return {"district": "Setu", "needs": [need], **BY, **more}


def engage(programme, place, business, mentor, started="2025-02-01", ended=""):
    file = place / "engagements.csv"
    file.write_text(
        f"engagement_id,mentor_id,business_id,started_on,ended_on\nE-{business},{mentor},{business},{started},{ended}\n"
    )
    assert programme.import_([file])["refused"] == []


def places(programme, mentor, **more):
    rows = programme.best_mentor(**{k: v for k, v in asked(programme, **more).items() if k not in BY})["best"]
    return next((row["free"] for row in rows if row["mentor_id"] == mentor), 0)


def test_an_accepted_advice_is_kept_with_who_why_and_what_was_advised(programme):
    advice = programme.best_mentor(district="Setu", needs=asked(programme)["needs"])
    assert advice["best"][0]["mentor_id"] == "M1"
    made = programme.decide_desk("accept", business="N-1", mentor="M1", mark=advice["mark"], **asked(programme))
    assert (made["decision"], made["status"], made["mentor_id"], made["advised"]) == ("accept", "held", "M1", "M1")
    assert (made["name"], made["role"], made["model"], made["data_version"]) == ("Sari", "manager", None, 1)
    english = Language("en")
    kept = render(programme.desk_decision(made["desk"])["advice"], english)
    assert kept == render(advice, english)
    assert programme.desk_decisions()["decisions"][0]["business"] == "N-1"
    row = programme.store.audit_entries()[0]
    assert (row.action, row.subject) == ("desk.accept", f"desk:{made['desk']}")
    assert programme.store.check_audit().broken is None


def test_an_id_near_a_registered_one_is_told(programme):
    said = Language("en").show
    near = programme.decide_desk("accept", business="b-01", mentor="M1", **asked(programme))
    assert "b-01 is not registered, but B1 is: withdraw this decision" in said(near["note"])
    assert "registered" not in said(
        programme.decide_desk("accept", business="B1", mentor="M1", **asked(programme))["note"]
    )
    assert "registered" not in said(
        programme.decide_desk("accept", business="N1", mentor="M2", **asked(programme))["note"]
    )


def test_the_place_is_taken_until_the_engagement_is_imported(programme, tmp_path):
    assert places(programme, "M1") == 2
    programme.decide_desk("accept", business="N-1", mentor="M1", **asked(programme))
    assert places(programme, "M1") == 1
    made = programme.match()
    (ani,) = [row for row in made["mentors"] if row["mentor_id"] == "M1"]
    assert (ani["active"], ani["taken"], ani["places"], ani["assigned"]) == (0, 1, 1, 1)
    assert any("intake desk" in str(said.text) for said in made["warnings"])
    assert render(programme.rerun_match(made["match"]), Language("en")) == render(made, Language("en"))
    (tmp_path / "businesses.csv").write_text("business_id,name,district,sector\nN-1,Baru,Setu,G\n")
    assert programme.import_([tmp_path / "businesses.csv"])["refused"] == []
    engage(programme, tmp_path, "N-1", "M1")
    assert programme.desk_decisions()["decisions"][0]["status"] == "engaged"
    (ani,) = [row for row in programme.match()["mentors"] if row["mentor_id"] == "M1"]
    assert (ani["active"], ani["places"], "taken" in ani) == (1, 1, False)
    assert render(programme.rerun_match(made["match"]), Language("en")) == render(made, Language("en"))
    with pytest.raises(MatchRefused, match="accompanied by M1 already"):
        programme.decide_desk("accept", business="N-1", mentor="M1", **asked(programme))


def test_a_stored_business_given_at_the_desk_waits_no_longer(programme):
    first = programme.match()
    assert {pair["business_id"] for pair in first["pairs"]} == {"B1", "B2"}
    programme.decide_desk("accept", business="B1", mentor="M2", **asked(programme))
    again = programme.match()
    assert {pair["business_id"] for pair in again["pairs"]} == {"B2"}
    assert again["match"] != first["match"]
    with pytest.raises(MatchRefused, match="intake desk gave it a mentor"):
        programme.match(lock=["B1:M1"])
    everyone = programme.match(pool="all", keep=10)
    assert {pair["business_id"]: pair["mentor_id"] for pair in everyone["pairs"]}["B1"] == "M2"
    (left,) = programme.decline_pair(first["match"], "B2:M1", reason="ill", **BY)["pairs"]
    assert left["business_id"] == "B2"


def test_a_business_counts_once_where_the_matching_has_it_too(tmp_path):
    programme = office(tmp_path, capacity=3)
    programme.match()
    before = places(programme, "M1")
    pair = next(pair for pair in programme.show_match(1)["pairs"] if pair["mentor_id"] == "M1")
    programme.decide_desk("accept", business=pair["business_id"], mentor="M1", **asked(programme))
    assert places(programme, "M1") == before


@pytest.mark.parametrize(
    ("decision", "told", "kind", "said"),
    [
        ("perhaps", {"mentor": "M1"}, InputRefused, "cannot be decided by perhaps"),
        ("accept", {"mentor": "M1", "business": "  "}, InputRefused, "No business is named"),
        ("accept", {}, InputRefused, "No mentor is named"),
        ("accept", {"mentor": "M2"}, MatchRefused, "M2 is not the mentor advised"),
        ("change", {"mentor": "M2"}, InputRefused, "needs a reason"),
        ("change", {"mentor": "M1", "reason": "x"}, MatchRefused, "M1 is the mentor advised"),
        ("change", {"mentor": "M9", "reason": "x"}, NotFound, "M9"),
        ("refuse", {"mentor": "M1", "reason": "x"}, InputRefused, "gives no mentor"),
        ("refuse", {}, InputRefused, "needs a reason"),
        ("accept", {"mentor": "M1", "mark": "0123"}, MatchRefused, "changed since you saw it"),
        ("accept", {"mentor": "M1", "business": "B1", "district": "Serpong"}, InputRefused, "registered in Setu"),
        ("accept", {"mentor": "M1", "needs": ["flying"]}, InputRefused, "no problem code"),
        ("accept", {"mentor": "M1", "name": " "}, InputRefused, "a name, a role"),
        ("accept", {"mentor": "M1", "business": "3674051234567890"}, InputRefused, "This id reads as a NIK"),
        ("accept", {"mentor": "M1", "business": "3674 0512 3456 7890"}, InputRefused, "This id reads as a NIK"),
        ("change", {"mentor": "3674051234567890", "reason": "x"}, InputRefused, "This id reads as a NIK"),
        ("change", {"mentor": "M2", "reason": "owner 3674051234567890"}, InputRefused, "holds a number that reads as"),
    ],
)
def test_what_is_no_decision_is_refused_in_words_and_not_recorded(programme, decision, told, kind, said):
    with pytest.raises(kind) as caught:
        programme.decide_desk(decision, **{**asked(programme), "business": "N-1", **told})
    assert said in Language("en").say(caught.value.what) + str(caught.value.what.values)
    assert programme.desk_decisions()["decisions"] == []


def test_the_same_business_is_not_given_twice_and_a_withdrawn_place_is_free_again(programme):
    first = programme.decide_desk("accept", business="N-1", mentor="M1", **asked(programme))
    with pytest.raises(MatchRefused) as caught:
        programme.decide_desk("change", business="N-1", mentor="M2", reason="x", **asked(programme))
    assert Language("en").say(caught.value.what).startswith("N-1 was given to M1 by Sari on ")
    gone = programme.withdraw_desk(first["desk"], reason="closed", **BY)
    assert (gone["status"], gone["withdrawn"][0]["reason"]) == ("withdrawn", "closed")
    assert places(programme, "M1") == 2
    with pytest.raises(MatchRefused, match="withdrawn by"):
        programme.withdraw_desk(first["desk"], reason="again", **BY)
    refused = programme.decide_desk("refuse", business="N-1", reason="too small", **asked(programme))
    assert (refused["status"], refused["mentor_id"]) == ("refused", None)
    with pytest.raises(MatchRefused, match="no place is held"):
        programme.withdraw_desk(refused["desk"], reason="x", **BY)
    programme.decide_desk("accept", business="N-1", mentor="M1", **asked(programme))
    assert [row["status"] for row in programme.desk_decisions()["decisions"]] == ["held", "refused", "withdrawn"]
    with pytest.raises(NotFound):
        programme.desk_decision("77")


def test_a_full_mentor_is_no_longer_given(programme):
    for number in (1, 2):
        programme.decide_desk("accept", business=f"N-{number}", mentor="M1", **asked(programme))
    with pytest.raises(MatchRefused, match="no free place"):
        programme.decide_desk("accept", business="N-3", mentor="M1", **asked(programme))
    assert programme.best_mentor(district="Setu", needs=[])["best"][0]["mentor_id"] == "M2"


CLERK = """
import sys
from model.refusals import Refused
from service.settings import settings
from service.usecases import Programme
home, need, who = sys.argv[1:]
programme = Programme(settings(home=home))
programme.best_mentor(district="Setu", needs=[need])
print("ready", flush=True)
sys.stdin.readline()
try:
    made = programme.decide_desk("accept", business=f"N-{who}", district="Setu", needs=[need], mentor="M1",
                                 name=who, role="manager")
    print("done", made["desk"], flush=True)
except Refused as fault:
    print("refused", fault.what.text, flush=True)
"""


def test_two_clerks_in_two_processes_take_the_last_place_once(tmp_path):
    programme = office(tmp_path, capacity=1)
    (need,) = asked(programme)["needs"]
    given = [sys.executable, "-c", CLERK, str(tmp_path / "home"), need]
    clerks = [
        subprocess.Popen(
            [*given, who], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
        )
        for who in ("one", "two")
    ]
    assert [clerk.stdout.readline().strip() for clerk in clerks] == ["ready", "ready"]
    for clerk in clerks:
        clerk.stdin.write("go\n")
        clerk.stdin.flush()
    said = sorted(clerk.communicate(timeout=60)[0].strip() for clerk in clerks)
    assert said == ["done 1", "refused %(mentor)s has no free place any more."]
    assert len(programme.desk_decisions()["decisions"]) == 1


def test_planted_a_store_that_does_not_look_again_gives_the_place_twice(tmp_path, monkeypatch):
    """The control: without the look in the transaction both are recorded, so the test above would find it."""
    programme = office(tmp_path, capacity=1)
    state = programme.store.desk_state()
    programme.decide_desk("accept", business="N-1", mentor="M1", **asked(programme))
    from service.matches import desk  # noqa: PLC0415 - the one test that looks below the use case

    late = desk.Asked("accept", "N-2", "Setu", "Ayu", "manager", tuple(asked(programme)["needs"]), mentor="M1")
    advice = {**programme.best_mentor(district="Setu", needs=[]), "best": []}
    drafted = desk.draft_of(late, advice, programme.snapshot(), 1)
    with pytest.raises(DeskMoved):
        programme.store.decide_desk(*drafted, state)
    monkeypatch.setattr("data.store.desk._state", lambda _: state)
    programme.store.decide_desk(*drafted, state)
    assert len(programme.store.desk_events()) == 2


def test_the_page_records_without_a_script_what_the_api_and_the_command_tell(programme, tmp_path):
    (need,) = asked(programme)["needs"]
    app = create_app(settings(home=tmp_path / "home", lang="en"))
    manager = client_of(app, "manager", name="Sari")
    page = Dom(manager.get(f"/matches/intake?district=Setu&need={need}").text).root
    (mark,) = [one[1]["value"] for one in found(page, "input") if one[1].get("name") == "mark"]
    ticked = [one[1]["value"] for one in found(page, "option") if "selected" in one[1]]
    assert set(ticked) == {"Setu"}
    form = {"csrf": form_token(manager), "district": "Setu", "need": need, "mark": mark, "business": "N-<1>"}
    assert manager.post("/matches/intake", data={**form, "csrf": "x"}).status_code == 400
    nik = {**form, "business": "3674051234567890", "decision": "accept", "mentor": "M1"}
    assert "This id reads as a NIK" in manager.post("/matches/intake", data=nik).text
    again = manager.post("/matches/intake", data={**form, "decision": "accept", "mentor": "M2"})
    assert again.status_code == 422
    assert "is not the mentor advised" in again.text
    assert 'value="N-&lt;1&gt;"' in again.text
    made = manager.post("/matches/intake", data={**form, "decision": "change", "other": "M2", "reason": "<b>near</b>"})
    assert (made.status_code, made.location) == (303, "/matches/intake/decisions/1")
    shown = manager.get(made.location).text
    assert "&lt;b&gt;near&lt;/b&gt;" in shown
    assert "Sari (Programme manager)" in shown
    advices = found(Dom(shown).root, "article.choice")
    assert ["Who decides" in text(one) for one in advices] == [True] * 2
    listed = manager.get("/matches/intake/decisions?status=held").text
    assert "N-&lt;1&gt;" in listed
    assert "N-&lt;1&gt;" not in manager.get("/matches/intake/decisions?status=refused").text
    caller = caller_as(tmp_path / "home")
    by_api = caller.get("/api/v1/intake-desk/decisions?lang=en").json
    run = [sys.executable, "-m", "service", "desk", "list", "--json", "--lang", "en", "--home", str(tmp_path / "home")]
    by_command = json.loads(
        subprocess.run(run, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]).stdout
    )
    assert by_api == by_command == render(programme.desk_decisions(), Language("en"))
    gone = manager.post(f"{made.location}/withdrawal", data={"csrf": form["csrf"], "reason": ""})
    assert gone.status_code == 400
    gone = manager.post(f"{made.location}/withdrawal", data={"csrf": form["csrf"], "reason": "closed"})
    assert gone.status_code == 303
    assert "Withdraw this decision" not in manager.get(made.location).text


def test_the_api_records_once_under_a_key(programme, tmp_path):
    caller = caller_as(tmp_path / "home")
    body = {
        "decision": "accept",
        "business": "N-1",
        "mentor": "M1",
        **{k: asked(programme)[k] for k in ("district", "needs")},
    }
    first, second = (
        caller.post("/api/v1/intake-desk/decisions", json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json == caller.get(first.headers["Location"]).json
    assert len(programme.desk_decisions()["decisions"]) == 1
    assert caller.post("/api/v1/intake-desk/decisions", json=body).status_code == 422
    gone = caller.post(f"{first.headers['Location']}/withdrawal", json={"reason": "closed"})
    assert gone.json["status"] == "withdrawn"


def test_who_is_bound_to_districts_decides_and_sees_there_alone(programme, tmp_path):
    app = create_app(settings(home=tmp_path / "home", lang="en"))
    near, far = (client_of(app, "hr", districts=[name]) for name in ("Setu", "Serpong"))
    body = {
        "decision": "accept",
        "business": "N-1",
        "mentor": "M1",
        **{k: asked(programme)[k] for k in ("district", "needs")},
    }
    headers = [{"X-CSRFToken": form_token(client)} for client in (near, far)]
    path = "/api/v1/intake-desk/decisions"
    assert far.post(path, json=body, headers=headers[1]).status_code == 404
    assert far.post(path, json={**body, "district": "Serpong"}, headers=headers[1]).status_code == 404
    assert (
        near.post(
            path, json={**body, "mentor": "M3", "decision": "change", "reason": "x"}, headers=headers[0]
        ).status_code
        == 404
    )
    elsewhere = {**body, "district": "Serpong", "mentor": "M3", "business": "B1"}
    assert far.post(path, json=elsewhere, headers=headers[1]).status_code == 404
    assert near.post(path, json=body, headers=headers[0]).status_code == 201
    assert [row["business"] for row in near.get(path).json["decisions"]] == ["N-1"]
    assert far.get(path).json["decisions"] == []
    for address in (f"{path}/1", "/matches/intake/decisions/1"):
        assert (near.get(address).status_code, far.get(address).status_code) == (200, 404)
    assert far.post(f"{path}/1/withdrawal", json={"reason": "x"}, headers=headers[1]).status_code == 404
    assert client_of(app, "analyst").get(path).status_code == 200
    analyst = client_of(app, "analyst")
    assert analyst.post(path, json=body, headers={"X-CSRFToken": form_token(analyst)}).status_code == 403


def test_a_person_is_copied_and_erased_from_the_desk_too(programme, tmp_path):
    made = programme.decide_desk("accept", business="B1", mentor="M1", **asked(programme))
    held = programme.store.held_of("business", "B1")
    assert held["desk_event"][0]["mentor_id"] == "M1"
    assert held["desk_advice"][0]["request"]["business_id"] == "B1"
    assert programme.store.held_of("mentor", "M1")["desk_event"][0]["business_id"] == "B1"
    assert "Ani" in programme.store.desk_advice(made["desk"]).answer
    programme.store.erase("mentor", "M1")
    assert "Ani" not in programme.store.desk_advice(made["desk"]).answer
    assert programme.desk_decision(made["desk"])["status"] == "held"


def test_decisions_come_back_with_a_backup(programme, tmp_path):
    programme.decide_desk("accept", business="N-1", mentor="M1", **asked(programme))
    programme.backup(tmp_path / "b.zip")
    other = Programme(settings(home=tmp_path / "other", lang="en"))
    other.restore(tmp_path / "b.zip")
    assert other.desk_decisions() == programme.desk_decisions()
    assert places(other, "M1") == 1


def test_engagements_before_the_decision_hold_nothing_back(programme, tmp_path):
    engage(programme, tmp_path, "B1", "M2", "2025-01-10", "2025-01-20")
    engage(programme, tmp_path, "B2", "M2")
    programme.decide_desk("accept", business="B1", mentor="M1", **asked(programme))
    assert programme.desk_decisions()["decisions"][0]["status"] == "held"
