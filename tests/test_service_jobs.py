"""Long work in a process of its own: answered as by the command, refused in words, known when it has died."""

import os
import shutil
import signal
import time

import pytest

from data.store.jobs import JobDraft
from model.refusals import InputRefused, NotFound
from service import jobs
from service.language import Language
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.api_rig import small_home
from tests.people_rig import caller_as


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("jobs"))


@pytest.fixture
def programme(trained, tmp_path, monkeypatch):
    shutil.copytree(trained, tmp_path / "home")
    monkeypatch.setenv("SULUH_LANG", "en")
    return Programme(settings(home=tmp_path / "home"))


def ended(programme, number, patience=40):
    until = time.monotonic() + patience
    while time.monotonic() < until:
        job = programme.job(number)
        if job["state"] not in {"waiting", "running"}:
            return job
        time.sleep(0.1)
    raise AssertionError(f"job {number} did not end: {job}")


def english(answer):
    return render(answer, Language("en"))


def left(programme):
    return sorted(path.name for path in (programme.settings.home / "jobs").iterdir())


def test_a_job_answers_as_the_command_does(programme):
    started = programme.start_job("plan", asked_by="Ayu", budget=21_000_000)
    assert (started["state"], started["answer"], started["asked_by"]) == ("waiting", None, "Ayu")
    job = ended(programme, started["job"])
    assert job["state"] == "done", english(job)
    assert job["share"] == 1
    assert english(job["answer"]) == english(programme.plan(budget=21_000_000))
    assert job["asked_at"] <= job["begun_at"] <= job["ended_at"]
    assert left(programme) == ["turn.lock"]
    assert [(row["job"], row["state"]) for row in programme.jobs()["jobs"]] == [(job["job"], "done")]


def test_a_refusal_is_the_jobs_answer_in_every_language(programme):
    job = ended(programme, programme.start_job("plan", budget=0)["job"])
    assert job["state"] == "refused"
    assert "budget" in english(job)["error"]["what"].lower()
    assert render(job, Language("id"))["error"] != english(job)["error"]
    with pytest.raises(InputRefused, match="no work of the kind"):
        programme.start_job("magic")
    for number in (99, "x", "9" * 30):
        with pytest.raises(NotFound):
            programme.job(number)


def test_an_import_keeps_nothing_of_the_files_given_to_it(programme, tmp_path):
    good, bad = tmp_path / "good", tmp_path / "bad"
    for folder, text in ((good, "mentor_id,name,district\nM900,Ayu,Serpong\n"), (bad, "mentor_id,name\nM901,Ayu\n")):
        folder.mkdir()
        (folder / "mentors.csv").write_text(text, encoding="utf-8")
    started = [programme.start_job("import", folder=str(folder))["job"] for folder in (good, bad)]
    done, refused = (ended(programme, number) for number in started)
    assert (done["state"], done["answer"]["new"]) == ("done", {"mentors": 1})
    assert refused["state"] == "refused"
    assert refused["answer"]["refused"]
    assert not good.exists()
    assert not bad.exists()


def test_where_no_open_file_can_be_removed_the_one_that_asked_tidies_at_the_end(programme, tmp_path):
    """As on Windows, where the worker cannot remove its own lock and log."""
    (tmp_path / "as_on_windows").mkdir()
    (tmp_path / "as_on_windows" / "sitecustomize.py").write_text(
        "import pathlib\n"
        "def no(self, missing_ok=False):\n    raise PermissionError(32, 'used by another process')\n"
        "pathlib.Path.unlink = no\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path / "as_on_windows"))
        started = programme.start_job("plan", budget=21_000_000)
    assert ended(programme, started["job"])["state"] == "done"
    until = time.monotonic() + 10
    while left(programme) != ["turn.lock"] and time.monotonic() < until:
        time.sleep(0.1)
    assert left(programme) == ["turn.lock"]


def test_a_worker_that_dies_is_known_and_the_service_stays_well(programme, monkeypatch):
    client = caller_as(programme.settings)
    workers = []
    spawn = jobs._spawn
    monkeypatch.setattr(jobs, "_spawn", lambda *given: workers.append(spawn(*given)) or workers[-1])
    address = client.post("/api/v1/models", json={}).headers["Location"]
    os.kill(workers[0].pid, signal.SIGKILL)
    job = ended(programme, address.rpartition("/")[2])
    assert job["state"] == "failed"
    assert "process is gone" in english(job)["error"]["what"]
    assert client.get(address).json["state"] == "failed"
    assert client.get("/api/v1/health").json["status"] == "ok"
    assert programme.store.current_model().name == "model-0001"
    assert not list((programme.settings.home / "jobs").glob(f"{programme.store.job(1).lock}.lock"))


def test_a_service_started_anew_knows_an_orphan_from_work_that_goes_on(programme, tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    orphan = programme.store.add_job(JobDraft("import", "gone", "", {"folder": str(folder)}), "")
    held = jobs._lock(programme.settings, "alive")
    held.acquire()
    alive = programme.store.add_job(JobDraft("train", "alive", "", {}), "")
    anew = Programme(programme.settings)
    assert anew.job(orphan.id)["state"] == "failed"
    assert not folder.exists()
    assert anew.job(alive.id)["state"] == "waiting"
    held.release()
    assert anew.job(alive.id)["state"] == "failed"
    assert not programme.store.begin_job(alive.id)
    assert not programme.store.end_job(alive.id, "done")


def test_a_fault_of_ours_fails_the_job_in_a_sentence(programme, monkeypatch):
    monkeypatch.setitem(jobs.sys.modules["service.cases.jobs"].KINDS, "train", lambda *_: 1 / 0)
    job = programme.store.add_job(JobDraft("train", "own", "", {}), "")
    with pytest.raises(ZeroDivisionError):
        programme.run_job(job.id)
    assert "ZeroDivisionError" in english(programme.job(job.id))["error"]["what"]


def test_jobs_take_turns_and_tell_how_far_they_are(programme):
    first = programme.start_job("train")["job"]
    second = programme.start_job("plan", budget=22_000_000)["job"]
    seen = set()
    while programme.job(first)["state"] in {"waiting", "running"}:
        seen.add((programme.job(first)["state"], english(programme.job(first))["doing"]))
        time.sleep(0.1)
    ends = [ended(programme, number) for number in (first, second)]
    assert [job["state"] for job in ends] == ["done", "done"]
    early, late = sorted(ends, key=lambda job: job["begun_at"])
    assert early["ended_at"] <= late["ended_at"]
    assert late["begun_at"] >= early["ended_at"]
    assert len({doing for state, doing in seen if state == "running"}) >= 3
