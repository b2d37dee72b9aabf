"""The pages of the administration: users, tokens, the audit log and a backup, used as by a person."""

import io
import json
import re
import shutil
import zipfile

import pytest

from service.app import create_app
from service.people import passwords
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as, client_of, form_token


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def app(tmp_path):
    return create_app(settings(home=tmp_path, lang="en"))


@pytest.fixture
def admin(app):
    return client_of(app, "admin", name="root")


def send(client, path, **form):
    return client.post(path, data={"csrf": form_token(client, "/admin"), **form})


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_user_is_added_shown_shut_out_and_let_in_again(app, admin):
    made = send(
        admin, "/admin/users", name="Sari", display_name="Sari <b>Dewi</b>", role="hr", districts="Setu; Serpong"
    )
    password = re.search(r"<code>([^<]+)</code>", made.text)[1]
    assert made.status_code == 200
    assert "Serpong; Setu" in words(made)
    assert "<b>" not in made.text
    assert password not in admin.get("/admin").text
    programme = app.extensions["programme"]
    assert programme.log_in("sari", password, address="x")
    assert "was changed" in words(send(admin, "/admin/users/sari", action="disable"))
    with pytest.raises(Exception, match="do not belong together"):
        programme.log_in("sari", password, address="x")
    send(admin, "/admin/users/sari", action="enable")
    assert programme.log_in("sari", password, address="x")
    again = send(admin, "/admin/users/sari", action="reset")
    assert re.search(r"<code>([^<]+)</code>", again.text)[1] != password
    send(admin, "/admin/users/sari", action="change", role="head", districts="")
    assert programme.store.account("sari").role == "head"
    assert programme.store.account("sari").districts is None


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/admin/users", {"name": "x y", "role": "hr"}),
        ("/admin/users", {"name": "ani", "role": "boss"}),
        ("/admin/users", {"name": "root", "role": "hr"}),
        ("/admin/users/root", {"action": "disable"}),
        ("/admin/users/root", {"action": "fly"}),
        ("/admin/users/nobody", {"action": "reset"}),
        ("/admin/tokens", {"role": "manager", "days": "0"}),
        ("/admin/tokens", {"role": "manager", "days": "ten"}),
        ("/admin/tokens", {"role": "mentor", "days": "10"}),
        ("/admin/tokens/9/revoke", {}),
    ],
)
def test_what_cannot_be_is_said_above_the_form(app, admin, path, form):
    before = app.extensions["programme"].users(), app.extensions["programme"].tokens()
    answer = send(admin, path, **form)
    assert answer.status_code == (404 if {"nobody", "9"} & set(path.split("/")) else 400)
    assert 'role="alert"' in answer.text
    assert (app.extensions["programme"].users(), app.extensions["programme"].tokens()) == before


def test_a_token_is_shown_once_and_revoked(app, admin):
    made = send(admin, "/admin/tokens", name="checks", role="analyst", days="30")
    token = re.search(r"<code>([^<]+)</code>", made.text)[1]
    assert token not in admin.get("/admin/tokens").text
    header = {"Authorization": f"Bearer {token}"}
    assert client_of(app, None).get("/api/v1/models", headers=header).status_code == 200
    send(admin, "/admin/tokens/1/revoke")
    assert client_of(app, None).get("/api/v1/models", headers=header).status_code == 401


def test_the_audit_log_is_filtered_paged_and_checked(app, admin):
    store = app.extensions["programme"].store
    for number in range(120):
        store.record("test", f"row:{number}")
    page = admin.get("/admin/audit")
    assert "The chain is whole" in words(page)
    assert "row:119" in page.text
    earlier = re.search(r'href="(\?before=\d+)"', page.text)[1]
    assert "row:5" in admin.get("/admin/audit" + earlier).text
    only = words(admin.get("/admin/audit?action=user.add"))
    assert "row:1" not in only
    assert "user:1" in only
    assert "The account root was made. user.add" in only
    assert "Nothing was found" in words(admin.get("/admin/audit?actor=user:77&before=abc"))


def test_a_backup_is_downloaded_and_comes_back(app, admin, tmp_path):
    send(admin, "/admin/users", name="sari", role="hr")
    answer = send(admin, "/admin/backup")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
        assert json.loads(opened.read("manifest.json"))["audit_rows"] > 0
    answer.close()
    assert not list(tmp_path.glob("backup-*"))
    (tmp_path / "b.zip").write_bytes(answer.data)
    Programme(settings(home=tmp_path / "new")).restore(tmp_path / "b.zip")
    users = Programme(settings(home=tmp_path / "new")).users()["users"]
    assert [row["user"] for row in users] == ["root", "sari"]


def test_a_backup_leaves_nothing_where_an_open_file_cannot_be_removed(admin, tmp_path, monkeypatch):
    """As on Windows: only once the answer is sent and its file closed."""
    remove, closed = shutil.rmtree, []
    monkeypatch.setattr(shutil, "rmtree", lambda *given, **named: closed and remove(*given, **named))
    answer = send(admin, "/admin/backup")
    assert list(tmp_path.glob("backup-*"))
    closed.append(True)
    answer.close()
    assert not list(tmp_path.glob("backup-*"))


@pytest.mark.parametrize("role", ["manager", "head", "mentor", "operator"])
def test_nobody_else_gets_there(tmp_path, role):
    client = client_as(tmp_path, role)
    for path in ("/admin", "/admin/tokens", "/admin/audit", "/admin/backup"):
        assert client.get(path).status_code == 403
        assert f'href="{path}"' not in client.get("/password").text


@pytest.mark.parametrize("path", ["/admin", "/admin/tokens", "/admin/audit", "/admin/backup", "/password"])
def test_pages_read_in_both_languages_and_every_field_has_its_label(admin, path):
    send(admin, "/admin/tokens", name="checks", role="analyst", days="30")
    for lang in ("id", "en"):
        text = admin.get(f"{path}?lang={lang}").text
        assert text.count("<h1>") == 1
        assert not re.search(r"<script(?! src)|<style|\sstyle=|\son\w+=", text)
        ids = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert set(ids) <= set(re.findall(r'<label for="([^"]+)"', text))


@pytest.fixture
def manager(app, batch_of):
    rows = [{"mentor_id": "M1", "name": "Ayu Unik", "district": "D", "phone": "081234567890"}]
    app.extensions["programme"].store.commit(batch_of(mentors=rows))
    return client_of(app, "manager")


def ask(client, path, **form):
    return client.post(path, data={"csrf": form_token(client), **form})


def test_a_person_is_given_a_copy_and_erased_on_request(app, manager):
    copy = ask(manager, "/persons/copy", kind="mentor", subject="M1")
    assert copy.headers["Content-Disposition"].startswith("attachment")
    assert copy.json["held"]["mentors"][0]["phone"] == "081234567890"
    for wrong in ({"again": "M2"}, {"again": "M1", "kind": "x"}, {"subject": "M9", "again": "M9"}):
        answer = ask(manager, "/persons/erase", **{"kind": "mentor", "subject": "M1"} | wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
    assert "Ayu Unik" in manager.get("/mentors").text
    done = ask(manager, "/persons/erase", kind="mentor", subject="M1", again="M1", request="12/2026")
    assert "12/2026" in words(done)
    assert "Ayu Unik" not in manager.get("/mentors").text
    actions = [row["action"] for row in app.extensions["programme"].audit()["entries"]]
    assert actions[:2] == ["person.erase", "person.copy"]


def test_whoever_administers_is_shown_no_copy(admin):
    assert admin.get("/persons").status_code == 403
