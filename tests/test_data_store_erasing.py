"""Erasure: a person's data become unreadable everywhere, by this way alone; figures and plans hold."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from data.store.engine import reading, writing
from data.store.schema import DATA, erasing, metadata
from data.store.schema_people import audit_log
from model.refusals import NotFound
from service.app import create_app
from service.cli import cli
from service.language import Language
from service.rendering import as_json
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_of

NIK, PHONE, NAME = "3674051234567890", "081298765432", "Zulfikri Unik Sekali"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A city in which mentor M002 has a name that nobody else has, a phone and a NIK, in two versions; and a plan."""
    place = tmp_path_factory.mktemp("erasing")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=24, businesses=200, months=30, seed=2003)
    programme.import_([place / "city"])
    changed = place / "mentors.csv"
    seen = programme.snapshot()["mentors"].set_index("mentor_id").loc["M002"]
    changed.write_text(
        f"mentor_id,name,district,phone,nik\nM002,{NAME},{seen['district']},{PHONE},{NIK}\n", encoding="utf-8"
    )
    assert programme.import_([changed])["refused"] == []
    programme.train()
    programme.plan(budget=60_000_000)
    programme.add_user("zulfikri", "mentor", mentor_id="M002", display_name=NAME)
    return place / "home"


@pytest.fixture
def home(made, tmp_path) -> Path:
    programme = Programme(settings(home=made))
    programme.backup(tmp_path / "copy.zip")
    Programme(settings(home=tmp_path / "home")).restore(tmp_path / "copy.zip")
    (tmp_path / "copy.zip").unlink()
    return tmp_path / "home"


def on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_nothing_of_the_person_is_left_in_any_file_and_the_rest_stays(home):
    programme = Programme(settings(home=home))
    before = programme.snapshot()
    assert NAME.encode() in on_disk(home)
    told = programme.erase_person("mentor", "M002", request="12/KOP/2026")
    assert told["rows"]["mentors"] == 2
    programme.store.close()
    for secret in (NAME, PHONE, NIK, "zulfikri"):
        assert secret.encode() not in on_disk(home), secret
    seen = programme.snapshot()
    row = seen["mentors"].set_index("mentor_id").loc["M002"]
    assert row["name"] == ""
    assert row[["gender", "phone", "nik"]].isna().all()
    others = before["mentors"]["mentor_id"] != "M002"
    assert seen["mentors"][others].equals(before["mentors"][others])
    assert seen["assessments"].equals(before["assessments"])
    assert programme.store.check_audit().broken is None
    newest = programme.audit()["entries"][0]
    assert (newest["action"], newest["subject"]) == ("person.erase", "mentor:M002")
    assert programme.store.erasures()[0].request == "12/KOP/2026"


def test_a_plan_of_before_is_made_again_to_the_same_bytes_without_the_name(home):
    programme, lang = Programme(settings(home=home)), Language("id")
    assert NAME in as_json(programme.stored_plan(1), lang)
    programme.erase_person("mentor", "M002")
    stored = programme.store.plan(1)
    assert NAME not in stored.answer
    assert as_json(programme.rerun_plan(1), lang) == as_json(programme.stored_plan(1), lang)


def test_another_running_process_forgets_the_name_at_once(home):
    app = create_app(settings(home=home))
    client = client_of(app, "manager")
    assert NAME in client.get("/mentors/M002").text
    tag = client.get("/api/v1/mentors").headers["ETag"]
    Programme(settings(home=home)).erase_person("mentor", "M002")
    page = client.get("/mentors/M002")
    assert page.status_code == 200
    assert NAME not in page.text
    again = client.get("/api/v1/mentors", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert NAME not in again.text


def test_a_copy_holds_every_row_about_the_person_and_no_password(home):
    programme = Programme(settings(home=home))
    held = programme.personal_copy("mentor", "M002")["held"]
    assert [row["phone"] for row in held["mentors"]] == [None, PHONE]
    assert {row["mentor_id"] for table in ("assessments", "engagements") for row in held[table]} == {"M002"}
    assert "password_hash" not in held["account"][0]
    assert programme.audit()["entries"][0]["action"] == "person.copy"
    business = programme.snapshot()["businesses"]["business_id"][0]
    assert len(programme.personal_copy("business", business)["held"]["businesses"]) == 1
    with pytest.raises(NotFound):
        programme.personal_copy("mentor", "M999")


def test_a_business_is_erased_too(home):
    programme = Programme(settings(home=home))
    business = programme.snapshot()["businesses"]["business_id"][0]
    assert programme.erase_person("business", business)["rows"]["businesses"] == 1
    row = programme.snapshot()["businesses"].set_index("business_id").loc[business]
    assert row["name"] == ""
    with pytest.raises(NotFound):
        programme.erase_person("business", "B999999")


def test_only_this_way_is_open_and_only_for_personal_columns(store, batch_of):
    store.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "Ayu", "district": "D", "phone": "08123456789"}]))
    mentors = DATA["mentors"]
    refused(store, sa.update(mentors).values(phone=None))
    for values in ({"phone": "08"}, {"name": "B"}, {"district": "E"}, {"capacity": 3}, {"phone": None, "version": 2}):
        refused(store, sa.insert(erasing).values(slot=1), sa.update(mentors).values(values))
    refused(store, sa.insert(erasing).values(slot=1), sa.delete(mentors))
    refused(store, sa.insert(erasing).values(slot=1), sa.update(audit_log).values(actor="x"))
    for name in ("plan", "match"):
        assert name in metadata.tables
    store.erase("mentor", "M1")
    assert store.snapshot()["mentors"]["name"][0] == ""
    with reading(store._engine) as connection:
        assert connection.execute(sa.select(erasing)).all() == []
    refused(store, sa.update(mentors).values(phone=None))


def refused(store, *statements):
    with pytest.raises(sa.exc.DBAPIError, match="never overwritten"), writing(store._engine) as connection:
        run(connection, statements)


def run(connection, statements):
    for statement in statements:
        connection.execute(statement)


def test_a_name_that_another_bears_stays_theirs(store, batch_of):
    from data.store.records import PlanDraft  # noqa: PLC0415 - here alone

    rows = [{"mentor_id": name, "name": "Budi", "district": "D"} for name in ("M1", "M2")]
    store.commit(batch_of(mentors=rows))
    answer = {"choices": [{"mentor_id": "M1", "name": "Budi"}, {"mentor_id": "M2", "name": "Budi", "n": ["Budi"]}]}
    store.save_plan(PlanDraft(1, datetime.now(UTC).date(), None, 1, {}, json.dumps(answer)))
    store.erase("mentor", "M1")
    kept = json.loads(store.plan(1).answer)["choices"]
    assert [row["name"] for row in kept] == ["", "Budi"]
    assert kept[1]["n"] == ["Budi"]


def test_the_command_asks_for_a_yes(home):
    def suluh(*given):
        return CliRunner().invoke(cli, ["person", *given, "--home", str(home), "--lang", "en"])

    assert suluh("erase", "mentor", "M002").exit_code == 2
    assert NAME in suluh("copy", "mentor", "M002").output
    done = suluh("erase", "mentor", "M002", "--yes")
    assert done.exit_code == 0, done.output
    assert "pseudonym" in done.output
    assert NAME not in suluh("copy", "mentor", "M002").output
