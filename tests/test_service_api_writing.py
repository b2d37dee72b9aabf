"""Writes over the API: done once under a key, files taken in or refused, long work as a job."""

import io
import threading
import time

import pytest

from data.store import sending
from service import incoming
from service.settings import settings
from service.usecases import Programme
from tests.api_rig import small_home
from tests.people_rig import caller_as, client_as, form_token
from tests.test_service_api import check_described

MENTORS = b"mentor_id,name,district\nM900,Ayu,Serpong\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("writing"))


@pytest.fixture
def client(home):
    return caller_as(home)


@pytest.fixture
def spec(client):
    return client.get("/openapi.json").json


def form(data=MENTORS, name="mentors.csv", **more):
    return {"files": [(io.BytesIO(data), name)], **more}


def plans(client):
    return len(client.get("/api/v1/plans").json["plans"])


def test_a_write_under_a_key_is_done_once(client):
    sent = {"json": {"budget_idr": 22_000_000}, "headers": {"Idempotency-Key": "plan-1"}}
    before = plans(client)
    first = client.post("/api/v1/plans", **sent)
    again = client.post("/api/v1/plans", **sent)
    assert first.status_code == again.status_code == 201
    assert (again.data, again.headers["Location"]) == (first.data, first.headers["Location"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    other = client.post("/api/v1/plans", json={"budget_idr": 23_000_000}, headers=sent["headers"])
    assert other.status_code == 409
    assert other.mimetype == "application/problem+json"
    elsewhere = client.post("/api/v1/models/rollback", json={}, headers=sent["headers"])
    assert elsewhere.status_code == 409
    assert plans(client) == before + 1
    for key in ("", "x" * 201, "ä", "a b"):
        bad = client.post("/api/v1/plans", json={"budget_idr": 1}, headers={"Idempotency-Key": key})
        assert bad.status_code == 400


@pytest.mark.parametrize(("tag", "code"), [('"bad"', 412), ('W/"x", "y"', 412), ("*", 201)])
def test_a_write_bound_to_a_state_is_not_done(client, tag, code):
    before = plans(client)
    answer = client.post("/api/v1/plans", json={"budget_idr": 24_000_000}, headers={"If-Match": tag})
    assert answer.status_code == code
    assert plans(client) == before + (code == 201)
    assert code == 201 or answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("prefer", ["respond-async", "0" * 201])
def test_a_key_holds_for_the_same_preference_only(client, prefer):
    """The fuzzer had a write replayed whose header was longer than described."""

    def send(**headers):
        told = {"Idempotency-Key": f"prefer-{prefer[:9]}", **headers}
        return client.post("/api/v1/plans", json={"budget_idr": 23_000_000}, headers=told).status_code

    assert (send(), send(), send(Prefer=prefer)) == (201, 201, 409)


def test_an_approval_sent_twice_under_a_key_is_not_refused(client):
    sent = {"json": {}, "headers": {"Idempotency-Key": "approve-1"}}
    answers = [client.post("/api/v1/plans/1/approval", **sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.data for answer in answers}) == 1
    assert client.post("/api/v1/plans/1/approval", json=sent["json"]).status_code == 422


def test_two_at_once_under_a_key_are_done_once(home):
    client = caller_as(home)
    app = client.application
    make, got = app.extensions["programme"].plan, []
    made = []

    def slow(**asked):
        made.append(1)
        time.sleep(0.3)
        return make(**asked)

    app.extensions["programme"].plan = slow
    token = client.environ_base["HTTP_AUTHORIZATION"]
    headers = {"Idempotency-Key": "at-once", "Authorization": token}
    sent = {"json": {"budget_idr": 24_000_000}, "headers": headers}
    threads = [
        threading.Thread(target=lambda: got.append(app.test_client().post("/api/v1/plans", **sent).status_code))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
    assert sorted(got) == [201, *[409] * 5]


def test_a_key_is_free_again_after_a_fault_of_ours_and_after_a_day(client, monkeypatch):
    programme = client.application.extensions["programme"]
    sent = {"json": {"budget_idr": 25_000_000}, "headers": {"Idempotency-Key": "fault"}}
    with monkeypatch.context() as broken:
        broken.setattr(programme, "plan", lambda **_: 1 / 0)
        assert client.post("/api/v1/plans", **sent).status_code == 500
    assert client.post("/api/v1/plans", **sent).status_code == 201
    with monkeypatch.context() as later:
        later.setattr(sending, "KEPT", -sending.KEPT)
        assert "Idempotency-Replayed" not in client.post("/api/v1/plans", **sent).headers


def test_files_are_tried_then_taken_in(client, spec):
    assert client.post("/api/v1/import", data=form()).json["new"] == {"mentors": 1}
    version = client.get("/api/v1/health").json["data_version"]
    tried = client.post("/api/v1/import", data=form(confirm="false"))
    check_described(spec, tried, "import", "post")
    assert client.get("/api/v1/health").json["data_version"] == version
    taken = client.post("/api/v1/import", data=form(confirm="true"), headers={"Idempotency-Key": "rows"})
    assert taken.status_code == 201
    check_described(spec, taken, "import", "post")
    assert taken.json["version"] == version + 1
    again = client.post("/api/v1/import", data=form(confirm="true"), headers={"Idempotency-Key": "rows"})
    assert again.data == taken.data
    other = client.post("/api/v1/import", data=form(b"x"), headers={"Idempotency-Key": "rows"})
    assert other.status_code == 409
    assert not list((client.application.extensions["programme"].settings.home / "uploads").iterdir())


def test_a_mapping_file_comes_along(client, tmp_path):
    rows = b"kode,nama,kec\nM950,Budi,Serpong\n"
    mapping = b"""
file = "orang.csv"
[[tables]]
table = "mentors"
[tables.columns]
mentor_id = "kode"
name = "nama"
district = "kec"
"""
    answer = client.post("/api/v1/import", data=form(rows, "orang.csv", mapping=(io.BytesIO(mapping), "m.toml")))
    assert answer.status_code == 200, answer.text
    assert answer.json["new"] == {"mentors": 1}


def test_files_with_faults_are_refused_row_by_row(client, spec):
    bad = b"mentor_id,name,district\nM901,,Serpong\n,Budi,Serpong\n"
    tried = client.post("/api/v1/import", data=form(bad))
    assert tried.status_code == 200
    refused = client.post("/api/v1/import", data=form(bad, confirm="true"))
    assert refused.status_code == 422
    check_described(spec, refused, "import", "post")
    assert refused.json == tried.json
    assert {(row["row"], row["column"]) for row in refused.json["refused"]} == {(2, "name"), (3, "mentor_id")}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, 415),
        ({"files": "text"}, 415),
        ({"confirm": "true", "mapping": (io.BytesIO(b"x"), "m.toml")}, 400),
        (form(confirm="yes"), 400),
        (form(more="1"), 400),
        (form(mapping="no file"), 400),
        (form(name="../../etc/.hidden"), 400),
        ({"files": [(io.BytesIO(MENTORS), "mentors.csv"), (io.BytesIO(MENTORS), "mentors.csv")]}, 400),
        (form() | {"confirm": ["true", "false"]}, 400),
    ],
)
def test_a_form_filled_in_wrongly_is_refused(client, spec, data, code):
    answer = client.post("/api/v1/import", data=data)
    assert answer.status_code == code, answer.text
    check_described(spec, answer, "import", "post")


def test_a_session_sends_files_as_large_as_a_token_does(home):
    client = client_as(home, "operator")
    rows = "mentor_id,name,district\n" + "".join(f"L{n:05d},Name {n},North\n" for n in range(20_000))
    data = {"files": (io.BytesIO(rows.encode()), "mentors.csv"), "confirm": "false"}
    answer = client.post("/api/v1/import", data=data, headers={"X-CSRFToken": form_token(client)})
    assert answer.status_code == 200, answer.text
    assert answer.json["new"] == {"mentors": 20_000}
    form = {"csrf": form_token(client), "note": "x" * 70_000}
    assert client.post("/imports/undo", data=form).status_code == 413


def test_a_file_beyond_the_most_is_refused(client, monkeypatch):
    monkeypatch.setattr(incoming, "LARGEST", {"api.import_tables": 1000})
    answer = client.post("/api/v1/import", data={"files": (io.BytesIO(b"x" * 2000), "mentors.csv")})
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_a_path_in_a_file_name_stays_inside_the_upload(client):
    answer = client.post("/api/v1/import", data=form(name="../../mentors.csv"))
    assert answer.status_code == 200
    assert answer.json["unchanged"] | answer.json["new"]


def test_long_work_is_taken_on_as_a_job(client, spec, home):
    prefer = {"Prefer": "respond-async"}
    taken = [
        (client.post("/api/v1/plans", json={"budget_idr": 26_000_000}, headers=prefer), "plans"),
        (client.post("/api/v1/import", data=form(confirm="true"), headers=prefer), "import"),
    ]
    for started, path in taken:
        assert started.status_code == 202
        check_described(spec, started, path, "post")
        until = time.monotonic() + 40
        job = client.get(started.headers["Location"])
        while job.json["state"] in {"waiting", "running"} and time.monotonic() < until:
            time.sleep(0.2)
            job = client.get(started.headers["Location"])
        assert job.json["state"] == "done", job.text
        check_described(spec, job, "jobs/1")
    answer = client.get(taken[0][0].headers["Location"]).json["answer"]
    assert client.get(f"/api/v1/plans/{answer['plan']}").json == answer
    listed = client.get("/api/v1/jobs?limit=1")
    check_described(spec, listed, "jobs")
    assert (len(listed.json["jobs"]), listed.headers["X-Total-Count"]) == (1, "2")
    assert client.get("/api/v1/jobs/99").status_code == 404
    assert Programme(settings(home=home)).jobs()["jobs"][0]["kind"] == "import"


def test_who_asks_is_told_of_the_own_jobs_only(client, home):
    started = client.post("/api/v1/plans", json={"budget_idr": 27_000_000}, headers={"Prefer": "respond-async"})
    address = started.headers["Location"]
    assert client.get(address).status_code == 200
    other = caller_as(home, "hr")
    assert other.get(address).status_code == 404
    assert other.get("/api/v1/jobs").json["jobs"] == []
    assert caller_as(home, "admin").get(address).status_code == 200


def test_a_key_is_ones_own(client, home):
    sent = {"json": {"budget_idr": 28_000_000}, "headers": {"Idempotency-Key": "mine"}}
    assert client.post("/api/v1/plans", **sent).status_code == 201
    other = caller_as(home, "hr").post("/api/v1/plans", json={"budget_idr": 29_000_000}, headers=sent["headers"])
    assert other.status_code == 201


def test_a_session_needs_the_forms_token_in_a_header(home):
    browser = client_as(home)
    asked = {"json": {"budget_idr": 30_000_000}}
    refused = browser.post("/api/v1/plans", **asked)
    assert refused.status_code == 400
    assert refused.mimetype == "application/problem+json"
    token = form_token(browser)
    assert browser.post("/api/v1/plans", **asked, headers={"X-CSRFToken": token}).status_code == 201
    assert browser.post("/api/v1/plans", **asked, headers={"X-CSRFToken": "guessed"}).status_code == 400
