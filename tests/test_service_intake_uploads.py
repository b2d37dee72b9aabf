"""Uploads through the pages: shown before they are stored, faults in their cells, mended, remembered, taken back."""

import io
import json
import re
import time
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from service.cli import cli
from service.intake import staging, uploads
from service.language import Language
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as, client_of, form_token

MENTORS = "mentor_id,name,district\n"
SCORES = "mentor_id,area,score,assessed_on\n"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_as(settings(home=tmp_path / "home", lang="en"), "operator")


def programme(client: FlaskClient) -> Programme:
    return client.application.extensions["programme"]


def token(client: FlaskClient) -> dict[str, str]:
    return {"csrf": form_token(client)}


def upload(client: FlaskClient, **files: str | bytes) -> str:
    """Upload files (name without its dot → content); gives the address they are shown under."""
    given = [(io.BytesIO(c if isinstance(c, bytes) else c.encode()), n.replace("_", ".")) for n, c in files.items()]
    answer = client.post("/imports", data={**token(client), "files": given}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def post(client: FlaskClient, path: str, **form: str):
    return client.post(path, data={**token(client), **form})


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#39;", "'")


def mended_workbook(client: FlaskClient, path: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(client.get(f"{path}/mend.xlsx").data))


def test_nothing_is_stored_before_it_is_confirmed(client):
    path = upload(client, mentors_csv=MENTORS + "M1,Ani,North\n")
    page = words(shown(client, path))
    assert "Nothing is stored yet." in page
    assert "Ani" in page
    assert programme(client).store.version() == 0
    assert post(client, f"{path}/confirm").status_code == 303
    assert programme(client).store.version() == 1
    done = words(shown(client, path))
    assert "data version 1" in done
    assert re.search(r"Together 1 0 0", done)
    again = post(client, f"{path}/confirm")
    assert again.status_code == 409
    assert "imported already" in again.text


def test_a_second_import_tells_new_changed_and_unchanged(client):
    post(client, upload(client, mentors_csv=MENTORS + "M1,Ani,North\nM2,Budi,North\n") + "/confirm")
    path = upload(client, mentors_csv=MENTORS + "M1,Ani,North\nM2,Budi,South\nM3,Cici,South\n")
    assert re.search(r"Mentors 1 1 1", words(shown(client, path)), re.IGNORECASE)
    post(client, f"{path}/confirm")
    assert re.search(r"Together 1 1 1 Refused 0", words(shown(client, path)))


def test_a_fault_stands_in_its_cell_and_the_good_rows_can_go_in_first(client):
    rows = SCORES + "M1,finance,50,2026-01-01\nM1,finance,130,2026-01-02\nM2,finance,60,2026-01-01\n"
    mentors = MENTORS + "M1,Ani,North\nM2,,North\n"
    path = upload(client, mentors_csv=mentors, assessments_csv=rows)
    page = shown(client, path)
    bad = re.findall(r'<tr><th scope="row">(\d+)</th>(?:<td>[^<]*</td>)*<td class="bad">([^<]*)', page)
    assert ("3", "130") in bad
    assert 'href="#sheet-' in page
    assert programme(client).store.version() == 0
    assert post(client, f"{path}/confirm").status_code == 409
    assert post(client, f"{path}/confirm", leave_out="yes").status_code == 303
    done = words(shown(client, path))
    assert "3 rows were refused" in done
    snapshot = programme(client).snapshot()
    assert list(snapshot["mentors"]["mentor_id"]) == ["M1"]
    assert len(snapshot["assessments"]) == 1

    book = mended_workbook(client, path)
    assert book.sheetnames == ["mentors", "assessments"]
    assert [cell.value for cell in book["mentors"][2]][:3] == ["M2", None, "North"]
    assert book["assessments"]["C2"].value == "130"
    assert book["assessments"]["C2"].comment is not None
    waiting = [row[0].value for row in book["assessments"].iter_rows(min_row=2)]
    assert waiting == ["M1", "M2"]
    book["mentors"]["B2"] = "Budi"
    book["assessments"]["C2"] = "30"
    held = io.BytesIO()
    book.save(held)
    path = upload(client, mended_xlsx=held.getvalue())
    assert "faults were found" not in words(shown(client, path))
    post(client, f"{path}/confirm")
    assert re.search(r"Together 3 0 0 Refused 0", words(shown(client, path)))


def test_unknown_headers_are_asked_for_and_remembered(client):
    table = "Nomor urut,Siapa dia,Tempat\nM1,Ani,North\n"
    path = upload(client, data_csv=table)
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{path}/columns"
    assert post(client, f"{path}/columns", **{"table-0": "mentors"}).headers["Location"] == f"{path}/columns"
    form = shown(client, f"{path}/columns")
    assert "Still needed in every row" in form
    columns = {"column-0-0": "mentor_id", "column-0-1": "name", "column-0-2": "district"}
    done = post(client, f"{path}/columns", **{"table-0": "mentors"}, **columns)
    assert done.headers["Location"] == path
    assert "faults were found" not in shown(client, path)
    post(client, f"{path}/confirm")
    assert list(programme(client).snapshot()["mentors"]["name"]) == ["Ani"]
    path = upload(client, mentors_csv=table.replace("M1,Ani", "M2,Budi"))
    assert client.get(path).status_code == 200
    post(client, f"{path}/confirm")
    assert len(programme(client).snapshot()["mentors"]) == 2


def test_a_column_or_sheet_can_be_left_out(client):
    path = upload(client, mentors_csv="mentor_id,name,district,capacity\nM1,Ani,North,many\n")
    assert "faults were found" in words(shown(client, path))
    post(client, f"{path}/columns", **{"table-0": "mentors", "column-0-3": ""})
    assert "faults were found" not in words(shown(client, path))
    assert "columns not used: capacity" in words(shown(client, path))


def test_an_import_is_taken_back_on_the_page(client):
    post(client, upload(client, mentors_csv=MENTORS + "M1,Ani,North\n") + "/confirm")
    post(client, upload(client, mentors_csv=MENTORS + "M1,Anisa,North\nM2,Budi,South\n") + "/confirm")
    assert post(client, "/imports/undo", version="1").status_code == 400
    assert post(client, "/imports/undo", version="2").status_code == 303
    assert list(programme(client).snapshot()["mentors"]["name"]) == ["Ani"]
    page = words(shown(client, "/imports"))
    assert "takes data version 2 back" in page
    assert "taken back by data version 3" in page


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_template_is_read_back_as_it_is_filled_in(tmp_path, lang):
    office = Programme(settings(home=tmp_path / "home"))
    book = openpyxl.load_workbook(io.BytesIO(office.import_template(Language(lang))))
    assert len(book.sheetnames) == 10
    sheet = book.worksheets[1]
    assert sheet["A1"].value.endswith("*")
    sheet.append(["M1", "Ani", "North"])
    book.save(tmp_path / "filled.xlsx")
    answer = office.check([tmp_path / "filled.xlsx"])
    assert answer["refused"] == []
    assert answer["new"] == {"mentors": 1}
    guide = book.worksheets[0]
    told = {(row[0], row[1]) for row in guide.iter_rows(min_row=5, max_col=2, values_only=True)}
    headers = {(s.title, cell.value) for s in book.worksheets[1:] for cell in s[1]}
    assert headers == told


def test_an_upload_that_is_not_there_or_not_ours_is_not_found(client, tmp_path):
    for name in ("..", "0123456789abcdef", "..%2f..%2fsuluh", "a" * 300):
        assert client.get(f"/imports/{name}").status_code == 404


def test_an_upload_is_whose_it_is(client):
    path = upload(client, mentors_csv=MENTORS + "M1,Ani,North\n")
    other, admin = (client_of(client.application, role) for role in ("operator", "admin"))
    tried = 0
    for rule in client.application.url_map.iter_rules():
        if "<identifier>" not in rule.rule:
            continue
        address = rule.rule.replace("<identifier>", Path(path).name).replace("<int:number>", "0")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            data = {"csrf": form_token(other)} if method == "POST" else None
            assert other.open(address, method=method, data=data).status_code == 404, rule
            tried += 1
    assert tried >= 7
    assert "1 new" in words(shown(client, path)) or "Ani" in shown(client, path)
    assert "Ani" in shown(admin, path)
    post(client, f"{path}/confirm")
    assert len(programme(client).snapshot()["mentors"]) == 1


def test_a_large_upload_is_imported_as_a_job(client, monkeypatch):
    monkeypatch.setattr(uploads, "LARGE_ROWS", 2)
    small = upload(client, mentors_csv=MENTORS + "M0,Ada,North\n")
    assert post(client, f"{small}/confirm").headers["Location"] == small
    rows = "".join(f"M{n},Ani {n},North\n" for n in range(1, 4))
    path = upload(client, mentors_csv=MENTORS + rows + "M9,,North\n")
    answer = post(client, f"{path}/confirm", leave_out="1")
    assert re.fullmatch(r"/jobs/[0-9]+", answer.headers["Location"])
    until = time.monotonic() + 60
    while "Work in progress" in (told := shown(client, answer.headers["Location"])):
        assert time.monotonic() < until
        time.sleep(0.1)
    assert f'href="{path}"' in told
    assert list(programme(client).snapshot()["mentors"]["mentor_id"]) == ["M0", "M1", "M2", "M3"]
    assert "Imported" in shown(client, path)


def test_names_of_files_never_leave_their_folder(tmp_path):
    made = staging.stage(
        tmp_path, [("../../evil.csv", io.BytesIO(b"x")), ("C:\\Users\\ani\\data:1?.csv", io.BytesIO(b"y"))], "user:1"
    )
    assert [path.name for path in made.files] == ["evil.csv", "data_1_.csv"]
    assert all(tmp_path in path.parents for path in made.files)


def test_an_upload_is_swept_after_a_day(tmp_path, monkeypatch):
    first = staging.stage(tmp_path, [("a.csv", io.BytesIO(b"x"))], "user:1")
    staging.stage(tmp_path, [("a.csv", io.BytesIO(b"x"))], "user:1")
    assert first.folder.exists()
    monkeypatch.setattr(staging, "KEPT_SECONDS", -1)
    staging.stage(tmp_path, [("a.csv", io.BytesIO(b"x"))], "user:1")
    assert not first.folder.exists()


def test_an_empty_form_and_a_file_of_another_kind_are_answered_in_words(client):
    answer = client.post("/imports", data=token(client), content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "Choose at least one file" in answer.text
    path = upload(client, picture_png=b"\x89PNG")
    assert "Only CSV and Excel" in words(shown(client, path))


def test_the_commands_write_the_template_and_take_an_import_back(client, tmp_path):
    home = ["--home", str(tmp_path / "home"), "--json"]
    made = CliRunner().invoke(cli, ["template", str(tmp_path / "t.xlsx"), *home])
    assert json.loads(made.stdout) == {"file": (tmp_path / "t.xlsx").as_posix()}
    lost = CliRunner().invoke(cli, ["template", str(tmp_path / "no" / "t.xlsx"), *home])
    assert lost.exit_code == 2
    post(client, upload(client, mentors_csv=MENTORS + "M1,Ani,North\n") + "/confirm")
    done = CliRunner().invoke(cli, ["undo", *home])
    answer = json.loads(done.stdout)
    assert (answer["undone"], answer["version"]) == (1, 2)
    assert set(answer["rows"].values()) == {0}
    again = CliRunner().invoke(cli, ["undo", *home, "--lang", "en"])
    assert again.exit_code == 2
    assert "There is no import left to take back." in again.stdout
    assert programme(client).snapshot()["mentors"].empty
