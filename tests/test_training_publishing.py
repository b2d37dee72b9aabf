import hashlib
import io
import json
import os
import zipfile

import numpy as np
import pytest

from model.refusals import ModelRefused
from tests.learning_office import office, seen
from training.learning.training import train
from training.publishing import load, save


@pytest.fixture(scope="module")
def learned(framework):
    return train(seen(office(mentors=12, each=8)), framework)


@pytest.fixture
def published(learned, tmp_path):
    return save(learned, tmp_path, "m1")


def test_what_is_loaded_is_what_was_learned(learned, published):
    model = load(published.path, published.sha256)
    assert published.path.name == "m1.npz"
    assert model.name == model.effects.model == "m1"
    assert model.effects.supported is learned.supported
    effects, estimates = model.effects.effects, learned.estimates
    assert effects.areas == estimates.effects.areas
    for part in ("bend", "mean", "covariance", "has_need"):
        np.testing.assert_array_equal(getattr(effects, part), getattr(estimates.effects, part))
    np.testing.assert_array_equal(model.effects.z, estimates.z())
    np.testing.assert_array_equal(model.effects.mentor_scores, learned.prepared.newest)
    np.testing.assert_array_equal(model.relation.coefficients, learned.relation.coefficients)
    assert model.controls == learned.prepared.controls
    assert model.residuals == learned.residuals
    assert model.about["outcome"] == "growth"


def test_the_same_model_gives_the_same_bytes(learned, published, tmp_path):
    again = save(learned, tmp_path / "other", "m1")
    assert again.sha256 == published.sha256
    assert again.path.read_bytes() == published.path.read_bytes()
    assert hashlib.sha256(published.path.read_bytes()).hexdigest() == published.sha256
    with zipfile.ZipFile(published.path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_byte_flip_of_200_is_refused(published):
    content = published.path.read_bytes()
    for place in np.random.default_rng(0).integers(0, len(content), 200):
        altered = bytearray(content)
        altered[place] ^= 1 << int(place % 8)
        published.path.write_bytes(bytes(altered))
        with pytest.raises(ModelRefused):
            load(published.path, published.sha256)


def test_a_cut_gone_or_foreign_file_is_refused_even_with_its_own_digest(published, tmp_path):
    content = published.path.read_bytes()
    foreign = io.BytesIO()
    np.savez(foreign, meta=np.frombuffer(json.dumps({"format": 99}).encode(), dtype=np.uint8))
    pickled = io.BytesIO()
    np.savez(pickled, meta=np.array([{"a": 1}], dtype=object))
    for bad in (content[: len(content) // 2], b"", foreign.getvalue(), pickled.getvalue()):
        path = tmp_path / "bad.npz"
        path.write_bytes(bad)
        with pytest.raises(ModelRefused):
            load(path, hashlib.sha256(bad).hexdigest())
    with pytest.raises(ModelRefused):
        load(tmp_path / "gone.npz", published.sha256)


def test_nothing_stays_behind_when_the_disk_refuses(learned, tmp_path, monkeypatch):
    def full(handle):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(learned, tmp_path, "m2")
    assert list(tmp_path.iterdir()) == []


def test_the_background_weighs_every_mentor_alike(learned):
    background = learned.background
    assert len(background.weights) <= 200
    assert background.weights.sum() == pytest.approx(1)
    drawn = np.rint(1 / (12 * background.weights)).astype(int)  # engagements drawn of the row's mentor
    np.testing.assert_allclose(background.weights, 1 / (12 * drawn))
    assert sum((drawn == k).sum() // k for k in set(drawn)) == 12
    assert all((drawn == k).sum() % k == 0 for k in set(drawn))
