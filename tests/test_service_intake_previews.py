"""Large uploads: read by a job while the page follows, shown from what it kept, well again however the job ended."""

import io
import re
import time
from datetime import date, datetime

import openpyxl
import pytest

from data.failpoints import VARIABLE
from model.refusals import NotFound
from service.intake import kept_previews, uploads
from service.intake.staging import find
from service.settings import settings
from tests.people_rig import client_as
from tests.test_service_intake_uploads import MENTORS, SCORES, mended_workbook, post, programme, shown, upload, words

ROWS = {
    "mentors_csv": MENTORS + "".join(f"M{n},Ani {n},North\n" for n in range(8)) + "M8,,North\nM9,Budi,South\n",
    "assessments_csv": SCORES + "M1,finance,50,2026-01-01\nM8,finance,60,2026-01-01\nM9,finance,130,2026-01-02\n",
}


@pytest.fixture
def client(tmp_path):
    return client_as(settings(home=tmp_path / "home", lang="en"), "operator")


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(uploads, "LARGE_BYTES", 100)


def followed(client, path) -> str:
    """The page that a browser comes to, which looks again as long as the work goes on."""
    assert re.fullmatch(r"/jobs/[0-9]+", path), path
    until = time.monotonic() + 120
    while (answer := client.get(path)).status_code == 200 and "Work in progress" in answer.text:
        assert 'http-equiv="refresh"' in answer.text
        assert time.monotonic() < until
        time.sleep(0.1)
    return answer.headers["Location"] if answer.status_code == 303 else answer.text


def pages(client, path) -> list[str]:
    """All that is shown of an upload, without what differs from one upload to the next."""
    taken = [shown(client, f"{path}{more}") for more in ("", "/columns", "/sheets/0", "/sheets/1")]
    return [re.sub(r"/imports/[\w-]{16}|value=\"[^\"]{60,}\"", "", page) for page in taken]


def cells(book: openpyxl.Workbook) -> list:
    return [[(sheet.title, cell.coordinate, cell.value) for row in sheet for cell in row] for sheet in book]


def test_a_large_upload_is_read_by_a_job_and_shown_as_a_small_one(client, monkeypatch):
    small = upload(client, **ROWS)
    expected, mended = pages(client, small), cells(mended_workbook(client, small))
    monkeypatch.setattr(uploads, "LARGE_BYTES", 100)
    path = followed(client, upload(client, **ROWS))
    monkeypatch.setattr(uploads, "_read", lambda *_: pytest.fail("the files were read again while a page waited"))
    assert pages(client, path) == expected
    assert cells(mended_workbook(client, path)) == mended
    assert client.get(f"{path}/sheets/7").status_code == 404
    assert programme(client).store.version() == 0


def test_it_is_confirmed_from_what_was_shown(client, large):
    path = followed(client, upload(client, **ROWS))
    assert post(client, f"{path}/confirm").status_code == 409
    assert post(client, f"{path}/confirm", leave_out="yes").headers["Location"] == path
    assert "rows were refused" in shown(client, path)
    assert len(programme(client).snapshot()["mentors"]) == 9


def test_what_is_said_of_its_columns_has_it_read_anew(client, large):
    path = followed(client, upload(client, data_csv="Nomor urut,Siapa dia,Tempat\n" + "M1,Ani,North\n" * 9))
    assert client.get(path).headers["Location"] == f"{path}/columns"
    assert post(client, f"{path}/columns", **{"table-0": "mentors"}).headers["Location"] == f"{path}/columns"
    assert followed(client, client.get(f"{path}/columns").headers["Location"]) == path
    said = {"table-0": "mentors", "column-0-0": "mentor_id", "column-0-1": "name", "column-0-2": "district"}
    assert followed(client, post(client, f"{path}/columns", **said).headers["Location"]) == path
    assert "faults were found" in words(shown(client, path))  # the same mentor nine times


def test_another_import_meanwhile_has_it_compared_anew_before_it_can_be_confirmed(client, large):
    path = followed(client, upload(client, mentors_csv=ROWS["mentors_csv"].replace("M8,,", "M8,Cici,")))
    assert re.search(r"Mentors 10 0 0", words(shown(client, path)), re.IGNORECASE)
    post(client, upload(client, mentors_csv=MENTORS + "M1,Ani 1,North\n") + "/confirm")
    assert followed(client, post(client, f"{path}/confirm").headers["Location"]) == path
    assert re.search(r"Mentors 9 0 1", words(shown(client, path)), re.IGNORECASE)
    assert programme(client).store.version() == 1


def test_killed_while_it_is_put_down_nothing_is_half_shown_and_looking_again_reads_it_anew(client, large, monkeypatch):
    monkeypatch.setenv(VARIABLE, "preview")
    job = upload(client, **ROWS)
    told = followed(client, job)
    assert "its process is gone" in told
    path = re.search(r'href="(/imports/[\w-]{16})"', told)[1]
    folder = next((programme(client).settings.home / "staging").iterdir())
    assert [left.name[:7] for left in folder.glob("*-*") if left.is_dir()] == ["making-"]
    monkeypatch.delenv(VARIABLE)
    again = client.get(path).headers["Location"]
    assert again != job
    assert followed(client, again) == path
    assert not list(folder.glob("making-*"))
    assert "faults were found" in words(shown(client, path))


def test_who_looks_again_while_it_is_read_comes_to_the_same_job(client, large):
    job = upload(client, **ROWS)
    identifier = next((programme(client).settings.home / "staging").iterdir()).name
    seen = client.get(f"/imports/{identifier}").headers.get("Location", job)
    assert seen in {job, f"/imports/{identifier}"}
    followed(client, job)


def test_an_upload_thrown_away_while_it_is_read_is_no_fault(client, large):
    path = followed(client, upload(client, **ROWS))
    asked = programme(client)
    identifier = path.rpartition("/")[2]
    folder = find(asked.settings.home / "staging", identifier).folder
    asked.drop_staged(identifier)
    with pytest.raises(NotFound):
        kept_previews.write(folder, "key", {}, [], [])
    assert client.get(path).status_code == 404


def test_a_workbooks_own_days_and_figures_come_back_in_the_rows_to_mend(client, large):
    book = openpyxl.Workbook()
    book.active.title = "assessments"
    for row in (
        ["mentor_id", "area", "score", "assessed_on"],
        ["M1", "finance", 130.5, date(2026, 1, 2)],
        ["M1", "finance", 140, datetime.fromisoformat("2026-01-03T10:30")],
    ):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    path = followed(client, upload(client, mended_xlsx=held.getvalue()))
    sheet = mended_workbook(client, path)["assessments"]
    assert [cell.value for cell in sheet[2]][:4] == ["M1", "finance", 130.5, datetime.fromisoformat("2026-01-02")]
    assert sheet["D3"].value == "2026-01-03 10:30:00"
