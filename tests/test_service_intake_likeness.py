"""Near-equal ids, names and districts at import: told by page, command and API alike, and stored as they stand."""

import io
import json

import pytest

from service.intake import uploads
from service.settings import settings
from tests.command_line import suluh, told
from tests.people_rig import caller_as, client_as
from tests.test_service_intake_previews import followed
from tests.test_service_intake_uploads import MENTORS, post, programme, shown, upload, words

FIRST = MENTORS + "M1,Ani Lestari,Ciputat\nM2,Budi Santoso,Ciputat\n"
LATER = MENTORS + "m-01,Citra,Ciputat\nM3,BUDI  SANTOSO,ciputat \nM4,Dewi,Kec. Ciputat\n"
CELLS = [
    (2, "mentor_id", "m-01"),
    (3, "name", "BUDI  SANTOSO"),
    (3, "district", "ciputat"),
    (4, "district", "Kec. Ciputat"),
]


@pytest.fixture
def files(tmp_path):
    """The first file imported into a home; gives the home and the later file."""
    for name, text in (("first", FIRST), ("later", LATER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mentors.csv").write_text(text, encoding="utf-8")
    home = tmp_path / "home"
    suluh("import", tmp_path / "first", home=home)
    return home, tmp_path / "later" / "mentors.csv"


def test_command_and_api_name_the_same_cells_and_store_every_row(files):
    home, later = files
    by_command = suluh("check", later, home=home)
    assert [(one["row"], one["column"], one["value"]) for one in by_command["warnings"]] == CELLS
    assert by_command["refused"] == []
    given = {"files": [(io.BytesIO(later.read_bytes()), "mentors.csv")], "confirm": "true"}
    answer = caller_as(home, "admin").post("/api/v1/import?lang=en", data=given)
    assert answer.status_code == 201, answer.text
    assert answer.json["warnings"] == by_command["warnings"]
    assert answer.json["new"] == {"mentors": 3}
    assert suluh("check", later, home=home)["warnings"] == []  # stored side by side now: accepted


def test_the_command_tells_them_in_both_languages(files):
    home, later = files
    said = told("check", later, "--home", home)
    assert "taken as they stand: 4." in said
    assert "row 2, column mentor_id, «m-01»: This id resembles M1 (stored already)" in said
    assert "ID ini mirip dengan M1 (sudah tersimpan)" in told("check", later, "--home", home, lang="id")


def test_the_page_shows_them_before_and_after_the_confirmation(files):
    home, later = files
    client = client_as(settings(home=home, lang="en"), "operator")
    path = upload(client, mentors_csv=later.read_bytes())
    before = words(shown(client, path))
    assert "4 cells are worth a look." in before
    assert "mentors.csv 4 district Kec. Ciputat It resembles “Ciputat” (stored already)" in before
    assert post(client, f"{path}/confirm").status_code == 303
    assert "The name and the district are those of M2 (stored already)" in words(shown(client, path))
    assert len(programme(client).snapshot()["mentors"]) == 5


def test_a_row_that_is_left_out_is_not_warned_of(files):
    home, _ = files
    client = client_as(settings(home=home, lang="en"), "operator")
    path = upload(client, mentors_csv=MENTORS + "m1,,Ciputat\nM7,Eka,CIPUTAT\n")
    assert post(client, f"{path}/confirm", leave_out="yes").status_code == 303
    after = words(shown(client, path))
    assert "resembles M1" not in after
    assert "It resembles “Ciputat”" in after


def test_warnings_are_not_logged(files):
    home, later = files
    suluh("import", later, home=home)
    assert "BUDI" not in json.dumps(suluh("audit", home=home))


def test_a_nik_as_an_id_is_refused_and_in_a_name_warned_of_without_being_repeated(tmp_path):
    table = tmp_path / "mentors.csv"
    table.write_text(MENTORS + "3674051234567890,Ani,Setu\nM2,Budi (3674051234567891),Setu\n", encoding="utf-8")
    answer = suluh("check", table, home=tmp_path / "home", code=2)
    assert [(one["row"], one["column"], one["value"]) for one in answer["refused"]] == [(2, "mentor_id", None)]
    assert [(one["row"], one["column"]) for one in answer["warnings"]] == [(3, "name")]
    assert "36740512" not in json.dumps(answer)


def test_a_large_upload_that_a_job_reads_shows_them_too(files, monkeypatch):
    home, later = files
    monkeypatch.setattr(uploads, "LARGE_BYTES", 10)
    client = client_as(settings(home=home, lang="en"), "operator")
    path = followed(client, upload(client, mentors_csv=later.read_bytes()))
    page = words(shown(client, path))
    assert "4 cells are worth a look." in page
    assert "mentors.csv 4 district Kec. Ciputat It resembles “Ciputat” (stored already)" in page
