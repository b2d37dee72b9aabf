import hashlib
import io
import json
import os
import zipfile
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.learning.relation import r_squared
from model.refusals import ModelRefused
from tests.learning_office import office, seen
from training.learning.fold_rows import LEARNERS
from training.learning.training import train
from training.publishing import load, load_rows, save


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
    for part in ("bends", "weights", "means", "covariances", "has_need"):
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


def flips(content: bytes):
    for place in np.random.default_rng(0).integers(0, len(content), 200):
        altered = bytearray(content)
        altered[place] ^= 1 << int(place % 8)
        yield bytes(altered)


def test_every_byte_flip_of_200_is_refused(published):
    for altered in flips(published.path.read_bytes()):
        published.path.write_bytes(altered)
        with pytest.raises(ModelRefused, match="its digest differs"):
            load(published.path, published.sha256)


def test_every_cut_and_every_longer_file_is_refused(published):
    content = published.path.read_bytes()
    cuts = [content[: len(content) * k // 20] for k in range(20)] + [content[:-1], content[1:]]
    for altered in [*cuts, content + b"\0", content + content, b"PK" + content]:
        published.path.write_bytes(altered)
        with pytest.raises(ModelRefused) as refused:
            load(published.path, published.sha256)
        assert "model rollback" in str(refused.value.mend)


def test_even_with_its_own_digest_an_altered_file_is_refused_in_words_or_is_a_model(published):
    for altered in flips(published.path.read_bytes()):
        published.path.write_bytes(altered)
        with suppress(ModelRefused):
            load(published.path, hashlib.sha256(altered).hexdigest())


class Planted:
    """What a pickle would call when it is opened."""

    def __init__(self, mark):
        self.mark = str(mark)

    def __reduce__(self):
        return os.mkdir, (self.mark,)


def test_a_pickle_planted_in_the_archive_is_not_run(published, tmp_path):
    planted = io.BytesIO()
    np.save(planted, np.array([Planted(tmp_path / "ran")], dtype=object), allow_pickle=True)
    np.load(io.BytesIO(planted.getvalue()), allow_pickle=True)
    (tmp_path / "ran").rmdir()  # the trap works
    with zipfile.ZipFile(published.path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    for name in entries:
        with zipfile.ZipFile(tmp_path / "bad.npz", "w") as archive:
            for kept, body in entries.items():
                archive.writestr(kept, planted.getvalue() if kept == name else body)
        content = (tmp_path / "bad.npz").read_bytes()
        with pytest.raises(ModelRefused):
            (load_rows if name.startswith("rows_") else load)(tmp_path / "bad.npz", hashlib.sha256(content).hexdigest())
    assert not (tmp_path / "ran").exists()


def test_the_rows_of_the_folds_give_the_figures_of_the_card(learned, published):
    rows, answer = load_rows(published.path, published.sha256), learned.answer
    table = learned.prepared.rows.cases.table
    assert rows.engagements == tuple(table["engagement_id"])
    np.testing.assert_array_equal(rows.observed, learned.prepared.basis.outcome)
    r2 = {name: r_squared(rows.observed, rows.of(name)) for name in LEARNERS}
    linear, trees, pairs, mean = answer["validation"]
    assert [linear["r2_unseen_mentors"], linear["r2_without_mentor_traits"]] == [r2["linear"], r2["linear_without"]]
    assert [trees["r2_unseen_mentors"], trees["r2_without_mentor_traits"]] == [r2["trees"], r2["trees_without"]]
    assert [pairs["r2_unseen_mentors"], pairs["r2_without_mentor_traits"]] == [r2["pairs"], r2["pairs_without"]]
    assert mean["r2_without_mentor_traits"] == r2["mean"]
    low, high = rows.ends()
    inside = (low <= rows.observed) & (rows.observed <= high)
    by_mentor = pd.Series(inside).groupby(table["mentor_id"].to_numpy()).mean()
    assert by_mentor.mean() == pytest.approx(answer["conformal"]["observed"])
    assert rows.unusual.sum() == answer["unusual"]["flagged"]


def test_a_file_of_the_edition_before_is_read_and_says_that_it_kept_no_rows(published, tmp_path):
    with np.load(published.path) as archive:
        arrays = {name: archive[name] for name in archive.files if not name.startswith("rows_")}
    meta = json.loads(arrays["meta"].tobytes()) | {"format": 3}
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    np.savez(tmp_path / "before.npz", **arrays)
    digest = hashlib.sha256((tmp_path / "before.npz").read_bytes()).hexdigest()
    before, now = load(tmp_path / "before.npz", digest), load(published.path, published.sha256)
    np.testing.assert_array_equal(before.relation.coefficients, now.relation.coefficients)
    assert before.residuals == now.residuals
    assert load_rows(tmp_path / "before.npz", digest) is None


def test_rows_that_do_not_fit_together_are_refused(learned, published, tmp_path):
    with np.load(published.path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    longer = np.append(arrays["rows_fold"], 0)
    other = np.frombuffer(json.dumps(["best", *learned.fold_rows.engagements]).encode(), dtype=np.uint8)
    for planted in ({"rows_fold": longer}, {"rows_ids": other}, {"rows_ranges": arrays["rows_ranges"][:2]}):
        np.savez(tmp_path / "bad.npz", **(arrays | planted))
        content = (tmp_path / "bad.npz").read_bytes()
        with pytest.raises(ModelRefused, match="does not hold what a model needs"):
            load_rows(tmp_path / "bad.npz", hashlib.sha256(content).hexdigest())


def test_the_format_is_looked_at_before_any_array(published, tmp_path):
    with np.load(published.path) as archive:
        meta = json.loads(archive["meta"].tobytes())
    assert meta["made_with"]["numpy"] == np.__version__
    assert meta["made_with"]["scikit-learn"]
    other = io.BytesIO()
    np.save(other, np.frombuffer(json.dumps(meta | {"format": 0}).encode(), dtype=np.uint8))
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("meta.npy", other.getvalue())
        archive.writestr("coefficients.npy", b"\x93NUMPY and no more")
    content = (tmp_path / "b.npz").read_bytes()
    with pytest.raises(ModelRefused, match="another version of the programme"):
        load(tmp_path / "b.npz", hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("links", [True, False])
def test_a_model_file_is_never_written_over(learned, published, tmp_path, monkeypatch, links):
    def refuses(*_):
        raise PermissionError("no links on this disk")

    if not links:
        monkeypatch.setattr(os, "link", refuses)
    with pytest.raises(FileExistsError):
        save(replace(learned, supported=not learned.supported), tmp_path, "m1")
    load(published.path, published.sha256)
    assert save(learned, tmp_path, "m2").path.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"m1.npz", "m2.npz"}


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
