"""Jobs and keys in the store, on both databases."""

import threading
from datetime import timedelta

import pytest

from data.store import sending
from data.store.jobs import DONE, FAILED, RUNNING, WAITING, JobDraft
from data.store.sending import Answered
from data.store.store import Store
from model.refusals import NotFound


def test_a_job_goes_from_waiting_to_its_end_and_ends_once(store):
    job = store.add_job(JobDraft("train", "lock", "user:1", {"outcome": None}), "soon")
    assert (job.id, job.state, job.share, job.doing, job.begun_at) == (1, WAITING, 0, "soon", None)
    assert store.job(1) == job
    assert store.begin_job(1)
    store.tell_job(1, 0.4, {"$say": "half", "$with": {}})
    told = store.job(1)
    assert (told.state, told.share, told.doing["$say"]) == (RUNNING, 0.4, "half")
    assert told.begun_at >= told.asked_at
    assert store.end_job(1, DONE, answer='{"x":1}')
    assert not store.end_job(1, FAILED, fault={"what": "late"})
    assert not store.begin_job(1)
    store.tell_job(1, 0.1, "late")
    ended = store.job(1)
    assert (ended.state, ended.share, ended.answer, ended.fault) == (DONE, 0.4, '{"x":1}', None)
    store.add_job(JobDraft("plan", "other", "", {}), "soon")
    assert [(row.id, row.answer) for row in store.jobs()] == [(2, None), (1, None)]
    assert [row.id for row in store.jobs(only_open=True)] == [2]
    with pytest.raises(NotFound):
        store.job(3)


def test_a_key_is_claimed_answered_and_given_back(store, monkeypatch):
    asked = ("user:1", "key", "/plans?", "digest")
    assert store.claim_key(*asked) is None
    waiting = store.claim_key(*asked)
    assert (waiting.address, waiting.sha256, waiting.answered) == ("/plans?", "digest", None)
    answer = Answered(201, "application/json", "/plans/1", '{"plan": 1}')
    store.keep_answer("user:1", "key", answer)
    assert store.claim_key(*asked).answered == answer
    assert store.claim_key("user:2", *asked[1:]) is None
    store.release_key("user:2", "key")
    assert store.claim_key("user:2", *asked[1:]) is None
    monkeypatch.setattr(sending, "WORKING", timedelta(0))
    assert store.claim_key("user:2", *asked[1:]) is None
    assert store.claim_key(*asked).answered == answer
    monkeypatch.setattr(sending, "KEPT", timedelta(0))
    assert store.claim_key(*asked) is None


def test_of_many_who_claim_a_key_one_gets_it(store, store_url):
    got = []

    def claim():
        own = Store(store_url)
        got.append(own.claim_key("user:1", "key", "/x", "d"))
        own.close()

    threads = [threading.Thread(target=claim) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is None for one in got) == 1
