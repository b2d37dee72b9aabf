import threading
import time

import pytest

from service.cache import Cache


def test_an_answer_is_worked_out_once_however_many_ask():
    cache, made, got = Cache(), [], []

    def make():
        time.sleep(0.05)
        made.append(1)
        return len(made)

    threads = [threading.Thread(target=lambda: got.append(cache.get("x", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, got) == ([1], [1] * 8)


def test_who_asks_something_else_does_not_wait():
    cache, go, done = Cache(), threading.Event(), threading.Event()
    slow = threading.Thread(target=lambda: cache.get("slow", lambda: go.wait(5)))
    slow.start()
    threading.Thread(target=lambda: (cache.get("quick", lambda: 1), done.set())).start()
    assert done.wait(2)
    go.set()
    slow.join()


def test_the_longest_unused_leaves_first_and_a_failure_is_not_kept():
    cache = Cache(2)
    for key in ("a", "b"):
        cache.get(key, lambda key=key: key)
    cache.get("a", lambda: "other")
    cache.get("c", lambda: "c")
    assert cache.get("a", lambda: "other") == "a"
    assert cache.get("b", lambda: "anew") == "anew"
    cache.forget("b")
    with pytest.raises(ZeroDivisionError):
        cache.get("b", lambda: 1 / 0)
    assert cache.get("b", lambda: "good") == "good"


def test_an_answer_may_be_made_of_others():
    cache = Cache()
    assert cache.get("whole", lambda: cache.get("part", lambda: 1) + 1) == 2
