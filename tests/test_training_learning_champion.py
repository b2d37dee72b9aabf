"""Which learner predicts, what the trees of pairs read and publish, and folds that give the same bytes however run."""

import hashlib
from itertools import pairwise

import joblib
import numpy as np
import pytest

from model.refusals import ModelRefused
from tests.learning_office import office, seen
from training.learning import validating
from training.learning.champion import LINEAR, PAIRS, Champion, choose
from training.learning.features import Features
from training.learning.training import train
from training.learning.validating import rows_of
from training.publishing import load, save
from training.scoring.explaining import explain_engagement, explain_mentor
from training.scoring.prediction import asked, explain
from training.scoring.scoring import score


def test_trees_predict_only_where_they_beat_the_relation_beyond_a_standard_error():
    rng = np.random.default_rng(0)
    mentor = np.repeat(np.arange(40), 10)
    outcome = rng.normal(0, 1, 400)
    relation = outcome + rng.normal(0, 1.0, 400)
    better, same = outcome + rng.normal(0, 0.7, 400), outcome + rng.normal(0, 0.995, 400)
    fold = mentor % 5
    assert choose(outcome, relation, better, mentor, fold).learner == PAIRS
    assert choose(outcome, relation, same, mentor, fold).learner == LINEAR
    assert choose(outcome, relation, relation, mentor, fold).learner == LINEAR
    # one mentor alone is no evidence
    lucky = relation.copy()
    lucky[mentor == 3] = outcome[mentor == 3]
    assert choose(outcome, relation, lucky, mentor, fold).learner == LINEAR
    errors = choose(outcome, relation, better, mentor, fold).errors
    assert errors[LINEAR] == pytest.approx(((outcome - relation) ** 2).mean())


def test_trees_that_were_but_the_mean_in_a_fold_do_not_predict():
    rng = np.random.default_rng(0)
    mentor = np.repeat(np.arange(40), 10)
    fold, outcome = mentor % 5, rng.normal(0, 1, 400)
    relation, trees = outcome + rng.normal(0, 1.5, 400), outcome + rng.normal(0, 0.7, 400)
    assert choose(outcome, relation, trees, mentor, fold).learner == PAIRS
    trees[fold == 2] = outcome[fold != 2].mean()
    found = choose(outcome, relation, trees, mentor, fold)
    assert found.learner == LINEAR
    assert "is not tested" in str(found.as_answer()["said"])


@pytest.fixture(scope="module")
def snapshot():
    return seen(office(mentors=40, slope=0.12))


def boosted(snapshot, framework):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validating, "choose", lambda *_: Champion(PAIRS, {}))
        return train(snapshot, framework)


@pytest.fixture(scope="module")
def learned(snapshot, framework):
    return boosted(snapshot, framework)


@pytest.fixture(scope="module")
def published(learned, tmp_path_factory):
    return save(learned, tmp_path_factory.mktemp("models"), "m1")


@pytest.fixture(scope="module")
def model(published):
    return load(published.path, published.sha256)


def test_the_file_predicts_and_explains_what_was_learned(snapshot, framework, learned, model):
    rows = asked(snapshot, framework, model)
    rows = rows.take(np.isin(rows.engagements, learned.prepared.rows.cases.table["engagement_id"]))
    found = explain(model, rows)
    np.testing.assert_allclose(found.predicted, learned.pairs.pairs.predict(rows_of(learned.prepared)), atol=1e-9)
    background = learned.background
    predicted = learned.pairs.pairs.predict(rows_of(learned.prepared))[background.rows]
    assert found.base == pytest.approx(background.weights @ predicted, abs=1e-9)


def test_answers_use_the_champion_and_sum(snapshot, framework, learned, model):
    assert str(learned.answer["predictor"]) == "monotone boosted trees of pairs"
    expected = {row["mentor_id"]: row["expected_growth"] for row in score(snapshot, framework, model)["mentors"]}
    active = sorted(set(snapshot.active["mentor_id"]))[:8]
    for ident, other in pairwise(active):
        found = explain_mentor(snapshot, framework, model, ident)
        assert found["base"] + sum(r["contribution"] for r in found["contributions"]) == pytest.approx(
            found["value"], abs=1e-9
        )
        assert found["value"] == pytest.approx(expected[ident], abs=1e-12)
        against = explain_mentor(snapshot, framework, model, ident, other)
        assert against["base"] + sum(r["contribution"] for r in against["contributions"]) == pytest.approx(
            against["value"], abs=1e-9
        )
    first = explain_engagement(snapshot, framework, model, "E0001")
    assert {row["feature"] for row in first["contributions"]} == set(model.boosted.features.names)


def test_a_feature_that_did_not_vary_is_no_column_and_features_come_back_from_json(framework):
    tables = office(mentors=12, each=8)
    tables["businesses"]["sector"] = "G"
    rows = rows_of(train(seen(tables), framework).prepared)
    found = boosted(seen(tables), framework).pairs.pairs.features
    assert "sector" not in found.names
    assert found.names.index("start_quarter") < found.names.index("turnover") < found.names.index("score:finance")
    back = Features.from_json(found.as_json())
    assert back == found
    np.testing.assert_array_equal(back.matrix(rows), found.matrix(rows))


def test_a_level_never_met_says_nothing_and_a_missing_column_is_missing(snapshot, framework, model):
    rows = asked(snapshot, framework, model)
    rows.facts.texts["district"][:] = "nowhere"
    found = explain(model, rows)
    place = found.features.index("district")
    lookup = model.boosted.lookup
    np.testing.assert_allclose(found.shares[:, place], lookup.alone[place][-1])
    assert abs(lookup.alone[place][-1]) < np.abs(lookup.alone[place][:-1]).max()
    del rows.facts.numbers["business_age"]
    assert np.isfinite(explain(model, rows).predicted).all()


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_training_gives_the_same_bytes_however_many_jobs(snapshot, framework, published, tmp_path, backend):
    with joblib.parallel_config(backend=backend, n_jobs=2):
        again = save(boosted(snapshot, framework), tmp_path, "m1")
    assert again.sha256 == published.sha256


def test_the_callers_parallel_config_is_what_the_folds_run_on(snapshot, framework, monkeypatch):
    used = []
    real = joblib.Parallel

    def watched(*given, **named):
        made = real(*given, **named)
        used.append((given, named, made.n_jobs))
        return made

    monkeypatch.setattr(joblib, "Parallel", watched)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        train(snapshot, framework)
    assert used
    assert all((given, named, jobs) == ((), {}, 2) for given, named, jobs in used)


def test_every_byte_flip_of_200_in_a_file_with_tables_is_refused(published):
    content = published.path.read_bytes()
    path = published.path.with_name("bad.npz")
    for place in np.random.default_rng(1).integers(0, len(content), 200):
        altered = bytearray(content)
        altered[place] ^= 1 << int(place % 8)
        path.write_bytes(bytes(altered))
        with pytest.raises(ModelRefused, match="its digest differs"):
            load(path, published.sha256)


@pytest.mark.parametrize("key", ["tables_mains", "tables_pair_values", "background_bins", "tables_edge_counts"])
def test_tables_that_do_not_fit_are_refused_even_with_a_digest_of_their_own(published, tmp_path, key):
    with np.load(published.path) as archive:
        parts = {name: archive[name] for name in archive.files}
    for bad in (parts[key][:-1], parts[key] * 0 - 1):
        np.savez(tmp_path / "bad.npz", **{**parts, key: bad})
        content = (tmp_path / "bad.npz").read_bytes()
        if key == "tables_mains" and len(bad) == len(parts[key]):
            continue  # other figures of the right size are another model
        if key == "tables_pair_values" and len(bad) == len(parts[key]):
            continue
        with pytest.raises(ModelRefused, match="does not hold what a model needs"):
            load(tmp_path / "bad.npz", hashlib.sha256(content).hexdigest())
