"""Publishing a model: whatever dies in between, the model in use is whole; going back to an earlier one."""

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data.batch import Batch
from data.store import records
from data.store.store import Store
from model.refusals import ModelRefused, NotFound, StoreRefused
from service.models import shelf
from service.models.shelf import fault_of, learn, roll_back, take
from tests.learning_office import office, seen
from training import publishing
from training.learning import training


@pytest.fixture(scope="module")
def snapshot():
    return seen(office(mentors=12, each=8))


@pytest.fixture(scope="module")
def learned(snapshot, framework):
    return training.train(snapshot, framework)


class Home:
    """A home with a store of one data version, in which learning is quick: the model was learned beforehand."""

    def __init__(self, folder, snapshot, framework, learned):
        self.url, self.models = f"sqlite:///{folder / 'suluh.db'}", folder / "models"
        self.asked, self.learned = (snapshot, framework), learned
        store = self.store()
        store.prepare()
        store.commit(Batch(tables={"mentors": snapshot["mentors"]}))

    def store(self) -> Store:
        return Store(self.url)

    def learn(self):
        return learn(self.store(), self.models, *self.asked, outcome=None, seed=1, progress=lambda *_: None)

    def in_use(self):
        store = self.store()
        return take(store, self.models, store.current_model().name, lenient=False)


@pytest.fixture
def home(tmp_path, snapshot, framework, learned, monkeypatch):
    monkeypatch.setattr(training, "train", lambda *_, **__: learned)
    return Home(tmp_path, snapshot, framework, learned)


def die(monkeypatch, owner, name, *, before: bool, call: int = 1):
    """Kill this process right before or after the given call of a function."""
    given, calls = getattr(owner, name), [0]

    def fatal(*args, **named):
        calls[0] += 1
        if before and calls[0] == call:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = given(*args, **named)
        if calls[0] == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    monkeypatch.setattr(owner, name, fatal)


STEPS = {
    "before the file": (publishing, "_archive", True, 1),
    "written, not yet on the disk": (os, "fsync", True, 1),
    "on the disk under its temporary name": (os, "fsync", False, 1),
    "before it is renamed": (publishing, "give_name", True, 1),
    "under both names": (os, "link", False, 1),
    "renamed": (publishing, "give_name", False, 1),
    "renamed, on the disk": (os, "fsync", False, 2),
    "before the database": (Store, "save_model", True, 1),
    "recorded, not yet in use": (records, "add_model", False, 1),
    "in use, not yet committed": (records, "point_to", False, 1),
}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_model_in_use_is_the_one_before_and_learning_goes_on(home, monkeypatch, step):
    first = home.learn()
    before = {path: path.read_bytes() for path in home.models.iterdir()}
    child = os.fork()
    if child == 0:
        owner, name, early, call = STEPS[step]
        die(monkeypatch, owner, name, before=early, call=call)
        try:
            home.learn()
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert home.in_use().name == first["model"]
    assert [record.name for record in home.store().models()] == [first["model"]]
    assert all(path.read_bytes() == content for path, content in before.items())
    second = home.learn()
    assert home.in_use().name == second["model"] != first["model"]
    assert all(fault_of(record, home.models) is None for record in home.store().models())


def test_killed_right_after_the_commit_the_new_model_is_in_use_and_whole(home, monkeypatch):
    first = home.learn()
    child = os.fork()
    if child == 0:
        die(monkeypatch, Store, "save_model", before=False)
        try:
            home.learn()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert home.in_use().name != first["model"]
    assert len(home.store().models()) == 2


@pytest.mark.parametrize(("owner", "name"), [(os, "fsync"), (publishing, "give_name")])
def test_a_disk_that_refuses_is_said_and_the_model_in_use_stays(home, monkeypatch, owner, name):
    first = home.learn()

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        with pytest.raises(StoreRefused, match="No space left") as refused:
            home.learn()
    assert "the model in use stays" in str(refused.value.mend)
    assert [path.name for path in home.models.iterdir()] == [f"{first['model']}.npz"]
    assert home.in_use().name == first["model"]


def test_a_models_folder_that_is_a_file_is_said(home):
    home.models.write_text("no folder")
    with pytest.raises(StoreRefused, match="cannot be written"):
        home.learn()


def test_no_name_is_given_twice_neither_of_a_record_nor_of_a_file(home):
    home.models.mkdir()
    (home.models / "model-0001.npz").write_bytes(b"left behind by a killed training")
    names = [home.learn()["model"] for _ in range(2)]
    (home.models / "model-0003.npz").unlink()
    names.append(home.learn()["model"])
    assert names == ["model-0002", "model-0003", "model-0004"]


def spoil(home, name):
    path = home.models / f"{name}.npz"
    path.write_bytes(path.read_bytes()[:-1])


def test_going_back_takes_the_newest_whole_one_before_and_the_moment_is_recorded(home):
    for _ in range(4):
        home.learn()
    spoil(home, "model-0003")
    start = datetime.now(UTC)
    now, former = roll_back(home.store(), home.models, None)
    assert (now.name, former.name) == ("model-0002", "model-0004")
    assert home.in_use().name == "model-0002"
    use, *older = home.store().model_uses()
    assert use.name == "model-0002"
    assert start <= use.used_at <= datetime.now(UTC)
    assert [earlier.name for earlier in older] == ["model-0004", "model-0003", "model-0002", "model-0001"]
    assert roll_back(home.store(), home.models, "model-0004")[0].name == "model-0004"
    assert home.in_use().name == "model-0004"


def test_going_back_works_while_the_model_in_use_is_damaged(home):
    home.learn()
    home.learn()
    spoil(home, "model-0002")
    with pytest.raises(ModelRefused):
        home.in_use()
    roll_back(home.store(), home.models, None)
    assert home.in_use().name == "model-0001"


def test_going_back_is_refused_where_there_is_nothing_whole_to_go_to(home):
    with pytest.raises(ModelRefused, match="No model has been learned"):
        roll_back(home.store(), home.models, None)
    home.learn()
    with pytest.raises(ModelRefused, match="no earlier model"):
        roll_back(home.store(), home.models, None)
    home.learn()
    spoil(home, "model-0001")
    for name, kind in ((None, ModelRefused), ("model-0001", ModelRefused), ("model-0009", NotFound)):
        with pytest.raises(kind):
            roll_back(home.store(), home.models, name)
    assert home.in_use().name == "model-0002"
    assert len(home.store().model_uses()) == 2


def test_what_was_learned_is_kept_with_the_words_and_versions_it_was_made_with(home, framework):
    answer = home.learn()
    (record,) = home.store().models()
    assert set(record.answer) == set(answer)
    assert record.answer["made_with"] == answer["made_with"] == publishing.made_with()
    assert answer["areas"].keys() == framework.areas.keys()


def test_a_model_of_another_digest_than_recorded_is_refused_however_whole(home, learned):
    home.learn()
    other = publishing.save(replace(learned, supported=not learned.supported), home.models / "else", "model-0001")
    (home.models / "model-0001.npz").write_bytes(other.path.read_bytes())
    with pytest.raises(ModelRefused, match="digest differs"):
        home.in_use()
    assert shelf.take(home.store(), home.models, "model-0001", lenient=True).model is None
