"""Backups: everything comes back, on either database; a damaged or half file changes nothing."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from data.store.archive import tables
from data.store.engine import open_engine, reading, writing
from data.store.migrating import upgrade_to
from data.store.schema import HEAD
from model.refusals import InputRefused, StoreRefused
from service import backups
from service.cli import cli
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as

GOOD = "perahu kertas menyeberang senja"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home with data, a model, a plan, a decision, users and a framework file of its own."""
    place = tmp_path_factory.mktemp("backup")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=24, businesses=200, months=30, seed=2003)
    programme.import_([place / "city"])
    programme.train()
    made = programme.plan(budget=20_000_000)
    choice = made["choices"][0]
    pair = f"{choice['mentor_id']}:{choice['course_id']}"
    programme.decide_plan(made["plan"], pair, "accept", name="Sari", role="manager")
    programme.add_user("sari", "manager", password=GOOD, districts=["Ciputat"])
    programme.add_token(name="checks")
    programme.log_in("sari", GOOD, address="x")
    (place / "home" / "framework.toml").write_bytes(Path("data/framework.toml").read_bytes())
    return place / "home"


@pytest.fixture(scope="module")
def archive(home, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "suluh.zip"
    Programme(settings(home=home)).backup(file)
    return file


def rows_of(programme):
    with reading(programme.store._engine) as connection:
        return {
            table.name: connection.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
            for table in tables()
        }


def test_everything_comes_back_on_either_database(home, archive, store_url, tmp_path):
    given = settings(home=tmp_path / "new", database_url=store_url)
    answer = Programme(given).restore(archive)
    assert answer["audit_whole"]
    before, after = Programme(settings(home=home)), Programme(given)
    kept, back = rows_of(before), rows_of(after)
    for name in kept:
        if name in {"audit_log", "audit_head", "setting"}:
            continue
        assert back[name] == kept[name], name
    assert back["audit_log"][: len(kept["audit_log"]) - 1] == kept["audit_log"][:-1]
    assert after.store.check_audit().broken is None
    assert after.score() == before.score()
    assert after.rerun_plan(1) == before.rerun_plan(1)
    assert (tmp_path / "new" / "framework.toml").read_bytes() == (home / "framework.toml").read_bytes()
    assert after.store.account("sari").districts == ("Ciputat",)
    assert after.log_in("SARI", GOOD, address="x")


def test_numbers_go_on_after_those_brought_back(archive, store_url, tmp_path, batch_of):
    given = settings(home=tmp_path / "new", database_url=store_url)
    programme = Programme(given)
    programme.restore(archive)
    version, _ = programme.store.commit(batch_of(mentors=[{"mentor_id": "MX", "name": "N", "district": "D"}]))
    assert version == 2
    assert "MX" in set(programme.snapshot()["mentors"]["mentor_id"])
    assert programme.store.check_audit().broken is None


def test_log_ins_and_the_key_of_forms_stay_behind(home, archive, tmp_path):
    client = client_as(home)
    assert client.get("/password").status_code == 200
    new = Programme(settings(home=tmp_path / "new"))
    new.restore(archive)
    assert new.secret_key() != Programme(settings(home=home)).secret_key()
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        assert not [name for name in names if "login" in name]
        assert Programme(settings(home=home)).secret_key().encode() not in b"".join(map(opened.read, names))


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(home, archive, tmp_path):
    assert archive.stat().st_mode & 0o077 == 0
    taken = tmp_path / "taken.zip"
    taken.write_text("mine")
    with pytest.raises(InputRefused, match="already"):
        Programme(settings(home=home)).backup(taken)
    assert taken.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["taken.zip"]


def test_a_backup_comes_onto_a_memory_stick_that_knows_no_links(home, tmp_path, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    file = tmp_path / "stick" / "suluh.zip"
    Programme(settings(home=home)).backup(file)
    assert Programme(settings(home=tmp_path / "anew")).restore(file)["rows"]
    before = file.read_bytes()
    with pytest.raises(InputRefused, match="already"):
        Programme(settings(home=home)).backup(file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["suluh.zip"]


def test_a_home_that_holds_something_is_refused_and_stays(home, archive):
    before = rows_of(Programme(settings(home=home)))
    with pytest.raises(StoreRefused, match="empty"):
        Programme(settings(home=home)).restore(archive)
    assert rows_of(Programme(settings(home=home))) == before


def rewritten(archive: Path, target: Path, change) -> Path:
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            for kept, content in change(name, old.read(name)):
                new.writestr(kept, content)
    return target


def without(part):
    return lambda name, content: [] if name == part else [(name, content)]


def changed(part, edit):
    return lambda name, content: [(name, edit(content) if name == part else content)]


def another_row(content: bytes) -> bytes:
    return content.replace(b"sari", b"dewi")


def newer(content: bytes) -> bytes:
    return json.dumps(json.loads(content) | {"revision": "9999"}).encode()


@pytest.mark.parametrize(
    "change",
    [
        without("tables/mentors.jsonl"),
        without("manifest.json"),
        changed("tables/account.jsonl", another_row),
        changed("manifest.json", lambda _: b"{}"),
        changed("manifest.json", lambda _: b"nonsense"),
        changed("manifest.json", newer),
        lambda name, content: [(name, content), *([("../evil", b"x")] if name == "manifest.json" else [])],
    ],
)
def test_a_backup_that_is_not_as_it_was_written_changes_nothing(archive, tmp_path, change):
    broken = rewritten(archive, tmp_path / "broken.zip", change)
    programme = Programme(settings(home=tmp_path / "new"))
    with pytest.raises((InputRefused, StoreRefused)):
        programme.restore(broken)
    assert not (tmp_path / "evil").exists()
    assert Programme(settings(home=tmp_path / "new")).store.version() == 0
    assert Programme(settings(home=tmp_path / "other")).restore(archive)["audit_whole"]


@pytest.mark.parametrize("kept", [0, 10, 3000, -1])
def test_a_file_cut_short_is_refused(archive, tmp_path, kept):
    short = tmp_path / "short.zip"
    short.write_bytes(archive.read_bytes()[:kept])
    with pytest.raises(InputRefused, match="no whole backup"):
        Programme(settings(home=tmp_path / "new")).restore(short)


def test_every_flipped_byte_of_a_sample_is_noticed(archive, tmp_path):
    whole = archive.read_bytes()
    for place in range(40, len(whole), len(whole) // 12):
        broken = tmp_path / "flipped.zip"
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            Programme(settings(home=tmp_path / f"home{place}")).restore(broken)
        except InputRefused:
            continue
        back = Programme(settings(home=tmp_path / f"home{place}"))
        assert back.store.check_audit().broken is None  # a byte that no part is read from, such as a date in the zip
        assert len(back.users()["users"]) == 1


def test_an_archive_of_earlier_tables_is_brought_up_to_date(archive, tmp_path):
    def older(name, content):
        if name == "manifest.json":
            told = json.loads(content) | {"revision": "0005"}
            told["parts"] = {part: held for part, held in told["parts"].items() if Path(part).stem in kept}
            return [(name, json.dumps(told).encode())]
        return [(name, content)] if Path(name).stem in kept else []

    with writing(open_engine(f"sqlite:///{tmp_path / 'earlier.db'}")) as connection:
        upgrade_to(connection, "0005")
        kept = {*sa.inspect(connection).get_table_names(), "framework", "manifest", "model-0001"}
    programme = Programme(settings(home=tmp_path / "new"))
    programme.restore(rewritten(archive, tmp_path / "older.zip", older))
    with reading(programme.store._engine) as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == HEAD
    assert programme.store.check_audit().broken is None
    assert len(programme.snapshot()["mentors"]) == 24


def test_a_broken_audit_log_is_not_backed_up(tmp_path):
    programme = Programme(settings(home=tmp_path))
    programme.store.record("test")
    with writing(programme.store._engine) as connection:
        connection.exec_driver_sql("UPDATE audit_head SET rows = 7")
    with pytest.raises(StoreRefused, match="broken"):
        programme.backup(tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize(("harm", "held"), [(Path.unlink, 0), (lambda path: path.write_bytes(b"torn"), 1)])
def test_a_model_file_that_lacks_stops_no_backup_and_is_told(home, tmp_path, harm, held):
    office = tmp_path / "office"
    shutil.copytree(home, office)
    harm(office / "models" / "model-0001.npz")
    line = ["--home", str(office), "--lang", "en"]
    made = CliRunner().invoke(cli, ["backup", str(tmp_path / "b.zip"), *line, "--json"])
    assert made.exit_code == 0, made.output
    answer = json.loads(made.stdout)
    assert answer["models"] == held
    (gap,) = answer["gaps"]
    assert gap["model"] == "model-0001"
    assert ("missing" if held == 0 else "damaged") in gap["what"]
    assert "earlier backup" in gap["mend"]
    said = CliRunner().invoke(cli, ["backup", str(tmp_path / "c.zip"), *line]).output
    assert "The file of the model model-0001 is" in said
    assert "model-0001" in client_as(office, "admin").get("/admin/backup").text
    back = Programme(settings(home=tmp_path / "new")).restore(tmp_path / "b.zip")
    assert [gap["model"] for gap in back["gaps"]] == ["model-0001"]
    assert rows_of(Programme(settings(home=tmp_path / "new")))["plan"]


def test_a_whole_backup_lacks_nothing(home, tmp_path):
    programme = Programme(settings(home=home))
    assert programme.backup(tmp_path / "b.zip")["gaps"] == programme.backup_gaps() == []


def test_every_file_of_a_model_is_read_once(home, tmp_path, monkeypatch):
    read, blocks = [], backups._blocks
    monkeypatch.setattr(backups, "_blocks", lambda path: read.append(path.name) or blocks(path))
    Programme(settings(home=home)).backup(tmp_path / "b.zip")
    Programme(settings(home=tmp_path / "new")).restore(tmp_path / "b.zip")
    assert sorted(read) == ["b.zip", "framework.toml", "model-0001.npz"]


def test_a_file_that_cannot_be_read_is_named_and_no_space_is_asked_for(home, tmp_path):
    office = tmp_path / "office"
    shutil.copytree(home, office)
    (office / "models" / "model-0001.npz").unlink()
    (office / "models" / "model-0001.npz").mkdir()
    with pytest.raises(InputRefused, match="cannot be read") as refusal:
        Programme(settings(home=office)).backup(tmp_path / "b.zip")
    assert "model-0001.npz" in str(refusal.value.where)
    assert not (tmp_path / "b.zip").exists()


def test_the_commands_say_what_they_did(home, tmp_path):
    made = CliRunner().invoke(cli, ["backup", str(tmp_path / "b.zip"), "--home", str(home), "--lang", "en"])
    assert made.exit_code == 0, made.output
    assert "SHA-256" in made.output
    back = CliRunner().invoke(cli, ["restore", str(tmp_path / "b.zip"), "--home", str(tmp_path / "n"), "--json"])
    assert back.exit_code == 0, back.output
    assert json.loads(back.stdout)["rows"]["mentors"] == 24
    assert CliRunner().invoke(cli, ["restore", str(tmp_path / "b.zip"), "--home", str(home)]).exit_code == 2


def test_a_backup_that_is_not_there_is_not_called_damaged(tmp_path):
    with pytest.raises(InputRefused, match="There is no such file"):
        Programme(settings(home=tmp_path / "home")).restore(tmp_path / "nowhere.zip")
