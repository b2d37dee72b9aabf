from data.store.store import Store


def test_the_pulse_moves_with_every_commit_and_only_then(store, store_url):
    other = Store(store_url)
    before = store.pulse()
    assert store.pulse() == before
    other.get("x")
    assert store.pulse() == before
    for value in (1, 1, 2):
        other.put("x", value)
        now = store.pulse()
        assert now != before
        before = now
    store.put("x", 3)
    assert store.pulse() != before
    other.close()


def test_the_mark_moves_with_what_answers_are_made_of_and_is_the_same_elsewhere(store, store_url, batch_of):
    other = Store(store_url)
    before = store.mark()
    other.put("x", 1)
    assert store.mark() == before
    other.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "Ayu", "district": "Serpong"}]))
    assert store.mark() != before
    assert store.mark() == other.mark()
    other.close()


def test_what_is_held_is_read_again_only_after_a_commit(store, store_url):
    other, read = Store(store_url), []
    for _ in range(3):
        store._held.get("x", lambda: read.append(1))
    assert read == [1]
    other.put("x", 1)
    store._held.get("x", lambda: read.append(2))
    assert read == [1, 2]
    other.close()


def test_a_version_that_another_process_imports_is_seen_at_once(store, store_url, batch_of):
    other = Store(store_url)
    assert (store.version(), store.current_model()) == (0, None)
    other.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "Ayu", "district": "Serpong"}]))
    assert store.version() == 1
    other.close()
