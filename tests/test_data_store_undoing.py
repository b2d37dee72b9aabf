"""Taking an import back: a later data version at which its rows do not count; nothing is ever removed."""

import pytest

from data.batch import Batch, Dataset
from model.refusals import InputRefused


def names(store, version=None) -> dict[str, str]:
    mentors = store.snapshot(version)["mentors"]
    return dict(zip(mentors["mentor_id"], mentors["name"], strict=True))


@pytest.fixture
def twice(store, batch_of):
    """A store with two imports: the second changes one mentor and adds another."""
    store.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "Ani", "district": "A"}]))
    changed = [
        {"mentor_id": "M1", "name": "Anisa", "district": "A"},
        {"mentor_id": "M2", "name": "Budi", "district": "B"},
    ]
    store.commit(batch_of(mentors=changed))
    return store


def test_undoing_restores_the_former_rows_under_a_new_version_and_keeps_the_past(twice):
    assert twice.undo(2, note="mistake") == 3
    assert names(twice) == {"M1": "Ani"}
    assert names(twice, 2) == {"M1": "Anisa", "M2": "Budi"}
    assert names(twice, 1) == {"M1": "Ani"}
    newest, second, first = twice.versions()
    assert (newest.undoes, newest.note, second.undone_by, first.undone_by) == (2, "mistake", 3, None)
    assert twice.known()["mentors"] == {"M1"}


def test_undoing_goes_on_from_newest_to_oldest_and_no_other_way(twice):
    with pytest.raises(InputRefused, match="newest import"):
        twice.undo(1)
    twice.undo(2)
    for done in (2, 3):
        with pytest.raises(InputRefused, match="newest import"):
            twice.undo(done)
    twice.undo(1)
    assert names(twice) == {}
    with pytest.raises(InputRefused):
        twice.undo(1)


def test_what_was_taken_back_can_be_imported_again(twice, batch_of):
    twice.undo(2)
    again = batch_of(mentors=[{"mentor_id": "M2", "name": "Budi", "district": "B"}])
    assert twice.compare(again).new == {"mentors": 1}
    assert twice.commit(again)[0] == 4
    assert names(twice) == {"M1": "Ani", "M2": "Budi"}


def test_a_row_that_points_to_one_taken_back_is_refused(twice, batch_of):
    twice.undo(2)
    score = {"mentor_id": "M2", "area": "finance", "score": 50.0, "assessed_on": "2026-01-01"}
    with pytest.raises(InputRefused, match="M2"):
        twice.commit(batch_of(assessments=[score]))


def test_a_dataset_goes_with_the_import_that_brought_it(store, batch_of):
    store.commit(batch_of(mentors=[{"mentor_id": "M1", "name": "Ani", "district": "A"}]))
    made: Batch = batch_of(mentors=[{"mentor_id": "M2", "name": "Budi", "district": "A"}])
    made.dataset = Dataset(outcome="sales", unit="kg")
    store.commit(made)
    assert store.snapshot().dataset.outcome == "sales"
    store.undo(2)
    assert store.snapshot().dataset == Dataset()
